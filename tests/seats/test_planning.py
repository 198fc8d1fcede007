"""The frame of every write to seats: what is refused before the lock, and what the database does
where everything else has failed."""

from datetime import date, timedelta

import pytest
from django.db.utils import IntegrityError
from django.utils import translation
from psycopg.errors import ExclusionViolation

from park.axis import Span
from seats.models import AllocationKind, BlockKind, SeatBlock
from seats.rectangles import Rectangle, first_pair_that_meets
from seats.services import planning
from seats.services.blocks import new_block
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import BlocksOverlap, NoSuchSeat, SeatsTaken
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Busy, Invalid

DAY = timedelta(days=1)
LAST_DAY = date(9998, 12, 31)


class TestCheckShape:
    @pytest.mark.parametrize(
        "rectangle",
        [
            Rectangle(Span(10, 11), date(1990, 1, 1), None),
            Rectangle(Span(10, 11), START, START + DAY),
            Rectangle(Span(10, 11), LAST_DAY, None),
            Rectangle.of_days(10, 10, START, LAST_DAY),
            Rectangle(Span(0, 4096), START, None),
        ],
    )
    def test_accepts_any_run_of_one_floor_on_days_that_can_be_said(self, rectangle):
        check_shape([rectangle])

    @pytest.mark.parametrize(
        ("rectangle", "refusal"),
        [
            (Rectangle(Span(10, 10), START), Invalid),
            (Rectangle(Span(10, 9), START), Invalid),
            (Rectangle(Span(10, 11), START, START), Invalid),
            (Rectangle(Span(10, 11), START, START - DAY), Invalid),
            (Rectangle(Span(10, 11), date(1989, 12, 31)), Invalid),
            (Rectangle(Span(10, 11), LAST_DAY + DAY), Invalid),
            (Rectangle(Span(10, 11), START, date(9999, 12, 31)), Invalid),
            (Rectangle(Span(-1, 11), START), NoSuchSeat),
            (Rectangle(Span(2**31 - 1, 2**31), START), NoSuchSeat),
            (Rectangle(Span(10**20, 10**20 + 1), START), NoSuchSeat),
        ],
    )
    def test_refuses_what_no_park_could_give(self, rectangle, refusal):
        with pytest.raises(refusal):
            check_shape([rectangle])

    def test_refuses_more_runs_than_anybody_types(self):
        with pytest.raises(Invalid):
            check_shape([Rectangle(Span(n, n + 1), START) for n in range(1001)])

    @pytest.mark.django_db
    def test_refuses_runs_that_share_a_seat_on_a_day(self, django_assert_num_queries):
        floor = make_floor(level=4, seats=300)
        runs = [
            make_run(floor, 1, 100, START, START + 2 * DAY),
            make_run(floor, 50, 51, START + 9 * DAY),
            make_run(floor, 99, 120, START + 2 * DAY),
        ]

        with (
            translation.override("en"),
            pytest.raises(BlocksOverlap) as refusal,
            django_assert_num_queries(1),
        ):
            check_shape(runs)

        first = floor.seats.lower
        assert refusal.value.message == (
            "Two of the runs share seats on the same days: C-1-4F-001 — 100 and C-1-4F-099 — 120."
        )
        assert refusal.value.extra["runs"] == [
            {"first_seat": first, "last_seat": first + 99},
            {"first_seat": first + 98, "last_seat": first + 119},
        ]

    @pytest.mark.django_db
    def test_of_runs_that_overlap_where_no_floor_is_refuses_the_seats(self):
        with pytest.raises(NoSuchSeat):
            check_shape([Rectangle(Span(1, 100), START), Rectangle(Span(50, 51), START)])


class TestRectanglesThatMeet:
    BASE = Rectangle(Span(10, 20), START, START + 10 * DAY)

    @pytest.mark.parametrize(
        ("seats", "start", "end", "meets"),
        [
            (Span(19, 30), START + 9 * DAY, None, True),
            (Span(20, 30), START, None, False),
            (Span(0, 10), START, None, False),
            (Span(0, 99), START + 10 * DAY, None, False),
            (Span(0, 99), START - DAY, START, False),
            (Span(0, 99), START - DAY, START + DAY, True),
            (Span(12, 13), START + 3 * DAY, START + 4 * DAY, True),
        ],
    )
    def test_share_a_seat_on_a_day(self, seats, start, end, meets):
        other = Rectangle(seats, start, end)

        assert self.BASE.meets(other) is meets
        assert other.meets(self.BASE) is meets
        assert (first_pair_that_meets([other, self.BASE]) is not None) is meets


@pytest.mark.django_db
class TestTheConstraintBelow:
    """Somebody writes rows past the lock and the check: the database still says no."""

    @pytest.fixture
    def floor(self):
        return make_floor(seats=100)

    def write_past_the_check(self, allocation, rectangle, operator):
        with planning_seats(operator, [rectangle], now=NOW):
            new_block(allocation, BlockKind.FIRM, rectangle, TODAY).save()

    def test_a_double_booking_is_refused_by_name(self, floor, operator):
        make_allocation(floor, (1, 20), to=EnterpriseFactory(short_name="诚伯信息"))
        rival = make_allocation(floor, (50, 60))

        with pytest.raises(SeatsTaken) as refusal:
            self.write_past_the_check(rival, make_run(floor, 20, 30), operator)

        assert [c["held_by"] for c in refusal.value.extra["conflicts"]] == ["诚伯信息"]
        cause = refusal.value.__cause__.__cause__
        assert isinstance(cause, ExclusionViolation)
        assert cause.sqlstate == "23P01"

    def test_a_rival_that_is_gone_again_means_try_again(self, floor, operator, monkeypatch):
        make_allocation(floor, (1, 20))
        rival = make_allocation(floor, (50, 60))
        monkeypatch.setattr(planning, "conflicts_with", lambda _rectangles: [])

        with pytest.raises(Busy):
            self.write_past_the_check(rival, make_run(floor, 20, 30), operator)

    def test_other_faults_of_a_row_are_not_called_a_rival(self, floor, operator):
        allocation = make_allocation(floor, (1, 20))

        with (
            pytest.raises(IntegrityError, match="seats_seatblock_holder"),
            planning_seats(operator, now=NOW),
        ):
            allocation.blocks.update(kind="void")

    @pytest.mark.parametrize(
        ("seats", "period", "constraint"),
        [
            ((5, 5), (START, None), "has_area"),
            ((None, 5), (START, None), "has_area"),
            ((5, None), (START, None), "has_area"),
            ((60, 61), (START, START), "has_area"),
            ((60, 61), (None, START), "has_area"),
            ((-1, 61), (START, None), "inside_its_floor"),
            ((60, 4097), (START, None), "inside_its_floor"),
        ],
    )
    def test_no_row_is_without_area_or_off_its_floor(self, floor, seats, period, constraint):
        slot = floor.pk * 4096
        allocation = make_allocation(floor, (1, 20))

        with pytest.raises(IntegrityError, match=constraint):
            SeatBlock.objects.create(
                allocation=allocation,
                enterprise=allocation.enterprise,
                floor=floor,
                kind="firm",
                seats=tuple(None if seat is None else slot + seat for seat in seats),
                period=period,
                recorded_on=TODAY,
            )


@pytest.mark.django_db
class TestWhoIsNamed:
    @pytest.fixture
    def refusal_for(self):
        floor = make_floor(seats=100)
        holder = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (1, 20), to=holder)
        make_allocation(floor, (21, 30), kind=AllocationKind.CLOSURE)

        def ask(user):
            with pytest.raises(SeatsTaken) as refusal:
                make_allocation(floor, (11, 25), acting_user=user)
            return refusal.value

        ask.holder = holder
        return ask

    def test_every_holder_to_the_park(self, refusal_for, operator):
        refusal = refusal_for(operator)

        assert [c["held_by"] for c in refusal.extra["conflicts"]] == ["迈睿", None]
        assert "迈睿" in refusal.message

    def test_their_own_to_an_enterprises_people(self, refusal_for):
        refusal = refusal_for(make_member(refusal_for.holder))

        assert [c["held_by"] for c in refusal.extra["conflicts"]] == ["迈睿", None]

    def test_nobody_to_strangers(self, refusal_for):
        refusal = refusal_for(make_member(EnterpriseFactory()))

        assert [c["held_by"] for c in refusal.extra["conflicts"]] == [None, None]
        assert "迈睿" not in refusal.message
