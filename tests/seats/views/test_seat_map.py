"""The park map's page: its day, its legend, its table, and the strip of the year."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from accounts.permissions import Role
from seats.models import AllocationKind
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
MODULES = Path(settings.BASE_DIR) / "static/js/seat_map"


@pytest.fixture
def taken(floor, enterprise):
    """C-1-1F: 60 contracted since 2023, 10 held from 6 February to 8 March 2024, 10 closed."""
    make_allocation(floor, (1, 60), start=SINCE, to=enterprise)
    make_allocation(
        floor,
        (61, 70),
        start=date(2024, 2, 6),
        last=date(2024, 3, 8),
        kind=AllocationKind.HOLD,
        to=EnterpriseFactory(short_name="亿兴"),
    )
    make_allocation(floor, (71, 80), start=SINCE, kind=AllocationKind.CLOSURE)
    return floor


def dots(page):
    """What the strip says of each day."""
    return re.findall(r"<circle[^>]*><title>([^<]+)</title>", page.content.decode())


class TestThePage:
    def test_says_the_counts_of_the_day(self, park, taken):
        page = text_of(park.get("seats:map"))

        assert "The park: 20 seats vacant today" in page
        assert "Contracted 60 Held 10 Closed 10 Vacant 20" in page

    def test_fetches_every_module_and_the_first_day_at_once(self, park, taken):
        page = park.get("seats:map", on="2024-03-01").content.decode()
        asked = set(re.findall(r'<link rel="(?:module)?preload"[^>]* href="([^"]+)"', page))

        modules = {f"/static/js/seat_map/{path.name}" for path in MODULES.glob("*.js")}
        assert asked == modules - {"/static/js/seat_map/main.js"} | {
            "/api/v1/seat-map/?on=2024-03-01",
            "/api/v1/seat-map/legend/?on=2024-03-01",
        }

    def test_has_the_map_as_a_table_by_zone_by_building_and_by_floor(self, park, taken):
        make_floor(building="2", seats=30)

        for by, line in (
            ("zone", "Zone C 130"),
            ("building", "Building C-2 30"),
            ("floor", "C-2-1F 30"),
        ):
            assert line in text_of(park.get("seats:map", by=by)), by
        assert "Zone C 130" in text_of(park.get("seats:map", by="nonsense"))

    def test_tells_the_script_where_to_ask_and_what_to_say(self, park, taken):
        page = park.get("seats:map", **{"on": "2024-02-01", "from": "2024-01-01"}).content.decode()

        for said in (
            'data-map="/api/v1/seat-map/"',
            'data-legend="/api/v1/seat-map/legend/"',
            'data-floor="/park/floors/0/"',
            'data-day="2024-02-01"',
            'data-since="2024-01-01"',
        ):
            assert said in page
        (words,) = re.findall(r'id="park-words" type="application/json">(.*?)</script>', page)
        assert json.loads(words)["kinds"][:2] == ["Vacant", "Contracted"]

    def test_compares_with_another_day(self, park, taken):
        page = text_of(park.get("seats:map", **{"from": "2024-02-01"}))

        assert "Taken 10 Given back 0 Other holder or kind 0 Closed or opened 0" in page
        assert "The changes as a list" in page

    def test_gives_htmx_and_the_script_what_another_day_changes(self, park, taken):
        answer = park.client.get("/seats/map/?on=2023-05-01", headers={"HX-Request": "true"})

        page = answer.content.decode()
        assert page.strip().startswith('<div id="map-day" data-title="The park: 30 seats were')
        for part in ("day", "map-legend", "map-twin"):
            assert f'id="{part}"' in page
        assert "<canvas" not in page

    def test_leads_from_the_last_day_of_a_month_to_its_report_who_may_read_reports(
        self, park, taken
    ):
        link = 'href="/reports/on/2024-01-31/"'
        promotion = Desk(UserFactory(roles=[Role.PROMOTION_OFFICER]))

        assert link in park.get("seats:map", on="2024-01-31").content.decode()
        assert "/reports/on/" not in park.get("seats:map", on="2024-01-30").content.decode()
        assert "/reports/on/" not in park.get("seats:map", on="2024-02-29").content.decode()
        assert link not in promotion.get("seats:map", on="2024-01-31").content.decode()

    def test_is_found_from_the_pages_of_the_place(self, park, taken):
        for page in (
            park.get("place:zone-list"),
            park.get("place:building-detail", taken.building.pk),
            park.get("place:floor-detail", taken.pk),
        ):
            assert 'href="/seats/map/' in page.content.decode()

    def test_of_an_empty_park_says_how_floors_come(self, park):
        assert "No floor is known here yet." in text_of(park.get("seats:map"))

    def test_asks_as_often_for_thirty_floors_as_for_two(
        self, park, taken, django_assert_num_queries, django_assert_max_num_queries
    ):
        make_floor(level=2)
        with django_assert_max_num_queries(11) as few:
            park.get("seats:map", **{"from": "2024-02-01"})
        for level in range(3, 30):
            make_allocation(make_floor(level=level), (1, 5), start=date(2024, 2, 3))

        with django_assert_num_queries(len(few)):
            park.get("seats:map", **{"from": "2024-02-01"})


class TestTheDay:
    @pytest.mark.parametrize(
        ("asked", "day"),
        [
            ({}, "22 February 2024"),
            ({"on": "2024-03-01"}, "1 March 2024"),
            # Without scripts, the range control comes too: it counts if it was moved
            ({"on": "2024-02-22", "year": "2024", "slid": "52", "slide": "52"}, "22 February 2024"),
            ({"on": "2024-02-22", "year": "2024", "slid": "52", "slide": "0"}, "1 January 2024"),
            (
                {"on": "2024-02-22", "year": "2024", "slid": "52", "slide": "365"},
                "31 December 2024",
            ),
            ({"on": "2024-05-01", "year": "2024", "slid": "52", "slide": "52"}, "1 May 2024"),
            ({"year": "9998", "slid": "1", "slide": "365"}, "31 December 9998"),
            ({"year": "x", "slid": "1", "slide": "2"}, "22 February 2024"),
            ({"slide": "2"}, "22 February 2024"),
        ],
    )
    def test_date_field_range_and_words_say_the_same(self, park, taken, asked, day):
        page = park.get("seats:map", **asked)

        content = page.content.decode()
        assert f'id="day-said">{day}</strong>' in content
        on = page.context["on"].day
        assert f'name="on" value="{on.isoformat()}"' in content
        assert f'name="slid" value="{on.timetuple().tm_yday - 1}"' in content

    def test_a_second_day_that_is_none_is_refused_beside_its_field(self, park, taken):
        page = text_of(park.get("seats:map", **{"from": "2024-02-30"}))

        assert "Type a day as 2024-02-20." in page
        assert "Contracted 60 Held 10" in page

    def test_the_days_before_and_after_keep_the_second_day(self, park, taken):
        page = park.get("seats:map", **{"on": "2024-02-01", "from": "2024-01-01"}).content.decode()

        for link in ("?on=2024-01-31&amp;from=2024-01-01", "?on=2024-02-02&amp;from=2024-01-01"):
            assert f'href="{link}"' in page


class TestTheStrip:
    def test_names_what_changes_when(self, park, taken):
        assert dots(park.get("seats:map")) == ["02-06 亿兴 10 held", "03-08 亿兴 10 end"]
        assert dots(park.get("seats:map", on="2023-05-01")) == [
            "01-01 诚伯信息 60 contracted, 01-01 10 closed"
        ]

    def test_of_a_floor_tells_of_that_floor_only(self, park, taken):
        other = make_floor(level=2)
        make_allocation(other, (1, 5), start=date(2024, 2, 3))

        assert dots(park.get("place:floor-detail", taken.pk)) == [
            "02-06 亿兴 10 held",
            "03-08 亿兴 10 end",
        ]
        (dot,) = dots(park.get("place:floor-detail", other.pk))
        assert dot.endswith("5 contracted")

    def test_tells_of_floors_that_open(self, park, taken):
        make_floor(level=2, seats=30, delivered_on=date(2024, 2, 10))
        make_floor(level=3, seats=40, delivered_on=None, planned_on=date(2024, 6, 1))
        make_floor(level=4, seats=50, delivered_on=None, planned_on=date(2024, 1, 5))

        found = dots(park.get("seats:map"))

        assert "02-10 30 seats open" in found
        assert "06-01 40 seats open" in found, "as it is planned"
        assert not [dot for dot in found if "50 seats" in dot], "its day passed, it is not there"

    def test_leads_to_the_change_before_and_to_the_next(self, park, taken):
        page = text_of(park.get("seats:map"))

        assert "Change before: 2024-02-06" in page
        assert "Next change: 2024-03-09" in page

    def test_a_part_that_was_given_back_is_one_change(self, park, taken):
        firm = EnterpriseFactory(short_name="迈睿")
        make_allocation(taken, (81, 90), start=date(2024, 5, 1), last=date(2024, 5, 31), to=firm)
        make_allocation(taken, (81, 86), start=date(2024, 6, 1), to=firm)

        assert "05-31 迈睿 4 end" in dots(park.get("seats:map"))

    def test_says_the_largest_in_words_where_there_is_room(self, park, floor):
        for number in range(20):
            day = date(2024, 3, 1 + number)
            make_allocation(floor, (1 + 4 * number, 2 + 4 * number + number % 2), start=day)

        page = park.get("seats:map")

        assert len(dots(page)) == 20
        words = re.findall(r'class="k">([^<]+)</text>', page.content.decode())
        assert 1 <= len(words) < 12


class TestWhoSeesWhat:
    def test_an_enterprise_is_told_its_own_name_and_no_other(self, firm, taken):
        for page in (
            firm.get("seats:map", **{"from": "2024-02-01"}),
            firm.get("seats:map", on="2023-06-01"),
            firm.get("place:floor-detail", taken.pk),
        ):
            assert "亿兴" not in page.content.decode()
        assert dots(firm.get("seats:map")) == ["02-06 10 held", "03-08 10 end"]
        assert dots(firm.get("seats:map", on="2023-06-01")) == [
            "01-01 诚伯信息 60 contracted, 01-01 10 closed"
        ]

    def test_an_enterprise_sees_what_the_kinds_look_like_and_how_much_is_vacant(self, firm, taken):
        page = text_of(firm.get("seats:map"))

        assert "Contracted Held Closed Vacant 20" in page

    def test_officials_do_not_come_in(self, person, taken):
        desk = Desk(person(Role.OFFICIAL, area_code="511011"))

        assert desk.get("seats:map").status_code == 403
