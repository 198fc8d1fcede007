"""One return, two people, every kind of entry: lines, notes, parts, and nothing to report."""

import re

import pytest

from tenants.models import Enterprise
from tests.factories.tenants import make_member
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import begins_return, leads_to, types_all


@pytest.fixture
def colleague(enter):
    """陈蓉, who joins the manager of 鸿联九五."""
    firm = Enterprise.objects.get(short_name="鸿联九五")
    if not firm.memberships.filter(user__name="陈蓉").exists():
        user = make_member(firm, is_manager=False, name="陈蓉", email="rong@xiyuan.example")
        user.set_password(PASSWORD)
        user.save()
    return enter("rong")


def test_two_people_fill_in_one_return(enter, colleague):
    manager = enter("honglian")
    begins_return(manager)
    colleague.opens(manager.path())
    manager.types("税收合计（本月）", "98.7")

    colleague.types("本月新增", "7")

    manager.finds_typed({"本月新增": "7", "税收合计（本月）": "98.7"})
    manager.sees(re.compile(r"陈蓉 \d\d:\d\d:\d\d 保存了本节"))
    colleague.finds_typed({"税收合计（本月）": "98.70"})
    write_the_same(manager, colleague)
    manager.looks()
    colleague.looks()

    adds_what_was_done(manager)
    explains(manager)
    gives_away_the_people(manager, colleague)
    reports_nothing(manager)


def write_the_same(one, other):
    """Two values for one entry: the later one is told, and loses nothing."""
    one.types("劳务派遣人员", "12")
    other.types("劳务派遣人员", "13")
    clash = re.compile("其间别人存的是")
    loser, typed = None, ""
    for _second in range(10):
        told = [
            (person, value)
            for person, value in ((one, "12"), (other, "13"))
            if person.page.get_by_text(clash).count()
        ]
        if told:
            [(loser, typed)] = told
            break
        one.page.wait_for_timeout(1000)
    assert loser, "nobody was told"
    loser.finds_typed({"劳务派遣人员": typed})
    loser.types("劳务派遣人员", "14")
    loser.sees_no(clash)
    for person in (one, other):
        person.finds_typed({"劳务派遣人员": "14"})


def adds_what_was_done(person):
    """A class and a market, with scripts: the page stays, and the sums are said."""
    types_all(person, {"合同执行额": "19.02", "合同执行额，离岸": "7.10"})
    person.finds_typed({"合同执行额，在岸": "11.92"})
    person.chooses("要加的类别", "集成电路和电子电路设计 ITO-1-2")
    clicks(person, "加这一类")
    types_all(
        person,
        {"集成电路和电子电路设计：合同执行额": "18.90", "集成电路和电子电路设计：离岸": "7.10"},
    )
    person.sees("合同执行额：各类之和是 18.90，须等于合计。")
    person.chooses("要加的国别（地区）", "中国香港")
    person.chooses("币种", "美元 USD")
    clicks(person, "加这一行")
    types_all(person, {"中国香港（美元）：汇率": "7.1", "中国香港（美元）：合同执行额": "1"})
    person.sees("= 7.10 万元")
    with person.narrowed():
        person.looks()
    clicks(person, "把合计填到上面各栏")
    person.finds_typed({"合同执行额": "18.90", "合同执行额，在岸": "11.80"})
    person.sees_no(re.compile("须等于合计"))


def explains(person):
    """A jump asks for a sentence, takes it, and counts as explained."""
    joined, left = leads_to(person, 2000)
    types_all(person, {"本月新增": joined, "本月减少": left})
    person.finds_typed({"期末从业人员": "2,000"})
    person.page.locator('[name="note:V6:headcount"]').fill("春节后新开在线客服二期")
    person.sees("1 处已说明")
    person.looks()


def gives_away_the_people(manager, colleague):
    manager.follows("填报分工")
    manager.chooses("金额 （可空）", "周婷")
    manager.presses("确定分工")
    manager.sees("分工已定。")
    colleague.opens(colleague.path())
    colleague.sees("由 周婷 填，您只看")
    assert colleague.page.get_by_label("税收合计（本月）", exact=True).is_disabled()
    assert colleague.page.get_by_label("本月新增", exact=True).is_editable()
    with colleague.narrowed():
        colleague.looks()


def reports_nothing(manager):
    manager.goes_to("月报")
    manager.follows("继续")
    manager.follows("零报告")
    manager.sees("这些已填的会被清除", "集成电路和电子电路设计：合同执行额 18.90 万元")
    manager.presses("按零报告去签字")
    manager.presses("提交月报")
    manager.sees("没有金额发生，没有人进出")


def clicks(person, button):
    """Press a button that changes a part of the page."""
    person.page.get_by_role("button", name=button).click()
