"""Many workers at once: each person is told once, each request is offered seats once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection

from foundation.models import Message
from seats.models import AllocationKind, RequestState, SeatBlock, SeatRequest
from seats.services import holds, serving
from seats.services.expiry import end_expired_holds
from seats.services.holds import extend_hold, warn_of_ending_holds
from seats.services.serving import serve_waiting_list
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.factories.waiting import make_waiting
from tests.together import together
from web.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)

SOON = NOW + timedelta(days=1)


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def ending(floor, operator):
    """Ten holds of ten enterprises that end tomorrow, each with somebody to be told."""
    enterprises = [EnterpriseFactory() for _ in range(10)]
    people = [make_member(enterprise) for enterprise in enterprises]
    for number, enterprise in enumerate(enterprises):
        first = number * 10 + 1
        make_allocation(
            floor,
            (first, first + 9),
            kind=AllocationKind.HOLD,
            to=enterprise,
            expires_at=SOON,
            acting_user=operator,
        )
    return people


def messages_by_person():
    return sorted(Message.objects.values_list("recipient", flat=True))


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


class TestWarning:
    def test_by_six_workers_at_once_tells_each_person_once(self, ending, operator):
        results = together(*[partial(warn_of_ending_holds, now=NOW)] * 6)

        assert failures(results) == []
        warn_of_ending_holds(now=NOW)  # what was skipped while another had it
        assert messages_by_person() == sorted(
            [person.pk for person in ending] + [operator.pk] * len(ending)
        )

    def test_that_dies_in_the_middle_tells_the_rest_and_nobody_twice(
        self, ending, operator, monkeypatch
    ):
        tell, told = holds.tell_of_coming_end, []

        def die_at_the_fourth(hold, runs):
            told.append(hold)
            tell(hold, runs)
            if len(told) == 4:
                raise DatabaseError

        monkeypatch.setattr(holds, "tell_of_coming_end", die_at_the_fourth)
        with pytest.raises(DatabaseError):
            warn_of_ending_holds(now=NOW)
        assert Message.objects.count() == 2 * 3
        monkeypatch.setattr(holds, "tell_of_coming_end", tell)

        warn_of_ending_holds(now=NOW)

        assert messages_by_person() == sorted(
            [person.pk for person in ending] + [operator.pk] * len(ending)
        )

    def test_beside_an_extension_tells_of_each_instant_at_most_once(self, ending, operator):
        hold = SeatBlock.objects.real().first().allocation
        later = SOON + timedelta(days=1)
        extend = partial(
            extend_hold,
            allocation_id=hold.pk,
            expires_at=later,
            reason="谈判中",
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

        results = together(extend, *[partial(warn_of_ending_holds, now=NOW)] * 3)

        assert failures(results) == []
        warn_of_ending_holds(now=NOW)
        warned = Message.objects.filter(recipient=operator, url__endswith=f"/{hold.pk}/")
        subjects = list(warned.values_list("subject", flat=True))
        assert len(subjects) == len(set(subjects))
        hold.refresh_from_db()
        assert hold.warned_for == hold.expires_at == later

    def test_of_the_end_by_six_workers_tells_each_person_once(self, ending, operator):
        results = together(*[partial(end_expired_holds, now=SOON)] * 6)

        assert failures(results) == []
        assert messages_by_person() == sorted(
            [person.pk for person in ending] + [operator.pk] * len(ending)
        )


class TestServing:
    def test_by_six_workers_offers_each_its_seats_once_and_in_turn(self, floor, operator):
        make_allocation(floor, (1, 40))
        entries = [make_waiting(operator, minutes=60 - number, seats=20) for number in range(5)]

        results = together(*[partial(serve_waiting_list, now=NOW, today=TODAY)] * 6)

        assert failures(results) == []
        assert sum(results) == 3
        states = [SeatRequest.objects.get(pk=entry.request_id).state for entry in entries]
        assert states == [RequestState.OFFERED] * 3 + [RequestState.SUBMITTED] * 2
        assert SeatBlock.objects.filter(kind="hold").count() == 3

    def test_that_dies_in_the_middle_leaves_nothing_half_done(self, floor, operator, monkeypatch):
        make_allocation(floor, (1, 80))
        entry = make_waiting(operator, seats=20)

        def die(*_args):
            raise DatabaseError

        with monkeypatch.context() as patched:
            patched.setattr(serving, "_note_passed", die)
            with pytest.raises(DatabaseError):
                serve_waiting_list(now=NOW, today=TODAY)
        assert not SeatBlock.objects.filter(kind="hold").exists()

        assert serve_waiting_list(now=NOW, today=TODAY) == 1
        assert SeatRequest.objects.get(pk=entry.request_id).state == RequestState.OFFERED

    def test_beside_people_who_take_the_same_seats_gives_none_twice(self, floor, operator):
        make_allocation(floor, (1, 60))
        entries = [make_waiting(operator, minutes=9 - number, seats=20) for number in range(2)]
        rivals = [
            partial(make_allocation, floor, (first, first + 9), to=EnterpriseFactory())
            for first in (61, 71, 81, 91)
        ]

        results = together(partial(serve_waiting_list, now=NOW, today=TODAY), *rivals)

        assert [one for one in failures(results) if not isinstance(one, Refusal)] == []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM seats_seatblock a JOIN seats_seatblock b"
                " ON a.id < b.id AND a.seats && b.seats AND a.period && b.period"
            )
            assert cursor.fetchone() == (0,)
        offered = [SeatRequest.objects.get(pk=entry.request_id).state for entry in entries]
        # The second never without the first: both want the same.
        assert offered != [RequestState.SUBMITTED, RequestState.OFFERED]
