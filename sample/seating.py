"""The sample's decisions about seats, taken one after the other through the services of seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from audit.context import recorded
from park.axis import Span, place_of, seat_at, slot_of
from park.models import Floor
from sample.days import at, day_of
from seats.free_runs import free_runs
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.lending import arrange_loan
from seats.services.loans import agree_to_loan, propose_loan
from tenants.models import Enterprise
from tenants.services import begin_tenancy, end_tenancy

ONE_DAY = timedelta(days=1)
Decision = Mapping[str, Any]


class Seating:
    """Takes the decisions of sample/data/seats.yaml."""

    def __init__(self, enterprises: dict[str, Enterprise], today: date, acting_user: User) -> None:
        self.enterprises = enterprises
        self.today = today
        self.acting_user = acting_user

    def day(self, written: date | str) -> date:
        """The day that the data file means."""
        return day_of(written, self.today)

    def take(self, decision: Decision) -> Allocation:
        """Give an enterprise seats, or hold them for it."""
        decided, start = self.day(decision["decided"]), self.day(decision["from"])
        enterprise = self.enterprises[decision["who"]]
        kind = AllocationKind(decision["take"])
        if kind == AllocationKind.FIRM:
            self._begin_tenancy(enterprise, decision, start)
        expires = decision.get("expires")
        return allocate_seats(
            enterprise=enterprise,
            kind=kind,
            rectangles=list(pick(decision["where"], decision["seats"], start, None)),
            today=decided,
            now=at(decided, 10),
            expires_at=at(self.day(expires), 18) if expires else None,
            source=decision.get("source", ""),
            sample_fields=_invented(decision, "blocks"),
            acting_user=self.acting_user,
        )

    def confirm(self, decision: Decision, allocation: Allocation) -> None:
        """Make a hold firm."""
        day = self.day(decision["confirmed"])
        self._begin_tenancy(self.enterprises[decision["who"]], decision, self.day(decision["from"]))
        confirm_hold(
            allocation_id=allocation.pk,
            today=day,
            now=at(day, 15),
            acting_user=self.acting_user,
        )

    def _begin_tenancy(self, enterprise: Enterprise, decision: Decision, start: date) -> None:
        with recorded(self.acting_user):
            begin_tenancy(
                enterprise=enterprise,
                first_day=start,
                source=decision.get("source", ""),
                sample_fields=_invented(decision, "period"),
            )

    def leave(self, decision: Decision) -> None:
        """Let an enterprise give up what it has in some places, and where it says so, the park."""
        enterprise = self.enterprises[decision["who"]]
        decided, last_day = self.day(decision["decided"]), self.day(decision["until"])
        blocks = SeatBlock.objects.on(last_day).filter(
            enterprise=enterprise, floor__label__in=decision["leave"]
        )
        pairs = blocks.order_by("floor").values_list("allocation", "floor").distinct()
        for allocation_id, floor_id in list(pairs):
            release_seats(
                allocation_id=allocation_id,
                start=last_day + ONE_DAY,
                seats=slot_of(floor_id),
                today=decided,
                now=at(decided, 11),
                acting_user=self.acting_user,
            )
        if decision.get("ends"):
            end_tenancy(enterprise=enterprise, last_day=last_day, acting_user=self.acting_user)

    def lend(self, decision: Decision) -> None:
        """Let whoever has some seats lend them for a while; it agreed on paper."""
        decided, start = self.day(decision["decided"]), self.day(decision["from"])
        [floor] = Floor.objects.filter(label=decision["where"])
        by: dict[str, Any] = {"acting_user": self.acting_user}
        loan = propose_loan(
            borrower=self.enterprises[decision["who"]],
            seats=Span(seat_at(floor.pk, 1), seat_at(floor.pk, decision["seats"] + 1)),
            start=start,
            end=self.day(decision["until"]) + ONE_DAY,
            reason=decision["lend"],
            sample_fields=["*"],
            now=at(decided, 9),
            **by,
        )
        agree_to_loan(
            loan_id=loan.pk,
            name=decision["agreed"],
            reference=decision["paper"],
            now=at(decided, 14),
            **by,
        )
        arrange_loan(loan_id=loan.pk, today=decided, now=at(decided, 16), **by)

    def close(self, decision: Decision) -> None:
        """Close some seats for a while."""
        decided, start = self.day(decision["decided"]), self.day(decision["from"])
        end = self.day(decision["until"]) + ONE_DAY
        allocate_seats(
            enterprise=None,
            kind=AllocationKind.CLOSURE,
            rectangles=list(pick(decision["where"], decision["seats"], start, end)),
            today=decided,
            now=at(decided, 10),
            reason=decision["close"],
            sample_fields=["*"],
            acting_user=self.acting_user,
        )


def pick(places: list[str], seats: int, start: date, end: date | None) -> Iterator[Rectangle]:
    """The lowest free seats of `places`, in the order given, as many as are asked for."""
    runs = sorted(free_runs(start, end), key=lambda run: run.seats)
    for written in places:
        place, _, first_place = written.partition("@")
        for run in runs:
            if run.floor_label != place or not seats:
                continue
            lower = max(run.seats.lower, _seat_at(run.seats, int(first_place or 1)))
            upper = min(run.seats.upper, lower + seats)
            if lower < upper:
                seats -= upper - lower
                yield Rectangle(Span(lower, upper), start, end)
    if seats:
        raise ValueError(f"{seats} seats too few in {places} from {start}")


def _seat_at(run: Span, place: int) -> int:
    """The seat number of a place on the floor that `run` is on."""
    return run.lower - place_of(run.lower) + place


def _invented(decision: Decision, fields: str) -> list[str]:
    """`*` unless a source says that these seats were taken; then how many, where and when."""
    return [fields] if decision.get("source") else ["*"]
