"""The park map: its counts, the way to a floor with the keyboard alone, and another day."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from foundation import clock
from tests.journeys.person import NARROW

PATIENCE = 10_000


def test_an_operator_goes_from_the_park_to_a_floor_and_to_another_day(enter):
    operator, today = enter("operator"), clock.today()
    operator.goes_to("席位")
    operator.follows("全园席位图", within=operator.page.locator(".x-rooms"))
    assert legend(operator) == occupancy(operator, today)

    walks(operator, "ArrowRight", "+", "+")
    expect(readout(operator)).to_contain_text(re.compile(r"^\S+-\dF · "), timeout=PATIENCE)
    label = readout(operator).inner_text().partition(" · ")[0]
    operator.page.get_by_role("slider").focus()
    operator.page.keyboard.press("ArrowLeft")
    yesterday = today - timedelta(days=1)
    expect(operator.page).to_have_url(re.compile(f"on={yesterday}"), timeout=PATIENCE)
    operator.reads_title(re.compile(f"{yesterday.year}年{yesterday.month}月{yesterday.day}日"))
    operator.looks()
    assert legend(operator) == occupancy(operator, yesterday)
    assert readout(operator).inner_text().startswith(f"{label} · "), "it is still in sight"

    with operator.coming_to():
        walks(operator, "Enter")
    operator.reads_title(re.compile(f"^{label}："))
    assert parse_qs(urlsplit(operator.page.url).query) == {"on": [yesterday.isoformat()]}


def test_a_click_on_a_floor_opens_it_and_a_second_day_shows_what_changed(enter):
    operator = enter("operator")
    year = clock.today().year
    operator.opens(f"/seats/map/?on={year}-01-31&from={year - 1}-01-31")
    expect(operator.page.locator("[data-what='gained']")).to_be_visible()

    walks(operator, "+", "+")
    where = over_a_seat(operator)
    with operator.coming_to():
        operator.page.mouse.click(*where)
    query = parse_qs(urlsplit(operator.page.url).query)
    assert query == {"on": [f"{year}-01-31"], "from": [f"{year - 1}-01-31"]}
    operator.sees(f"{year - 1}年1月31日至{year}年1月31日")


def test_a_finger_is_told_what_it_touches_before_a_floor_opens(enter):
    operator = enter("operator", width=NARROW)
    operator.opens("/seats/map/")
    walks(operator, "+", "+")
    touches_a_seat(operator)
    expect(readout(operator)).to_contain_text(re.compile(r"^\S+-\dF-\d+ · "))
    floor = re.match(r"\S+-\dF", readout(operator).inner_text()).group()
    operator.looks()
    operator.follows("打开这一层")
    operator.reads_title(re.compile(f"^{floor}："))


def test_a_turned_phone_gets_a_map_of_its_new_shape(enter):
    operator = enter("operator")
    operator.opens("/seats/map/")
    wide = pictured(operator)

    with operator.narrowed():
        turned = pictured(operator)
        operator.page.reload()
        narrow = pictured(operator)

    assert turned == narrow != wide


def test_many_days_passed_quickly_ask_for_the_page_of_the_last_only(enter):
    operator = enter("operator")
    operator.opens("/seats/map/?on=2024-06-15")
    walks(operator)
    pages = []
    operator.page.on("request", lambda request: pages.append(request))
    operator.page.get_by_role("slider").focus()
    for _day in range(20):
        operator.page.keyboard.press("ArrowLeft")

    operator.reads_title(re.compile("2024年5月26日"))
    assert legend(operator) == occupancy(operator, date(2024, 5, 26))
    assert len([one for one in pages if one.headers.get("hx-request")]) < 10


def touches(canvas, x, y):
    """A finger comes down on a place of the map and is lifted again."""
    box = canvas.bounding_box()
    where = {"clientX": box["x"] + x, "clientY": box["y"] + y}
    finger = {"pointerId": 7, "pointerType": "touch", "bubbles": True, **where}
    canvas.evaluate(
        """(canvas, finger) => {
          canvas.setPointerCapture = () => {};
          for (const type of ["pointerdown", "pointerup", "pointerleave"])
            canvas.dispatchEvent(new PointerEvent(type, finger));
        }""",
        finger,
    )


def pictured(person):
    """What the map shows, once it is fetched and drawn."""
    person.page.wait_for_load_state("networkidle")
    person.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    return person.page.locator("#park-canvas").evaluate("(canvas) => canvas.toDataURL()")


def over_a_seat(person):
    """Move the pointer down the middle of the map until it is over a seat."""
    box = person.page.locator("#park-canvas").bounding_box()
    for part in range(1, 40):
        where = box["x"] + box["width"] / 2, box["y"] + box["height"] * part / 40
        person.page.mouse.move(*where)
        if re.match(r"\S+-\d+F-\d+", readout(person).inner_text()):
            return where
    raise AssertionError("no seat in the middle of the map")


def touches_a_seat(person):
    """Touch down the middle of the map until it is a seat: between floors there is nothing."""
    canvas = person.page.locator("#park-canvas")
    box = canvas.bounding_box()
    for part in range(1, 40):
        touches(canvas, box["width"] / 2, box["height"] * part / 40)
        if re.match(r"\S+-\d+F-\d+", readout(person).inner_text()):
            return
    raise AssertionError("no seat in the middle of the map")


def walks(person, *keys):
    """Press keys on the map, once it is drawn."""
    canvas = person.page.locator("#park-canvas")
    canvas.focus()
    expect(readout(person)).not_to_have_text("\u00a0", timeout=PATIENCE)
    for key in keys:
        person.page.keyboard.press(key)


def readout(person):
    return person.page.locator("#park-readout")


def legend(person):
    """The counts beside the kinds, as numbers."""
    items = person.page.locator("#map-legend [data-kind] b").all_inner_texts()
    return [int(text.replace(",", "")) for text in items]


def occupancy(person, day):
    """The same from the API."""
    answer = person.page.request.get(f"{person.address}/api/v1/occupancy/?on={day.isoformat()}")
    total = answer.json()["total"]
    return [total[kind] for kind in ("firm", "held", "closed", "free")]
