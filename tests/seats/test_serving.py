"""Vacant seats are offered to the waiting list in its order, to the first that they fit."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.models import Message, Setting
from park.axis import Span, seat_at
from seats.models import AllocationKind, HowLeft, SeatRequest
from seats.planner import Phase
from seats.services.allocations import release_seats
from seats.services.expiry import end_expired_holds
from seats.services.floors import deliver_floor
from seats.services.offers import accept_request, decline_request, offer_request, recall_offer
from seats.services.requests import send_back_request, submit_request, withdraw_request
from seats.services.serving import serve_waiting_list
from seats.waiting import place_of_request
from tenants.models import Membership
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_run, shape_of
from tests.factories.waiting import make_waiting

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON = NOW + timedelta(hours=1)
MARCH = date(2024, 3, 1)


@pytest.fixture
def floor():
    """C-1-1F with 100 seats."""
    return make_floor(seats=100)


@pytest.fixture
def taken(floor):
    """All of its seats, taken since last year."""
    return make_allocation(floor, (1, 100), start=date(2023, 1, 1))


@pytest.fixture
def free(operator):
    def run(allocation, first, last, day=MARCH):
        floor = allocation.blocks.first().floor_id
        release_seats(
            allocation_id=allocation.pk,
            start=day,
            seats=Span(seat_at(floor, first), seat_at(floor, last) + 1),
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

    return run


@pytest.fixture
def wait(operator, taken):
    return lambda **wish: make_waiting(operator, **wish)


def serve(now=SOON):
    return serve_waiting_list(now=now, today=now.date())


def state_of(entry):
    return SeatRequest.objects.get(pk=entry.request_id).state


def offered(entry):
    request = SeatRequest.objects.get(pk=entry.request_id)
    return shape_of(request.offer)


class TestInTurn:
    def test_nothing_is_offered_while_nothing_is_vacant(self, wait):
        wait(seats=10)

        assert serve() == 0

    def test_the_first_that_fits_in_whole_gets_an_offer(self, wait, taken, free):
        large, small = wait(minutes=9, seats=30), wait(minutes=5, seats=20)
        free(taken, 41, 60)

        assert serve() == 1

        assert [state_of(large), state_of(small)] == ["submitted", "offered"]
        assert offered(small) == [(41, 60, MARCH, None)]

    def test_who_comes_first_is_served_first_where_both_fit(self, wait, taken, free):
        first, second = wait(minutes=9, seats=20), wait(minutes=5, seats=20)
        free(taken, 41, 60)

        assert serve() == 1

        assert [state_of(first), state_of(second)] == ["offered", "submitted"]

    def test_what_is_left_goes_to_the_next(self, wait, taken, free):
        entries = [wait(minutes=minutes, seats=20) for minutes in (9, 7, 5)]
        free(taken, 41, 80)

        assert serve() == 2

        assert [state_of(entry) for entry in entries] == ["offered", "offered", "submitted"]
        assert sorted(offered(entries[0]) + offered(entries[1])) == [
            (41, 60, MARCH, None),
            (61, 80, MARCH, None),
        ]

    def test_once_however_often_it_is_asked(self, wait, taken, free):
        entry = wait(seats=20)
        free(taken, 41, 60)

        assert [serve(), serve(), serve()] == [1, 0, 0]
        assert Message.objects.filter(subject__contains="offers you seats").count() == 1
        assert state_of(entry) == "offered"

    def test_one_run_is_offered_to_who_wants_one(self, wait, taken, free):
        whole, any_ = wait(minutes=9, seats=20, contiguous=True), wait(minutes=5, seats=20)
        free(taken, 1, 10)
        free(taken, 51, 60)

        assert serve() == 1

        assert [state_of(whole), state_of(any_)] == ["submitted", "offered"]

    def test_the_zone_asked_for_counts(self, wait, taken, free):
        in_a = wait(minutes=9, seats=10, zones=["C"])
        make_floor(zone="A", seats=50)

        assert serve() == 0
        free(taken, 1, 10)
        assert serve() == 1
        assert state_of(in_a) == "offered"

    def test_days_that_are_over_are_not_asked_for(self, wait, taken, free):
        entry = wait(seats=20)
        april = datetime(2024, 4, 10, 9, 0, tzinfo=SHANGHAI)
        free(taken, 1, 20, day=date(2024, 4, 1))

        serve(april)

        assert offered(entry) == [(1, 20, date(2024, 4, 10), None)]

    def test_the_offer_holds_for_the_days_that_are_set(self, wait, taken, free):
        Setting.objects.create(name=Setting.Name.WAITING_OFFER_DAYS, value=2)
        entry = wait(seats=20)
        free(taken, 41, 60)

        serve()

        request = SeatRequest.objects.get(pk=entry.request_id)
        assert request.offer.expires_at == datetime(2024, 2, 25, tzinfo=SHANGHAI)

    def test_it_is_put_down_to_who_has_the_request_or_put_it_on_the_list(
        self, wait, taken, free, operator
    ):
        entry = wait(seats=20)
        free(taken, 41, 60)

        serve()

        request = SeatRequest.objects.get(pk=entry.request_id)
        assert request.offer.created_by == operator
        assert request.owner == operator

    def test_who_was_passed_over_shows_how_much_fitted(self, wait, taken, free):
        large, small = wait(minutes=9, seats=30), wait(minutes=5, seats=20)
        free(taken, 41, 65)

        serve()

        large.refresh_from_db()
        small.refresh_from_db()
        assert (large.passed_at, large.passed_seats) == (SOON, 25)
        assert small.passed_at is None
        assert place_of_request(large.request).number == 1


class TestWhatMakesSeatsVacant:
    def test_a_hold_that_expired(self, floor, operator):
        make_allocation(floor, (1, 80), start=date(2023, 1, 1))
        make_allocation(floor, (81, 100), kind=AllocationKind.HOLD, expires_at=SOON)
        entry = make_waiting(operator, seats=20)

        assert serve(SOON - timedelta(seconds=1)) == 0
        end_expired_holds(now=SOON)
        assert serve(SOON) == 1
        assert offered(entry) == [(81, 100, MARCH, None)]

    def test_a_closure_that_was_opened(self, floor, operator, free):
        make_allocation(floor, (1, 80), start=date(2023, 1, 1))
        closure = make_allocation(floor, (81, 100), kind=AllocationKind.CLOSURE)
        make_waiting(operator, seats=20)

        assert serve() == 0
        free(closure, 81, 100)
        assert serve() == 1

    def test_a_floor_that_was_opened(self, wait):
        entry = wait(seats=20)
        make_floor(level=2, seats=20)

        assert serve() == 1
        assert offered(entry) == [(1, 20, MARCH, None)]

    def test_a_floor_that_is_to_come_is_held(self, wait, operator):
        june = date(2024, 6, 1)
        planned = make_floor(zone="D", seats=40, delivered_on=None, planned_on=june)
        early, late = wait(minutes=9, seats=20), wait(minutes=5, seats=20, start=june)

        assert serve() == 1
        assert [state_of(early), state_of(late)] == ["submitted", "offered"]
        assert offered(late) == [(1, 20, june, None)]
        deliver_floor(floor_id=planned.pk, day=TODAY, now=SOON, acting_user=operator)
        assert serve() == 1
        assert state_of(early) == "offered"

    def test_an_offer_that_was_declined(self, wait, taken, free):
        first, second = wait(minutes=9, seats=20), wait(minutes=5, seats=20)
        free(taken, 41, 60)
        serve()

        decline_request(
            request_id=first.request_id,
            note="希望在一层",
            today=TODAY,
            now=SOON,
            acting_user=first.request.created_by,
        )

        assert serve(SOON + timedelta(minutes=1)) == 1
        assert state_of(second) == "offered"


class TestWhatBecomesOfAnOffer:
    @pytest.fixture
    def entry(self, wait, taken, free):
        entry = wait(seats=20)
        free(taken, 41, 60)
        serve()
        return entry

    def after(self, entry, days=0):
        now = SOON + timedelta(days=days, minutes=1)
        end_expired_holds(now=now)
        serve(now)
        entry.refresh_from_db()
        return entry

    def test_accepted_it_is_off_the_list(self, entry):
        accept_request(
            request_id=entry.request_id,
            today=TODAY,
            now=SOON,
            acting_user=entry.request.created_by,
        )

        assert self.after(entry).left_as == HowLeft.SERVED

    def test_declined_it_is_off_the_list_and_told_so(self, entry):
        manager = entry.request.created_by
        decline_request(
            request_id=entry.request_id, note="不合适", today=TODAY, now=SOON, acting_user=manager
        )

        assert self.after(entry).left_as == HowLeft.DECLINED
        assert "You declined" in Message.objects.filter(recipient=manager).latest("pk").body

    def test_unanswered_it_goes_to_the_end_and_after_another_one_off_the_list(
        self, entry, operator
    ):
        behind = make_waiting(operator, seats=90)

        first = self.after(entry, days=6)
        assert (first.left_at, first.unanswered) == (None, 1)
        assert first.place_since == SOON + timedelta(days=6, minutes=1)
        assert state_of(behind) == "submitted"
        assert state_of(entry) == "offered"  # it is the only one that fits

        assert self.after(entry, days=13).left_as == HowLeft.UNANSWERED

    def test_unanswered_it_stands_behind_those_who_fit(self, entry, wait):
        behind = wait(minutes=1, seats=20)

        self.after(entry, days=6)

        assert [state_of(entry), state_of(behind)] == ["expired", "offered"]
        manager = entry.request.created_by
        assert "at the end" in Message.objects.filter(recipient=manager).latest("pk").subject

    def test_taken_back_by_the_park_it_keeps_its_place(self, entry, operator, floor):
        recall_offer(
            request_id=entry.request_id, note="x", today=TODAY, now=SOON, acting_user=operator
        )
        make_allocation(floor, (41, 60), now=SOON)

        after = self.after(entry)

        assert (after.left_at, after.offered_at) == (None, None)
        assert place_of_request(entry.request).number == 1

    def test_one_made_by_hand_counts_like_one_of_the_list(self, wait, taken, free, floor, operator):
        entry = wait(seats=20)
        free(taken, 41, 60)
        offer_request(
            request_id=entry.request_id,
            rectangles=[make_run(floor, 41, 60)],
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
        serve()
        decline_request(
            request_id=entry.request_id,
            note="不合适",
            today=TODAY,
            now=SOON,
            acting_user=entry.request.created_by,
        )

        assert self.after(entry).left_as == HowLeft.DECLINED

    def test_withdrawn_it_is_off_the_list(self, wait):
        entry = wait(seats=20)
        withdraw_request(request_id=entry.request_id, now=NOW, acting_user=entry.request.created_by)

        assert self.after(entry).left_as == HowLeft.OVER


class TestWhoIsNotServed:
    def test_what_was_sent_back_keeps_its_place_until_it_is_back(self, wait, taken, free, operator):
        back, next_ = wait(minutes=9, seats=20), wait(minutes=5, seats=20)
        send_back_request(request_id=back.request_id, note="?", now=NOW, acting_user=operator)
        free(taken, 41, 60)
        serve()
        assert [state_of(back), state_of(next_)] == ["sent_back", "offered"]

        submit_request(request_id=back.request_id, now=SOON, acting_user=back.request.created_by)
        free(taken, 61, 80)
        serve()
        assert state_of(back) == "offered"

    def test_whose_days_are_over_is_off_the_list(self, wait):
        entry = wait(seats=20, end=date(2024, 3, 31))

        serve(datetime(2024, 4, 1, 9, 0, tzinfo=SHANGHAI))

        entry.refresh_from_db()
        assert entry.left_as == HowLeft.LAPSED

    def test_where_a_rule_says_no_the_next_is_served_and_the_list_says_why(self, wait, taken, free):
        gone, next_ = wait(minutes=9, seats=20), wait(minutes=5, seats=20)
        Membership.objects.filter(enterprise=gone.request.enterprise).update(ended_at=NOW)
        free(taken, 41, 60)

        assert serve() == 1

        gone.refresh_from_db()
        assert gone.hindrance
        assert [state_of(gone), state_of(next_)] == ["submitted", "offered"]


class TestPhases:
    def test_each_begins_on_its_own_day(self, wait, taken, free):
        june = date(2024, 6, 1)
        entry = wait(seats=30, start=MARCH, phases=[Phase(10, MARCH), Phase(20, june)])
        free(taken, 41, 70)

        serve()

        assert offered(entry) == [(41, 50, MARCH, None), (51, 70, june, None)]

    def test_are_offered_once_each_finds_its_seats_on_its_own_day(self, wait, taken, free):
        june = date(2024, 6, 1)
        make_floor(level=2, seats=10)
        make_allocation(make_floor(level=3, seats=20), (1, 20), last=date(2024, 5, 31))
        entry = wait(seats=30, start=MARCH, phases=[Phase(15, MARCH), Phase(15, june)])
        assert serve() == 0

        free(taken, 1, 5)

        assert serve() == 1
        days = [start for _first, _last, start, _end in offered(entry)]
        assert sorted(set(days)) == [MARCH, june]
