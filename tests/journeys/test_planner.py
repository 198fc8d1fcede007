"""Can 300 be seated together? The question on the start page, the planner, and who was faster."""

import re

from tests.journeys.counting import count
from tests.journeys.steps import in_days, in_words


def test_300_seats_are_planned_and_whoever_is_second_gets_other_plans(enter):
    start = in_days(75)
    before = count(start, "").held
    first_operator, second_operator = enter("operator"), enter("litao")

    first_operator.opens("/")
    asks(first_operator, seats=300, start=start)
    first_operator.sees(f"能，自 {in_words(start)}起。")
    first_operator.follows(re.compile("看 5 个方案"))
    first_operator.reads_title(f"自 {in_words(start)}起 300 席：5 个方案")
    second_operator.opens(first_operator.page.url.removeprefix(second_operator.address))
    for operator, firm in ((first_operator, "鸿联九五"), (second_operator, "知道创宇")):
        operator.chooses("为哪家企业 （可空）", firm)
        operator.presses("重新排席")
    planned = first_operator.page.locator("#plan-1 th a").inner_text()

    first_operator.presses("按方案 1 预留 300 席")
    first_operator.sees("鸿联九五：预留 300 席")
    first_operator.sees(planned)

    second_operator.presses("按方案 1 预留 300 席", status=409)
    second_operator.sees(f"{planned} 已为鸿联九五预留")
    second_operator.sees("没有预留任何席位。下面是现在的方案。")
    assert second_operator.page.locator("#plan-1 th a").inner_text() != planned
    second_operator.presses("按方案 1 预留 300 席")
    second_operator.sees("知道创宇：预留 300 席")
    assert count(start, "").held == before + 600


def asks(operator, *, seats, start):
    box = operator.section("能安排吗？")
    box.get_by_label("席位数").fill(str(seats))
    box.get_by_label("从哪天起").fill(start.isoformat())
    box.get_by_label("席位须连续").check()
    operator.presses("算一算", within=box)


def test_what_does_not_fit_leads_to_what_does(enter):
    operator = enter("operator", width=390)
    operator.opens("/seats/planner/")
    operator.fills(席位数=5000, 从哪天起=in_days(75))
    operator.ticks("席位须连续")
    operator.presses("排席")

    operator.sees(re.compile("这样安排不下"))
    operator.sees("分几段就能安排。")
    operator.follows("分几段就能安排。")
    operator.reads_title(re.compile("5,000 席：\\d 个方案"))


def test_what_ends_is_a_line_away(enter):
    operator = enter("operator")
    operator.opens("/")
    operator.follows("全部到期")
    operator.sees("到期席位", "空席已空多久", "各栋最长连续空席")
    operator.chooses("期限 （可空）", "30 天内")
    operator.presses("筛选")
    operator.reads_title(re.compile("^30 天内"))
