"""What people type on the pages of reports."""

from reports.forms.exports import ExportForm
from reports.forms.making import BuildForm, IssueForm, IssueMonthForm, TextForm
from reports.forms.subscriptions import SubscriptionForm
from reports.forms.targets import TargetForm

__all__ = [
    "BuildForm",
    "ExportForm",
    "IssueForm",
    "IssueMonthForm",
    "SubscriptionForm",
    "TargetForm",
    "TextForm",
]
