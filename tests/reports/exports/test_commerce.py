"""The five groups: every figure is the sum that one gets by hand from what was filed."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from reports.exports.periods import Length, Period
from reports.exports.workbook import xlsx_of
from reports.services.exporting import read
from tests.conftest import NOW, TODAY
from tests.reports.exports.conftest import MONTHS, rows_of
from tests.reports.exports.filings import in_yuan

pytestmark = pytest.mark.django_db
QUARTER = Period.around(Length.QUARTER, MONTHS[1])


def wan(yuan: Decimal | int) -> float:
    return round(float(yuan) / 10_000, 6)


def workbook_of(kind: str = "commerce", period: Period = QUARTER, enterprise: Any = None) -> bytes:
    _facts, sheets = read(kind, period, enterprise, TODAY)
    return xlsx_of("标题", [("报告期", "x")], sheets, NOW)


def same(cells: list[Any], expected: list[Any]) -> None:
    for cell, should in zip(cells, expected, strict=True):
        if isinstance(should, float):
            assert cell == pytest.approx(should, abs=1e-6)
        else:
            assert cell == should


class TestContracts:
    def test_are_the_sums_of_what_each_filed(self, filed):
        rows = {row[0]: row for row in rows_of(workbook_of(), "1 接包合同")}

        for name, firm in filed.firms.items():
            papers = [one.figures for one in filed.of(name)]
            if not papers:
                assert rows[name][3:10] == [None] * 7
                continue

            def add(*names, papers=papers):
                return sum(paper[one] for paper in papers for one in names)

            same(
                rows[name][1:10],
                [
                    firm.credit_code,
                    len(papers),
                    add("contracts"),
                    wan(add("contract_value")),
                    wan(add("offshore_contract_value")),
                    wan(add("contract_value") - add("offshore_contract_value")),
                    wan(add("executed_value")),
                    wan(add("offshore_executed_value")),
                    wan(add("onshore_executed_value")),
                ],
            )

    def test_say_what_is_missing_and_leave_out_what_was_sent_back(self, filed):
        rows = {row[0]: row for row in rows_of(workbook_of(), "1 接包合同")}

        assert rows["一号呼叫有限公司"][10] is None
        assert "2023-11、2023-12" in rows["=二号数据(内江)有限公司"][10].replace(", ", "、")
        assert rows["三号未报有限公司"][2] == 0

    def test_by_class_are_the_sums_of_the_lines(self, filed):
        expected: dict[tuple[str, str], dict[str, Any]] = {}
        for paper in filed.filings:
            for code, line in paper.classes.items() if paper.month in MONTHS else ():
                sums = expected.setdefault((paper.firm, code), dict.fromkeys(line, 0))
                for name, value in line.items():
                    sums[name] += value

        rows = rows_of(workbook_of(), "1-1 合同按业务类别")

        assert {(row[0], row[5]) for row in rows} == set(expected)
        assert len(rows) == len(expected)
        for row in rows:
            sums = expected[row[0], row[5]]
            executed, offshore = sums["executed_value"], sums["offshore_executed_value"]
            same(
                row[6:11],
                [
                    sums["contracts"],
                    wan(sums["contract_value"]),
                    wan(executed),
                    wan(offshore),
                    wan(executed - offshore),
                ],
            )
            assert row[2] == row[5][:3]

    def test_name_the_path_of_each_class(self, filed):
        paths = {row[5]: row[2:5] for row in rows_of(workbook_of(), "1-1 合同按业务类别")}

        assert paths["BPO-2-3"] == ["BPO", "业务运营服务", "客户服务和呼叫中心"]
        assert paths["BPO-3"] == ["BPO", "维修维护服务", None]

    def test_by_market_stand_month_by_month_with_rate_and_dollars(self, filed):
        expected = {}
        for paper in filed.filings:
            for (market, currency), line in paper.markets.items() if paper.month in MONTHS else ():
                yuan = [
                    in_yuan(line[name], line["rate"])
                    for name in ("contract_amount", "executed_amount")
                ]
                dollars: list[Any] = [line["contract_amount"], line["executed_amount"]]
                if currency != "USD":
                    has_rate = paper.month in MONTHS[:2]  # the park set none for December
                    dollars = [
                        (one / Decimal("7.1")).quantize(Decimal("0.01"), ROUND_HALF_UP)
                        if has_rate
                        else None
                        for one in yuan
                    ]
                amounts = [line["contract_amount"], line["executed_amount"], *yuan, *dollars]
                key = (paper.firm, f"{paper.month:%Y-%m}", market, currency)
                expected[key] = [
                    float(line["rate"]),
                    *(None if one is None else wan(one) for one in amounts),
                ]

        rows = rows_of(workbook_of(), "1-2 离岸按国别（地区）")

        assert {(row[0], row[2], row[3], row[5]) for row in rows} == set(expected)
        assert any(row[11] is None for row in rows)
        for row in rows:
            same(row[6:13], expected[row[0], row[2], row[3], row[5]])


class TestPeople:
    def test_are_at_the_end_of_the_last_month_and_flows_of_all_of_them(self, filed):
        rows = {row[0]: row for row in rows_of(workbook_of(), "2 人力资源")}
        papers = [one.figures for one in filed.of("一号呼叫有限公司")]
        last = papers[-1]
        college = last["postgraduate"] + last["bachelor"] + last["junior_college"]

        same(
            rows["一号呼叫有限公司"][2:12],
            [
                papers[0]["opening"],
                sum(paper["joined"] for paper in papers),
                sum(paper["left"] for paper in papers),
                last["headcount"],
                college,
                float(Decimal(college) / last["headcount"]),
                last["postgraduate"],
                last["bachelor"],
                last["junior_college"],
                last["below_college"],
            ],
        )

    def test_are_not_known_where_the_last_month_is_missing(self, filed):
        row = next(r for r in rows_of(workbook_of(), "2 人力资源") if r[0].startswith("=二号"))

        (paper,) = filed.of("=二号数据(内江)有限公司")
        assert row[2:6] == [60, paper.figures["joined"], paper.figures["left"], None]
        assert row[6:17] == [None] * 11

    def test_new_hires_stand_by_month(self, filed):
        rows = rows_of(workbook_of(), "5 新录用人员")

        assert [row[:1] + row[2:6] for row in rows] == [
            [
                paper.firm,
                f"{paper.month:%Y-%m}",
                paper.figures["joined"],
                paper.figures["left"],
                paper.figures["headcount"],
            ]
            for name in [
                row[0] for row in rows_of(workbook_of(), "4 企业信息") for row in [row[1:]]
            ]
            for paper in filed.of(name)
        ]


class TestEnterprise:
    def test_says_who_it_is_and_where_it_sits(self, filed):
        rows = {row[1]: row for row in rows_of(workbook_of(), "4 企业信息")}

        one = rows["一号呼叫有限公司"]
        assert one[4:8] == ["外商投资", "6591", "呼叫中心", "客服服务"]
        assert one[9:11] == ["C-1-1F、C-1-2F", 25]
        assert (one[11].date(), one[12], one[14]) == (date(2021, 3, 1), "+王欣", "0832-0000123")
        assert rows["三号未报有限公司"][4:8] == [None] * 4

    def test_lists_the_returns_that_are_missing(self, filed):
        rows = rows_of(workbook_of(), "未报清单")

        assert {(row[0], row[2], row[3]) for row in rows} == {
            ("=二号数据(内江)有限公司", "2023-11", "退回"),
            ("=二号数据(内江)有限公司", "2023-12", "未报"),
            ("三号未报有限公司", "2023-11", "未报"),
            ("三号未报有限公司", "2023-12", "未报"),
        }

    def test_certifications_have_columns_and_no_invented_value(self, filed):
        rows = rows_of(workbook_of(), "3 企业认证")

        assert len(rows) == 3
        assert all(row[2:] == [None] * 6 for row in rows)


class TestOneEnterprise:
    def test_sees_no_other(self, filed):
        data = workbook_of(enterprise=filed.firms["一号呼叫有限公司"])

        for sheet in ("1 接包合同", "1-1 合同按业务类别", "2 人力资源", "5 新录用人员", "未报清单"):
            assert {row[0] for row in rows_of(data, sheet)} <= {"一号呼叫有限公司"}
        assert len(rows_of(data, "4 企业信息")) == 1

    def test_a_month_is_that_month(self, filed):
        data = workbook_of(
            period=Period(MONTHS[0], MONTHS[0]), enterprise=filed.firms["一号呼叫有限公司"]
        )
        (row,) = rows_of(data, "1 接包合同")
        (paper,) = filed.of("一号呼叫有限公司", MONTHS[0])

        assert row[3] == paper.figures["contracts"]
        assert row[7] == pytest.approx(wan(paper.figures["executed_value"]))


def test_facts_are_read_in_a_fixed_number_of_queries(filed, django_assert_num_queries):
    with django_assert_num_queries(15):
        read("commerce", QUARTER, None, TODAY)
    with django_assert_num_queries(15):
        read("commerce", QUARTER.to_date, None, TODAY)
