"""The seats of a fit-out: whose they are meanwhile, and closing those that are nobody's.

Call what writes only inside `planning_seats`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from park.axis import Span, free_spans, together
from seats.conflicts import conflicts_with
from seats.models import Allocation, AllocationKind, FitOut, FitOutStage, SeatBlock
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.allocations import place, release_under_lock
from seats.services.refusals import NotDelivered, seats_taken


def runs_of_allocation(allocation: Allocation | None, today: date) -> list[Span]:
    """The seats that the allocation has now or later, side by side in one run."""
    if allocation is None:
        return []
    blocks = allocation.blocks.filter(period__overlap=(today, None)).order_by("seats")
    return together(block.span for block in blocks)


def refuse_rivals(
    spans: Sequence[Span], enterprise_id: int, start: date, last_day: date | None, acting_user: User
) -> None:
    """Raise `SeatsTaken` where another enterprise has some of the seats in those days."""
    end = None if last_day is None else max(last_day, start) + ONE_DAY
    rivals = [
        rival
        for rival in conflicts_with([Rectangle(span, start, end) for span in spans])
        if rival.enterprise_id not in {None, enterprise_id}
    ]
    if rivals:
        refusal = seats_taken(rivals, acting_user)
        refusal.errors = [{**error, "field": "runs"} for error in refusal.errors]
        raise refusal


def begin_work(fit_out: FitOut, *, today: date, now: datetime, acting_user: User) -> None:
    """Check that work may begin; close the seats that are nobody's, where the case says so."""
    runs = list(fit_out.runs.select_related("floor"))
    for run in runs:
        if run.floor.delivered_on is None:
            raise NotDelivered(
                _("%(floor)s is not handed over yet. Fit-out can start only then.")
                % {"floor": run.floor.label},
                extra={"floor": run.floor.label},
            )
    spans = [run.span for run in runs]
    last_day = fit_out.steps.get(stage=FitOutStage.ACCEPTANCE).planned_on
    refuse_rivals(spans, fit_out.enterprise_id, today, last_day, acting_user)
    if fit_out.closes_seats:
        end = None if last_day is None or last_day < today else last_day + ONE_DAY
        _close(fit_out, spans, today, end, now, acting_user)


def _close(
    fit_out: FitOut,
    spans: Sequence[Span],
    start: date,
    end: date | None,
    now: datetime,
    acting_user: User,
) -> None:
    rectangles = [
        Rectangle(free, start, end)
        for span in spans
        for free in free_spans(span, _taken(span, start, end))
    ]
    if not rectangles:
        return
    with translation.override(settings.LANGUAGE_CODE):  # what is kept is in the park's language
        reason = _("Fit-out %(number)s") % {"number": fit_out.number}
    closure = Allocation(
        kind=AllocationKind.CLOSURE,
        reason=reason,
        sample_fields=fit_out.sample_fields,
        created_by=acting_user,
        created_at=now,
    )
    place(closure, rectangles, today=start)
    fit_out.closure = closure


def _taken(span: Span, start: date, end: date | None) -> list[Span]:
    blocks = SeatBlock.objects.within(span).during(start, end)
    return [Span(seats.lower, seats.upper) for seats in blocks.values_list("seats", flat=True)]


def end_work(fit_out: FitOut, *, today: date) -> None:
    """Free what the case has closed, from today on, where it is not free already."""
    closure = fit_out.closure
    if closure is not None and closure.blocks.filter(period__overlap=(today, None)).exists():
        release_under_lock(closure, start=today, seats=None, today=today)
