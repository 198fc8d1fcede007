"""A park to which much has happened, at random: given, held, confirmed, released, expired."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random

from accounts.models import User
from park.axis import Span, seat_at
from park.models import Floor, ReportingMonth
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.expiry import end_expired_holds
from tenants.models import Enterprise
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Refusal

REASONS = ("", "谈判中", "=1+1", "装修，预计3月底完成；联系人：王某", "@all", "a\nb")


class LivelyPark:
    """`steps` random things, each refused or done by the services."""

    def __init__(self, seed: int, operator: User, *, steps: int = 120, closes: bool = True) -> None:
        self.random, self.operator = Random(seed), operator  # noqa: S311 - not a secret
        self.floors = [
            make_floor(level=3, seats=40),
            make_floor(zone="B1", level=-1, seats=30),
            make_floor(zone="D", level=1, seats=30, delivered_on=None, planned_on=date(2024, 6, 1)),
        ]
        self.enterprises = [
            EnterpriseFactory(short_name="迈睿"),
            EnterpriseFactory(short_name="迈睿"),  # two are called so
            EnterpriseFactory(name="ＡＢＣ（内江）有限公司", short_name="ABC"),
            EnterpriseFactory(),
        ]
        for _ in range(steps):
            with suppress(Refusal, IndexError):  # there may be nothing to choose from yet
                self.random.choice([self.give, self.give, self.give, self.release, self.confirm])()
        end_expired_holds(now=self.now)
        if closes:
            ReportingMonth.objects.create(month=date(2023, 12, 1), closed_at=NOW)

    @property
    def now(self) -> datetime:
        """Three weeks after holds were made: some of them have expired."""
        return NOW + timedelta(days=21)

    @property
    def today(self) -> date:
        return TODAY + timedelta(days=21)

    def day(self) -> date:
        return date(2023, 11, 15) + timedelta(days=self.random.randrange(200))

    def span(self, floor: Floor) -> Span:
        first = self.random.randint(1, floor.seat_count)
        last = min(floor.seat_count, first + self.random.randrange(12))
        return Span(seat_at(floor.pk, first), seat_at(floor.pk, last) + 1)

    def rectangle(self, floor: Floor) -> Rectangle:
        start = self.day()
        lasts = self.random.choice([None, self.random.randint(1, 120)])
        return Rectangle(self.span(floor), start, start + timedelta(days=lasts) if lasts else None)

    def give(self) -> None:
        kind = self.random.choice(list(AllocationKind))
        floor = self.random.choice(self.floors)
        is_closure = kind == AllocationKind.CLOSURE
        until = self.random.choice([None, timedelta(days=2), timedelta(days=300, minutes=7)])
        enterprise: Enterprise | None = self.random.choice(self.enterprises)
        allocate_seats(
            enterprise=None if is_closure else enterprise,
            kind=kind,
            rectangles=[self.rectangle(floor) for _ in range(self.random.randint(1, 3))],
            today=TODAY,
            now=NOW,
            acting_user=self.operator,
            expires_at=NOW + until if until and kind == AllocationKind.HOLD else None,
            reason="消防检修" if is_closure else self.random.choice(REASONS),
        )

    def release(self) -> None:
        pks = list(Allocation.objects.order_by("pk").values_list("pk", flat=True))
        allocation = Allocation.objects.get(pk=self.random.choice(pks))
        block = self.random.choice(list(allocation.blocks.order_by("pk")))
        first = self.random.randrange(block.seats.lower, block.seats.upper)
        seats = self.random.choice([None, Span(first, min(first + 3, block.seats.upper))])
        release_seats(
            allocation_id=allocation.pk,
            start=self.day(),
            seats=seats,
            today=TODAY,
            now=NOW,
            acting_user=self.operator,
        )

    def confirm(self) -> None:
        holds = Allocation.objects.filter(kind="hold").order_by("pk")
        pks = list(holds.values_list("pk", flat=True))
        confirm_hold(
            allocation_id=self.random.choice(pks), today=TODAY, now=NOW, acting_user=self.operator
        )
