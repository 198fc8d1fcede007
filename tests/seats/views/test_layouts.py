"""Drawing a floor's layout: seen first, then kept; what is wrong stands beside the field."""

import re

import pytest

from park.models import FloorLayout
from park.services import save_layout
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def floor(db):
    return make_floor(seats=4)


def heads_of(page):
    return re.findall(r"<text[^>]*>([^<]+)</text>", page.content.decode())


def drawn(cells, **more):
    return {"cells": cells, "numbering": "rows", **more}


def test_begins_with_the_default(park, floor):
    page = park.get("place:floor-layout", floor.pk)

    assert "As it is now by default: islands of 20" in text_of(page)
    assert ">\nSSSS</textarea>" in page.content.decode()
    assert heads_of(page) == ["001–004"]


def test_is_seen_before_it_is_kept(park, floor):
    typed = drawn("SS\n\nSS", top="北窗")
    looked = park.post("place:floor-layout", floor.pk, **typed)

    assert heads_of(looked) == ["北窗", "001–002", "003–004"]
    assert "As you drew it not kept yet" in text_of(looked)
    assert not FloorLayout.objects.exists()

    kept = park.post("place:floor-layout", floor.pk, **typed, **hidden_fields(looked))
    assert kept.status_code == 303
    assert FloorLayout.objects.get().rows == ("SS", "..", "SS")
    assert "The layout of C-1-1F is kept." in text_of(park.follow(kept.url))


def test_what_was_changed_after_it_was_seen_is_seen_again(park, floor):
    looked = park.post("place:floor-layout", floor.pk, **drawn("SS\n\nSS"))

    for change in ({"cells": "SSS\nS"}, {"numbering": "snake"}, {"left": "西门"}):
        typed = {**drawn("SS\n\nSS"), **change}
        page = park.post("place:floor-layout", floor.pk, **typed, **hidden_fields(looked))
        assert "not kept yet" in text_of(page)
    assert not FloorLayout.objects.exists()


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ("SSSSS", "C-1-1F has 4 seats, 5 are drawn: 1 too many."),
        ("SS", "C-1-1F has 4 seats, 2 are drawn: 2 are missing."),
        ("SSS&lt;S", ""),
        ("", "This field is required."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(park, floor, cells, error):
    page = park.post("place:floor-layout", floor.pk, **drawn(cells, bottom="主通道"))
    html = page.content.decode()

    field = re.search(r'(?s)<textarea[^>]*name="cells".*?class="x-err"[^>]*>(.*?)</p>', html)
    assert error in text_of_html(field.group(1))
    assert 'value="主通道"' in html
    assert not cells or cells.replace("&", "&amp;") in html
    assert "Keep this layout" not in html


def text_of_html(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_two_who_draw_at_once_the_second_is_told_and_keeps_what_was_drawn(park, colleague, floor):
    typed = drawn("S.S\nS.S")
    opened = hidden_fields(park.get("place:floor-layout", floor.pk))
    looked = park.post("place:floor-layout", floor.pk, **typed, **opened)
    save_layout(floor_id=floor.pk, cells="SSSS", acting_user=colleague.user)

    late = park.post("place:floor-layout", floor.pk, **typed, **hidden_fields(looked))

    assert late.status_code == 412
    assert "Somebody changed this while you were working on it." in text_of(late)
    assert "S.S\nS.S</textarea>" in late.content.decode().replace("\r", "")
    again = park.post("place:floor-layout", floor.pk, **typed, **hidden_fields(late))
    assert "not kept yet" in text_of(again)
    kept = park.post("place:floor-layout", floor.pk, **typed, **hidden_fields(again))
    assert kept.status_code == 303
    assert FloorLayout.objects.get().rows == ("S.S", "S.S")


def test_the_default_comes_back_after_it_was_shown(park, floor, operator):
    save_layout(floor_id=floor.pk, cells="S.S\nS.S", acting_user=operator)

    asked = park.get("place:floor-layout", floor.pk, default=1)
    assert heads_of(asked) == ["001–004"]
    assert FloorLayout.objects.get().rows == ("S.S", "S.S")
    assert asked.content.decode().count("btn-primary") == 1

    done = park.post("place:floor-layout", floor.pk, **hidden_fields(asked))
    assert "C-1-1F has the default layout again." in text_of(park.follow(done.url))
    assert FloorLayout.objects.get().is_default

    late = park.post("place:floor-layout", floor.pk, **hidden_fields(asked))
    assert "Somebody changed this" in text_of(park.follow(late.url))


def test_is_for_operators_only(firm, stranger, floor):
    assert firm.get("place:floor-layout", floor.pk).status_code == 403
    assert stranger.post("place:floor-layout", floor.pk, **drawn("SSSS")).status_code == 403


def test_a_floor_that_is_not_there_is_not_found(park):
    assert park.get("place:floor-layout", 999).status_code == 404
