"""An enterprise asks in two phases, declines the park's first offer and accepts the second."""

import re

from tests.journeys.counting import count
from tests.journeys.steps import in_days, opens_request

WHAT = "同程旅行：扩租 90 席"


def test_an_enterprise_declines_an_offer_and_accepts_the_next(enter):
    start, later = in_days(33), in_days(94)
    before = count(later, "C-")
    enterprise, operator = enter("tongcheng"), enter("operator")

    asks_in_two_phases(enterprise, start, later)
    offers(operator, until=in_days(5))
    declines(enterprise)
    offers_again(operator)
    accepts(enterprise, start, later)
    confirms(operator)

    enterprise.opens(enterprise.path())
    enterprise.reads_fact("状态", "已落实")
    assert enterprise.line(later.isoformat()) == ["30", "90", "90"]
    after = count(later, "C-")
    assert (after.firm, after.free) == (before.firm + 90, before.free - 90)


def asks_in_two_phases(enterprise, start, later):
    enterprise.goes_to("申请")
    enterprise.follows("申请席位")
    enterprise.ticks("扩租")
    enterprise.fills(席位数=90, 从哪天起=start)
    enterprise.ticks("C 区")
    enterprise.page.get_by_text("分期入驻").click()
    fills_phase(enterprise, 1, 60, start)
    enterprise.presses("提交给园区")
    enterprise.sees("各期合计 60 席，与申请的 90 席不符。")

    fills_phase(enterprise, 2, 30, later)
    enterprise.chooses("桌椅与电脑 （可空）", "用园区的")
    enterprise.types("电脑 （可空）", 90)
    enterprise.ticks("24 小时出入")
    enterprise.presses("提交给园区")
    enterprise.sees("已提交，现在在园区手里。", "工时剩余，承诺 24 工时")
    enterprise.reads_fact("分期", f"{start} 起 60 席{later} 起 30 席")
    enterprise.reads_fact("场地", "24 小时出入用园区桌椅电脑电脑 90 台")


def fills_phase(enterprise, number, seats, start):
    phase = enterprise.group(f"第 {number} 期")
    phase.get_by_label("席位").fill(str(seats))
    phase.get_by_label("从哪天起").fill(str(start))


def offers(operator, until):
    opens_request(operator, WHAT)
    operator.sees("第 1 期：60 席", "第 2 期：30 席", "已选 90 ÷ 90 席")
    operator.types("预留至 （可空）", until)
    operator.types("随方案写给企业的话 （可空）", "先占 C 区两段。")
    operator.presses(re.compile("^预留 90 席并发给企业"))
    operator.sees("方案已发出：为同程旅行预留 90 席。", f"预留至 {until}")
    operator.reads_fact("在谁手里", "同程旅行")
    operator.reads_fact("园区办理人", "张敏")


def declines(enterprise):
    enterprise.goes_to("今天")
    enterprise.follows("答复", within=enterprise.row("扩租 90 席：园区发来方案"))
    enterprise.sees("园区写道：先占 C 区两段。", "接受 90 席")
    enterprise.follows("不接受")
    enterprise.types("写给园区的话", "希望两期在同一层。")
    enterprise.presses("不接受")
    enterprise.sees("未接受方案，席位不再预留，园区另选席位。")
    enterprise.reads_fact("在谁手里", "张敏（园区）")


def offers_again(operator):
    operator.opens(operator.path())
    operator.sees("企业写道：希望两期在同一层。", "未接受方案：希望两期在同一层。")
    operator.presses(re.compile("^预留 90 席并发给企业"))
    operator.sees("方案已发出：为同程旅行预留 90 席。")


def accepts(enterprise, start, later):
    enterprise.goes_to("申请")
    enterprise.follows("扩租 90 席")
    enterprise.sees(f"{later} 已签约席位：")
    enterprise.presses("接受 90 席")
    enterprise.sees("已接受，由园区交接席位。", "下一步：园区向您交接席位。")
    assert enterprise.line(start.isoformat()) == ["60", "60", "60"]


def confirms(operator):
    operator.opens(operator.path())
    operator.sees("接受了 90 席")
    operator.follows("确认席位已交接")
    operator.sees("已接受 → 已落实")
    operator.presses("确认 90 席已交接")
    operator.sees("已确认，申请已落实。")
