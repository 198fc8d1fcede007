"""The page of what ends: figures with their rows, narrowed, paged."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from seats.forms.ends import EndsFilter
from seats.models import AllocationKind
from tenants.services import end_tenancy
from tests.conftest import TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def day(number):
    return TODAY + timedelta(days=number)


@pytest.fixture
def ending(floor, enterprise, operator):
    """诚伯信息 has 30 seats of C-1-1F to 3 March; a hold of 10 runs out by itself."""
    make_allocation(floor, (1, 30), start=TODAY, last=day(10), to=enterprise)
    make_allocation(floor, (31, 40), start=TODAY, kind=AllocationKind.HOLD)
    end_tenancy(enterprise=enterprise, last_day=day(10), acting_user=operator)


class TestThePage:
    def test_says_what_ends_and_how_much(self, park, ending):
        text = text_of(park.get("seats:ends"))

        assert "40 seats come free within 90 days" in text
        assert "C-1-1F-001 — 030 30 2024-03-03 诚伯信息 Contracted" in text
        assert "unless confirmed" in text
        assert "诚伯信息 2024-03-03 30" in text  # its tenancy ends with its seats

    @pytest.mark.parametrize(("language", "words"), [("en", "90 days"), ("zh-hans", "90 天内")])
    def test_offers_the_times_in_the_language_of_the_page(self, park, language, words):
        with translation.override(language):
            choices = EndsFilter(QueryDict()).fields["within"].choices

        assert dict(choices)[90] == words

    def test_says_so_where_nothing_ends_and_nothing_is_there(self, park):
        text = text_of(park.get("seats:ends"))

        assert "Nothing ends within 90 days" in text
        assert "Nothing of this kind ends here within these days." in text
        assert "Nothing is vacant here today." in text

    def test_can_be_narrowed_and_links_stay_so(self, park, ending):
        make_floor(zone="A", seats=5)

        page = park.get("seats:ends", zone="C", kind="firm", within="30")

        assert [one.label for one in page.context["page"]] == ["C-1-1F-001 — 030"]
        assert [row.label for row in page.context["vacancy"]] == ["C-1"]
        assert page.context["horizons"][0].url.endswith("?within=30&zone=C&kind=firm#runs")

    @pytest.mark.parametrize("query", [{"zone": "Z"}, {"within": "7"}, {"building": "x"}])
    def test_shrugs_at_filters_that_make_no_sense(self, park, ending, query):
        assert park.get("seats:ends", **query).context["page"].count == 2

    def test_comes_in_pages(self, park):
        floor = make_floor(seats=200)
        for place in range(1, 121, 2):
            make_allocation(floor, (place, place), start=TODAY, last=day(place % 80))

        page = park.get("seats:ends", page="2")

        assert page.context["page"].count == 60
        assert len(page.context["page"]) == 10

    def test_is_for_those_who_see_the_park(self, firm, floor):
        assert firm.get("seats:ends").status_code == 403


@pytest.mark.parametrize("floors", [1, 9])
def test_takes_as_many_statements_whatever_there_is(park, floors, django_assert_num_queries):
    for level in range(1, floors + 1):
        floor = make_floor(level=level, building=str(level), seats=80)
        make_allocation(floor, (1, 40), start=TODAY, last=date(2024, 4, 1), to=EnterpriseFactory())
    park.get("seats:ends")

    with django_assert_num_queries(12):
        park.get("seats:ends")
