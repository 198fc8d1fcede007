"""A run of seats is chosen on the map of a floor and held: with the mouse, and with keys alone."""

import re

import pytest
from playwright.sync_api import expect

from park.models import Floor
from seats.models import Allocation
from tests.journeys.counting import seats_of
from tests.journeys.person import AT_REST
from tests.journeys.steps import in_days

SEAT = 19
READ_LINES = "map => JSON.parse(map.dataset.lines)"
CHOSEN = "() => document.activeElement.selectedOptions[0].label"
NAMED = """() => {
  const focused = document.activeElement;
  return focused.labels?.[0]?.innerText || focused.getAttribute("aria-label")
    || focused.innerText || "";
}"""


@pytest.fixture
def floor(db):
    """A floor of zone D that nobody has anything of."""
    return Floor.objects.get(label="D-6-9F")


def centre_of(person, seat):
    """Where a seat is on the screen."""
    drawn = person.page.locator("#floor-map")
    box = drawn.bounding_box()
    for first, length, x, y, dx, dy in drawn.evaluate(READ_LINES):
        if first <= seat < first + length:
            steps = seat - first
            return box["x"] + x + dx * steps + SEAT / 2, box["y"] + y + dy * steps + SEAT / 2
    raise AssertionError(f"seat {seat} is not on the map")


def drags(person, first, last):
    """Press on one seat, move to another, let go."""
    mouse = person.page.mouse
    mouse.move(*centre_of(person, first))
    mouse.down()
    mouse.move(*centre_of(person, first + 1))
    mouse.move(*centre_of(person, last), steps=4)
    mouse.up()
    person.page.wait_for_function(AT_REST)


def test_a_run_is_dragged_and_held(enter, floor):
    operator = enter("operator")
    operator.opens(f"/park/floors/{floor.pk}/")

    drags(operator, 21, 60)
    operator.sees("这 40 席全程空闲。")
    expect(operator.page.locator("#select_first")).to_have_value("21")
    expect(operator.page.locator("#select_last")).to_have_value("60")
    operator.looks()
    operator.page.locator("#select_enterprise").select_option(label="京阿唯")
    operator.page.wait_for_function(AT_REST)
    operator.presses("预留 40 席")
    operator.finds_typed({"楼层": "D-6-9F", "首席": 21, "末席": 60})
    operator.presses("分配这些席位")

    operator.reads_title("京阿唯：预留 40 席")
    assert [place for place, kind in seats_of(floor, in_days(0)).items() if kind == "hold"] == [
        *range(21, 61)
    ]
    operator.opens(f"/park/floors/{floor.pk}/?by=enterprise")
    operator.sees("京阿唯")


def test_a_run_is_chosen_and_held_with_the_keyboard_alone(enter, floor):
    operator = enter("operator")
    keyboard = operator.page.keyboard
    operator.opens(f"/park/floors/{floor.pk}/")

    tabs_to(operator, "D-6-9F-061 — 500")
    readout = operator.page.locator("#seat-readout")
    expect(readout).to_contain_text("D-6-9F-061 · 空闲")
    expect(operator.page.locator("#map-cursor")).to_be_visible()
    keyboard.press("ArrowDown")  # from the first row of an island to its second
    expect(readout).to_contain_text("D-6-9F-071 · 空闲")
    for _seat in range(9):
        keyboard.press("Shift+ArrowRight")
    expect(readout).to_contain_text("D-6-9F-071 — 080，10 席")
    keyboard.press("Space")
    operator.page.wait_for_function(AT_REST)
    operator.sees("这 10 席全程空闲。")

    tabs_to(operator, "企业")
    while operator.page.evaluate(CHOSEN) != "京阿唯":
        keyboard.press("ArrowDown")
    operator.page.wait_for_function(AT_REST)
    tabs_to(operator, "预留 10 席")
    with operator.coming_to():
        keyboard.press("Enter")
    tabs_to(operator, "分配这些席位")
    with operator.coming_to():
        keyboard.press("Enter")

    operator.reads_title("京阿唯：预留 10 席")
    held = Allocation.objects.latest("pk").blocks.get()
    assert (held.seats.lower % 4096 + 1, held.seats.upper % 4096) == (71, 80)


def test_what_somebody_has_is_opened_with_a_click(enter, floor):
    operator = enter("operator")
    operator.opens(f"/park/floors/{floor.pk}/")

    with operator.coming_to():
        operator.page.mouse.click(*centre_of(operator, 25))

    operator.reads_title("京阿唯：预留 40 席")


def test_escape_lets_go_of_what_is_drawn_then_of_what_is_chosen(enter, floor):
    operator = enter("operator")
    operator.opens(f"/park/floors/{floor.pk}/?first=481&last=490")
    operator.sees("这 10 席全程空闲。")
    keyboard, dots = operator.page.keyboard, operator.page.locator("#map-dots rect")
    operator.page.locator("#floor-map [data-free]").last.focus()

    keyboard.press("Shift+ArrowRight")
    expect(operator.page.locator("#seat-readout")).to_contain_text("2 席")
    keyboard.press("Escape")
    operator.sees("这 10 席全程空闲。")
    expect(dots).to_have_count(1)
    keyboard.press("Escape")
    operator.sees("输入首席和末席")
    expect(dots).to_have_count(0)
    expect(operator.page.locator("#select_first")).to_have_value("")


def test_one_slides_from_day_to_day_with_keys(enter, floor):
    operator = enter("operator")
    operator.opens(f"/park/floors/{floor.pk}/?on=2024-06-15")
    slider = operator.page.get_by_role("slider")
    slider.focus()
    with operator.coming_to():
        for _day in range(3):
            operator.page.keyboard.press("ArrowRight")

    expect(operator.page).to_have_url(re.compile("on=2024-06-18"))
    expect(slider).to_be_focused()


def test_a_layout_is_painted_seen_and_kept(enter, floor):
    operator = enter("operator")
    operator.opens(f"/park/floors/{floor.pk}/layout/")
    cell = operator.page.get_by_role("gridcell", name="第 1 行第 11 列：过道")

    operator.page.get_by_role("radio", name="席位").check()
    cell.click()
    operator.sees("已画 501 ÷ 500 席")
    operator.presses("看成图")
    operator.sees("D-6-9F 有 500 席，画了 501 席：多 1 席。请改成过道或隔断。")
    operator.page.get_by_role("gridcell", name="第 1 行第 1 列：席位").focus()
    operator.page.keyboard.press("#")
    operator.sees("已画 500 ÷ 500 席")
    operator.looks()
    operator.presses("看成图")
    operator.sees("还没保存")
    operator.presses("保存布局")
    operator.sees("D-6-9F 的布局已保存。", "001–040")


def tabs_to(person, name):
    """Press Tab until something that is called so has the focus."""
    for _stop in range(80):
        person.page.keyboard.press("Tab")
        if name in person.page.evaluate(NAMED):
            return
    raise AssertionError(f"Tab never comes to {name}")
