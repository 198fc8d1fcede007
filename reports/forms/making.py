"""Having a report made, and issuing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from reports.exports.periods import Length
from reports.models import ExportKind, ReportKind
from tenants.models import Enterprise
from web.forms import MonthField, VersionMixin


class BuildForm(forms.Form):
    """Which report is to be made."""

    kind = forms.ChoiceField(label=pgettext_lazy("of a report", "Report"), choices=ReportKind)
    month = MonthField(label=_("Month"))


class ExportForm(forms.Form):
    """Which workbook, of when, of whom. An enterprise takes its own."""

    kind = forms.ChoiceField(label=_("Workbook"), choices=ExportKind)
    month = MonthField(label=_("Month"))
    length = forms.ChoiceField(label=_("Period"), choices=Length)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        visible = Enterprise.objects.visible_to(user).by_name()
        if user.has_perm("reports.view_every_statisticsexport"):
            self.fields["enterprise"].queryset = visible  # type: ignore[attr-defined]
            return
        del self.fields["kind"], self.fields["enterprise"]
        self._own = visible.first()

    @property
    def told(self) -> dict[str, Any]:
        """What the services take."""
        own = (
            {} if "kind" in self.fields else {"kind": ExportKind.COMMERCE, "enterprise": self._own}
        )
        return {**self.cleaned_data, **own}


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
