"""What a request can be given: the free runs that fit, and the runs that the enterprise has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation import clock
from park.axis import Span, free_spans, slot_of
from seats.forms.answers import AnswerForm, Part
from seats.forms.runs import Run, RunChoice, Supply
from seats.free_runs import free_runs
from seats.models import RequestKind, RequestState, SeatBlock, SeatRequest
from seats.proposals import fewest_runs
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.offers import usual_end
from seats.services.wishes import Phase, phases_of

SHOWN = 12  # free runs on the page before somebody asks for all of them
SHOWN_OF_A_PHASE = 5


def answer_form(
    seat_request: SeatRequest, data: QueryDict | None = None, *, everywhere: bool = False
) -> AnswerForm:
    """The runs that can be given for a request, and those that can come back, to choose from."""
    gets = seat_request.kind != RequestKind.RELEASE
    returns = seat_request.kind in {RequestKind.RELEASE, RequestKind.RELOCATE}
    held = _held(seat_request) if returns else []
    today = clock.today()
    return AnswerForm(
        data,
        request=seat_request,
        parts=list(_parts(seat_request, data, everywhere, today)) if gets else [],
        give=RunChoice("give", held, _plainly_meant(held, seat_request), data),
        until=timezone.localdate(usual_end(today)) - ONE_DAY,
    )


def _parts(
    seat_request: SeatRequest, data: QueryDict | None, everywhere: bool, today: date
) -> Iterator[Part]:
    """Phase by phase what is free; what is proposed for one is not proposed for the next."""
    phases = phases_of(seat_request)
    proposed: list[Span] = []
    for number, phase in enumerate(phases or [Phase(seat_request.seats, seat_request.start)]):
        start = _first_day(seat_request, phase.start, today)
        free = _free(seat_request, phase.seats, start, everywhere)
        proposal = _proposal(free, phase.seats, proposed, contiguous=seat_request.contiguous)
        shown = _proposed_first(free, proposal)
        most = len(proposal) + (SHOWN_OF_A_PHASE if phases else SHOWN)
        shown = shown if everywhere else shown[:most]
        supply = Supply.of([run.seats for run in free], hidden=len(free) - len(shown))
        choice = RunChoice(f"take{number or ''}", shown, proposal, data)
        yield Part(number + 1 if phases else 0, phase.seats, start, choice, supply)
        proposed += proposal


def _first_day(seat_request: SeatRequest, day: date, today: date) -> date:
    """The day from which seats are chosen: what was offered before stays held for days gone by."""
    was_offered = seat_request.state in {RequestState.DECLINED, RequestState.EXPIRED}
    return max(day, today) if was_offered else day


def _free(seat_request: SeatRequest, seats: int, start: date, everywhere: bool) -> list[Run]:
    """The free runs; of floors that are to come only where the others are too few."""
    days = Rectangle.of_days(0, 0, start, seat_request.end)
    zones = [] if everywhere else seat_request.zones
    runs = free_runs(days.start, days.end, zones=zones)
    ready = [run for run in runs if run.is_delivered]
    if not everywhere and sum(run.seats.length for run in ready) >= seats:
        runs = ready
    note = _("floor not handed over yet: can be offered, not approved")
    return [
        Run(run.floor_id, run.floor_label, run.seats, "" if run.is_delivered else note)
        for run in runs
    ]


def _proposal(
    free: Sequence[Run], seats: int, taken: Sequence[Span], *, contiguous: bool
) -> list[Span]:
    """The fewest runs that make up `seats`, of floors that are there if that is possible."""
    ready = [run for run in free if not run.note]
    for runs in (ready, free):
        spans = [rest for run in runs for rest in free_spans(run.seats, taken)]
        if proposal := fewest_runs(spans, seats, contiguous=contiguous):
            return proposal
    return []


def _proposed_first(runs: list[Run], proposal: Sequence[Span]) -> list[Run]:
    """Those of `runs` that the proposal takes from, then the others, longest first."""
    return sorted(runs, key=lambda run: not any(_is_in(span, run.seats) for span in proposal))


def _is_in(span: Span, other: Span) -> bool:
    return other.lower <= span.lower and span.upper <= other.upper


def _held(seat_request: SeatRequest) -> list[Run]:
    """What the enterprise has from the first day of the request on, by floor."""
    spans: dict[int, list[Span]] = {}
    labels: dict[int, str] = {}
    blocks = SeatBlock.objects.during(seat_request.start, None).select_related("floor")
    for block in blocks.filter(enterprise=seat_request.enterprise).order_by("seats"):
        labels[block.floor_id] = block.floor.label
        spans.setdefault(block.floor_id, []).append(Span(block.seats.lower, block.seats.upper))
    return [
        Run(floor, labels[floor], run)
        for floor, taken in spans.items()
        for run in free_spans(slot_of(floor), free_spans(slot_of(floor), taken))
    ]


def _plainly_meant(held: Sequence[Run], seat_request: SeatRequest) -> list[Span]:
    """Which seats come back is the enterprise's to say: only where it can be but these."""
    everything = [run.seats for run in held]
    if sum(span.length for span in everything) == seat_request.seats:
        return everything
    same = [span for span in everything if span.length == seat_request.seats]
    return same if len(same) == 1 else []
