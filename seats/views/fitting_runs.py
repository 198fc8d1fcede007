"""What a request can be given: the free runs that fit, and the runs that the enterprise has."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from park.axis import Span, free_spans, slot_of
from seats.forms.runs import ApprovalForm, Run, RunChoice, Supply
from seats.free_runs import free_runs
from seats.models import RequestKind, SeatBlock, SeatRequest
from seats.proposals import fewest_runs
from seats.rectangles import Rectangle

SHOWN = 12  # free runs on the page before somebody asks for all of them


def approval_form(
    seat_request: SeatRequest, data: QueryDict | None = None, *, everywhere: bool = False
) -> ApprovalForm:
    """The runs that can be given for a request, and those that can come back, to choose from."""
    gets = seat_request.kind != RequestKind.RELEASE
    returns = seat_request.kind in {RequestKind.RELEASE, RequestKind.RELOCATE}
    free = _free(seat_request, everywhere) if gets else []
    held = _held(seat_request) if returns else []
    spans = [run.seats for run in free]
    proposal = fewest_runs(spans, seat_request.seats, contiguous=seat_request.contiguous)
    shown = _proposed_first(free, proposal)
    shown = shown if everywhere else shown[: len(proposal) + SHOWN]
    return ApprovalForm(
        data,
        request=seat_request,
        take=RunChoice("take", shown, proposal, data),
        give=RunChoice("give", held, _plainly_meant(held, seat_request), data),
        supply=Supply.of(spans, hidden=len(free) - len(shown)),
    )


def _free(seat_request: SeatRequest, everywhere: bool) -> list[Run]:
    days = Rectangle.of_days(0, 0, seat_request.start, seat_request.end)
    zones = [] if everywhere else seat_request.zones
    runs = free_runs(days.start, days.end, zones=zones, delivered=True)
    return [Run(run.floor_id, run.floor_label, run.seats) for run in runs]


def _proposed_first(runs: list[Run], proposal: Sequence[Span]) -> list[Run]:
    """Those of `runs` that the proposal takes from, then the others, longest first."""
    proposed = {span.lower for span in proposal}
    return sorted(runs, key=lambda run: run.seats.lower not in proposed)


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
