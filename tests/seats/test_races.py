"""Many hands at once: threads with connections of their own, real transactions, the real lock."""

import random
import time
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from threading import Event

import pytest
from django.db import connection

from audit.context import recorded
from foundation import locks
from park.axis import Span
from park.lock import park_locked
from park.services import MonthClosed, close_month, reopen_month
from returns import services as returns
from returns.models import ReturnRevision
from seats.models import AllocationKind, BlockKind, RequestState, SeatBlock, SeatRequest
from seats.occupancy import Grouping, occupancy_during
from seats.rectangles import Rectangle
from seats.services import floors, planning
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.approvals import approve_request
from seats.services.blocks import new_block
from seats.services.expiry import end_expired_holds
from seats.services.planning import planning_seats
from seats.services.refusals import HoldExpired, SeatsTaken, WrongState
from seats.services.requests import submit_request, withdraw_request
from tenants.services import end_tenancy
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.returns import make_return
from tests.factories.seats import START, make_allocation, make_request, make_run
from tests.factories.tenants import EnterpriseFactory
from tests.together import together
from web.refusals import Busy

pytestmark = pytest.mark.django_db(transaction=True)


def meet(one, other):
    """Whether two blocks share a seat on a day; written without the product's own words."""
    seats = one.seats.lower < other.seats.upper and other.seats.lower < one.seats.upper
    days = one.period.lower < (other.period.upper or date.max) and other.period.lower < (
        one.period.upper or date.max
    )
    return seats and days


def pairs_that_meet():
    blocks = list(SeatBlock.objects.all())
    return [
        (one, other)
        for number, one in enumerate(blocks)
        for other in blocks[number + 1 :]
        if meet(one, other)
    ]


class TestAllocating:
    def allocator(self, floor, first, last, enterprise, operator):
        return partial(make_allocation, floor, (first, last), to=enterprise, acting_user=operator)

    def test_of_many_who_want_a_seat_one_gets_it_and_is_named_to_the_others(self, operator):
        floor = make_floor(seats=100)
        enterprises = [EnterpriseFactory() for _ in range(8)]

        results = together(
            *(
                self.allocator(floor, 41 - number, 41 + number, enterprise, operator)
                for number, enterprise in enumerate(enterprises)
            )
        )

        winners = [result for result in results if not isinstance(result, Exception)]
        refusals = [result for result in results if isinstance(result, SeatsTaken)]
        assert (len(winners), len(refusals)) == (1, 7)
        named = {c["held_by"] for refusal in refusals for c in refusal.extra["conflicts"]}
        assert named == {winners[0].enterprise.short_name}

    def test_a_storm_loses_nothing_and_starves_nobody(self, operator):
        """16 threads take and give back seats of 3 floors for two seconds, each until it wins."""
        places = [make_floor(level=level, seats=40) for level in (1, 2, 3)]
        enterprises = [EnterpriseFactory() for _ in range(16)]
        end = time.monotonic() + 2

        def storm(number):
            chance, kept, wins = random.Random(number), [], 0  # noqa: S311
            while time.monotonic() < end or (wins == 0 and time.monotonic() < end + 20):
                floor, first = chance.choice(places), chance.randrange(1, 31)
                start = START + timedelta(days=chance.randrange(60))
                try:
                    allocation = make_allocation(
                        floor,
                        (first, first + chance.randrange(10)),
                        start=start,
                        last=start + timedelta(days=chance.randrange(60)),
                        to=enterprises[number],
                        acting_user=operator,
                    )
                except SeatsTaken:
                    if kept:
                        release_seats(
                            allocation_id=kept.pop(0).pk,
                            start=START,
                            today=TODAY,
                            now=NOW,
                            acting_user=operator,
                        )
                else:
                    kept.append(allocation)
                    wins += 1
            return wins, {allocation.pk for allocation in kept}

        results = together(*(partial(storm, number) for number in range(16)))

        assert [result for result in results if isinstance(result, Exception)] == []
        assert all(wins >= 1 for wins, _ in results)
        kept = set().union(*(kept for _, kept in results))
        assert set(SeatBlock.objects.real().values_list("allocation", flat=True)) == kept
        assert pairs_that_meet() == []

    def test_without_the_lock_the_constraint_still_says_no(self, operator, monkeypatch):
        floor = make_floor(seats=100)
        first, second = make_allocation(floor, (1, 1)), make_allocation(floor, (2, 2))
        monkeypatch.setattr(planning, "park_locked", recorded)
        has_written, may_commit = Event(), Event()

        def write_first():
            with planning_seats(operator, now=NOW):
                new_block(first, BlockKind.FIRM, make_run(floor, 10, 20), TODAY).save()
                has_written.set()
                may_commit.wait(10)

        def write_second():
            has_written.wait(10)
            run = make_run(floor, 15, 30)
            with planning_seats(operator, [run], now=NOW):
                may_commit.set()
                new_block(second, BlockKind.FIRM, run, TODAY).save()

        done, refused = together(write_first, write_second)

        assert done is None
        assert isinstance(refused, SeatsTaken)
        assert refused.extra["conflicts"][0]["held_by"] == first.enterprise.short_name
        assert pairs_that_meet() == []


class TestRequests:
    @pytest.fixture
    def submitted(self, operator):
        self.floor = make_floor(seats=100)
        request = make_request(acting_user=operator)
        return submit_request(request_id=request.pk, now=NOW, acting_user=operator)

    def approval(self, request, operator, first, last):
        return partial(
            approve_request,
            request_id=request.pk,
            rectangles=[make_run(self.floor, first, last)],
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

    def test_two_approvals_of_one_request_give_seats_once(self, submitted, operator):
        results = together(
            self.approval(submitted, operator, 1, 10), self.approval(submitted, operator, 21, 30)
        )

        assert sorted(type(result) for result in results if isinstance(result, Exception)) == [
            WrongState
        ]
        assert SeatBlock.objects.real().count() == 1

    def test_two_operators_approving_overlapping_runs_end_in_one_refusal(self, submitted, operator):
        other = make_request(acting_user=operator)
        submit_request(request_id=other.pk, now=NOW, acting_user=operator)

        results = together(
            self.approval(submitted, operator, 1, 20), self.approval(other, operator, 20, 30)
        )

        winner = next(result for result in results if not isinstance(result, Exception))
        refusal = next(result for result in results if isinstance(result, Exception))
        assert isinstance(refusal, SeatsTaken)
        assert refusal.extra["conflicts"][0]["held_by"] == winner[0].enterprise.short_name
        states = set(SeatRequest.objects.values_list("state", flat=True))
        assert states == {RequestState.FULFILLED, RequestState.SUBMITTED}

    def test_a_request_is_approved_or_withdrawn_never_both(self, submitted, operator):
        results = together(
            self.approval(submitted, operator, 1, 10),
            partial(withdraw_request, request_id=submitted.pk, now=NOW, acting_user=operator),
        )

        approved, withdrawn = (not isinstance(result, Exception) for result in results)
        submitted.refresh_from_db()
        assert approved != withdrawn
        assert submitted.state == ("fulfilled" if approved else "withdrawn")
        assert SeatBlock.objects.real().exists() is approved


def test_a_hold_is_confirmed_or_expires_never_both(operator):
    floor = make_floor(seats=100)
    late = NOW + timedelta(days=1)
    for place in range(1, 11):
        hold = make_allocation(floor, (place, place), kind=AllocationKind.HOLD, expires_at=late)

        confirmed, expired = together(
            partial(
                confirm_hold, allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator
            ),
            partial(end_expired_holds, now=late),
        )

        hold.refresh_from_db()
        if isinstance(confirmed, HoldExpired):
            assert (hold.kind, expired, hold.ended_at) == ("hold", 1, late)
            assert not hold.blocks.exists()
        else:
            assert (hold.kind, expired, hold.ended_at) == ("firm", 0, None)
            assert hold.blocks.get().kind == "firm"


class TestClosingAMonth:
    """While one closes January, others go on to write into it as long as they may."""

    MONTH = date(2024, 1, 1)

    @pytest.fixture
    def floor(self):
        return make_floor(seats=1000)

    @pytest.fixture
    def tenants(self, floor):
        tenants = [EnterpriseFactory() for _ in range(12)]
        for place, tenant in enumerate(tenants, start=901):
            make_allocation(floor, (place, place), start=self.MONTH, to=tenant)
        return tenants

    def figures(self):
        _rows, total = occupancy_during(self.MONTH, date(2024, 2, 1), today=TODAY, by=Grouping.PARK)
        return total, ReturnRevision.objects.count()

    def allocate(self, floor, places, tenant, operator):
        for place in places:
            make_allocation(
                floor, (place, place), start=date(2024, 1, 31), to=tenant, acting_user=operator
            )

    def file_returns(self, tenants, operator):
        who_and_when = {"now": NOW, "acting_user": operator}
        for tenant in tenants:
            row = returns.open_return(
                enterprise=tenant,
                month=self.MONTH,
                figures={"revenue": 1, "headcount": 1},
                today=TODAY,
                **who_and_when,
            )
            returns.submit_return(return_id=row.pk, signer="李娜", **who_and_when)

    def close(self, operator):
        time.sleep(0.1)
        close_month(month=self.MONTH, now=NOW, today=TODAY, acting_user=operator)
        return self.figures()

    def test_nothing_is_written_into_it_afterwards(self, floor, tenants, operator):
        hundreds = [range(first, first + 150) for first in (1, 151, 301, 451)]

        *refusals, at_closing = together(
            *(partial(self.allocate, floor, places, tenants[0], operator) for places in hundreds),
            *(partial(self.file_returns, tenants[n::3], operator) for n in range(3)),
            partial(self.close, operator),
        )

        allocating = refusals[: len(hundreds)]
        assert [type(refusal) for refusal in allocating] == [MonthClosed] * len(hundreds)
        assert {type(refusal) for refusal in refusals} <= {MonthClosed, type(None)}
        assert self.figures() == at_closing


class TestTheLock:
    @pytest.fixture(autouse=True)
    def patience(self, monkeypatch):
        monkeypatch.setattr(locks, "TIMEOUT", "100ms")

    def hold_while(self, call, *, shared=False):
        """What `call` gives while somebody else has the lock."""
        has_it, may_go = Event(), Event()

        def holder():
            with park_locked(None, shared=shared):
                has_it.set()
                may_go.wait(30)

        def other():
            has_it.wait(10)
            try:
                return call()
            finally:
                may_go.set()

        return together(holder, other)[1]

    def test_is_waited_for_only_so_long(self, operator):
        floor, enterprise = make_floor(), EnterpriseFactory()

        refusal = self.hold_while(
            lambda: allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[Rectangle(Span(*floor.seats), START)],
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )
        )

        assert isinstance(refusal, Busy)
        assert refusal.retry_after == 5
        assert not SeatBlock.objects.real().exists()

    def test_is_taken_by_everything_that_writes_into_months(self, operator):
        """Nothing may slip in while somebody plans seats or closes a month."""
        floor = make_floor(seats=100)
        planned = make_floor(level=2, delivered_on=None, planned_on=START)
        tenant = EnterpriseFactory()
        firm = make_allocation(floor, (1, 10), start=date(2024, 1, 1), to=tenant)
        hold = make_allocation(floor, (11, 20), kind=AllocationKind.HOLD, to=tenant)
        request = make_request(enterprise=tenant, acting_user=operator)
        submit_request(request_id=request.pk, now=NOW, acting_user=operator)
        draft = make_return(enterprise=tenant)
        by = {"acting_user": operator}
        at = {"now": NOW, **by}
        on = {"today": TODAY, **at}
        new = floors.NewFloor(floor.building, 3, 10, Decimal(70), delivered_on=TODAY)
        row = {"return_id": draft.pk, **at}
        calls = [
            partial(make_allocation, floor, (50, 60), to=tenant, acting_user=operator),
            partial(release_seats, allocation_id=firm.pk, start=START, **on),
            partial(confirm_hold, allocation_id=hold.pk, **on),
            partial(end_expired_holds, now=NOW + timedelta(days=60)),
            partial(
                approve_request,
                request_id=request.pk,
                rectangles=[make_run(floor, 50, 60)],
                **on,
            ),
            partial(floors.open_floor, floor=new, **at),
            partial(floors.extend_floor, floor_id=floor.pk, seat_count=200, first_day=START, **at),
            partial(floors.deliver_floor, floor_id=planned.pk, day=TODAY, **at),
            partial(floors.delay_floor, floor_id=planned.pk, planned_on=None, **at),
            partial(close_month, month=date(2024, 1, 1), **on),
            partial(reopen_month, month=date(2024, 1, 1), reason="更正", **at),
            partial(
                returns.open_return, enterprise=tenant, month=TODAY.replace(day=1), figures={}, **on
            ),
            partial(returns.save_draft, figures={}, **row),
            partial(returns.submit_return, signer="李娜", **row),
            partial(returns.accept_return, **row),
            partial(returns.send_back_return, question="?", **row),
            partial(returns.correct_return, **row),
            partial(end_tenancy, enterprise=tenant, last_day=START, **by),
        ]

        refusals = self.hold_while(lambda: [together(call)[0] for call in calls])

        assert [type(refusal) for refusal in refusals] == [Busy] * len(calls)

    def test_can_be_shared_by_those_who_share_it(self):
        def share():
            with park_locked(None, shared=True):
                return "in"

        assert self.hold_while(share, shared=True) == "in"
        assert isinstance(self.hold_while(share, shared=False), Busy)

    def test_leaves_no_limit_behind(self):
        with park_locked(None):
            pass

        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
