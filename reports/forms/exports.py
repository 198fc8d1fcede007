"""Choosing what is exported in the shapes that others ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.exports.periods import Length
from reports.models import ExportKind
from tenants.models import Enterprise
from web.forms import MonthField


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

    def clean(self) -> dict[str, Any]:
        """Statistics of development zones are by quarter: that of the month that was chosen."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ExportKind.ZONE and cleaned.get("length") == Length.MONTH:
            cleaned["length"] = Length.QUARTER
            self.data = {**self.data.dict(), "length": Length.QUARTER}  # type: ignore[attr-defined]
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What the services take."""
        own = (
            {} if "kind" in self.fields else {"kind": ExportKind.COMMERCE, "enterprise": self._own}
        )
        return {**self.cleaned_data, **own}
