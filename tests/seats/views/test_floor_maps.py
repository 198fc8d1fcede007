"""The map on a floor's page: where seats are drawn, who sees whose, how it is chosen from."""

import json
import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.permissions import Role
from park.services import save_layout
from seats.models import AllocationKind
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
SOON = date(2024, 3, 1)


@pytest.fixture
def c_1_1f(floor, enterprise):
    """C-1-1F: 60 contracted, 10 held by another, 10 closed, 20 vacant."""
    make_allocation(floor, (1, 60), start=SINCE, to=enterprise)
    other = EnterpriseFactory(short_name="京阿唯")
    make_allocation(floor, (61, 70), start=SINCE, kind=AllocationKind.HOLD, to=other)
    make_allocation(floor, (71, 80), start=SINCE, kind=AllocationKind.CLOSURE, reason="消防检修")
    return floor


def map_of(page):
    return re.search(r'(?s)<svg id="floor-map".*?</svg>', page.content.decode()).group()


def runs_of(page):
    """What the map draws: (first, last, kind, where it leads, what is said), by hand."""
    pattern = (
        r'<(?:a|g) class="m-(\w+)[^"]*"(?: href="([^"]*)")?[^>]*'
        r'data-first="(\d+)" data-last="(\d+)" data-said="([^"]*)"'
    )
    return [
        (int(first), int(last), kind, link, said)
        for kind, link, first, last, said in re.findall(pattern, map_of(page))
    ]


def seats_drawn(svg, kind):
    """Seats under the rectangles of a kind, counted one by one from their sizes."""
    sizes = [
        (int(width), int(height))
        for part in re.finditer(rf'(?s)<(a|g) class="m-{kind}[^"]*".*?</\1>', svg)
        for width, height in re.findall(
            r'<rect transform="[^"]+" width="(\d+)" height="(\d+)"', part.group()
        )
    ]
    return sum((width + 2) // 21 * ((height + 2) // 21) for width, height in sizes)


class TestTheMap:
    def test_draws_every_run_once_with_its_kind_and_where_it_leads(self, park, c_1_1f):
        page = park.get("place:floor-detail", c_1_1f.pk)

        assert [run[:3] for run in runs_of(page)] == [
            (1, 60, "firm"),
            (61, 70, "hold"),
            (71, 80, "closed"),
            (81, 100, "free"),
        ]
        links = [run[3] for run in runs_of(page)]
        assert [park.follow(link).status_code for link in links[:3]] == [200, 200, 200]
        assert links[3] == "?first=81&amp;last=100#selection"

    def test_draws_as_many_seats_of_each_kind_as_there_are(self, park, c_1_1f):
        svg = map_of(park.get("place:floor-detail", c_1_1f.pk))

        counts = {kind: seats_drawn(svg, kind) for kind in ("firm", "hold", "closed", "free")}
        assert counts == {"firm": 60, "hold": 10, "closed": 10, "free": 20}

    def test_tells_the_browser_where_each_seat_is(self, park, c_1_1f):
        svg = map_of(park.get("place:floor-detail", c_1_1f.pk))
        lines = json.loads(re.search(r'data-lines="([^"]+)"', svg).group(1))

        places = [first + n for first, length, *_where in lines for n in range(length)]
        assert places == list(range(1, 101))
        where = {
            (x + n * dx, y + n * dy)
            for _first, length, x, y, dx, dy in lines
            for n in range(length)
        }
        assert len(where) == 100

    def test_says_who_has_a_run_until_when(self, park, c_1_1f):
        said = [run[4] for run in runs_of(park.get("place:floor-detail", c_1_1f.pk))]

        assert said[0] == "诚伯信息 · Contracted · from 2023-01-01"
        assert said[2] == "消防检修 · Closed · from 2023-01-01"
        assert said[3] == "Vacant"

    def test_writes_the_names_over_the_islands_they_are_in(self, park, c_1_1f):
        svg = map_of(park.get("place:floor-detail", c_1_1f.pk))
        texts = re.findall(r"<text[^>]*>([^<]+)</text>", svg)

        assert texts == [
            *("001–020", "诚伯信息", "021–040", "诚伯信息", "041–060", "诚伯信息"),
            *("061–080", "京阿唯, 消防检修", "081–100"),
        ]

    def test_counts_the_kinds_in_their_order(self, park, c_1_1f):
        page = text_of(park.get("place:floor-detail", c_1_1f.pk))

        assert "Contracted 60 Held 10 Closed 10 Vacant 20 By kind By enterprise" in page

    def test_by_enterprise_lists_who_has_how_many_and_keeps_the_patterns(self, park, c_1_1f):
        page = park.get("place:floor-detail", c_1_1f.pk, by="enterprise")

        assert "诚伯信息 60 京阿唯 10 消防检修 10" in text_of(page)
        assert [run[2] for run in runs_of(page)] == ["firm", "hold", "closed", "free"]
        tones = re.findall(r'class="m-\w+ x-tone (\w+)"', map_of(page))
        assert tones == ["dark", "light", "dark"]

    def test_by_enterprise_joins_no_free_seats_even_where_no_name_may_be_known(
        self, stranger, c_1_1f
    ):
        page = stranger.get("place:floor-detail", c_1_1f.pk, by="enterprise")

        assert re.findall(r'class="m-(\w+) x-tone', map_of(page)) == ["firm", "hold", "closed"]
        assert "Contracted 60 Held 10 Closed 10" in text_of(page)

    def test_shows_another_day(self, park, c_1_1f):
        make_allocation(c_1_1f, (91, 95), start=SOON, to=EnterpriseFactory(short_name="迈睿"))

        past = runs_of(park.get("place:floor-detail", c_1_1f.pk, on="2022-12-31"))
        later = runs_of(park.get("place:floor-detail", c_1_1f.pk, on="2024-03-01"))

        assert [run[:3] for run in past] == [(1, 100, "free")]
        assert [run[:3] for run in later][3:] == [
            *((81, 90, "free"), (91, 95, "firm"), (96, 100, "free"))
        ]

    def test_keeps_both_days_and_the_colours_when_free_seats_are_chosen(self, park, c_1_1f):
        days = {"on": "2024-05-06", "from": "2024-01-31"}
        page = park.get("place:floor-detail", c_1_1f.pk, **days, by="enterprise")
        link = unescape(runs_of(page)[-1][3])

        query = parse_qs(urlsplit(link).query)
        assert query == {
            **{name: [day] for name, day in days.items()},
            "by": ["enterprise"],
            "first": ["81"],
            "last": ["100"],
        }
        chosen = park.get("place:floor-detail", c_1_1f.pk, **query)
        assert "from 2024-05-06 C-1-1F-081 — 100" in text_of(chosen), "from the day that is shown"
        assert 'name="from" value="2024-01-31"' in chosen.content.decode()

    def test_of_a_floor_that_is_not_handed_over_has_no_seat_to_choose(self, park):
        floor = make_floor(seats=40, delivered_on=None, planned_on=date(2024, 6, 1))

        page = park.get("place:floor-detail", floor.pk)
        planned = park.get("place:floor-detail", floor.pk, on="2024-06-01")

        assert runs_of(page) == []
        assert seats_drawn(map_of(page), "void") == 40
        assert "No such seat 40" in text_of(page)
        assert [run[:3] for run in runs_of(planned)] == [(1, 40, "free")]

    def test_uses_the_layout_that_is_kept(self, park, operator):
        floor = make_floor(seats=4)
        save_layout(floor_id=floor.pk, cells="S.S\nS.S", top="北窗", acting_user=operator)

        svg = map_of(park.get("place:floor-detail", floor.pk))

        assert ">北窗</text>" in svg
        assert re.findall(r">(\d{3}[^<]*)</text>", svg) == ["001–002", "003–004"]

    def test_is_small_on_a_floor_of_500_seats_in_many_hands(self, park, today):
        floor = make_floor(seats=500)
        for first in range(1, 500, 20):
            make_allocation(floor, (first, first + 9), start=SINCE)

        svg = map_of(park.get("place:floor-detail", floor.pk))

        assert len(runs_of_svg(svg)) == 50
        assert len(svg.encode()) < 30_000


def runs_of_svg(svg):
    return re.findall(r'data-first="(\d+)"', svg)


class TestWhoSeesWhat:
    def test_an_enterprise_sees_itself_named_and_no_other(self, firm, stranger, c_1_1f):
        own = firm.get("place:floor-detail", c_1_1f.pk)
        others = stranger.get("place:floor-detail", c_1_1f.pk)

        assert [run[4] for run in runs_of(own)] == [
            "诚伯信息 · Contracted · from 2023-01-01",
            "Held · from 2023-01-01",
            "Closed · from 2023-01-01",
            "Vacant",
        ]
        assert [run[3] for run in runs_of(others)] == [
            "",
            "",
            "",
            "?first=81&amp;last=100#selection",
        ]
        for query in ({}, {"by": "enterprise"}, {"first": 1, "last": 100}):
            page = stranger.get("place:floor-detail", c_1_1f.pk, **query).content.decode()
            assert not any(name in page for name in ("诚伯信息", "京阿唯", "消防检修"))
            page = firm.get("place:floor-detail", c_1_1f.pk, **query).content.decode()
            assert "诚伯信息" in page
            assert not any(name in page for name in ("京阿唯", "消防检修"))

    def test_an_enterprise_gets_no_counts_and_no_act(self, stranger, c_1_1f):
        page = text_of(stranger.get("place:floor-detail", c_1_1f.pk, first=81, last=90))

        assert "Contracted Held Closed Vacant 20" in page
        assert "These 10 seats are free for the whole period." in page
        for word in ("Hold 10 seats", "Longest free run", "Contracted rate", "Change the layout"):
            assert word not in page

    @pytest.mark.parametrize("role", [Role.PROMOTION_OFFICER, Role.AUDITOR])
    def test_who_reads_sees_names_and_effect_but_no_act(self, person, at_desk, c_1_1f, role):
        page = at_desk(person(role)).get("place:floor-detail", c_1_1f.pk, first=61, last=90)
        words = text_of(page)

        assert "京阿唯" in words
        assert "Longest free run here, if released 20 → 40" in words
        assert "Release 10 seats" not in words
        assert "/release/" not in page.content.decode()
