"""Handing a floor over and putting it off, on their pages."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Role
from seats.models import AllocationKind, BrokenPromise
from seats.services.floors import delay_floor
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

PLANNED = date(2024, 6, 1)
LATER = date(2024, 9, 1)


@pytest.fixture
def floor(db):
    """D-1-1F: 40 seats, planned for 1 June."""
    return make_floor(zone="D", seats=40, delivered_on=None, planned_on=PLANNED)


@pytest.fixture
def promise(floor):
    """Seats 1 to 20, from 1 June on."""
    enterprise = EnterpriseFactory(short_name="韵达")
    return make_allocation(floor, (1, 20), start=PLANNED, kind=AllocationKind.HOLD, to=enterprise)


class TestFloorDelay:
    def test_shows_which_promises_break_and_to_whom_before_anything_is_done(
        self, park, floor, promise
    ):
        page = park.post("place:floor-delay", floor.pk, planned_on="2024-09-01", version="1")

        text = text_of(page)
        assert "This breaks 1 promise." in text
        assert "D-1-1F-001 — 020 20 韵达 from 2024-06-01 from 2024-09-01" in text
        assert "Put off and break 1 promise" in text
        floor.refresh_from_db()
        assert floor.planned_on == PLANNED

    def test_does_it_once_confirmed(self, park, floor, promise):
        asked = park.post("place:floor-delay", floor.pk, planned_on="2024-09-01", version="1")

        done = park.post("place:floor-delay", floor.pk, **hidden_fields(asked))

        assert done.status_code == 303
        floor.refresh_from_db()
        assert floor.planned_on == LATER
        page = text_of(park.follow(done.url))
        assert "D-1-1F is put off. 1 promise is broken and kept on record." in page
        assert "D-1-1F-001 — 020, promised from 2024-06-01; the floor comes on 2024-09-01" in page

    def test_to_an_unknown_day_leaves_nothing_of_a_promise(self, park, floor, promise):
        asked = park.post("place:floor-delay", floor.pk, planned_on="", version="1")

        assert "from 2024-06-01 nothing" in text_of(asked)
        park.post("place:floor-delay", floor.pk, **hidden_fields(asked))
        assert BrokenPromise.objects.get().new_day is None

    def test_asks_again_where_somebody_promised_more_meanwhile(self, park, floor, promise):
        asked = park.post("place:floor-delay", floor.pk, planned_on="2024-09-01", version="1")
        make_allocation(
            floor,
            (21, 30),
            start=PLANNED,
            kind=AllocationKind.HOLD,
            to=EnterpriseFactory(short_name="大宇宙"),
        )

        again = park.post("place:floor-delay", floor.pk, **hidden_fields(asked))

        assert "This breaks 2 promises." in text_of(again)
        assert not BrokenPromise.objects.exists()

    def test_tells_when_somebody_moved_the_floor_meanwhile(self, park, floor, operator, now):
        asked = park.post("place:floor-delay", floor.pk, planned_on="2024-09-01", version="1")
        delay_floor(floor_id=floor.pk, planned_on=date(2024, 7, 1), now=now, acting_user=operator)

        stale = park.post("place:floor-delay", floor.pk, **hidden_fields(asked))

        assert stale.status_code == 412
        text = text_of(stale)
        assert "Somebody changed this while you were working on it." in text
        assert "Planned day 2024-07-01" in text
        assert stale.context["form"]["version"].value() == "2"
        assert stale.context["form"]["seen"].value() == ""

    def test_refuses_a_day_that_is_not_to_come(self, park, floor, today):
        page = park.post("place:floor-delay", floor.pk, planned_on=today.isoformat())

        assert "The planned day must be a day to come." in text_of(page)


class TestFloorDeliver:
    def test_shows_what_can_be_contracted_then_and_what_expires(self, park, floor, promise, today):
        page = park.post("place:floor-deliver", floor.pk, day_given=today.isoformat())

        text = text_of(page)
        assert "Seats that can be contracted 0 → 40" in text
        assert "1 run; to be contracted by 2024-03-23, then it expires" in text
        assert "No promise is broken." in text

    def test_hands_the_floor_over_once_confirmed(self, park, floor, promise, today):
        asked = park.post("place:floor-deliver", floor.pk, day_given=today.isoformat(), version="1")

        done = park.post("place:floor-deliver", floor.pk, **hidden_fields(asked))

        assert done.status_code == 303
        assert "Zone D 40 0 0 0 40" in text_of(park.get("place:zone-list"))

    def test_refuses_a_day_to_come(self, park, floor, today):
        tomorrow = (today + timedelta(days=1)).isoformat()

        page = park.post("place:floor-deliver", floor.pk, day_given=tomorrow)

        assert "A floor cannot be handed over on a day to come." in text_of(page)

    def test_tells_when_it_is_handed_over_already(self, park, colleague, floor, today):
        asked = park.post("place:floor-deliver", floor.pk, day_given=today.isoformat())
        park.post("place:floor-deliver", floor.pk, **hidden_fields(asked))

        again = colleague.post("place:floor-deliver", floor.pk, **hidden_fields(asked))

        assert again.status_code == 409
        assert "D-1-1F is handed over already." in text_of(again)


@pytest.mark.parametrize("name", ["place:floor-deliver", "place:floor-delay"])
@pytest.mark.parametrize("role", list(Role))
def test_only_operators_may(person, at_desk, floor, role, name):
    may = role in {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}

    assert at_desk(person(role)).get(name, floor.pk).status_code == (200 if may else 403)
    assert at_desk(person(role)).post(name, floor.pk).status_code == (200 if may else 403)
