"""For a peak seats go from one enterprise to another, through the park, and come back."""

import re

from foundation import clock
from tests.journeys.counting import count
from tests.journeys.steps import in_days

FLOOR = "D-4-6F"  # 诚伯信息 has some of its seats since 2025
RUN = "D-4-6F-121 — 160"


def test_the_park_proposes_the_lender_agrees_and_the_borrower_gets_the_seats(enter):
    operator, lender, borrower = enter("operator"), enter("enterprise"), enter("tongcheng")
    start, last = in_days(10), in_days(40)
    before = count(start, FLOOR)

    proposes(operator, start, last)
    agrees(lender, start)
    arranges(operator)
    sees_until_when(borrower, last)

    # Contracted they stay, and on every day to the seat.
    assert count(start, FLOOR).firm == before.firm
    assert count(in_days(41), FLOOR).firm == before.firm
    sees_that_they_are_lent(lender, last)


def proposes(operator, start, last):
    operator.goes_to("席位")
    operator.follows("调剂")
    operator.follows("提出调剂")
    operator.fills(楼层=FLOOR, 首席=121, 末席=160)
    operator.fills(首日=start, 末日=last)
    operator.chooses("借给", "同程旅行")
    operator.types("事由 （可空）", "假期出行高峰")
    operator.presses("征求出借企业同意")
    operator.sees("已提出，已征求出借企业同意。")
    operator.reads_title("诚伯信息借给同程旅行 40 席")
    operator.sees("下一步：等诚伯信息答复。")


def agrees(lender, start):
    lender.goes_to("席位")
    lender.follows("调剂")
    lender.sees("等诚伯信息答复")
    lender.follows("诚伯信息借给同程旅行 40 席")
    lender.follows(re.compile("^同意$"))
    has = count_of(lender, start)
    assert has[1] == f"{int(has[0]) - 40}"
    lender.finds_typed({"同意人": "周倩"})
    lender.presses("同意借出 40 席")
    lender.sees("已同意。接下来由园区办理。", "周倩 同意")


def count_of(lender, start):
    """Before and after on the first day, as the page says."""
    row = lender.row("诚伯信息", start.isoformat())
    return [part.strip() for part in row.locator("td").last.inner_text().split("→")]


def arranges(operator):
    operator.opens(operator.path())
    operator.follows("办理调剂")
    operator.sees("同程旅行")
    operator.presses("借出 40 席")
    operator.sees("已办理。到期席位自动归还。")
    operator.reads_fact("状态", "未开始")


def sees_until_when(borrower, last):
    borrower.opens("/seats/loans/")
    borrower.follows("借用 40 席")
    borrower.sees(f"至 {last.isoformat()} 席位归您使用。")
    borrower.reads_fact("出借企业", "另一家企业")
    borrower.sees_no("诚伯信息")
    borrower.follows("同程旅行", within=borrower.page.locator("#loan-facts"))
    borrower.sees(f"借用至 {last.isoformat()}。", RUN)


def sees_that_they_are_lent(lender, last):
    lender.opens(lender.path().replace("agree/", ""))
    lender.sees(f"至 {last.isoformat()} 由同程旅行使用，到期自动归还。")
    assert clock.today() < last
