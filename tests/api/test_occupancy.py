"""How the seats are taken on a day or in a month, and which runs are free."""

from datetime import date
from unittest.mock import ANY

import pytest

from park.axis import seat_at
from seats.models import AllocationKind
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms():
    return EnterpriseFactory(short_name="阿一"), EnterpriseFactory(short_name="博二")


@pytest.fixture
def taken(floor, firms):
    """100 seats: from 11 February 30 with one firm, 20 held for the other, 10 closed."""
    start = date(2024, 2, 11)
    make_allocation(floor, (1, 30), start=start, to=firms[0])
    make_allocation(floor, (31, 50), start=start, to=firms[1], kind=AllocationKind.HOLD)
    make_allocation(floor, (51, 60), start=start, kind=AllocationKind.CLOSURE)
    return floor


class TestOnADay:
    def test_is_today_by_park_unless_asked_otherwise(self, park, taken):
        answer = park.get("occupancy/").json()

        assert answer["on"] == "2024-02-22"
        assert answer["by"] == "park"
        assert answer["rows"] == [
            {
                "key": taken.building.zone.park_id,
                "name": "测试园区",
                "seats": 100,
                "firm": 30,
                "held": 20,
                "closed": 10,
                "free": 40,
                "rate": 30 / 90,
            }
        ]
        assert answer["total"] == {**answer["rows"][0], "key": None, "name": ANY}

    @pytest.mark.parametrize(
        ("by", "keys"),
        [
            ("zone", ["C", "D"]),
            ("building", ["C-1", "D-1"]),
            ("floor", ["C-1-1F", "D-1-1F"]),
        ],
    )
    def test_by_a_part_of_the_place(self, park, taken, by, keys):
        make_floor(zone="D", seats=50)

        answer = park.get(f"occupancy/?by={by}").json()

        assert [row["key"] for row in answer["rows"]] == keys
        assert answer["total"]["seats"] == 150

    def test_by_enterprise_the_key_is_its_id_and_the_rows_add_up(self, park, taken, firms):
        answer = park.get("occupancy/?by=enterprise").json()

        assert [row["key"] for row in answer["rows"]] == [firms[0].pk, firms[1].pk, None]
        for kind in ("seats", "firm", "held", "closed", "free"):
            assert sum(row[kind] for row in answer["rows"]) == answer["total"][kind]

    def test_of_another_day(self, park, taken):
        answer = park.get("occupancy/?on=2024-02-10").json()

        assert (answer["on"], answer["total"]["free"]) == ("2024-02-10", 100)

    def test_has_no_rate_where_there_are_no_seats(self, park, db):
        assert park.get("occupancy/").json()["total"]["rate"] is None


class TestOfAMonth:
    def test_counts_seat_days_their_average_and_the_last_day(self, park, taken):
        answer = park.get("occupancy/?month=2024-02&by=zone").json()

        assert answer["rows"] == [
            {
                "key": "C",
                "name": "C",
                "seat_days": {
                    "seats": 2900,
                    "firm": 30 * 19,
                    "held": 20 * 19,
                    "closed": 10 * 19,
                    "free": 2900 - 60 * 19,
                },
                "daily_average": {
                    "seats": 100,
                    "firm": 30 * 19 / 29,
                    "held": 20 * 19 / 29,
                    "closed": 10 * 19 / 29,
                    "free": (2900 - 60 * 19) / 29,
                },
                "last_day": {"seats": 100, "firm": 30, "held": 20, "closed": 10, "free": 40},
            }
        ]

    def test_by_enterprise_keeps_who_left_before_the_last_day(self, park, floor, firms):
        make_allocation(floor, (1, 10), start=date(2024, 2, 1), last=date(2024, 2, 10), to=firms[0])

        row, _rest = park.get("occupancy/?month=2024-02&by=enterprise").json()["rows"]

        assert (row["key"], row["seat_days"]["firm"]) == (firms[0].pk, 100)
        assert row["last_day"]["firm"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("on=2024-02-22&month=2024-02", "month"),
        ("on=2024-02-30", "on"),
        ("on=20240222", "on"),
        ("on=2024-W08-4", "on"),
        ("on=1989-12-31", "on"),
        ("on=9999-01-01", "on"),
        ("on=%00", "on"),
        ("month=2024-2", "month"),
        ("month=2024-13", "month"),
        ("month=9999-12", "month"),
        ("month=1989-12", "month"),
        ("by=seat", "by"),
        ("of=2024-02-22", "of"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(park, taken, query, field):
    problem = park.get(f"occupancy/?{query}")

    assert problem.status_code == 400
    assert [error["field"] for error in problem.json()["errors"]] == [field]


@pytest.mark.parametrize("on", ["1990-01-01", "9998-12-31"])
def test_the_first_and_the_last_day_can_be_asked(park, taken, on):
    assert park.get(f"occupancy/?on={on}").status_code == 200
    assert park.get(f"occupancy/?month={on[:7]}").status_code == 200


@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 1), ("by=floor", 1), ("by=enterprise", 1), ("month=2024-02&by=enterprise", 2)],
)
def test_reads_take_two_queries_at_most(park, taken, django_assert_num_queries, query, queries):
    park.get("occupancy/")

    with django_assert_num_queries(1 + queries):
        park.get(f"occupancy/?{query}")


class TestFreeRuns:
    def test_come_longest_first_then_by_number(self, park, taken):
        above = make_floor(level=2, seats=40)

        answer = park.get("free-runs/?start=2024-03-01&end=2024-03-31").json()

        assert answer == {
            "start": "2024-03-01",
            "end": "2024-03-31",
            "rows": [
                {
                    "floor": floor.pk,
                    "label": label,
                    "first_seat": seat_at(floor.pk, first),
                    "last_seat": seat_at(floor.pk, last),
                    "length": 40,
                    "delivered": True,
                }
                for floor, label, first, last in [
                    (taken, "C-1-1F", 61, 100),
                    (above, "C-1-2F", 1, 40),
                ]
            ],
        }

    def test_are_from_today_until_further_notice_unless_asked_otherwise(self, park, taken):
        answer = park.get("free-runs/?start=&end=&min_seats=&zone=&delivered=").json()

        assert (answer["start"], answer["end"]) == ("2024-02-22", None)

    @pytest.mark.parametrize(
        ("query", "lengths"),
        [
            ("min_seats=41", []),
            ("min_seats=40", [40]),
            ("min_seats=10000000", []),
            ("end=2024-02-10&start=2024-02-01", [100]),
            ("zone=C", [40]),
            ("zone=D", [20]),
            ("zone=C&zone=D", [40, 20]),
            ("delivered=false", [20]),
            ("delivered=true", [40]),
            ("end=9998-12-31", [40, 20]),
        ],
    )
    def test_can_be_narrowed(self, park, taken, query, lengths):
        make_floor(zone="D", seats=20, delivered_on=None, planned_on=date(2024, 2, 20))

        runs = park.get(f"free-runs/?{query}").json()["rows"]

        assert [run["length"] for run in runs] == lengths

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("start=2024-03-02&end=2024-03-01", "end"),
            ("min_seats=0", "min_seats"),
            ("min_seats=-1", "min_seats"),
            ("min_seats=2147483648", "min_seats"),
            ("min_seats=1.5", "min_seats"),
            ("min_seats=many", "min_seats"),
            ("zone=Q", "zone"),
            ("zone=%00", "zone[0]"),
            ("delivered=perhaps", "delivered"),
        ],
    )
    def test_refuse_what_makes_no_sense(self, park, taken, query, field):
        problem = park.get(f"free-runs/?{query}")

        assert problem.status_code == 400
        assert [error["field"] for error in problem.json()["errors"]] == [field]

    def test_are_for_the_park_only(self, firm, taken):
        assert firm.get("free-runs/").status_code == 403
        assert firm.get("occupancy/").status_code == 403
