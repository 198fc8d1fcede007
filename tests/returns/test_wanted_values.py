"""A question to an enterprise names a rule or what is unclear, never the figure to write."""

import pytest
from django.utils import translation

from returns.models import MonthlyReturn
from returns.rules import rules, why
from returns.services import send_back_return
from returns.wanted_values import WantedValue, names_wanted_value
from tests.conftest import NOW
from tests.factories.returns import make_return, submit
from web.refusals import Invalid

WANTED = [
    "改成 120",
    "请改为１２０人",
    "人数应为 120",
    "应为120",
    "应该是 1,200 万元",
    "收入应填 2160.00 万元",
    "更正为 500",
    "调整到 300 人",
    "请填 120",
    "请按 120 填",
    "改成一百二十",
    "不得低于 500 万",
    "增加到 300",
    "收入要达到 5000 万",
    "从 120 改成 150 吧",
    "为什么不改成 120",
    "V4 不平。请把期末改为 505",
    "should be 120",
    "It should be 1,200.",
    "Please change it to 120",
    "change the headcount to 120",
    "please change it from 100 to 120",
    "set to 120",
    "must be 95%",
    "make it 500",
    "please enter 120",
    "The revenue ought to be 2,160.00",
]
ASKED = [
    "哪几项业务？",
    "人数与上月相差过大，请核对",
    "为什么从 120 改为 150？",
    "1 月从 100 改为 120，请说明原因",
    "单位应为万元，不是元",
    "应为 2024年1月 的数据",
    "三项之和应等于期末人数，差 12 人",
    "期初 505 + 新增 10 − 减少 9 不等于期末 510",
    "含实习生吗？",
    "V6：比上月多 38.2%（+198 人），请说明",
    "小数应为 2 位",
    "没有的请填 0",
    "请在 2 月 10 日前答复",
    "请填写第 3 栏",
    "Why was it changed to 120?",
    "Please explain the change from 100 to 120",
    "If there was none, please enter 0",
    "The three classes must add up; 12.00 short",
    "Please answer by 10 February",
    "Are the 120 interns counted?",
    "120 people on 100 seats: how many shifts?",
    "revenue should be in 10,000 yuan",
]


class TestWantedValues:
    @pytest.mark.parametrize("text", WANTED)
    def test_are_recognised(self, text):
        assert names_wanted_value(text)

    @pytest.mark.parametrize("text", ASKED)
    def test_are_not_seen_in_a_question_or_a_rule(self, text):
        assert not names_wanted_value(text)

    def test_are_looked_for_in_long_texts_without_long_waits(self):
        assert not names_wanted_value("应为" * 300 + "改" * 300 + "change " * 100)


@pytest.mark.django_db
class TestSendingBack:
    @pytest.fixture
    def send_back(self, operator):
        def run(row, **told):
            return send_back_return(
                return_id=row.pk, **{"question": "", "now": NOW, "acting_user": operator, **told}
            )

        return run

    def test_refuses_a_wanted_figure_and_says_why(self, send_back):
        row = submit(make_return())

        with pytest.raises(WantedValue, match=r"Statistics Law|统计法") as refusal:
            send_back(row, question="人数应为 120")

        assert (refusal.value.status, refusal.value.code) == (400, "wanted_value")
        assert [error["field"] for error in refusal.value.errors] == ["question"]
        assert MonthlyReturn.objects.get().state == "submitted"

    def test_is_enough_with_a_rule_alone_in_the_order_of_the_rules(self, send_back):
        row = send_back(submit(make_return()), rules=["V12", "V4", "V4"])

        assert (row.state, row.broken_rules, row.question) == ("sent_back", ["V4", "V12"], "")

    def test_knows_its_rules(self, send_back):
        with pytest.raises(Invalid) as refusal:
            send_back(submit(make_return()), rules=["V4", "V99"])

        assert [error["field"] for error in refusal.value.errors] == ["rules"]
        assert "V99" in refusal.value.errors[0]["message"]

    def test_needs_one_of_both(self, send_back):
        with pytest.raises(Invalid) as refusal:
            send_back(submit(make_return()), question="  ")

        assert [error["field"] for error in refusal.value.errors] == ["question"]

    def test_takes_the_rules_away_when_it_is_answered(self, send_back):
        row = send_back(submit(make_return()), rules=["V4"])

        assert submit(row, reason="核对").broken_rules == []


def test_the_rules_are_those_that_a_return_can_break():
    """V14 is that a closed month is locked, V0 that it is filled in: nothing of a filed return."""
    assert [rule.code for rule in rules()] == [f"V{n}" for n in range(1, 19) if n != 14]


def test_a_rule_that_is_gone_stays_readable():
    with translation.override("en"):
        assert why(["V77"], "含实习生吗？") == "V77; 含实习生吗？"
