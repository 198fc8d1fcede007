"""The panel beside a floor's map: what is chosen, what it would change, where the acts lead."""

import re
from datetime import date
from html import unescape

import pytest

from park.models import ReportingMonth
from seats.models import Allocation, AllocationKind
from tests.conftest import NOW
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
HX = {"HX-Request": "true"}


@pytest.fixture
def c_1_1f(floor, enterprise):
    """C-1-1F: 60 contracted, 10 held, 10 closed, 20 vacant."""
    make_allocation(floor, (1, 60), start=SINCE, to=enterprise)
    make_allocation(floor, (61, 70), start=SINCE, kind=AllocationKind.HOLD, to=enterprise)
    make_allocation(floor, (71, 80), start=SINCE, kind=AllocationKind.CLOSURE, reason="消防检修")
    return floor


def chosen(desk, floor, **query):
    return desk.get("place:floor-detail", floor.pk, **query)


def errors_beside(page):
    """The errors under the fields of the panel."""
    return [
        unescape(text).strip()
        for text in re.findall(r'class="x-err"[^>]*>(?:<[^>]+>✕</span>)?([^<]+)<', page)
    ]


def links(page, name):
    return [unescape(a) for a in re.findall(rf'href="([^"]*{name}[^"]*)"', page.content.decode())]


class TestFreeSeats:
    def test_are_called_free_with_their_area_and_what_contracting_changes(self, park, c_1_1f):
        page = text_of(chosen(park, c_1_1f, first=86, last=95))

        assert "C-1-1F-086 — 095 10 seats · about 70 m²" in page
        assert "These 10 seats are free for the whole period." in page
        assert "Longest free run here, if taken 20 → 5" in page
        assert "Contracted rate here, if contracted 66.7% → 77.8% 70 ÷ 90 available" in page

    def test_lead_to_the_form_with_all_that_was_typed(self, park, c_1_1f, enterprise):
        query = {"first": 86, "last": 95, "start": "2024-03-01", "enterprise": enterprise.pk}
        page = chosen(park, c_1_1f, **query, end="2024-12-31").content.decode()
        acts = re.findall(r'formaction="([^"]+)" name="kind" value="(\w+)"', page)
        form = re.search(r'(?s)<form[^>]*id="selection".*?</form>', page).group()

        assert [kind for _address, kind in acts] == ["hold", "firm", "closure"]
        carried = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', form))
        assert carried == {
            "floor": "C-1-1F",
            "first": "86",
            "last": "95",
            "start": "2024-03-01",
            "end": "2024-12-31",
        }
        opened = park.follow(f"{acts[0][0]}?floor=C-1-1F&first=86&last=95&kind=firm").content
        assert b'value="86"' in opened
        assert re.search(rb'value="firm"[^>]*checked', opened)

    def test_can_only_be_held_before_the_handover(self, park):
        floor = make_floor(seats=40, delivered_on=None, planned_on=date(2024, 6, 1))

        early = chosen(park, floor, first=1, last=10)
        planned = chosen(park, floor, first=1, last=10, start="2024-06-01")

        assert "C-1-1F has these seats from 2024-06-01 on only." in text_of(early)
        (then,) = links(early, "start=2024-06-01")
        assert "Hold 10 seats" in text_of(park.follow(f"/park/floors/{floor.pk}/{then}"))
        assert re.findall(r'name="kind" value="(\w+)"', early.content.decode()) == []
        assert re.findall(r'name="kind" value="(\w+)"', planned.content.decode()) == ["hold"]
        assert planned.content.decode().count("btn-primary") == 1

    def test_that_somebody_comes_to_are_free_until_then(self, park, c_1_1f):
        other = EnterpriseFactory(short_name="京阿唯")
        make_allocation(c_1_1f, (91, 95), start=date(2024, 5, 1), to=other)

        page = chosen(park, c_1_1f, first=81, last=100)
        words = text_of(page)

        assert "Free until 2024-04-30 only." in words
        assert "C-1-1F-091 — 095 · Contracted · 京阿唯 from 2024-05-01" in words
        (until,) = links(page, "end=2024-04-30")
        again = text_of(park.follow(f"/park/floors/{c_1_1f.pk}/{until}"))
        assert "These 20 seats are free for the whole period." in again

    def test_of_a_closed_month_are_shown_and_offer_no_act(self, park, c_1_1f):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        page = chosen(park, c_1_1f, first=81, last=90, on="2024-01-15")

        assert "The months before 2024-02-01 are closed" in text_of(page)
        assert "formaction" not in page.content.decode()


class TestTakenSeats:
    def test_say_who_has_which_part_and_offer_the_release_of_each(self, park, c_1_1f):
        page = chosen(park, c_1_1f, first=51, last=90)
        words = text_of(page)

        assert "Not free for the whole period." in words
        assert "C-1-1F-051 — 060 · Contracted · 诚伯信息 from 2023-01-01 Release 10 seats" in words
        assert "C-1-1F-061 — 070 · Held · 诚伯信息" in words
        assert "C-1-1F-071 — 080 · Closed · 消防检修" in words
        assert "Longest free run here, if released 20 → 50" in words
        assert "Contracted rate here, if released 66.7% → 50.0% 50 ÷ 100 available" in words
        assert len(links(page, "/release/")) == 3
        assert "formaction" not in page.content.decode()

    def test_that_are_contracted_can_be_lent(self, park, c_1_1f):
        page = chosen(park, c_1_1f, first=51, last=90, start="2024-03-01")
        (address,) = links(page, "/seats/loans/new/")

        form = park.follow(address).context["form"]
        typed = {name: form[name].value() for name in ("floor", "first", "last", "start")}
        assert typed == {"floor": "C-1-1F", "first": "51", "last": "60", "start": "2024-03-01"}

    def test_are_released_by_the_page_that_the_link_fills_in(self, park, c_1_1f):
        page = chosen(park, c_1_1f, first=51, last=90, start="2024-03-01")
        address = links(page, "/release/")[0]
        opened = park.follow(address)
        initial = {
            name: opened.context["form"][name].value() for name in ("start", "first", "last")
        }
        run = opened.context["form"]["run"].value()

        assert initial == {"start": "2024-03-01", "first": "51", "last": "60"}
        typed = {**initial, "run": run, "confirmed": "on"}
        done = park.client.post(address.partition("?")[0], typed)
        assert done.status_code == 303
        kept = Allocation.objects.get(kind="firm").blocks.order_by("seats", "period")
        shapes = [(b.seats.upper - b.seats.lower, b.period.upper) for b in kept]
        assert shapes == [(50, None), (60, date(2024, 3, 1))]

    def test_of_several_allocations_are_released_one_by_one(self, park, floor):
        for first in range(1, 31, 10):
            make_allocation(floor, (first, first + 9), start=SINCE)

        addresses = links(chosen(park, floor, first=5, last=25), "/release/")

        paths = {address.partition("?")[0] for address in addresses}
        assert len(addresses) == len(paths) == 3


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ({"first": "0"}, "Ensure this value is greater than or equal to 1."),
            ({"first": "101"}, "C-1-1F ends with seat C-1-1F-100."),
            ({"first": "5000"}, "Ensure this value is less than or equal to 4096."),
            ({"first": "9", "last": "3"}, "The last seat must not come before the first."),
            ({"first": "x"}, "Type a whole number, for example 300."),
            ({"first": "1", "start": "2024-13-01"}, "Type a day as 2024-02-20."),
            (
                {"first": "1", "start": "2024-03-02", "end": "2024-03-01"},
                "The last day must not come before the first.",
            ),
        ],
    )
    def test_is_refused_beside_the_field_and_stays(self, park, c_1_1f, query, error):
        page = chosen(park, c_1_1f, **query)
        html = page.content.decode()

        assert page.status_code == 200
        assert error in errors_beside(html)
        assert all(f'value="{value}"' in html for value in query.values())
        assert 'id="map-ring"></g>' in re.sub(r">\s+<", "><", html)

    def test_one_number_is_one_seat(self, park, c_1_1f):
        assert "This seat is free for the whole period." in text_of(chosen(park, c_1_1f, first=90))

    def test_full_width_digits_and_reads_of_another_day(self, park, c_1_1f):
        page = text_of(chosen(park, c_1_1f, first="８１", on="2022-06-01"))

        assert "from 2022-06-01 C-1-1F-081" in page

    def test_an_enterprise_that_one_may_not_see_is_no_choice(self, firm, c_1_1f):
        page = chosen(firm, c_1_1f, first=81).content.decode()

        assert 'name="enterprise"' not in page


def test_htmx_gets_the_part_that_changes(park, c_1_1f):
    address = f"/park/floors/{c_1_1f.pk}/?first=81&last=90"
    part = park.client.get(address, headers=HX).content.decode()
    wrong = park.client.get(f"/park/floors/{c_1_1f.pk}/?first=999", headers=HX).content.decode()

    assert part.strip().startswith('<div class="x-fields" id="selection-effect">')
    assert "<html" not in part
    assert "First seat: C-1-1F ends with seat C-1-1F-100." in " ".join(errors_beside(wrong))


def test_the_page_asks_as_often_whatever_is_chosen_and_however_many_have_seats(
    park, floor, django_assert_num_queries, django_assert_max_num_queries
):
    make_allocation(floor, (1, 2), start=SINCE)
    with django_assert_max_num_queries(15) as few:
        chosen(park, floor, first=1, last=100)
    for place in range(4, 97, 3):
        make_allocation(floor, (place, place + 1), start=SINCE)

    with django_assert_num_queries(len(few)):
        chosen(park, floor, first=1, last=100)
    with django_assert_num_queries(len(few)):
        chosen(park, floor, first=99, last=100)
