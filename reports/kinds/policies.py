"""Y7 政策兑现台账: its room is not built, so it says only which figures are to come."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from reports.kinds.kind import Kind
from reports.models import ReportKind

KIND = Kind(
    code=ReportKind.POLICIES,
    number="Y7",
    title=pgettext_lazy("title", "Policies paid out"),
    short_title=pgettext_lazy("file", "policies"),
    to_come={
        "clauses": pgettext_lazy("to come", "Clauses of policies in force"),
        "claimed": pgettext_lazy("to come", "Claims made (number, 10,000 yuan)"),
        "examined": pgettext_lazy("to come", "Claims examined (number, 10,000 yuan)"),
        "paid": pgettext_lazy("to come", "Claims paid (number, 10,000 yuan)"),
        "days": pgettext_lazy("to come", "Days from claim to payment, on average"),
        "overdue_claims": pgettext_lazy("to come", "Claims overdue"),
    },
)
