"""Having a report made, and issuing it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.models import ReportKind
from web.forms import MonthField, VersionMixin


class BuildForm(forms.Form):
    """Which report is to be made."""

    kind = forms.ChoiceField(label=pgettext_lazy("of a report", "Report"), choices=ReportKind)
    month = MonthField(label=_("Month"))


class IssueForm(VersionMixin):
    """Why an issued report is replaced; the first edition needs no reason."""

    reason = forms.CharField(
        label=_("What changed and why"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Printed on the new edition; the edition before stays readable."),
    )

    def __init__(self, *args: object, needs_reason: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if not needs_reason:
            del self.fields["reason"]

    @property
    def what_changed(self) -> str:
        return self.cleaned_data.get("reason", "")
