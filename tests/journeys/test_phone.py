"""The daily work on a phone of 390 pixels: asking, approving, filing, reading."""

import re
from datetime import date
from functools import partial

import pytest
from playwright.sync_api import expect

from returns.models import ReturnRevision
from tests.journeys.counting import count, free_from, named
from tests.journeys.person import NARROW
from tests.journeys.steps import (
    asks_for_seats,
    begins_return,
    chooses_only,
    figures_for,
    in_days,
    month_in_words,
    months_ago,
    opens_request,
    types_all,
    whole,
)


@pytest.fixture
def take_phone(enter):
    return partial(enter, width=NARROW)


def test_an_enterprise_asks_and_an_operator_approves(take_phone):
    start = in_days(130)
    before = count(start, "D-").firm
    enterprise, operator = take_phone("jingawei"), take_phone("operator")

    asks_for_seats(enterprise, seats=90, zone="D", start=start)
    enterprise.sees("已提交，现在在园区手里。")
    opens_request(operator, "京阿唯：新租 90 席")
    operator.presses("接手")
    [(floor, first, last), *_others] = free_from(start, "D-")
    chooses_only(operator, named(floor, first, last), first, first + 89)
    operator.looks()
    operator.presses("批准 90 席")
    operator.sees("已批准：京阿唯得到 90 席。")
    assert count(start, "D-").firm == before + 90
    enterprise.opens(enterprise.path())
    enterprise.sees(named(floor, first, first + 89))


def test_a_month_is_filed_between_two_meetings(take_phone):
    enterprise = take_phone("jingawei")
    begins_return(enterprise)
    types_all(enterprise, figures_for(enterprise))
    enterprise.sees("已自动保存")
    enterprise.looks()
    enterprise.presses("检查并提交")
    enterprise.presses("提交月报")
    enterprise.reads_title(f"京阿唯：{month_in_words(months_ago(0))}月报，等园区审核")


def test_an_official_reads_a_report_down_to_its_rows(take_phone, issued):
    official = take_phone("official")
    official.goes_to("报表")
    official.follows("产值月报", within=official.row("产值月报", "2022年11月"))
    official.turns_to(re.compile("分企业从业人员"))
    filed = ReturnRevision.objects.filter(monthly_return__month=date(2022, 11, 1))
    people = sum(row.headcount for row in filed)
    official.turns_to(f"{people:,}", within=official.row("合计").get_by_role("cell").first)
    *rows, total = official.page.locator("#rows tbody td").all_inner_texts()
    official.sees(f"{len(filed)} 家企业")
    assert len(rows) == 1  # who filed what is not theirs to read
    assert sum(map(whole, rows)) == whole(total) == people
    expect(official.page.locator("#rows h2")).to_be_in_viewport()
