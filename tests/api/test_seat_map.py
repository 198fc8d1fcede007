"""The park map: its bytes, read by a decoder of their own, against the park seat by seat."""

import struct
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import AllocationKind, SeatBlock
from seats.seat_map import MapOf
from seats.services.allocations import release_seats
from seats.services.floors import deliver_floor
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.random_takings import days, random_park, state_of, takings, tireless
from tests.undone import undone

pytestmark = pytest.mark.django_db

KINDS = {1: "firm", 2: "hold", 3: "closure", 4: "void"}
SINCE = date(2024, 2, 1)


def decoded(body: bytes) -> tuple[dict, dict[int, tuple[str, int]]]:
    """The head, and every seat of the floors that count: what it is and whose.

    Written from the description of the format alone, byte by byte.
    """
    version, flags, zero = body[0], body[1], int.from_bytes(body[2:4], "little")
    day, floors, runs = (int.from_bytes(body[at : at + 4], "little") for at in (4, 8, 12))
    assert (version, zero) == (1, 0)
    assert len(body) == 16 + 8 * floors + 12 * runs
    seats: dict[int, tuple[str, int]] = {}
    counting = {}
    for at in range(16, 16 + 8 * floors, 8):
        number, count, counts, nought = struct.unpack("<LHBB", body[at : at + 8])
        assert nought == 0
        counting[number] = bool(counts)
        if counts:
            seats |= {number * 4096 + place: ("free", 0) for place in range(count)}
    last = -1
    for at in range(16 + 8 * floors, len(body), 12):
        first, length, kind, nought, holder = struct.unpack("<LHBBL", body[at : at + 12])
        assert nought == 0
        assert first > last, "in the order of the seats, none twice"
        last = first + length - 1
        for seat in range(first, first + length):
            assert seats[seat] == ("free", 0)
            seats[seat] = (KINDS[kind], holder)
    head = {
        "day": date(1970, 1, 1) + timedelta(days=day),
        "withheld": flags == 1,
        "floors": counting,
        "runs": runs,
    }
    return head, seats


class TestTheBytes:
    def test_say_what_every_seat_is_and_whose(self, park, floor, enterprise):
        make_allocation(floor, (1, 30), start=SINCE, to=enterprise)
        make_allocation(floor, (31, 50), start=SINCE, to=enterprise, kind=AllocationKind.HOLD)
        make_allocation(floor, (51, 60), start=SINCE, kind=AllocationKind.CLOSURE)
        planned = make_floor(level=2, seats=8, delivered_on=None, planned_on=date(2024, 6, 1))

        answer = park.get("seat-map/")

        assert answer.headers["Content-Type"] == "application/octet-stream"
        head, seats = decoded(answer.content)
        assert head == {
            "day": TODAY,
            "withheld": False,
            "floors": {floor.pk: True, planned.pk: False},
            "runs": 3,
        }
        assert Counter(seats.values()) == {
            ("firm", enterprise.pk): 30,
            ("hold", enterprise.pk): 20,
            ("closure", 0): 10,
            ("free", 0): 40,
        }
        assert seats[seat_at(floor.pk, 31)] == ("hold", enterprise.pk)

    def test_take_twelve_bytes_a_run_and_eight_a_floor(self, park, floor):
        before = len(park.get("seat-map/").content)
        make_allocation(floor, (1, 30), (41, 50), start=SINCE)

        assert (before, len(park.get("seat-map/").content)) == (24, 48)

    def test_of_a_day_before_the_handover_say_that_the_seats_do_not_exist(self, park, floor):
        head, seats = decoded(park.get("seat-map/?on=2019-12-31").content)

        assert head["day"] == date(2019, 12, 31)
        assert set(seats.values()) == {("void", 0)}
        assert len(seats) == 100

    def test_of_an_empty_park_are_a_head(self, park, db):
        assert decoded(park.get("seat-map/").content)[1] == {}

    @pytest.mark.parametrize("accept", ["application/octet-stream", "text/html", "*/*"])
    def test_are_bytes_whatever_is_accepted(self, park, floor, accept):
        answer = park.get("seat-map/", Accept=accept)

        assert answer.headers["Content-Type"] == "application/octet-stream"

    def test_of_a_day_that_is_none_are_refused(self, park, db):
        assert park.get("seat-map/?on=2024-13-01").status_code == 400


class TestAgainstSquaredPaper:
    """A random park, seat by seat and day by day on squared paper."""

    @tireless
    @given(takings, days)
    def test_every_seat_is_what_the_paper_says(self, operator, taken, day):
        with undone():
            paper, firms = random_park(taken, operator)
            for named in (None, [firms[0].pk], []):
                head, seats = decoded(MapOf(day, TODAY, named).packed())

                assert head["withheld"] == (named is not None)
                assert seats == {
                    seat: (kind, holder or 0)
                    for floor in paper.floors.values()
                    if floor.is_delivered or day > TODAY
                    for seat in floor.seats
                    for kind, holder in [state_of(paper, seat, day, named)]
                }


class TestTheTag:
    def tag(self, program, on=""):
        return program.client.get(f"/api/v1/seat-map/{on}").headers["ETag"]

    def again(self, program, tag, on=""):
        return program.client.get(f"/api/v1/seat-map/{on}", headers={"If-None-Match": tag})

    def test_stays_while_nothing_changes_and_then_nothing_is_sent(self, park, floor):
        make_allocation(floor, (1, 5), start=SINCE)
        tag = self.tag(park)

        answer = self.again(park, tag)

        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "private, no-cache"

    def test_is_known_without_building_the_map(
        self, park, floor, monkeypatch, django_assert_num_queries
    ):
        tag = self.tag(park)
        monkeypatch.setattr(MapOf, "packed", lambda _map: pytest.fail("the map is built"))

        with django_assert_num_queries(2):  # the token, the last events
            assert self.again(park, tag).status_code == 304

    def test_changes_with_every_change_of_seats_and_floors(self, park, floor, operator):
        who = {"now": NOW, "acting_user": operator}
        planned = make_floor(level=2, delivered_on=None, planned_on=TODAY)
        tags = [self.tag(park)]
        allocation = make_allocation(floor, (1, 5), start=SINCE)
        tags.append(self.tag(park))
        release_seats(allocation_id=allocation.pk, start=TODAY, today=TODAY, **who)
        tags.append(self.tag(park))
        deliver_floor(floor_id=planned.pk, day=TODAY, **who)
        tags.append(self.tag(park))

        assert len(set(tags)) == 4
        assert SeatBlock.objects.real().count() == 1

    def test_is_another_for_each_day_and_for_whom_other_names_are_shown(
        self, park, firm, stranger, floor
    ):
        tags = {self.tag(who) for who in (park, firm, stranger)} | {
            self.tag(park, "?on=2024-02-21")
        }

        assert len(tags) == 4

    def test_of_the_same_day_is_another_once_that_day_has_come(self, park, floor, monkeypatch):
        """Planned floors count on days to come only."""
        tomorrow = TODAY + timedelta(days=1)

        assert MapOf(tomorrow, TODAY).tag() != MapOf(tomorrow, tomorrow).tag()


class TestWhoMayKnow:
    @pytest.fixture
    def taken(self, floor, enterprise):
        make_allocation(floor, (1, 10), start=SINCE, to=enterprise)
        for run in ((11, 20), (21, 30)):
            make_allocation(floor, run, start=SINCE, to=EnterpriseFactory())
        make_allocation(floor, (31, 40), start=SINCE, kind=AllocationKind.CLOSURE)
        return floor

    def test_an_enterprise_sees_its_own_seats_and_that_others_are_taken(
        self, firm, enterprise, taken
    ):
        head, seats = decoded(firm.get("seat-map/").content)

        assert head["withheld"]
        assert Counter(seats.values()) == {
            ("firm", enterprise.pk): 10,
            ("firm", 0): 20,
            ("closure", 0): 10,
            ("free", 0): 60,
        }
        assert head["runs"] == 3, "where two others meet is not to be seen"

    def test_the_legend_names_nobody_else_to_it(self, firm, stranger, park, enterprise, taken):
        told = {
            program: program.get("seat-map/legend/").json() for program in (park, firm, stranger)
        }

        assert len(told[park]["holders"]) == 3
        assert told[firm]["holders"] == [{"id": enterprise.pk, "name": "诚伯信息"}]
        assert told[stranger]["holders"] == []
        assert [one["names_withheld"] for one in told.values()] == [False, True, True]

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.PROMOTION_OFFICER, Role.OPERATOR_STAFF])
    def test_the_parks_people_see_every_name(self, as_role, taken, role):
        assert not decoded(as_role(role).get("seat-map/").content)[0]["withheld"]

    @pytest.mark.parametrize("role", [Role.OFFICIAL, Role.SYSTEM_ADMINISTRATOR])
    def test_others_see_nothing(self, as_role, role):
        for address in ("seat-map/", "seat-map/legend/"):
            assert as_role(role).get(address).status_code == 403


class TestTheLegend:
    def test_says_what_the_numbers_are_called(self, park, floor, enterprise):
        make_allocation(floor, (1, 10), start=SINCE, last=TODAY, to=enterprise)
        tenth = make_floor(building="10", seats=5)
        second = make_floor(building="2", seats=5, delivered_on=None, planned_on=date(2024, 6, 1))

        legend = park.get("seat-map/legend/").json()

        assert {kind["code"]: kind["kind"] for kind in legend["kinds"]} == KINDS
        assert legend["holders"] == [{"id": enterprise.pk, "name": "诚伯信息"}]
        assert [one["id"] for one in legend["floors"]] == [floor.pk, second.pk, tenth.pk]
        assert legend["floors"][1] == {
            "id": second.pk,
            "label": "C-2-1F",
            "zone": "C",
            "building": "C-2",
            "level": 1,
            "seats": 5,
            "planned_on": "2024-06-01",
            "delivered_on": None,
        }
        assert park.get("seat-map/legend/?on=2024-02-23").json()["holders"] == []

    def test_is_not_sent_twice(self, park, floor):
        tag = park.get("seat-map/legend/").headers["ETag"]

        again = park.client.get("/api/v1/seat-map/legend/", headers={"If-None-Match": tag})

        assert again.status_code == 304

    def test_asks_as_often_for_thirty_floors_as_for_one(
        self, park, floor, django_assert_num_queries
    ):
        for level in range(2, 30):
            make_allocation(make_floor(level=level), (1, 5), start=SINCE)
        park.get("zones/")  # a token notes its first use

        with django_assert_num_queries(3):  # the token, holders, floors
            park.get("seat-map/legend/")
        with django_assert_num_queries(3):  # the token, the last events, the map
            park.get("seat-map/")
