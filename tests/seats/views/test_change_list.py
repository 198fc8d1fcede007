"""The list of what changed between two days: who was, who is, by which decision, who may know."""

from datetime import date

import pytest
from django.urls import reverse

from seats.models import AllocationKind
from seats.services.allocations import release_seats
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DAYS = {"from": "2024-02-01", "to": "2024-02-20"}
FLOORS_DAYS = {"from": "2024-02-01", "on": "2024-02-20"}
BEFORE, BETWEEN = date(2023, 1, 1), date(2024, 2, 10)


@pytest.fixture
def moved(floor, enterprise, operator):
    """诚伯信息 gave back 1–30 on 10 February, of which 亿兴 got 1–10; 51–60 were closed."""
    gone = make_allocation(floor, (1, 30), start=BEFORE, to=enterprise)
    release_seats(allocation_id=gone.pk, start=BETWEEN, today=TODAY, now=NOW, acting_user=operator)
    heir = make_allocation(floor, (1, 10), start=BETWEEN, to=EnterpriseFactory(short_name="亿兴"))
    closed = make_allocation(
        floor, (51, 60), start=BETWEEN, kind=AllocationKind.CLOSURE, reason="消防检修"
    )
    return {"gone": gone, "heir": heir, "closed": closed}


def detail(allocation):
    return f'href="{reverse("seats:allocation-detail", args=[allocation.pk])}"'


class TestTheList:
    def test_says_who_was_and_who_is_run_by_run(self, park, moved):
        page = text_of(park.get("seats:change-list", **DAYS))

        assert "1 February 2024 to 20 February 2024: 40 seats changed" in page
        assert (
            "C-1-1F-001 — 010 10 Contracted 诚伯信息 → Contracted 亿兴 Other holder or kind" in page
        )
        assert "C-1-1F-011 — 030 20 Contracted 诚伯信息 → Vacant Given back" in page
        assert "C-1-1F-051 — 060 10 Vacant → Closed 消防检修 Closed or opened" in page
        assert "3 runs · 40 seats, floor by floor" in page

    def test_adds_up_by_kind(self, park, moved):
        page = text_of(park.get("seats:change-list", **DAYS))

        assert "Contracted 30 0 −20 10 10" in page
        assert "Closed 0 +10 0 10 0" in page
        assert "Vacant 70 +20 −10 80 0" in page

    def test_leads_to_the_decision_to_the_floor_and_to_the_map(self, park, moved, floor):
        page = park.get("seats:change-list", **DAYS).content.decode()

        assert detail(moved["heir"]) in page
        assert detail(moved["gone"]) in page
        assert "Decision of 2024-02-22" in page
        query = "?on=2024-02-20&amp;from=2024-02-01"
        assert f'href="/park/floors/{floor.pk}/{query}"' in page
        assert f'href="/seats/map/{query}"' in page

    def test_can_be_narrowed(self, park, moved):
        make_allocation(make_floor(zone="A"), (1, 5), start=BETWEEN)

        def runs(**narrower):
            return park.get("seats:change-list", **DAYS, **narrower).context["page"].count

        assert runs() == 4
        assert runs(zone="A") == 1
        assert runs(floor="c-1-1f") == 3
        assert runs(what="lost") == 1
        assert runs(what="gained", zone="C") == 0

    def test_is_of_the_last_thirty_days_unless_asked(self, park, moved):
        context = park.get("seats:change-list").context

        assert (context["before"], context["after"]) == (date(2024, 1, 23), TODAY)

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"from": "2024-02-21", "to": "2024-02-20"}, "The last day must not come before"),
            ({"from": "gestern"}, "Type a day as 2024-02-20."),
            ({"floor": "C-9-9F"}, "There is no floor C-9-9F."),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, park, moved, asked, said):
        response = park.get("seats:change-list", **{**DAYS, **asked})

        assert response.status_code == 200
        assert said in text_of(response)
        assert "page" not in response.context

    def test_says_that_nothing_is_different(self, park, moved):
        page = text_of(park.get("seats:change-list", **{**DAYS, "from": "2024-02-20"}))
        narrowed = text_of(park.get("seats:change-list", **DAYS, what="gained"))

        assert "Nothing is different between these two days." in page
        assert "Nothing like this is different between these two days." in narrowed

    def test_comes_in_pages_with_a_fixed_number_of_questions(
        self, park, moved, floor, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(12) as few:
            park.get("seats:change-list", **DAYS)
        for level in range(2, 62):
            make_allocation(make_floor(level=level), (1, 5), start=BETWEEN)

        with django_assert_num_queries(len(few)):
            page = park.get("seats:change-list", **DAYS)
        changes = page.context["page"]
        assert (changes.count, len(changes), len(page.context["lines"])) == (63, 50, 50)


class TestOnTheFloorsPage:
    def test_stands_beside_the_day_that_it_is_compared_with(self, park, moved, floor):
        page = text_of(park.get("place:floor-detail", floor.pk, **FLOORS_DAYS))

        assert "1 February 2024 to 20 February 2024" in page
        assert "Taken 0 Given back 20 Other holder or kind 10 Closed or opened 10" in page
        assert "C-1-1F-011 — 030 20 Contracted 诚伯信息 → Vacant Given back" in page

    def test_is_drawn_over_the_map_every_seat_once(self, park, moved, floor):
        page = park.get("place:floor-detail", floor.pk, **FLOORS_DAYS)

        painted = dict(page.context["map"].painted)
        seats = {
            what: sum(((s.width + 2) // 21) * ((s.height + 2) // 21) for s in shapes)
            for what, shapes in painted.items()
        }
        assert seats == {"same": 60, "changed": 10, "lost": 20, "other": 10}
        places = [(s.x, s.y) for shapes in painted.values() for s in shapes]
        assert len(places) == len(set(places))
        assert '<g class="m-lost">' in page.content.decode()

    def test_is_not_there_without_one(self, park, moved, floor):
        page = park.get("place:floor-detail", floor.pk)

        assert 'id="floor-changes"' not in page.content.decode()
        assert 'id="map-changes"' not in page.content.decode()


class TestWhoSeesWhat:
    def test_an_enterprise_sees_its_own_and_no_other_name(self, firm, moved):
        response = firm.get("seats:change-list", **DAYS)

        page = text_of(response)
        assert "C-1-1F-001 — 010 10 Contracted 诚伯信息 → Contracted Other holder or kind" in page
        assert "亿兴" not in page
        assert "消防检修" not in page
        assert "By kind" not in page, "how much of the park is contracted is not theirs to know"
        content = response.content.decode()
        assert detail(moved["gone"]) in content
        assert detail(moved["heir"]) not in content
        assert detail(moved["closed"]) not in content

    def test_a_stranger_sees_kinds_only(self, stranger, moved, floor):
        for page in (
            stranger.get("seats:change-list", **DAYS),
            stranger.get(
                "place:floor-detail", floor.pk, **{"on": "2024-02-20", "from": "2024-02-01"}
            ),
        ):
            content = page.content.decode()
            assert "诚伯信息" not in content
            assert "亿兴" not in content
            assert "/seats/allocations/1" not in content
        changes = stranger.get("seats:change-list", **DAYS).context["page"]
        assert [change.seats.length for change in changes] == [20, 10], "no change of hands"
