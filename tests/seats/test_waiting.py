"""Onto the waiting list and off it, and what the enterprises are told."""

from datetime import date, timedelta

import pytest

from foundation.models import Message
from seats.models import HowLeft, RequestKind, WaitingEntry
from seats.services.refusals import WrongState
from seats.services.requests import reject_request, send_back_request
from seats.services.waiting import WaitsAlready, put_on_waiting_list, take_off_waiting_list
from seats.waiting import Fit, fits, place_of_request, standing
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory
from tests.factories.waiting import make_submitted, make_waiting
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def floor():
    """C-1-1F with 100 seats, all taken but ten."""
    floor = make_floor(seats=100)
    make_allocation(floor, (1, 90))
    return floor


@pytest.fixture
def wait(operator):
    def run(request, **more):
        return put_on_waiting_list(request_id=request.pk, now=NOW, acting_user=operator, **more)

    return run


@pytest.fixture
def take_off(operator):
    def run(entry, reason="改为直接安排", **more):
        return take_off_waiting_list(
            entry_id=entry.pk, reason=reason, now=NOW, acting_user=operator, **more
        )

    return run


def told(request):
    messages = Message.objects.filter(recipient=request.created_by).order_by("-pk")
    return messages.first()


class TestOntoTheList:
    def test_comes_at_the_end_and_the_enterprise_is_told_its_place(self, wait, operator):
        make_waiting(operator, minutes=5, seats=30)
        request = make_submitted(seats=40)

        entry = wait(request)

        assert (entry.since, entry.place_since, entry.added_by) == (NOW, NOW, operator)
        place = place_of_request(request)
        assert (place.number, place.of) == (2, 2)
        assert "is on the waiting list" in told(request).subject
        assert "It is number 2 on the waiting list" in told(request).body

    def test_is_another_version_of_the_request(self, wait):
        request = make_submitted(seats=40)

        wait(request)
        with pytest.raises(Stale):
            wait(request, expected_version=request.version)

    def test_not_twice(self, wait):
        request = make_submitted(seats=40)
        wait(request)

        with pytest.raises(WaitsAlready):
            wait(request)

    @pytest.mark.parametrize(
        "state", ["draft", "sent_back", "offered", "accepted", "fulfilled", "rejected", "withdrawn"]
    )
    def test_not_where_the_park_has_nothing_to_offer(self, wait, operator, state):
        request = make_request(seats=10)
        Way(make_floor(level=2), operator).bring(request, state)

        with pytest.raises(WrongState):
            wait(request)

    @pytest.mark.parametrize("state", ["submitted", "in_review", "declined", "expired"])
    def test_from_wherever_the_park_may_offer(self, wait, operator, state):
        request = make_request(seats=10)
        Way(make_floor(level=2), operator).bring(request, state)

        assert wait(request).left_at is None

    @pytest.mark.parametrize("kind", [RequestKind.RELEASE, RequestKind.RELOCATE])
    def test_not_what_gives_seats_back(self, wait, floor, kind):
        own = EnterpriseFactory()
        make_allocation(make_floor(level=3), (1, 10), to=own)

        with pytest.raises(WrongState):
            wait(make_submitted(enterprise=own, kind=kind, seats=5))

    def test_not_what_is_over(self, wait):
        request = make_submitted(seats=40, end=date(2024, 3, 31))

        with pytest.raises(Invalid):
            put_on_waiting_list(
                request_id=request.pk,
                now=NOW + timedelta(days=60),
                acting_user=request.created_by,
            )


class TestOffTheList:
    def test_with_a_reason_that_the_enterprise_reads(self, operator, take_off):
        entry = take_off(make_waiting(operator, seats=40))

        assert (entry.left_at, entry.left_as, entry.reason) == (
            NOW,
            HowLeft.TAKEN_OFF,
            "改为直接安排",
        )
        assert "改为直接安排" in told(entry.request).body
        assert place_of_request(entry.request) is None

    def test_not_without_one(self, operator, take_off):
        with pytest.raises(Invalid):
            take_off(make_waiting(operator, seats=40), reason=" ")

    def test_not_twice(self, operator, take_off):
        entry = make_waiting(operator, seats=40)
        take_off(entry)

        with pytest.raises(WrongState):
            take_off(entry)

    def test_not_an_older_version(self, operator, take_off):
        with pytest.raises(Stale):
            take_off(make_waiting(operator, seats=40), expected_version=7)

    def test_and_onto_it_again_at_its_end(self, operator, take_off, wait):
        entry = make_waiting(operator, minutes=9, seats=40)
        make_waiting(operator, minutes=5, seats=30)
        take_off(entry)

        wait(entry.request)

        assert place_of_request(entry.request).number == 2
        assert WaitingEntry.objects.filter(request=entry.request).count() == 2


class TestPlaces:
    def test_are_in_the_order_of_coming(self, operator):
        entries = [make_waiting(operator, minutes=minutes, seats=40) for minutes in (3, 9, 6)]

        assert list(standing(WaitingEntry.objects.all())) == [entries[1], entries[2], entries[0]]

    def test_of_what_is_over_are_nobodys(self, operator):
        over, next_ = (make_waiting(operator, minutes=m, seats=40) for m in (9, 3))

        reject_request(request_id=over.request_id, note="无席", now=NOW, acting_user=operator)

        assert place_of_request(over.request) is None
        assert place_of_request(next_.request).number == 1

    def test_of_what_was_sent_back_are_kept(self, operator):
        back, next_ = (make_waiting(operator, minutes=m, seats=40) for m in (9, 3))

        send_back_request(request_id=back.request_id, note="?", now=NOW, acting_user=operator)

        assert place_of_request(back.request).number == 1
        assert place_of_request(next_.request).number == 2


class TestWhatFits:
    """The oracle counts by hand: floor C has seats 91 to 100 free, A has two gaps of 3 and 5."""

    @pytest.fixture
    def other(self):
        other = make_floor(zone="A", seats=20)
        make_allocation(other, (4, 10), (16, 20))
        return other

    def test_counts_all_that_is_vacant_and_the_longest_run(self, other):
        anywhere = make_submitted(seats=5)
        in_a = make_submitted(seats=5, zones=["A"])

        known = fits([anywhere, in_a], TODAY)

        assert known == {anywhere.pk: Fit(10 + 3 + 5, 10), in_a.pk: Fit(8, 5)}

    def test_wants_every_day_of_the_request(self, other):
        make_allocation(other, (11, 15), start=date(2024, 9, 1), last=date(2024, 9, 1))
        until_august = make_submitted(seats=5, zones=["A"], end=date(2024, 8, 31))
        until_september = make_submitted(seats=5, zones=["A"], end=date(2024, 9, 1))

        known = fits([until_august, until_september], TODAY)

        assert known[until_august.pk] == Fit(8, 5)
        assert known[until_september.pk] == Fit(3, 3)

    def test_asks_for_no_day_that_is_over(self, other):
        make_allocation(other, (1, 3), start=date(2024, 3, 1), last=date(2024, 3, 10))
        request = make_submitted(seats=5, zones=["A"])

        assert fits([request], date(2024, 3, 10))[request.pk] == Fit(5, 5)
        assert fits([request], date(2024, 3, 11))[request.pk] == Fit(8, 5)

    def test_is_nothing_where_nothing_is_vacant(self):
        make_allocation(make_floor(zone="B", seats=5), (1, 5))
        request = make_submitted(seats=5, zones=["B"])

        assert fits([request], TODAY) == {request.pk: Fit()}
        assert fits([], TODAY) == {}
