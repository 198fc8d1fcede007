"""What people do wrong or too late: a clear message where they look, nothing half done.

Each case of mistakes.py is told to a page, in Chinese and in English, and to the API where there is
one. A page answers in place, with what was typed; the API with a problem whose code is stable.
Neither has written a row.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from foundation import clock
from tests.api.conftest import Program
from tests.conftest import NOW
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.mistakes import CASES, desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

ROOMS = ("seats", "park", "tenants")
# Pages ask for the floor of each run; layouts are drawn on a page only.
ON_PAGES = [name for name in CASES if name != "a_run_over_two_floors"]
BY_PROGRAMS = [name for name in CASES if name != "a_layout_with_more_cells_than_seats"]


def everything() -> dict[str, list[Any]]:
    """Every row of the place, of its people and of what is known of them, as it is."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
    }


def reads(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def entry(html: str, name: str) -> str:
    """What stands in the entry `name`."""
    area = re.search(rf'(?s)<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', html)
    if area:
        return unescape(area.group(1)).strip().replace("\r", "")
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = tag and re.search(r'value="([^"]*)"', tag.group())
    return unescape(value.group(1)) if value else ""


def beside(html: str, name: str) -> str:
    """What is wrong, as it stands under the entry `name`."""
    found = re.search(rf'(?s)class="x-err" id="id_{name}_error">(.*?)</p>', html)
    return reads(found.group(1)) if found else ""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ON_PAGES)
def test_a_page_says_it_where_the_person_looks(name, language, operator):
    page = CASES[name](operator).page
    before = everything()

    answer = desk(page.by, language).post(reverse(page.name, args=page.args), page.typed)

    html = answer.content.decode()
    said = beside(html, page.at) if page.at else reads(html)
    assert page.said[language] in said
    assert answer.status_code == page.status
    assert {name: entry(html, name) for name in page.kept} == {
        name: str(page.typed[name]) for name in page.kept
    }
    assert everything() == before


@pytest.mark.parametrize("name", BY_PROGRAMS)
def test_the_api_answers_with_a_problem(name, operator):
    call = CASES[name](operator).call
    before = everything()

    answer = Program(call.by).post(call.address, call.body, **call.headers)

    assert (answer.status_code, answer.json()["code"]) == (call.status, call.code)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]
    assert everything() == before


def test_an_offer_that_runs_out_while_one_reads_it_is_said_as_well(operator, monkeypatch):
    """Nobody has noticed yet that its time is over: it ends, and only that."""
    floor, who = make_floor(seats=100), EnterpriseFactory()
    member = make_member(who)
    request = Way(floor, operator).bring(
        make_request(enterprise=who, acting_user=member), "offered"
    )
    later: datetime = NOW + timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", lambda: later.date())

    address = reverse("seats:request-accept", args=[request.pk])
    answer = desk(member, "en").post(address, {"version": request.version})

    assert answer.status_code == 409
    assert "The offer has expired and its seats are free." in reads(answer.content.decode())
    request.refresh_from_db()
    assert request.state == "expired"
    assert request.allocations.get().blocks.get().period.upper == date(2024, 3, 9)
