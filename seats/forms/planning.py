"""What somebody needs seats for, as typed into the planner; and which of its plans was chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.axis import LAST_DAY, Span
from park.models import Zone
from seats.models import RequestKind, SeatRequest
from seats.planner import Need
from seats.rectangles import ONE_DAY, Rectangle, last_included
from seats.services.plans import PlannedMove
from seats.services.wishes import phases_of
from seats.wording import zone_name
from tenants.models import Enterprise
from web.forms import CountField, DayField
from web.refusals import Invalid

RUN = re.compile(r"([0-9]{1,10})-([0-9]{1,10})")
MOVE = re.compile(r"([0-9]{1,18}):([0-9]{1,10})")
MOST_RUNS = 1000


class NeedForm(forms.Form):
    """How many seats, when, where, with which wishes; and for whom, once a plan is to be held."""

    seats = CountField(label=_("Number of seats"), unit=_("seats"), min_value=1)
    start = DayField(label=_("From which day"))
    end = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))
    zones = forms.MultipleChoiceField(
        label=_("Zones"), required=False, widget=forms.CheckboxSelectMultiple
    )
    same_building = forms.BooleanField(label=_("In one building"), required=False)
    contiguous = forms.BooleanField(label=_("All seats in one run"), required=False)
    moves_allowed = forms.BooleanField(label=_("Others may be asked to move"), required=False)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("For which enterprise"),
        required=False,
        empty_label=_("not decided yet"),
    )
    request = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, seat_request: SeatRequest | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if seat_request is not None:  # its enterprise is known, and an offer moves nobody
            del self.fields["moves_allowed"]
            self.fields["enterprise"].widget = forms.HiddenInput()
        enterprises = Enterprise.objects.visible_to(user).by_name()
        self.fields["enterprise"].queryset = enterprises  # type: ignore[attr-defined]
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zones"].choices = [  # type: ignore[attr-defined]
            (code, zone_name(code)) for code in codes
        ]

    def clean(self) -> None:
        typed = self.cleaned_data
        if typed.get("start") and typed.get("end") and typed["end"] < typed["start"]:
            message = gettext("The last day must not come before the first.")
            self.add_error("end", ValidationError(message, code="invalid"))

    @property
    def need(self) -> Need:
        """What was typed, as the planner takes it."""
        typed = self.cleaned_data
        last = typed["end"]
        return Need(
            typed["seats"],
            typed["start"],
            None if last is None or last >= LAST_DAY else last + ONE_DAY,
            tuple(sorted(typed["zones"])),
            same_building=typed["same_building"],
            contiguous=typed["contiguous"],
            moves_allowed=typed.get("moves_allowed", False),
        )


def query_of(need: Need, *, enterprise: int | None = None, request: int | None = None) -> str:
    """The query string that asks for `need` again."""
    query = QueryDict(mutable=True)
    query["seats"], query["start"] = str(need.seats), need.start.isoformat()
    if last := last_included(need.end):
        query["end"] = last.isoformat()
    query.setlist("zones", list(need.zones))
    for name in ("same_building", "contiguous", "moves_allowed"):
        if getattr(need, name):
            query[name] = "on"
    for name, value in (("enterprise", enterprise), ("request", request)):
        if value is not None:
            query[name] = str(value)
    return query.urlencode()


def is_planned_for(seat_request: SeatRequest) -> bool:
    """Whether a plan says all about a request: it gives nothing back, and asks for one day.

    What else belongs to others is chosen on the page of the request.
    """
    is_plain = seat_request.kind in {RequestKind.NEW, RequestKind.EXPAND}
    return is_plain and not phases_of(seat_request)


def chosen_runs(posted: QueryDict, need: Need) -> list[Rectangle]:
    """The runs of the plan whose button was pressed, on the days of the need."""
    runs = _matched(RUN, posted.getlist("run"))
    if not runs or len(runs) > MOST_RUNS:
        raise Invalid({"run": gettext("Choose one of the plans.")})
    return [
        Rectangle(Span(int(first), int(last) + 1), need.start, need.end) for first, last in runs
    ]


def chosen_moves(posted: QueryDict) -> list[PlannedMove]:
    """Who is to move where by that plan."""
    return [
        PlannedMove(int(block), int(first))
        for block, first in _matched(MOVE, posted.getlist("move"))
    ]


def _matched(form: re.Pattern[str], texts: Sequence[str]) -> list[tuple[str, str]]:
    found = [form.fullmatch(text) for text in texts]
    if None in found:
        raise Invalid({"run": gettext("Choose one of the plans.")})
    return [match.groups() for match in found if match]  # type: ignore[misc]
