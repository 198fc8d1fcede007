"""Mistakes that people make with seats: how each comes about, and what is said to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from park.axis import seat_at
from seats.models import AllocationKind
from seats.services import requests as services
from tenants.services import end_tenancy
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.views.conftest import hidden_fields
from tests.seats.views.test_approvals import form_of, ticked

SINCE, JUNE = date(2023, 1, 1), date(2024, 6, 1)


def desk(user: User, language: str) -> Client:
    client = Client(headers={"accept-language": {"zh": "zh-hans", "en": "en"}[language]})
    client.force_login(user)
    return client


@dataclass
class Page:
    """What somebody sends from a page, and what they read then: beside `at`, or at its head."""

    by: User
    name: str
    args: list[int | str]
    typed: dict[str, Any]
    said: dict[str, str]
    at: str = ""
    status: int = 200
    kept: list[str] = field(default_factory=list)  # fields whose entries are still there


@dataclass
class Call:
    """What a program sends, and the problem that it gets."""

    by: User
    address: str
    body: dict[str, Any]
    status: int
    code: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Case:
    page: Page | None
    call: Call | None


CASES: dict[str, Callable[[User], Case]] = {}


def case(build: Callable[[User], Case]) -> Callable[[User], Case]:
    CASES[build.__name__] = build
    return build


def typed_runs(*runs: tuple[str, int, int]) -> dict[str, Any]:
    """The rows of the form to allocate seats: floor, first and last seat."""
    rows = {
        f"runs-{row}-{name}": str(value)
        for row, run in enumerate(runs)
        for name, value in zip(("floor", "first", "last"), run, strict=True)
    }
    return {"runs-TOTAL_FORMS": "4", "runs-INITIAL_FORMS": "0", **rows}


def allocating(operator: User, *runs: tuple[str, int, int], said: dict[str, str], **more) -> Page:
    who = EnterpriseFactory(short_name="诚伯信息")
    typed = {"kind": "firm", "enterprise": who.pk, "start": "2024-03-01", "reason": "签约 7 号"}
    rows = typed_runs(*runs)
    kept = ["start", "reason", *(name for name in rows if not name.endswith("FORMS"))]
    page = Page(operator, "seats:allocation-create", [], {**typed, **rows}, said, kept=kept)
    return Page(**{**vars(page), **more})


def blocks(*runs: tuple[int, int]) -> dict[str, Any]:
    """The same for the API, by seats of the axis."""
    return {
        "enterprise": EnterpriseFactory().pk,
        "kind": "firm",
        "blocks": [
            {"first_seat": first, "last_seat": last, "start": "2024-03-01"} for first, last in runs
        ],
    }


@case
def overlapping_blocks_in_one_request(operator: User) -> Case:
    floor = make_floor(seats=100)
    at = {place: seat_at(floor.pk, place) for place in (1, 15, 20, 30)}
    return Case(
        allocating(
            operator,
            ("C-1-1F", 1, 20),
            ("C-1-1F", 15, 30),
            said={
                "zh": "有两段席位在同一天重叠：C-1-1F-001 — 020 和 C-1-1F-015 — 030。",
                "en": "Two of the runs share seats on the same days: "
                "C-1-1F-001 — 020 and C-1-1F-015 — 030.",
            },
            at="runs-1-first",
            status=400,
        ),
        Call(
            operator,
            "allocations/",
            blocks((at[1], at[20]), (at[15], at[30])),
            400,
            "blocks_overlap",
        ),
    )


@case
def a_run_over_two_floors(operator: User) -> Case:
    """A page asks for the floor of each run: who types the places of two floors leaves the first.
    Only a program can name seats of both."""
    floor, above = make_floor(seats=100), make_floor(level=2, seats=100)
    return Case(
        None,
        Call(
            operator,
            "allocations/",
            blocks((seat_at(floor.pk, 90), seat_at(above.pk, 10))),
            400,
            "crosses_floors",
        ),
    )


@case
def a_run_into_the_end_of_a_floor(operator: User) -> Case:
    floor = make_floor(seats=100)
    return Case(
        allocating(
            operator,
            ("C-1-1F", 1, 10),
            ("C-1-1F", 95, 110),
            said={"zh": "C-1-1F 的末席是 C-1-1F-100。", "en": "C-1-1F ends with seat C-1-1F-100."},
            at="runs-1-last",
            status=400,
        ),
        Call(
            operator,
            "allocations/",
            blocks((seat_at(floor.pk, 95), seat_at(floor.pk, 110))),
            400,
            "no_such_seat",
        ),
    )


@case
def a_loan_beyond_the_lenders_period(operator: User) -> Case:
    floor, borrower = make_floor(seats=100), EnterpriseFactory(short_name="迈睿")
    lender = EnterpriseFactory(short_name="诚伯信息")
    make_allocation(floor, (1, 60), start=SINCE, last=date(2024, 4, 30), to=lender)
    typed = {
        "borrower": borrower.pk,
        "floor": "C-1-1F",
        "first": "11",
        "last": "30",
        "start": "2024-04-01",
        "last_day": "2024-05-31",
        "reason": "双十一",
        "consent_reference": "",
        "consent_on": "",
    }
    body = {
        "borrower": borrower.pk,
        "first_seat": seat_at(floor.pk, 11),
        "last_seat": seat_at(floor.pk, 30),
        "start": "2024-04-01",
        "end": "2024-05-31",
    }
    return Case(
        Page(
            operator,
            "seats:loan-create",
            [],
            typed,
            {
                "zh": "到 2024-04-30 为止。请借到那天为止。",
                "en": "until 2024-04-30. Lend these seats up to that day.",
            },
            at="last_day",
            status=409,
            kept=["floor", "first", "last", "start", "last_day", "reason"],
        ),
        Call(operator, "seat-loans/", body, 409, "loan_beyond_lender"),
    )


@case
def accepting_an_offer_that_has_expired(operator: User) -> Case:
    floor, who = make_floor(seats=100), EnterpriseFactory(short_name="诚伯信息")
    member = make_member(who)
    request = make_request(enterprise=who, acting_user=member)
    Way(floor, operator).bring(request, "expired")
    said = {
        "zh": "方案已到期，席位已空出。请联系园区重新发方案。",
        "en": "The offer has expired and its seats are free.",
    }
    # The page was opened before: its version is that of the offer.
    version = request.version - 1
    return Case(
        Page(
            member,
            "seats:request-accept",
            [request.pk],
            {"version": version},
            said,
            status=409,
        ),
        Call(member, f"seat-requests/{request.pk}/accept/", {}, 409, "hold_expired"),
    )


@case
def approving_a_request_whose_enterprise_has_left(operator: User) -> Case:
    floor, who = make_floor(seats=100), EnterpriseFactory(short_name="诚伯信息")
    yesterday = TODAY - timedelta(days=1)
    make_allocation(floor, (91, 100), start=SINCE, last=yesterday, to=who)
    request = make_request(enterprise=who, seats=10, acting_user=operator)
    services.submit_request(request_id=request.pk, now=NOW, acting_user=operator)
    end_tenancy(enterprise=who, last_day=yesterday, acting_user=operator)
    run = {"first_seat": seat_at(floor.pk, 1), "last_seat": seat_at(floor.pk, 10)}
    return Case(
        Page(
            operator,
            "seats:request-approve",
            [request.pk],
            ticked(floor, 1, 10),
            {
                "zh": "诚伯信息已离园，最后一天是 2024-02-21。",
                "en": "诚伯信息 left the park; its last day was 2024-02-21.",
            },
            status=409,
            kept=[f"take_last_{run['first_seat']}"],
        ),
        Call(
            operator,
            f"seat-requests/{request.pk}/approve/",
            {"blocks": [{**run, "start": "2024-03-01"}]},
            409,
            "enterprise_left",
        ),
    )


@case
def two_tabs_approving_the_same_request(operator: User) -> Case:
    """The first tab has; this is the second, as it was opened before."""
    floor, who = make_floor(seats=100), EnterpriseFactory(short_name="诚伯信息")
    request = make_request(enterprise=who, seats=10, acting_user=operator)
    services.submit_request(request_id=request.pk, now=NOW, acting_user=operator)
    opened = desk(operator, "en").get(reverse("seats:request-detail", args=[request.pk]))
    first = desk(operator, "en").post(
        reverse("seats:request-approve", args=[request.pk]), form_of(opened)
    )
    assert first.status_code == 303
    run = {"first_seat": seat_at(floor.pk, 21), "last_seat": seat_at(floor.pk, 30)}
    return Case(
        Page(
            operator,
            "seats:request-approve",
            [request.pk],
            form_of(opened),
            {
                "zh": "别人改过这件申请：现在是“已落实”，您刚才提交的没有生效。",
                "en": "The request is “Fulfilled” now; what you sent was not done.",
            },
            status=412,
        ),
        Call(
            operator,
            f"seat-requests/{request.pk}/approve/",
            {"blocks": [{**run, "start": "2024-03-01"}]},
            409,
            "wrong_state",
        ),
    )


@case
def a_layout_with_more_cells_than_seats(operator: User) -> Case:
    """Drawn on a page only."""
    floor = make_floor(seats=4)
    return Case(
        Page(
            operator,
            "place:floor-layout",
            [floor.pk],
            {"cells": "SSS\nSS", "numbering": "rows", "bottom": "主通道"},
            {
                "zh": "多 1",
                "en": "C-1-1F has 4 seats, 5 are drawn: 1 too many.",
            },
            at="cells",
            kept=["cells", "bottom"],
        ),
        None,
    )


@case
def a_delivery_moved_behind_existing_holds(operator: User) -> Case:
    """It shows whose promises break and asks; more was promised before it was confirmed."""
    floor = make_floor(zone="D", seats=40, delivered_on=None, planned_on=JUNE)
    first, second = EnterpriseFactory(short_name="韵达"), EnterpriseFactory(short_name="大宇宙")
    hold = make_allocation(floor, (1, 20), kind=AllocationKind.HOLD, start=JUNE, to=first)
    address = reverse("place:floor-delay", args=[floor.pk])
    asked = desk(operator, "en").post(address, {"planned_on": "2024-09-01", "version": "1"})
    make_allocation(floor, (21, 30), kind=AllocationKind.HOLD, start=JUNE, to=second)
    return Case(
        Page(
            operator,
            "place:floor-delay",
            [floor.pk],
            hidden_fields(asked),
            {"zh": "大宇宙", "en": "This breaks 2 promises."},
            kept=["planned_on"],
        ),
        Call(
            operator,
            f"floors/{floor.pk}/delay/",
            {"planned_on": "2024-09-01", "seen": [hold.blocks.get().pk]},
            409,
            "promises_changed",
        ),
    )
