"""Allocations and requests for tests, made by the services that people use."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from park.axis import seat_at
from park.models import Floor
from seats.models import Allocation, AllocationKind, RequestKind, SeatRequest
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats
from seats.services.requests import create_request
from seats.services.wishes import Wish
from tenants.models import Enterprise
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory

START = date(2024, 3, 1)


def make_run(
    floor: Floor, first: int, last: int, start: date = START, last_day: date | None = None
) -> Rectangle:
    """Seats number `first` to `last` of `floor`, from `start` to `last_day`, all included."""
    return Rectangle.of_days(seat_at(floor.pk, first), seat_at(floor.pk, last), start, last_day)


def make_allocation(
    floor: Floor,
    *places: tuple[int, int],
    kind: AllocationKind = AllocationKind.FIRM,
    start: date = START,
    last: date | None = None,
    to: Enterprise | None = None,
    today: date = TODAY,
    now: datetime = NOW,
    acting_user: User | None = None,
    **more: Any,
) -> Allocation:
    """Allocate runs given as (first place, last place) of one floor."""
    is_closure = kind == AllocationKind.CLOSURE
    if is_closure:
        more.setdefault("reason", "装修")
    return allocate_seats(
        enterprise=None if is_closure else to or EnterpriseFactory(),
        kind=kind,
        rectangles=[make_run(floor, *run, start, last) for run in places],
        today=today,
        now=now,
        acting_user=acting_user or UserFactory(roles=[Role.OPERATOR_MANAGER]),
        **more,
    )


def make_request(
    *,
    enterprise: Enterprise | None = None,
    kind: RequestKind = RequestKind.NEW,
    seats: int = 10,
    acting_user: User | None = None,
    now: datetime = NOW,
    **wish: Any,
) -> SeatRequest:
    """A draft. There must be a floor: nobody can ask for more seats than there are."""
    return create_request(
        enterprise=enterprise or EnterpriseFactory(),
        wish=Wish(kind=kind, seats=seats, **{"start": START, **wish}),
        now=now,
        acting_user=acting_user or UserFactory(roles=[Role.ENTERPRISE_MANAGER]),
    )


def shape_of(allocation: Allocation) -> list[tuple[int, int, date, date | None]]:
    """The allocation's blocks as (first place, last place, first day, day after the last)."""
    return [
        (
            block.seats.lower % 4096 + 1,
            block.seats.upper % 4096,
            block.period.lower,
            block.period.upper,
        )
        for block in allocation.blocks.order_by("seats", "period")
    ]
