"""The enterprise files its month, the park reviews it; a closed month is opened and corrected."""

import re

from returns.models import ReturnRevision
from tests.journeys.steps import (
    FIGURES,
    begins_return,
    month_in_words,
    months_ago,
    types_all,
)


def test_a_month_is_filed_sent_back_answered_and_accepted(enter):
    enterprise, operator = enter("enterprise"), enter("operator")
    month = month_in_words(months_ago(0))

    begins_return(enterprise)
    is_asked_while_typing(enterprise)
    is_told_what_is_missing(enterprise)
    signs(enterprise)
    enterprise.sees(f"{month}月报已提交。", "第 1 版，签字人 周倩")
    enterprise.reads_fact("在谁手里", "园区")

    sends_back(operator, month)
    answers(enterprise, month)
    accepts(operator, month)

    enterprise.opens(enterprise.path())
    enterprise.reads_title(f"诚伯信息：{month}月报，已接受")
    enterprise.sees("原因：大专少计一人", within=enterprise.section("版次"))
    shown = enterprise.line("大专")[2], enterprise.line("营业收入（本月）")[2]
    assert shown == ("修103", "678.94")


def is_asked_while_typing(enterprise):
    """The entry is in 万元; whoever types 元 is asked, and helped, before anything is sent."""
    types_all(enterprise, FIGURES | {"营业收入（本月）": "6,789,400", "大专": 101})
    enterprise.sees("是不是按“元”填的？")
    enterprise.sees("还差 1", within=enterprise.group("学历"))
    enterprise.sees("合计 285", within=enterprise.group("年龄"))
    enterprise.sees("已自动保存")
    enterprise.looks()
    enterprise.page.get_by_role("button", name="改为 678.94 万元").click()
    enterprise.sees_no("是不是按“元”填的？")
    enterprise.finds_typed(FIGURES | {"大专": "101"})


def is_told_what_is_missing(enterprise):
    enterprise.presses("检查并提交")
    enterprise.sees("各项之和须等于 285，还差 1。", within=enterprise.section("四 人员结构"))
    enterprise.finds_typed(FIGURES | {"大专": "101"})
    enterprise.types("大专", 102)
    enterprise.sees_no("各项之和须等于 285，还差 1。")
    enterprise.presses("检查并提交")


def signs(enterprise, reason=None):
    enterprise.finds_typed({"签字人": "周倩"})
    if reason:
        enterprise.types("改了什么，为什么", reason)
    enterprise.presses("提交月报")


def reviews(operator, month):
    operator.goes_to("月报")
    operator.follows(month, within=operator.section("月份"))
    operator.follows("审核", within=operator.row("诚伯信息"))
    operator.reads_title(f"诚伯信息：{month}月报，等园区审核")


def sends_back(operator, month):
    reviews(operator, month)
    operator.follows("退回补充")
    operator.types("问企业的话 （可空）", "大专人数与花名册不符，请核对。")
    operator.presses("退回月报")
    operator.reads_fact("在谁手里", "诚伯信息")


def answers(enterprise, month):
    enterprise.goes_to("今天")
    enterprise.follows(re.compile("^消息"))
    enterprise.presses("打开", within=enterprise.row(f"{month_in_words(months_ago(0))}月报已退回"))
    enterprise.sees("大专人数与花名册不符，请核对。")
    enterprise.follows("答复并更正")
    types_all(enterprise, {"大专": 103, "中专及以下": 86})
    enterprise.presses("检查并提交")
    signs(enterprise, reason="大专少计一人")
    enterprise.sees("第 2 版，签字人 周倩")


def accepts(operator, month):
    reviews(operator, month)
    operator.sees("102 → 103", "87 → 86", within=operator.section("版次"))
    operator.presses("接受第 2 版")
    operator.sees(f"{month}月报已接受。")
    operator.reads_title(f"诚伯信息：{month}月报，已接受")


def test_a_closed_month_is_opened_again_corrected_and_closed(enter):
    enterprise, operator = enter("enterprise"), enter("operator")
    month = months_ago(2)  # closed on whichever day it is
    before = filed(month)

    sees_it_closed(enterprise, month)
    opens_again(operator, month)
    asks_to_correct(enterprise)
    is_asked_about_four_figures(enterprise, month, before)
    signs(enterprise, reason="漏报一名当月入职的人")
    enterprise.sees("第 2 版，签字人 周倩", "原因：漏报一名当月入职的人")

    accepts_and_closes(operator, month)
    enterprise.opens(enterprise.path())
    enterprise.sees(f"{month_in_words(month)}已锁定。更正须先由园区重开。")
    enterprise.opens(f"{enterprise.path()}correct/")
    enterprise.presses(re.compile("^更正"))
    enterprise.sees(f"{month_in_words(month)}已锁定。更正须先由园区重开。")
    assert filed(month).headcount == before.headcount + 1


def filed(month):
    """What counts of 诚伯信息 for a month."""
    rows = ReturnRevision.objects.filter(
        monthly_return__month=month, monthly_return__enterprise__short_name="诚伯信息"
    )
    return rows.latest("number")


def sees_it_closed(enterprise, month):
    enterprise.goes_to("月报")
    enterprise.follows(month_in_words(month))
    enterprise.sees(f"{month_in_words(month)}已锁定。更正须先由园区重开。")
    assert enterprise.page.get_by_role("link", name="更正").count() == 0


def opens_again(operator, month):
    operator.goes_to("月报")
    operator.follows(month_in_words(month), within=operator.section("月份"))
    operator.follows("重开月份")
    operator.types("原因", "诚伯信息要求更正人数")
    operator.presses(f"重开 {month_in_words(month)}")
    operator.sees(f"{month_in_words(month)}已重开。")


def asks_to_correct(enterprise):
    enterprise.opens(enterprise.path())
    enterprise.follows("更正")
    enterprise.presses(re.compile("^更正"))
    enterprise.sees("现在可以更正")


def is_asked_about_four_figures(enterprise, month, before):
    """One more at the end than came and went, and nobody in any group: the groups say who."""
    opening, people = before.headcount - before.joined + before.left, before.headcount + 1
    assert opening == filed(months_ago(3)).headcount
    enterprise.follows("继续填报")
    enterprise.types("期末从业人员", people)
    enterprise.sees(
        f"{opening} + {before.joined} − {before.left} = {before.headcount}，填的是 {people}。"
    )
    types_all(
        enterprise,
        {
            "本月新增": before.joined + 1,
            "大专": before.junior_college + 1,
            "18–26 岁": before.age_18_26 + 1,
            "本市": before.local + 1,
        },
    )
    enterprise.sees_no(re.compile("填的是"))
    enterprise.looks()
    enterprise.presses("检查并提交")


def accepts_and_closes(operator, month):
    operator.opens(operator.path())
    operator.follows("审核", within=operator.row("诚伯信息"))
    operator.presses("接受第 2 版")
    operator.goes_to("月报")
    operator.follows(month_in_words(month), within=operator.section("月份"))
    operator.follows("锁定本月")
    operator.sees("应报企业全部已报")
    operator.presses(f"锁定 {month_in_words(month)}")
    operator.sees(f"{month_in_words(month)}已锁定。")
