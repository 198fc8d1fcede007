"""The pages of the place: every level with its figures, and who may see what."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.permissions import Role
from foundation import clock
from seats.models import AllocationKind
from seats.place import floors_on, together
from seats.services.allocations import confirm_hold, release_seats
from seats.services.floors import deliver_floor
from tests.conftest import NOW
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
SOON = date(2024, 3, 1)
PLACE = ["place:zone-list", "place:zone-detail", "place:building-detail", "place:floor-detail"]


@pytest.fixture
def c_1_1f(floor, enterprise):
    """C-1-1F: 60 contracted, 10 held, 10 closed, 20 vacant."""
    make_allocation(floor, (1, 60), start=SINCE, to=enterprise)
    make_allocation(floor, (61, 70), start=SINCE, kind=AllocationKind.HOLD, to=enterprise)
    make_allocation(floor, (71, 80), start=SINCE, kind=AllocationKind.CLOSURE, reason="消防检修")
    return floor


@pytest.fixture
def a_1_1f(db):
    """A-1-1F: 50 seats, 25 of them contracted."""
    floor = make_floor(zone="A", seats=50)
    make_allocation(floor, (1, 25), start=SINCE, to=EnterpriseFactory(short_name="迈睿"))
    return floor


@pytest.fixture
def d_1_1f(db):
    """D-1-1F: not handed over, planned for 1 June, 30 of its 40 seats pre-selected."""
    floor = make_floor(zone="D", seats=40, delivered_on=None, planned_on=date(2024, 6, 1))
    for run, name in [((1, 20), "韵达"), ((21, 30), "大宇宙")]:
        make_allocation(
            floor,
            run,
            start=date(2024, 6, 1),
            kind=AllocationKind.HOLD,
            to=EnterpriseFactory(short_name=name),
        )
    return floor


def pages_of(floor):
    """Every page of the place about `floor`: (name, arguments)."""
    building = floor.building
    return list(zip(PLACE, [(), (building.zone.code,), (building.pk,), (floor.pk,)], strict=True))


class TestZoneList:
    def test_shows_what_every_zone_has_and_what_they_add_up_to(self, park, c_1_1f, a_1_1f):
        page = text_of(park.get("place:zone-list"))

        assert "The park: 45 seats vacant today" in page
        assert "Zone A 50 25 0 0 25 50.0% ÷ 50 available 50.0% ÷ 700 m² lettable" in page
        assert "Zone C 100 60 10 10 20 66.7% ÷ 90 available 60.0% ÷ 700 m² lettable" in page
        assert "Total 150 85 10 10 45 60.7% ÷ 140 available 55.0% ÷ 1,400 m² lettable" in page

    def test_shows_another_day(self, park, c_1_1f):
        past = text_of(park.get("place:zone-list", on="2022-12-31"))
        future = text_of(park.get("place:zone-list", on="2024-09-01"))

        assert "The park: 100 seats were vacant on 31 December 2022" in past
        assert "As known today" in past
        assert "The park: 20 seats will be vacant on 1 September 2024" in future
        assert "As planned today" in future

    def test_a_day_that_is_none_is_refused_beside_the_field_and_today_is_shown(self, park, c_1_1f):
        page = text_of(park.get("place:zone-list", on="2024-13-01"))

        assert "Type a day as 2024-02-20." in page
        assert "The park: 20 seats vacant today" in page

    def test_says_in_words_what_is_not_handed_over(self, park, c_1_1f, d_1_1f):
        page = text_of(park.get("place:zone-list"))

        assert "Zone D 1 floor, 40 seats and 700 m² when complete." in page
        assert "First planned for 1 June 2024." in page
        assert "2 enterprises have pre-selected 30 seats." in page
        assert "Total" not in page  # zone D has no line in the table

    def test_of_an_empty_park_says_how_floors_come_to_who_may_bring_them(self, park, stranger):
        how = "On the server, manage.py load_park FILE loads it"

        for page in (park.get("place:zone-list"), park.follow("/")):
            assert "No floor is known here yet." in text_of(page)
            assert how in text_of(page)

        page = text_of(stranger.get("place:zone-list"))
        assert "No floor is known here yet." in page
        assert how not in page

    def test_says_of_a_day_before_a_handover_when_that_was(self, park, c_1_1f):
        page = text_of(park.get("place:zone-list", on="2019-12-31"))

        assert "The park: no seats exist on 31 December 2019" in page
        assert "Zone C 1 floor, 100 seats and 700 m² when complete." in page
        assert "First handed over on 1 January 2020." in page

    def test_counts_on_planned_seats_after_their_planned_day(self, park, d_1_1f):
        page = text_of(park.get("place:zone-list", on="2024-06-01"))

        assert "Zone D 40 0 30 0 10" in page

    def test_a_floor_counts_among_the_seats_or_is_not_handed_over_never_both(self, park, d_1_1f):
        make_floor(zone="D", level=2, seats=50, delivered_on=None, planned_on=date(2025, 6, 1))
        make_floor(zone="D", level=3, seats=60, delivered_on=None)

        for day, there, waiting in [
            ("2024-02-22", 0, "3 floors, 150 seats"),
            ("2024-05-31", 0, "3 floors, 150 seats"),
            ("2024-06-01", 40, "2 floors, 110 seats"),
            ("2025-06-01", 90, "1 floor, 60 seats"),
        ]:
            page = park.get("place:zone-list", on=day)
            assert page.context["total"].occupancy.seats == there, day
            assert f"Zone D {waiting}" in text_of(page), day

    def test_pre_selections_of_another_day_lead_to_no_list_of_today(self, park, d_1_1f):
        assert "Pre-selections" in text_of(park.get("place:zone-list"))

        page = text_of(park.get("place:zone-list", on="2024-05-31"))

        assert "2 enterprises have pre-selected 30 seats." in page
        assert "Pre-selections" not in page

    def test_marks_what_is_invented_of_what_is_not_handed_over(self, park, c_1_1f, d_1_1f):
        assert "Sample" not in text_of(park.get("place:zone-list"))
        d_1_1f.sample_fields = ["planned_on"]
        d_1_1f.save()

        for name, arguments in pages_of(d_1_1f)[:3]:
            page = text_of(park.get(name, *arguments))
            assert page.count("Sample") == 1, name

    def test_marks_what_is_invented(self, park, c_1_1f):
        assert "Sample" not in text_of(park.get("place:zone-list"))
        c_1_1f.sample_fields = ["seat_count"]
        c_1_1f.save()

        assert "Sample" in text_of(park.get("place:zone-list"))

    def test_asks_as_often_for_thirty_floors_as_for_two(
        self, park, a_1_1f, c_1_1f, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(7) as few:
            park.get("place:zone-list")
        for level in range(2, 30):
            make_allocation(make_floor(level=level), (1, 5), start=SINCE)

        with django_assert_num_queries(len(few)):
            park.get("place:zone-list")


class TestPreSelectionsOnAPastDay:
    """Two chose on 20 February 2024, one gave up on 1 March; the floor came on 30 March, when the
    other was confirmed. A year later, all of it is asked for."""

    @pytest.fixture(autouse=True)
    def _a_year_later(self, frozen_clock, monkeypatch, operator):
        opened = date(2024, 3, 30)
        floor = make_floor(zone="D", seats=40, delivered_on=None, planned_on=opened)
        kept, given_up = (
            make_allocation(
                floor,
                run,
                start=opened,
                kind=AllocationKind.HOLD,
                to=EnterpriseFactory(short_name=name),
                **_at(date(2024, 2, 20)),
            ).pk
            for name, run in [("韵达", (1, 20)), ("大宇宙", (21, 25))]
        )
        given_up_on = _at(date(2024, 3, 1)) | {"acting_user": operator}
        release_seats(allocation_id=given_up, start=opened, **given_up_on)
        then = _at(opened) | {"acting_user": operator}
        deliver_floor(floor_id=floor.pk, day=opened, now=then["now"], acting_user=operator)
        confirm_hold(allocation_id=kept, **then)
        later = _at(date(2025, 2, 22))
        monkeypatch.setattr(clock, "now", lambda: later["now"])
        monkeypatch.setattr(clock, "today", lambda: later["today"])

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ("2024-02-20", "2 enterprises had pre-selected 25 seats."),
            ("2024-02-29", "2 enterprises had pre-selected 25 seats."),
            ("2024-03-01", "1 enterprise had pre-selected 20 seats."),
            ("2024-03-29", "1 enterprise had pre-selected 20 seats."),
        ],
    )
    def test_are_those_that_were_known_then(self, park, day, words):
        page = text_of(park.get("place:zone-list", on=day))

        assert f"First handed over on 30 March 2024. As known then, {words}" in page
        assert "Pre-selections" not in page

    @pytest.mark.parametrize("day", ["2021-11-30", "2024-02-19"])
    def test_are_none_before_the_first(self, park, day):
        page = text_of(park.get("place:zone-list", on=day))

        assert "First handed over on 30 March 2024." in page
        assert "pre-selected" not in page

    def test_are_none_once_the_floor_is_there(self, park):
        page = text_of(park.get("place:zone-list", on="2024-03-30"))

        assert "Zone D 40 20 0 0 20" in page
        assert "Not handed over" not in page


def _at(day):
    return {"today": day, "now": NOW.replace(year=day.year, month=day.month, day=day.day)}


class TestFigures:
    @pytest.mark.parametrize("name", PLACE[:3])
    def test_are_links_to_rows_that_add_up_to_them(self, park, c_1_1f, a_1_1f, name):
        arguments = dict(pages_of(c_1_1f))[name]
        page = park.get(name, *arguments).content.decode()

        links = re.findall(r'href="(/seats/allocations/\?[^"]+)">([\d,]+)</a>', page)

        assert len(links) >= 3
        for address, figure in links:
            rows = park.follow(address.replace("&amp;", "&"))
            assert rows.context["seats"] == int(figure), address
            assert sum(row.seats for row in rows.context["holdings"]) == int(figure), address

    def test_of_vacant_seats_stand_on_the_page_they_lead_to(self, park, c_1_1f, a_1_1f):
        page = park.get("place:zone-list").content.decode()

        links = re.findall(r'href="(/park/zones/[^"]+)#free">([\d,]+)</a>', page)

        assert len(set(links)) == 2
        for address, figure in links:
            runs = park.follow(address).context["free"]
            assert sum(run.seats.length for run in runs) == int(figure)

    def test_let_area_is_the_contracted_share_of_each_floor(self, c_1_1f, today):
        other = make_floor(level=2, seats=200, lettable_m2=Decimal(1000))
        make_allocation(other, (1, 50), start=SINCE)

        figures = together(floors_on(today, today=today))

        assert figures.lettable_m2 == 1700
        assert figures.let_m2 == 700 * 60 / 100 + 1000 * 50 / 200

    def test_a_floor_that_is_not_there_has_nothing_to_let(self, d_1_1f, today):
        figures = together(floors_on(today, today=today))

        assert (figures.lettable_m2, figures.let_rate) == (0, None)


class TestZoneAndBuilding:
    def test_show_their_parts_and_vacant_runs(self, park, c_1_1f):
        zone = text_of(park.get("place:zone-detail", "C"))
        building = text_of(park.get("place:building-detail", c_1_1f.building_id))

        assert "Zone C: 20 seats vacant today" in zone
        assert "Building C-1 100 60 10 10 20" in zone
        assert "C-1-1F-081 — 100 20 C-1-1F Allocate" in zone
        assert "Building C-1: 20 seats vacant today" in building
        assert "C-1-1F 100 60 10 10 20" in building

    def test_a_zone_that_is_not_handed_over_says_so(self, park, d_1_1f):
        page = text_of(park.get("place:zone-detail", "D"))

        assert "Zone D: no seats exist on 22 February 2024" in page
        assert "Building D-1 1 floor, 40 seats" in page
        assert "Vacant runs" not in page

    @pytest.mark.parametrize("address", ["/park/zones/X/", "/park/buildings/9/", "/park/floors/9/"])
    def test_what_is_not_there_is_not_found(self, park, address):
        assert park.follow(address).status_code == 404


class TestFloorDetail:
    def test_lists_every_seat_run_by_run(self, park, c_1_1f):
        make_allocation(c_1_1f, (91, 95), start=SOON, to=EnterpriseFactory(short_name="京阿唯"))

        page = text_of(park.get("place:floor-detail", c_1_1f.pk))

        assert "C-1-1F: 20 seats vacant today" in page
        assert "C-1-1F-001 — 060 60 Contracted 诚伯信息 from 2023-01-01" in page
        assert "C-1-1F-061 — 070 10 Held 诚伯信息" in page
        assert "C-1-1F-071 — 080 10 Closed 消防检修" in page
        assert "C-1-1F-081 — 100 20 Vacant Allocate until 2024-02-29" in page
        assert "C-1-1F-091 — 095 5 Contracted 京阿唯 from 2024-03-01" in page
        assert "Total 100" in page

    def test_its_runs_add_up_to_its_figures_on_any_day(self, park, c_1_1f):
        make_allocation(c_1_1f, (85, 95), start=SOON)
        for day in (SINCE - timedelta(days=1), SINCE, SOON, date(2030, 1, 1)):
            page = park.get("place:floor-detail", c_1_1f.pk, on=day.isoformat())

            seats = page.context["figures"].occupancy
            by_kind = {"firm": 0, "hold": 0, "closure": 0, "free": 0}
            for named in page.context["runs"]:
                by_kind[named.run.kind] += named.run.seats.length
            assert list(by_kind.values()) == [seats.firm, seats.held, seats.closed, seats.free]

    def test_of_what_is_not_handed_over_shows_what_is_pre_selected(self, park, d_1_1f):
        page = text_of(park.get("place:floor-detail", d_1_1f.pk))

        assert "D-1-1F: not handed over, planned for 1 June 2024" in page
        assert "D-1-1F-001 — 020 20 Pre-selected 韵达 from 2024-06-01" in page
        assert "Hand over Put off" in page

    def test_the_planned_day_alone_brings_no_seats(self, park, frozen_clock):
        floor = make_floor(seats=9, delivered_on=None, planned_on=date(2024, 2, 1))

        page = park.get("place:floor-detail", floor.pk)

        assert page.context["runs"] == []
        assert "0 9 when complete" in text_of(page)

    def test_asks_as_often_for_thirty_runs_as_for_two(
        self, park, floor, django_assert_num_queries, django_assert_max_num_queries
    ):
        make_allocation(floor, (1, 2), start=SINCE)
        make_allocation(floor, (4, 5), start=SOON)
        with django_assert_max_num_queries(12) as few:
            park.get("place:floor-detail", floor.pk)
        for place in range(7, 97, 3):
            make_allocation(floor, (place, place + 1), start=SINCE)

        with django_assert_num_queries(len(few)):
            park.get("place:floor-detail", floor.pk)


class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.OPERATOR_MANAGER, 200),
            (Role.OPERATOR_STAFF, 200),
            (Role.PROMOTION_OFFICER, 200),
            (Role.ENTERPRISE_MANAGER, 200),
            (Role.ENTERPRISE_MEMBER, 200),
            (Role.AUDITOR, 200),
            (Role.OFFICIAL, 403),
            (Role.SYSTEM_ADMINISTRATOR, 403),
        ],
    )
    def test_every_page_of_the_place(self, person, at_desk, c_1_1f, role, status):
        desk = at_desk(person(role))

        assert {desk.get(name, *args).status_code for name, args in pages_of(c_1_1f)} == {status}

    def test_who_is_not_signed_in_is_asked_to(self, client, c_1_1f):
        for name, args in pages_of(c_1_1f):
            assert client.get(reverse(name, args=args)).url.startswith("/accounts/login/")

    def test_an_enterprise_sees_what_is_vacant_and_no_other_holder(self, stranger, c_1_1f, d_1_1f):
        pages = [text_of(stranger.get(name, *args)) for name, args in pages_of(c_1_1f)]

        assert "Zone C 100 20" in pages[0]
        assert "Contracted rate" not in pages[0]
        assert "pre-selected" not in pages[0]
        assert "C-1-1F-001 — 060 60 Contracted – from 2023-01-01" in pages[3]
        assert "C-1-1F-071 — 080 10 Closed –" in pages[3]
        assert all("诚伯信息" not in page and "消防检修" not in page for page in pages)

    def test_an_enterprise_sees_its_own_name_with_a_link(self, firm, c_1_1f):
        page = firm.get("place:floor-detail", c_1_1f.pk)

        assert "C-1-1F-001 — 060 60 Contracted 诚伯信息" in text_of(page)
        links = re.findall(r'href="(/seats/allocations/\d+/)"', page.content.decode())
        assert {firm.follow(link).status_code for link in links} == {200}
        assert len(set(links)) == 2
