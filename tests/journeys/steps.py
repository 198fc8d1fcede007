"""What people do in more than one journey."""

from __future__ import annotations

from datetime import date, timedelta

from foundation import clock
from tests.journeys.person import Person

# A return whose three groups each add up to its 285 people
FIGURES: dict[str, object] = {
    "营业收入（本月）": "678.94",
    "本月新增": 6,
    "本月减少": 4,
    "期末从业人员": 285,
    "其中返乡": 30,
    "其中毕业生": 41,
    "其中参保": 280,
    "研究生": 4,
    "本科": 92,
    "大专": 102,
    "中专及以下": 87,
    "18–26 岁": 163,
    "27–35 岁": 109,
    "36 岁及以上": 13,
    "本市": 226,
    "省内其他": 44,
    "省外及境外": 15,
}


def in_days(count: int) -> date:
    return clock.today() + timedelta(days=count)


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def month_in_words(month: date) -> str:
    return f"{month.year}年{month.month}月"


def months_ago(count: int) -> date:
    """The first day of the month that many months ago."""
    month = clock.today().replace(day=1)
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def whole(text: str) -> int:
    """A number as pages write it."""
    return int(text.replace(",", ""))


def asks_for_seats(person: Person, *, seats: object, zone: str, start: date) -> None:
    """Write a request for new seats, and hand it to the park."""
    person.goes_to("申请")
    person.follows("申请席位")
    person.fills(席位数=seats, 从哪天起=start)
    person.ticks(f"{zone} 区")
    person.presses("提交给园区")


def opens_request(person: Person, of: str) -> None:
    """Come to the request that is called so, from the list of all."""
    person.goes_to("申请")
    person.follows(of)


def chooses_run(person: Person, run: str, first: int, last: int) -> None:
    """Choose a part of a free run: who types its seats means it."""
    unfolds_runs(person, run)
    person.types(f"{run}: 首席", first)
    person.types(f"{run}: 末席", last)


def unfolds_runs(person: Person, run: str) -> None:
    """Open what is folded below the proposed runs, if this one is there."""
    if not person.page.get_by_label(run, exact=True).first.is_visible():
        person.page.get_by_text("其他空席段", exact=True).first.click()


def chooses_only(person: Person, run: str, first: int, last: int) -> None:
    """Choose a part of a free run, and nothing of what was proposed."""
    for proposed in person.page.get_by_role("checkbox", checked=True).all():
        proposed.uncheck()
    chooses_run(person, run, first, last)


def begins_return(person: Person) -> None:
    """Begin the return of the month that is running: it is open on every day of the year."""
    person.goes_to("月报")
    person.presses(f"填报 {month_in_words(months_ago(0))}")


def leads_to(person: Person, headcount: int, opening: str = "期初从业人员") -> tuple[int, int]:
    """How many joined and left for that staff at the end of the month that the form is about."""
    before = whole(person.page.get_by_label(opening, exact=True).input_value() or str(headcount))
    joined = max(headcount - before, 0) + 4
    return joined, joined - (headcount - before)


def figures_for(person: Person) -> dict[str, object]:
    """FIGURES, with as many who joined and left as lead to them."""
    joined, left = leads_to(person, 285)
    return {**FIGURES, "本月新增": joined, "本月减少": left}


def types_all(person: Person, entries: dict[str, object]) -> None:
    for label, value in entries.items():
        person.types(label, value)
