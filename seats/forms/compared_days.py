"""Which two days are compared, and where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from park.models import Floor, Zone
from seats.changes import What
from seats.wording import zone_name
from web.forms import FIRST_DAY, DayField

LOOK_BACK = timedelta(days=30)


class ChangesFilter(forms.Form):
    """Without days: the last thirty. A floor is named by its label, such as C-1-3F."""

    to = DayField(label=_("To"))
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    floor = forms.CharField(label=_("Floor"), required=False, max_length=30)
    what = forms.ChoiceField(
        label=_("What changed"),
        required=False,
        choices=[("", pgettext_lazy("every kind", "All")), *What.choices],
    )

    def __init__(self, query: QueryDict, *, today: date) -> None:
        typed = query.copy()
        typed.setdefault("to", today.isoformat())
        typed.setdefault("from", max(FIRST_DAY, today - LOOK_BACK).isoformat())
        super().__init__(typed)
        self.today = today
        self.fields = {"from": DayField(label=_("From")), **self.fields}
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]

    def clean_floor(self) -> str:
        label: str = self.cleaned_data["floor"].strip().upper()
        if label and not Floor.objects.filter(label=label).exists():
            message = gettext("There is no floor %(floor)s.") % {"floor": label}
            raise ValidationError(message, code="invalid")
        return label

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        before, after = data.get("from"), data.get("to")
        if before and after and after < before:
            self.add_error("to", _("The last day must not come before the first."))
        return data

    @property
    def days(self) -> tuple[date, date]:
        """The two days, the earlier first."""
        return self.cleaned_data["from"], self.cleaned_data["to"]

    @property
    def only(self) -> What | None:
        """Changes of this kind, where one was asked for."""
        return What(self.cleaned_data["what"]) if self.cleaned_data["what"] else None

    @property
    def floors(self) -> QuerySet[Floor] | None:
        """The floors that were asked for; None for all."""
        floors = Floor.objects.all()
        if floor := self.cleaned_data["floor"]:
            return floors.filter(label=floor)
        if zone := self.cleaned_data["zone"]:
            return floors.filter(building__zone__code=zone)
        return None
