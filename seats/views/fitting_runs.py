"""What a request can be given: the free runs, ticked as a plan takes them, and what it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation import clock
from park.axis import Span, free_spans, intersection, slot_of
from seats.forms.answers import AnswerForm, Part
from seats.forms.chosen_plans import choice_name, with_plan_ticked
from seats.forms.runs import Run, RunChoice, Supply
from seats.free_runs import free_runs
from seats.models import RequestKind, SeatBlock, SeatRequest
from seats.planner import Need, Take
from seats.rectangles import ONE_DAY
from seats.services.offers import usual_end
from seats.services.wishes import need_of

SHOWN = 12  # free runs on the page before somebody asks for all of them
SHOWN_OF_A_PHASE = 5


def answer_form(
    seat_request: SeatRequest,
    data: QueryDict | None = None,
    *,
    everywhere: bool = False,
    takes: Sequence[Take] = (),
) -> AnswerForm:
    """The runs that can be given for a request, and those that can come back, to choose from.

    `takes`: what a plan takes of them, ticked until somebody ticks others.
    """
    data = None if data is None else with_plan_ticked(data)
    gets = seat_request.kind != RequestKind.RELEASE
    returns = seat_request.kind in {RequestKind.RELEASE, RequestKind.RELOCATE}
    held = _held(seat_request) if returns else []
    today = clock.today()
    return AnswerForm(
        data,
        request=seat_request,
        parts=list(_parts(need_of(seat_request, today), data, everywhere, takes)) if gets else [],
        give=RunChoice("give", held, _plainly_meant(held, seat_request), data),
        until=timezone.localdate(usual_end(today)) - ONE_DAY,
    )


def _parts(
    need: Need, data: QueryDict | None, everywhere: bool, takes: Sequence[Take]
) -> Iterator[Part]:
    """Phase by phase what is free, with what is ticked of it."""
    for number, part in enumerate(need.parts):
        name = choice_name(number)
        proposal = [take.seats for take in takes if take.phase == number]
        ticked = proposal if data is None else RunChoice(name, [], (), data).spans
        free = _free(part, everywhere, ticked)
        shown = _ticked_first(free, ticked)
        most = len(ticked) + (SHOWN_OF_A_PHASE if need.phases else SHOWN)
        shown = shown if everywhere else shown[:most]
        supply = Supply.of([run.seats for run in free], hidden=len(free) - len(shown))
        choice = RunChoice(name, shown, proposal, data)
        yield Part(number + 1 if need.phases else 0, part.seats, part.start, choice, supply)


def _free(need: Need, everywhere: bool, ticked: Sequence[Span]) -> list[Run]:
    """The free runs; of floors that are to come only what is ticked, or all if too few are."""
    runs = free_runs(need.start, need.end, zones=() if everywhere else need.zones)
    ready = sum(run.seats.length for run in runs if run.is_delivered)
    are_enough = not everywhere and ready >= need.seats
    note = _("floor not handed over yet: can be offered, not approved")
    return [
        Run(run.floor_id, run.floor_label, run.seats, "" if run.is_delivered else note)
        for run in runs
        if run.is_delivered or not are_enough or _meets(run.seats, ticked)
    ]


def _ticked_first(runs: list[Run], ticked: Sequence[Span]) -> list[Run]:
    """Those of `runs` of which seats are ticked, then the others, longest first."""
    return sorted(runs, key=lambda run: not _meets(run.seats, ticked))


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(intersection(span, other) for other in others)


def _held(seat_request: SeatRequest) -> list[Run]:
    """What the enterprise has from the first day of the request on, by floor."""
    spans: dict[int, list[Span]] = {}
    labels: dict[int, str] = {}
    blocks = SeatBlock.objects.during(seat_request.start, None).select_related("floor")
    for block in blocks.filter(enterprise=seat_request.enterprise).order_by("seats"):
        labels[block.floor_id] = block.floor.label
        spans.setdefault(block.floor_id, []).append(block.span)
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
