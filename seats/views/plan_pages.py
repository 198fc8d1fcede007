"""What the planner shows: plans beside each other, each with its why, or what would do instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from park.axis import run_label
from seats import desk
from seats.forms.chosen_plans import sent
from seats.forms.planning import NeedForm, is_planned_for, query_of
from seats.models import SeatRequest
from seats.planner import Alternatives, Need, Plan, Take, find_plans, nearest_alternatives
from seats.planner import wording as words
from seats.planner.plans import MOST
from seats.rectangles import Rectangle
from seats.services.wishes import need_of
from web import formats
from web.refusals import Refusal

MOST_BESIDE = 3  # plans on the page of a request


class RunLine(NamedTuple):
    """A run of a plan: where it is on that day's floor, and who has it until then.

    `posted`: the run as the button sends it, first and last seat; empty where a move frees it.
    """

    label: str
    seats: int
    url: str
    note: str
    posted: str


@dataclass(frozen=True)
class PlanLine:
    """A plan on a page. `named`: whether the reader may know who has seats."""

    number: int
    plan: Plan
    named: bool
    is_offered: bool

    @property
    def title(self) -> str:
        return words.plan_title(self.plan)

    @property
    def anchor(self) -> str:
        return f"plan-{self.number}"

    @property
    def why(self) -> list[str]:
        return words.why(self.plan, named=self.named)

    @property
    def waits(self) -> str:
        return words.waits_short(self.plan)

    @property
    def counted(self) -> str:
        """1 栋 · 2 层 · 3 段."""
        buildings, floors = len(self.plan.buildings), len(self.plan.floors)
        runs = self.plan.runs
        parts = (
            ngettext("%(count)d building", "%(count)d buildings", buildings) % {"count": buildings},
            ngettext("%(count)d floor", "%(count)d floors", floors) % {"count": floors},
            ngettext("%(count)d run", "%(count)d runs", runs) % {"count": runs},
        )
        return " · ".join(parts)

    @property
    def verb(self) -> str:
        """按方案 1 预留 300 席."""
        sentence = ngettext(
            "Hold %(seats)s seat by plan %(number)d",
            "Hold %(seats)s seats by plan %(number)d",
            self.plan.seats,
        )
        if self.is_offered:
            sentence = ngettext(
                "Hold %(seats)s seat by plan %(number)d and offer it",
                "Hold %(seats)s seats by plan %(number)d and offer them",
                self.plan.seats,
            )
        return sentence % {"seats": formats.number(self.plan.seats), "number": self.number}

    @property
    def sent(self) -> str:
        """The plan as a button of a request's page sends it."""
        return sent(self.plan)

    @property
    def lines(self) -> list[RunLine]:
        """Its runs, phase by phase in the order of the seats; then what the moves make free."""
        takes = sorted(self.plan.takes, key=lambda take: take.phase)
        return [*map(self._taken, takes), *self._after_moves()]

    def _taken(self, take: Take) -> RunLine:
        posted = f"{take.seats.lower}-{take.seats.upper - 1}"
        day = self.plan.day_of(take)
        note = self._note(take)
        if self.plan.need.phases:
            words = {"day": formats.iso_day(day), "note": note}
            note = _("from %(day)s: %(note)s") % words
        return RunLine(take.label, take.seats.length, _floor_url(take.run.floor, day), note, posted)

    def _after_moves(self) -> Iterator[RunLine]:
        floor = self.plan.takes[0].run
        for block in self.plan.after_moves:
            label = run_label(floor.label, block.seats)
            url = _floor_url(floor.floor, self.plan.need.start)
            yield RunLine(label, block.seats.length, url, _("after the move"), "")

    def _note(self, take: Take) -> str:
        """Who has some of it until then; nobody: that it is free already."""
        waits = [
            wait
            for wait in self.plan.waits
            if take.seats.lower <= wait.seats.lower and wait.seats.upper <= take.seats.upper
        ]
        if not waits:
            return _("vacant today") if take.run.is_delivered else _("not handed over yet")
        comma = pgettext("between items of a list", ", ")
        return comma.join(words.wait_note(wait, named=self.named) for wait in waits)


def _floor_url(floor: int, day: date) -> str:
    return f"{reverse('place:floor-detail', args=[floor])}?on={day.isoformat()}"


@dataclass(frozen=True)
class Suggested:
    """What would do instead, with the way to plan it."""

    code: str
    text: str
    url: str


def plans_context(
    need: Need,
    user: User,
    *,
    seat_request: SeatRequest | None = None,
    enterprise: Any = None,
    most: int = MOST,
) -> dict[str, Any]:
    """What `seats/_plans.html` needs: plans for `need`, or where there are none, what would do."""
    today = clock.today()
    named = user.has_perm("seats.view_every_allocation")
    plans = find_plans(need, today=today, most=most)
    query = query_of(
        need,
        enterprise=enterprise.pk if enterprise else None,
        request=seat_request.pk if seat_request else None,
    )
    lines = [
        PlanLine(number, plan, named, seat_request is not None)
        for number, plan in enumerate(plans, start=1)
    ]
    instead = None if plans else nearest_alternatives(need)
    return {
        "need": need,
        "plans": lines,
        "instead": instead,
        "suggestions": _suggested(instead, named, seat_request, enterprise) if instead else [],
        "hold_url": f"{reverse('seats:planner-hold')}?{query}",
        "planner_url": f"{reverse('seats:planner')}?{query}",
        "may_hold": _may_hold(user, seat_request),
    }


def _may_hold(user: User, seat_request: SeatRequest | None) -> bool:
    """Whether a click holds a plan: for a request, where it would answer all of it."""
    if not user.has_perm("seats.add_allocation"):
        return False
    if seat_request is None:
        return True
    return is_planned_for(seat_request) and desk.actions(user, seat_request).offer


def _suggested(
    instead: Alternatives, named: bool, seat_request: SeatRequest | None, enterprise: Any
) -> list[Suggested]:
    return [
        Suggested(one.code, one.text, _planned(one.need, seat_request, enterprise))
        for one in words.suggestions(instead, named=named)
    ]


def _planned(need: Need | None, seat_request: SeatRequest | None, enterprise: Any) -> str:
    if need is None:
        return ""
    query = query_of(
        need,
        enterprise=enterprise.pk if enterprise else None,
        request=seat_request.pk if seat_request else None,
    )
    return f"{reverse('seats:planner')}?{query}"


def request_plans(
    seat_request: SeatRequest, user: User, *, everywhere: bool = False
) -> dict[str, Any]:
    """The same for the page of a request that gets seats, while they can be chosen.

    `everywhere`: of any zone, where the zones that were asked for do not do.
    """
    need = need_of(seat_request, clock.today())
    said = plans_context(need, user, seat_request=seat_request, most=MOST_BESIDE)
    if everywhere and need.zones and not said["plans"]:
        need = need._replace(zones=())
        said = plans_context(need, user, seat_request=seat_request, most=MOST_BESIDE)
    return said


def takes_to_tick(said: Mapping[str, Any], typed: str) -> Sequence[Take]:
    """What is ticked at first: the plan that was asked for, else the best; where there is none,
    the phases that fit before the one that does not."""
    lines: list[PlanLine] = said.get("plans", [])
    chosen = next((line for line in lines if str(line.number) == typed), None)
    if line := chosen or next(iter(lines), None):
        return line.plan.takes
    instead: Alternatives | None = said.get("instead")
    return instead.takes if instead else ()


def planner_page(
    request: UserRequest,
    form: NeedForm,
    seat_request: SeatRequest | None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The need as a form; under it, where it makes sense, the plans as they are now."""
    context: dict[str, Any] = {
        "form": form,
        "refusal": refusal,
        "seat_request": seat_request,
        "title": _("Who can sit where"),
    }
    if form.is_bound and (need := _need(form)):
        enterprise = form.cleaned_data.get("enterprise")
        context |= plans_context(
            need, request.user, seat_request=seat_request, enterprise=enterprise
        )
        context["title"] = _title(need, len(context["plans"]))
    status = refusal.status if refusal else 200
    return render(request, "seats/planner.html", context, status=status)


def _need(form: NeedForm) -> Need | None:
    """What was typed, where all that makes a need makes sense."""
    form.is_valid()
    return None if set(form.errors) - {"enterprise", "request"} else form.need


def _title(need: Need, plans: int) -> str:
    said = {
        "seats": formats.number(need.seats),
        "days": formats.day(need.start),
        "count": formats.number(plans),
    }
    if not plans:
        return _("%(seats)s seats from %(days)s: they do not fit like this") % said
    return (
        ngettext(
            "%(seats)s seats from %(days)s: %(count)s plan",
            "%(seats)s seats from %(days)s: %(count)s plans",
            plans,
        )
        % said
    )


def offered(seat_request: SeatRequest, runs: Sequence[Rectangle]) -> str:
    """What was just done for a request."""
    seats = sum(run.seats.length for run in runs)
    sentence = ngettext(
        "Offered: %(seats)s seat is held for %(enterprise)s.",
        "Offered: %(seats)s seats are held for %(enterprise)s.",
        seats,
    )
    return sentence % {
        "seats": formats.number(seats),
        "enterprise": seat_request.enterprise.short_name,
    }
