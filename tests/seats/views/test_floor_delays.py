"""Putting several floors off on one page, and the list of what is broken."""

from datetime import date

import pytest

from park.models import Phase
from seats.models import AllocationKind, BrokenPromise
from seats.services.floors import delay_floor, deliver_floor
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

JUNE = date(2024, 6, 1)
SEPTEMBER = date(2024, 9, 1)


@pytest.fixture
def floors(db):
    """D-1-1F, D-1-2F and D-2-1F: 40 seats each, planned for June."""
    places = [("1", 1), ("1", 2), ("2", 1)]
    return [
        make_floor(
            zone="D", building=building, level=level, seats=40, delivered_on=None, planned_on=JUNE
        )
        for building, level in places
    ]


@pytest.fixture
def hold(floors):
    def run(number, *places, to, **more):
        return make_allocation(
            floors[number], *places, kind=AllocationKind.HOLD, to=to, **{"start": JUNE, **more}
        )

    return run


@pytest.fixture
def yunda(db):
    return EnterpriseFactory(short_name="韵达")


def ticked(page):
    return [row.building.label for row in page.context["rows"] if row.is_ticked]


def asked_for(floors, day="2024-09-01", **more):
    return {"floors": [floor.pk for floor in floors], "planned_on": day, **more}


class TestTheForm:
    def test_lists_what_is_not_handed_over_building_by_building(self, park, floors):
        make_floor(zone="D", building="2", level=2)

        text = text_of(park.get("place:floors-delay", "D"))

        assert "D-1 80 2024-06-01 – 2 floors D-1 D-1-1F 2024-06-01 D-1-2F 2024-06-01" in text
        assert "D-2 40 2024-06-01 – 1 floor D-2 D-2-1F 2024-06-01" in text
        assert "D-2-2F" not in text

    def test_ticks_the_phase_or_building_that_one_came_from(self, park, floors):
        phase = Phase.objects.create(zone=floors[0].building.zone, number=3)
        floors[2].building.phase = phase
        floors[2].building.save()

        by_phase = park.get("place:floors-delay", "D", phase=3)
        by_building = park.get("place:floors-delay", "D", building=floors[0].building_id)

        assert ticked(by_phase) == ["D-2"]
        assert ticked(by_building) == ["D-1"]
        assert "?phase=3" in park.get("place:zone-detail", "D").content.decode()

    def test_says_what_is_missing(self, park, floors, today):
        none = text_of(park.post("place:floors-delay", "D", planned_on="2024-09-01"))
        past = text_of(park.post("place:floors-delay", "D", **asked_for(floors, today.isoformat())))

        assert "Choose at least one floor." in none
        assert "The planned day must be a day to come." in past

    def test_takes_whole_buildings_and_single_floors(self, park, floors):
        page = park.post(
            "place:floors-delay",
            "D",
            buildings=[floors[0].building_id],
            floors=[floors[2].pk],
            planned_on="2024-09-01",
        )

        assert [floor.label for floor in page.context["chosen"]] == ["D-1-1F", "D-1-2F", "D-2-1F"]
        assert "Floors D-1 D-2-1F Seats when complete 120" in text_of(page)

    def test_of_a_zone_that_is_all_there_says_so(self, park):
        make_floor(zone="A")

        text = text_of(park.get("place:floors-delay", "A"))

        assert "Every floor of this zone is handed over." in text


class TestTheEffect:
    def test_shows_whose_promises_break_with_sums_before_anything_is_done(
        self, park, floors, hold, yunda
    ):
        hold(0, (1, 20), to=yunda)
        hold(1, (1, 10), to=yunda, last=date(2024, 7, 31))
        hold(2, (5, 9), to=EnterpriseFactory(short_name="大宇宙"), start=date(2024, 7, 1))

        text = text_of(park.post("place:floors-delay", "D", **asked_for(floors)))

        assert "3 floors are planned for 1 September 2024 then" in text
        assert "韵达 30 10 2024-06-01" in text
        assert "大宇宙 5 0 2024-07-01" in text
        assert "Total 35 10" in text
        assert "D-1-2F-001 — 010 10 韵达 2024-06-01 to 2024-07-31 nothing" in text
        assert "Put off and break 3 promises" in text
        assert not BrokenPromise.objects.exists()

    def test_is_done_once_confirmed_and_the_list_is_shown(self, park, floors, hold, yunda):
        hold(0, (1, 20), to=yunda)
        asked = park.post("place:floors-delay", "D", **asked_for(floors))
        seen = asked.context["seen"]

        done = park.post("place:floors-delay", "D", **asked_for(floors, seen=seen))

        assert done.status_code == 303
        text = text_of(park.follow(done.url))
        assert "3 floors are planned for 2024-09-01 now." in text
        assert "1 promise is broken and kept on record; its enterprise is told." in text
        assert "韵达 D-1-1F-001 — 020 20 from 2024-06-01 2024-09-01 still to come" in text

    def test_asks_again_where_somebody_promised_more_meanwhile(self, park, floors, hold, yunda):
        hold(0, (1, 20), to=yunda)
        seen = park.post("place:floors-delay", "D", **asked_for(floors)).context["seen"]
        hold(1, (1, 5), to=yunda)

        again = park.post("place:floors-delay", "D", **asked_for(floors, seen=seen))

        assert "Put off and break 2 promises" in text_of(again)
        assert not BrokenPromise.objects.exists()

    def test_breaks_nothing_by_coming_earlier(self, park, floors, hold, yunda):
        hold(0, (1, 20), to=yunda)
        asked = park.post("place:floors-delay", "D", **asked_for(floors, "2024-04-01"))

        assert "No promise is broken." in text_of(asked)
        assert "Plan 3 floors for this day" in text_of(asked)
        done = park.post(
            "place:floors-delay", "D", **asked_for(floors, "2024-04-01", seen=asked.context["seen"])
        )
        assert "3 floors are planned for 2024-04-01 now." in text_of(park.follow(done.url))

    def test_does_not_know_a_floor_that_was_handed_over_meanwhile(
        self, park, floors, operator, now, today
    ):
        asked = park.post("place:floors-delay", "D", **asked_for(floors))
        deliver_floor(floor_id=floors[0].pk, day=today, now=now, acting_user=operator)

        late = park.post("place:floors-delay", "D", **asked_for(floors, seen=asked.context["seen"]))

        assert "is not one of the available choices" in text_of(late)
        floors[1].refresh_from_db()
        assert floors[1].planned_on == JUNE


class TestTheListOfPromises:
    @pytest.fixture
    def broken(self, floors, hold, yunda, operator, now):
        hold(0, (1, 20), to=yunda)
        delay_floor(floor_id=floors[0].pk, planned_on=SEPTEMBER, now=now, acting_user=operator)

    def test_shows_what_is_still_to_come(self, park, broken, floors, operator):
        text = text_of(park.get("seats:promise-list"))

        assert "20 seats come later than promised" in text
        assert (
            "韵达 D-1-1F-001 — 020 20 from 2024-06-01 2024-09-01 still to come 2024-02-22" in text
        )

    def test_leaves_out_what_came_unless_asked(self, park, broken, floors, operator, now, today):
        deliver_floor(floor_id=floors[0].pk, day=today, now=now, acting_user=operator)

        assert "No seats come later" in text_of(park.get("seats:promise-list"))
        assert "handed over 2024-02-22" in text_of(park.get("seats:promise-list", when="any"))

    def test_counts_seats_once_however_often_they_were_put_off(
        self, park, broken, floors, operator, now
    ):
        delay_floor(
            floor_id=floors[0].pk, planned_on=date(2024, 12, 1), now=now, acting_user=operator
        )

        text = text_of(park.get("seats:promise-list"))

        assert "20 seats come later than promised" in text
        assert "2 runs, what was put off last on top" in text

    def test_is_narrowed_by_zone_and_enterprise(self, park, broken):
        make_floor(zone="A")

        assert "韵达" not in text_of(park.get("seats:promise-list", zone="A"))
        assert "韵达" in text_of(park.get("seats:promise-list", zone="D"))
        assert "D-1-1F-001" not in text_of(park.get("seats:promise-list", enterprise="别家"))

    def test_shows_an_enterprise_its_own_only(self, at_desk, stranger, broken, yunda):
        own = text_of(at_desk(make_member(yunda)).get("seats:promise-list"))

        assert "D-1-1F-001 — 020 20 from 2024-06-01 2024-09-01" in own
        assert "D-1-1F" not in text_of(stranger.get("seats:promise-list"))

    def test_is_linked_from_the_start_page_while_any_is_open(
        self, park, broken, floors, operator, now, today
    ):
        assert "20 seats come later than promised to 1 enterprise" in text_of(
            park.get("portal:start")
        )
        deliver_floor(floor_id=floors[0].pk, day=today, now=now, acting_user=operator)
        assert "come later than promised" not in text_of(park.get("portal:start"))

    def test_asks_the_same_number_of_questions_for_many(
        self,
        park,
        broken,
        floors,
        hold,
        operator,
        now,
        django_assert_num_queries,
        django_assert_max_num_queries,
    ):
        with django_assert_max_num_queries(9) as few:
            park.get("seats:promise-list")
        for seat in range(1, 31):
            hold(1, (seat, seat), to=EnterpriseFactory())
        delay_floor(floor_id=floors[1].pk, planned_on=SEPTEMBER, now=now, acting_user=operator)

        with django_assert_num_queries(len(few)):
            park.get("seats:promise-list")
