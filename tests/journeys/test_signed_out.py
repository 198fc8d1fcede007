"""The session ends while somebody types: what they typed is there again, and not sent twice."""

from tenants.models import Enterprise
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import types_all

DOOR = {"邮箱或手机号": "promotion@xiyuan.example", "密码": PASSWORD}
NAMES = {
    "全称（与执照一致）": "内江双才镇语音有限公司",
    "简称": "双才语音",
    "统一社会信用代码": "91511011MA7WEG005R",
}


def test_what_was_typed_outlasts_signing_in_again_and_a_switch_of_the_language(somebody):
    promotion, known = somebody(), Enterprise.objects.count()
    promotion.opens("/tenants/new/")
    signs_in(promotion)
    types_all(promotion, NAMES)
    promotion.context.clear_cookies(name="sessionid")
    promotion.presses("添加企业")
    signs_in(promotion)
    promotion.sees("您先前填的内容还在，尚未提交。")
    promotion.finds_typed(NAMES)

    switches(promotion, "English", "en")
    assert [
        promotion.page.locator(f"[name={name}]").input_value() for name in ("name", "credit_code")
    ] == [
        NAMES["全称（与执照一致）"],
        NAMES["统一社会信用代码"],
    ]
    switches(promotion, "中文", "zh-hans")
    assert Enterprise.objects.count() == known

    promotion.presses("添加企业")
    assert Enterprise.objects.get(short_name="双才语音").name == NAMES["全称（与执照一致）"]
    promotion.opens("/tenants/new/")
    promotion.finds_typed(dict.fromkeys(NAMES, ""))


def signs_in(person):
    types_all(person, DOOR)
    person.presses("登录")


def switches(person, button, language):
    person.look = person.look._replace(language=language)
    person.presses(button)
