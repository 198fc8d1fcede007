"""The statistics of development zones: the year to date; what is not known stays empty."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from reports.exports.periods import Length, Period
from tests.reports.exports.conftest import MONTHS, rows_of
from tests.reports.exports.filings import file_it, invent
from tests.reports.exports.test_commerce import same, wan, workbook_of

pytestmark = pytest.mark.django_db
QUARTER = Period.around(Length.QUARTER, MONTHS[1])
FIRST = "一号呼叫有限公司"


@pytest.fixture
def data(filed) -> bytes:
    return workbook_of("zone", QUARTER)


def total(papers, name) -> Decimal:
    return sum(paper.figures[name] for paper in papers)


class TestFirms:
    def test_are_those_above_their_threshold_with_the_year_to_date(self, filed, data):
        rows = rows_of(data, "「四上」企业发展情况")
        year = filed.of(FIRST, *[date(2023, month, 1) for month in range(1, 13)])

        (row,) = rows
        assert total(year, "revenue") >= 20_000_000  # so that it is above
        assert row[0] == FIRST
        same(row[3:7], ["1—12月", wan(total(year, "revenue")), None, None])
        assert row[14] == pytest.approx(wan(total(year, "total_profit")))
        assert row[18] == year[-1].figures["headcount"]
        assert row[7] is None  # business costs: nobody gave them

    def test_month_by_month_begin_with_january_and_february_together(self, filed, data):
        rows = rows_of(data, "规上服务业逐月累计")

        assert [row[3] for row in rows] == [f"1—{month}月" for month in range(2, 13)]
        for number, row in enumerate(rows, start=2):
            papers = filed.of(FIRST, *[date(2023, month, 1) for month in range(1, number + 1)])
            assert row[4] == pytest.approx(wan(total(papers, "revenue")))
            assert row[18] == papers[-1].figures["headcount"]

    def test_grow_on_the_same_months_where_all_of_them_are_filed(
        self, filed, django_assert_num_queries
    ):
        chance = random.Random(7)  # noqa: S311
        opening = filed.of(FIRST, MONTHS[2])[0].figures["headcount"]
        papers = []
        for month in (1, 2):
            papers.append(invent(chance, FIRST, date(2024, month, 1), opening))
            opening = papers[-1].figures["headcount"]
            file_it(papers[-1], filed.firms[FIRST])
        before = filed.of(FIRST, date(2023, 1, 1), date(2023, 2, 1))

        data = workbook_of("zone", Period(date(2024, 1, 1), date(2024, 2, 1)))
        (row,) = rows_of(data, "「四上」企业发展情况")

        now, base = total(papers, "revenue"), total(before, "revenue")
        same(row[4:7], [wan(now), wan(base), float((now - base) / base)])


class TestUnits:
    def test_are_all_that_are_here_on_the_last_day(self, filed, data):
        rows = {row[2]: row for row in rows_of(data, "统计基本单位名录")}

        assert set(rows) == set(filed.firms)
        assert sorted(row[0] for row in rows.values()) == [1, 2, 3]
        assert rows[FIRST][3:7] == ["外商投资", "I", "6591", "呼叫中心"]
        assert rows[FIRST][10] == "是"
        assert rows["=二号数据(内江)有限公司"][10] == "否"
        assert rows["三号未报有限公司"][10] is None

    def test_have_no_revenue_where_a_month_is_missing(self, filed, data):
        rows = {row[2]: row for row in rows_of(data, "统计基本单位名录")}

        assert rows["=二号数据(内江)有限公司"][11:13] == [None, None]
        assert "2023-11" in rows["=二号数据(内江)有限公司"][18]


class TestBasics:
    def test_say_what_is_known_with_its_source_and_leave_the_rest_empty(self, filed, data):
        rows = {row[0]: row for row in rows_of(data, "基本情况")}
        papers = [one for one in filed.filings if one.month.year == 2023]

        assert rows["现有席位"][2] == 200
        assert rows["其中：已签约席位"][2] == 35
        assert rows["期末入驻企业数"][2] == 3
        assert rows["其中：规模以上服务业企业"][2] == 1
        assert rows["营业收入（本年累计）"][2] == pytest.approx(wan(total(papers, "revenue")))
        assert rows["期末从业人员"][2] == filed.of(FIRST, MONTHS[2])[0].figures["headcount"]
        by_hand = [row for row in rows.values() if row[3] == "手工填写"]
        assert len(by_hand) >= 8
        assert all(row[2] is None for row in by_hand)

    def test_projects_have_columns_and_no_row(self, data):
        assert rows_of(data, "投资项目名录") == []
