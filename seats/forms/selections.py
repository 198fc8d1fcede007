"""A run of seats chosen on a floor's map: dragged there, or typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.axis import SLOT, seat_at
from park.models import Floor
from seats.rectangles import Rectangle
from tenants.models import Enterprise
from web.forms import CountField, DayField


class SelectionForm(forms.Form):
    """From which seat to which, on which days, and for whom.

    The names are those that the form for allocations takes from a link.
    """

    first = CountField(label=_("First seat"), min_value=1, max_value=SLOT)
    last = CountField(label=_("Last seat"), required=False, min_value=1, max_value=SLOT)
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"), required=False)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), required=False, empty_label=_("not yet")
    )

    def __init__(self, query: QueryDict, *, floor: Floor, day: date, user: User) -> None:
        super().__init__(_asked(query, day), initial={"start": day}, auto_id="select_%s")
        self._floor = floor
        if user.has_perm("seats.add_allocation"):
            enterprises = Enterprise.objects.visible_to(user).by_name()
            self.fields["enterprise"].queryset = enterprises  # type: ignore[attr-defined]
        else:
            del self.fields["enterprise"]

    def clean_first(self) -> int:
        return self._on_the_floor(self.cleaned_data["first"])

    def clean_last(self) -> int | None:
        last = self.cleaned_data["last"]
        return last and self._on_the_floor(last)

    def _on_the_floor(self, place: int) -> int:
        if place > self._floor.seat_count:
            last = self._floor.seat_label(self._floor.seats.upper - 1)
            message = gettext("%(floor)s ends with seat %(last_label)s.")
            words = {"floor": self._floor.label, "last_label": last}
            raise ValidationError(message % words, code="no_such_seat")
        return place

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("last") and typed["last"] < typed.get("first", 0):
            message = gettext("The last seat must not come before the first.")
            self.add_error("last", ValidationError(message, code="invalid"))
        if typed.get("end") and typed.get("start") and typed["end"] < typed["start"]:
            message = gettext("The last day must not come before the first.")
            self.add_error("end", ValidationError(message, code="invalid"))
        return typed

    @property
    def rectangle(self) -> Rectangle | None:
        """The seats and days that were chosen; None where nothing was, or nothing that can be."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        first, last = typed["first"], typed["last"] or typed["first"]
        return Rectangle.of_days(
            seat_at(self._floor.pk, first),
            seat_at(self._floor.pk, last),
            typed["start"],
            typed["end"],
        )


def _asked(query: QueryDict, day: date) -> QueryDict | None:
    """What was asked for; from the day of the map on, where no other is named."""
    if not query.get("first"):
        return None
    asked = query.copy()
    if not asked.get("start"):
        asked["start"] = day.isoformat()
    return asked
