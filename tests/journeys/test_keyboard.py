"""The keyboard alone: Tab, letters and Enter lead from the door to a filed month."""

from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import figures_for, month_in_words, months_ago

FOCUSED = """() => {
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const isSeen = style.outlineStyle !== "none" || style.boxShadow !== "none";
  const name = focused.labels?.[0]?.innerText || focused.ariaLabel || focused.innerText;
  return [name?.replace(/\\s+/g, " ").trim(), isSeen];
}"""


def test_a_month_is_filed_with_the_keyboard_alone(somebody):
    person, month = somebody(), month_in_words(months_ago(0))
    person.opens("/")
    types_at(person, "邮箱或手机号", "tongcheng@xiyuan.example")
    types_at(person, "密码", PASSWORD)
    with person.coming_to():
        person.page.keyboard.press("Enter")
    enters(person, "月报")
    enters(person, f"填报 {month}")
    for label, value in figures_for(person).items():
        types_at(person, label, value)
    enters(person, "检查并提交")
    enters(person, "提交月报")
    person.sees(f"{month}月报已提交。")


def types_at(person, label, value):
    tabs_to(person, label)
    person.page.keyboard.type(str(value))


def enters(person, name):
    tabs_to(person, name)
    with person.coming_to():
        person.page.keyboard.press("Enter")


def tabs_to(person, name):
    """Press Tab until the focus is there, and can be seen there."""
    passed = []
    while name not in passed:
        assert len(passed) < 60, passed
        person.page.keyboard.press("Tab")
        focused, is_seen = person.page.evaluate(FOCUSED)
        passed.append(focused)
    assert is_seen, f"the focus on {name} cannot be seen"
