"""Who is here, who came and who left: against the same months walked through day by day."""

import itertools
import random
from datetime import date, timedelta

import pytest

from foundation.months import add_months, format_month, last_day, next_month
from reports.assembly import assemble
from reports.indicators import Facts, figures, rows, take
from reports.indicators.tenants import NEW_LINES, SOURCES, TENANTS
from reports.models import ReportKind
from reports.parts import part_of
from reports.services.snapshots import read
from tenants.models import BusinessClass, BusinessLine, Tenancy
from tenants.services import add_business_line
from tests.conftest import TODAY
from tests.factories.returns import make_tenant
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FIRST = date(2023, 11, 1)
MONTHS = [add_months(FIRST, n) for n in range(5)]
CODES = ["tenants", "fortune_500", "top_100", "leaders", "arrived", "arrived_leaders", "left_firms"]


def lives(seed):
    """Enterprises with random stays, some of them cut into tenancies that follow each other."""
    chance = random.Random(seed)  # noqa: S311
    found = []
    for _ in range(12):
        firm = EnterpriseFactory(
            is_fortune_500=chance.random() < 0.3, is_industry_top_100=chance.random() < 0.3
        )
        day, days = date(2023, 10, 1) + DAY * chance.randrange(60), set()
        while day < date(2024, 5, 1):
            end = day + DAY * chance.choice([1, 7, 20, 31, 45, 400])
            Tenancy.objects.create(enterprise=firm, period=(day, end))
            days |= {day + DAY * n for n in range((end - day).days)}
            day = end + DAY * chance.choice([0, 0, 1, 9, 30])
        found.append((firm, days))
    return found


def on_paper(found, month):
    """The figures of a month, counted day by day."""
    days = [month + DAY * n for n in range((next_month(month) - month).days)]
    here = [(firm, at) for firm, at in found if last_day(month) in at]
    came = [firm for firm, at in found for d in days if d in at and d - DAY not in at]
    went = [firm for firm, at in found for d in days if d not in at and d - DAY in at]
    return {
        "tenants": len(here),
        "fortune_500": sum(firm.is_fortune_500 for firm, _ in here),
        "top_100": sum(firm.is_industry_top_100 for firm, _ in here),
        "leaders": sum(firm.is_fortune_500 or firm.is_industry_top_100 for firm, _ in here),
        "arrived": len(came),
        "arrived_leaders": sum(f.is_fortune_500 or f.is_industry_top_100 for f in came),
        "left_firms": len(went),
    }


@pytest.mark.parametrize("seed", range(8))
def test_are_those_of_the_calendar_day_by_day(seed):
    found = lives(seed)

    counted = figures(CODES, MONTHS, by="total")

    for month in MONTHS:
        expected = on_paper(found, month)
        assert {code: counted.get((code, format_month(month), "total"), 0) for code in CODES} == (
            expected
        )
        for code in CODES:
            behind = rows(code, month, key="total")
            column = {"tenants": "tenant", "leaders": "leader", "left_firms": "left"}
            column |= {"arrived_leaders": "arrived_leader"}
            assert sum(getattr(row, column.get(code, code)) for row in behind) == expected[code]


@pytest.mark.parametrize("seed", range(12, 15))
def test_the_report_says_them_with_the_months_before(seed):
    found = lives(seed)
    month = MONTHS[3]

    content = assemble(ReportKind.OCCUPANCY, month, read(ReportKind.OCCUPANCY, month).facts)

    (table,) = [table for table in content["tables"] if table["code"] == "firms"]
    (row,) = table["rows"]
    said = dict(zip([one["code"] for one in table["columns"]], row["cells"], strict=True))
    now, before = on_paper(found, month), on_paper(found, add_months(month, -1))
    assert {code: said[code] for code in now} == now
    assert said["tenants.previous"] == before["tenants"]
    assert said["tenants.change.previous"] == now["tenants"] - before["tenants"]
    assert (said["tenants.year_before"], said["tenants.growth.year_before"]) == (0, None)
    assert said["new_lines"] == 0


@pytest.mark.parametrize("seed", range(8, 12))
def test_last_month_and_who_came_less_who_left_make_this_month(seed):
    lives(seed)
    counted = figures(["tenants", "arrived", "left_firms"], MONTHS, by="total")

    def of(code, month):
        return counted.get((code, format_month(month), "total"), 0)

    for before, month in itertools.pairwise(MONTHS):
        here = of("tenants", before) + of("arrived", month) - of("left_firms", month)
        assert here == of("tenants", month)


def test_who_stays_until_the_last_day_of_a_month_leaves_in_the_next():
    make_tenant(date(2023, 1, 1), date(2024, 1, 1))  # the last day is 31 December

    counted = figures(["tenants", "left_firms"], [date(2023, 12, 1), date(2024, 1, 1)], by="total")

    assert counted["tenants", "2023-12", "total"] == 1
    assert counted["left_firms", "2023-12", "total"] == 0
    assert counted["tenants", "2024-01", "total"] == 0
    assert counted["left_firms", "2024-01", "total"] == 1


class TestLinesOfBusiness:
    def line(self, firm, day, business=BusinessClass.DATA_PROCESSING, name=""):
        return add_business_line(
            enterprise=firm,
            business_class=business,
            started_on=day,
            name=name,
            today=TODAY,
            acting_user=None,
        )

    def test_count_in_the_month_of_their_first_day_and_in_their_own_class(self):
        firm = make_tenant()
        self.line(firm, date(2024, 1, 31))
        self.line(firm, date(2024, 2, 1), BusinessClass.E_COMMERCE)

        months = [date(2024, 1, 1), date(2024, 2, 1)]
        by_class = figures(["new_lines"], months, by="class")

        assert by_class["new_lines", "2024-01", "class.data_processing"] == 1
        assert by_class["new_lines", "2024-01", "class.e_commerce"] == 0
        assert by_class["new_lines", "2024-02", "class.e_commerce"] == 1

    def test_of_firms_that_are_not_in_the_park_count_nowhere(self):
        self.line(EnterpriseFactory(), date(2024, 1, 10))
        self.line(make_tenant(date(2024, 1, 11)), date(2024, 1, 10))

        assert figures(["new_lines"], [date(2024, 1, 1)], by="total") == {}

    def test_without_a_first_day_count_nowhere(self):
        BusinessLine.objects.create(enterprise=make_tenant(), business_class="e_commerce")

        assert figures(["new_lines"], [date(2024, 1, 1)], by="total") == {}

    def test_are_noted_once(self):
        firm = make_tenant()
        self.line(firm, date(2024, 1, 10), name="保险回访")

        with pytest.raises(Invalid):
            self.line(firm, date(2024, 1, 10), name="保险回访")
        assert BusinessLine.objects.count() == 1

    def test_say_whose_they_are_what_and_since_when(self):
        firm = make_tenant()
        self.line(firm, date(2024, 1, 10), name="保险回访")
        month = date(2024, 1, 1)
        facts = take({"lines": [month]})

        (line,) = part_of(facts, NEW_LINES, facts.of("lines"), ["2024-01"]).lines

        assert (line.name, line.where, line.when) == (
            firm.short_name,
            "保险回访",
            "2024-01-10 起",
        )


def test_facts_outlive_their_way_through_json():
    make_tenant()
    facts = take({"tenancies": MONTHS, "lines": MONTHS})
    sources = {source.code: source for source in SOURCES}

    again = Facts.from_json(facts.to_json(sources), sources)

    assert again.tables == facts.tables


def test_what_is_invented_is_marked_where_it_counts():
    firm = EnterpriseFactory(is_fortune_500=True, sample_fields=["is_fortune_500"])
    Tenancy.objects.create(enterprise=firm, period=(date(2023, 1, 1), None))
    month = date(2024, 1, 1)
    facts = take({"tenancies": [month]})

    (line,) = part_of(facts, TENANTS, facts.of("tenancies"), ["2024-01"]).lines

    assert not line.is_sample
    assert "fortune_500" in facts.of("tenancies")[0].sample_fields
