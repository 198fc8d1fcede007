"""Every address of the URL configuration × every role: who gets in, who is told nothing.

An address that is missing from the table (tests/doors.py) fails the test, and so does a line
without an address.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.permissions import Role
from accounts.services import make_api_token
from foundation.models import Job
from foundation.services import messages
from reports.exports.periods import Period
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.services.delivering import deliver
from reports.services.exporting import build_export
from reports.services.issuing import issue_report
from reports.services.month_files import put_together
from returns.services.importing import keep_workbook
from returns.workbooks.comparison import read_returns
from returns.workbooks.form import form_of
from seats.models import AllocationKind
from seats.services.requests import submit_request
from seats.services.waiting import put_on_waiting_list
from tenants.models import BusinessClass, BusinessLine, Enterprise
from tenants.services import add_business_line, invite_member
from tests.conftest import NOW, TODAY
from tests.doors import (
    ABSENT,
    DEVELOPMENT_ONLY,
    DOORS,
    IN,
    MORE_DOORS,
    NOBODY,
    QUERIES,
    REFUSED,
    SIGN_IN,
    STRANGER,
    SYSTEM,
    Door,
    Who,
)
from tests.factories.accounts import UserFactory
from tests.factories.fit_outs import make_fit_out, make_handover
from tests.factories.loans import make_loan, make_loan_on_paper
from tests.factories.park import make_floor
from tests.factories.reports import make_subscription, make_target
from tests.factories.returns import make_return, submit
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.imports.sheets import checked, table

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)


class World(NamedTuple):
    """Somebody of every kind, and one object of every kind that belongs to `own`."""

    people: dict[Who, User | None]
    arguments: dict[str, list[Any]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Kept for all tests here; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        yield _world()
        call_command("flush", interactive=False, verbosity=0)


def _world() -> World:
    floor = make_floor(seats=100)
    planned = make_floor(level=5, delivered_on=None, planned_on=date(2099, 1, 1))
    own, other = EnterpriseFactory(), EnterpriseFactory()
    people: dict[Who, User | None] = {
        NOBODY: None,
        Who.MANAGER: UserFactory(roles=[Role.OPERATOR_MANAGER]),
        Who.STAFF: UserFactory(roles=[Role.OPERATOR_STAFF]),
        Who.PROMOTION: UserFactory(roles=[Role.PROMOTION_OFFICER]),
        Who.OWN_MANAGER: make_member(own),
        Who.OWN_MEMBER: make_member(own, is_manager=False),
        STRANGER: make_member(other),
        Who.OFFICIAL: UserFactory(roles=[Role.OFFICIAL], area_code="511011"),
        Who.AUDITOR: UserFactory(roles=[Role.AUDITOR]),
        SYSTEM: UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR]),
    }
    manager, owner = people[Who.MANAGER], people[Who.OWN_MANAGER]
    assert manager is not None
    assert owner is not None
    allocation = make_allocation(floor, (1, 20), to=own, start=date(2023, 12, 1))
    hold = make_allocation(floor, (21, 30), to=own, kind=AllocationKind.HOLD)
    request = make_request(enterprise=own, acting_user=owner)
    submit_request(request_id=request.pk, now=NOW, acting_user=owner)
    case = make_fit_out(allocation, by=owner)
    handover = make_handover(allocation, park=manager)
    entry = put_on_waiting_list(request_id=request.pk, now=NOW, acting_user=manager)
    filed = submit(make_return(enterprise=own, month=JANUARY))
    form = form_of(filed, is_open=False)
    kept = keep_workbook(
        file_name="月报.xlsx",
        data=form,
        stamp=read_returns(form).stamp,
        enterprise=own,
        now=NOW,
        acting_user=owner,
    )
    messages.tell(people=[owner], subject="s", body="b", url="", parameters={})
    invite_member(
        enterprise=own,
        email="new@example.test",
        name="新人",
        is_manager=False,
        now=NOW,
        acting_user=manager,
    )
    make_api_token(user=owner, name="t", now=NOW)
    subscription = make_subscription(people[Who.OFFICIAL], since=NOW)
    issued = _report(manager, issue=True)
    delivery = deliver(subscription_id=subscription.pk, now=NOW)
    assert delivery is not None
    membership = people[Who.OWN_MEMBER].memberships.get()  # type: ignore[union-attr]
    job = Job.objects.create(
        kind="reports.build",
        key="occupancy/2023-12",
        arguments={"kind": "occupancy", "month": "2023-12"},
        owner=manager,
        created_at=NOW,
    )
    listed = checked(table(), manager)
    export = build_export(
        kind="commerce",
        period=Period(JANUARY, JANUARY),
        enterprise=own,
        owner=owner,
        now=NOW,
        today=TODAY,
    )
    arguments: dict[str, list[Any]] = {
        "import": [listed.pk],
        "enterprise": [own.pk],
        "message": [owner.messages.latest("pk").pk],
        "job": [job.pk],
        "zone": [floor.building.zone.pk],
        "zone_code": [floor.building.zone.code],
        "building": [floor.building.pk],
        "floor": [floor.pk],
        "planned_floor": [planned.pk],
        "planned_zone": [planned.building.zone.code],
        "request": [request.pk],
        "allocation": [allocation.pk],
        "waiting": [entry.pk],
        "hold": [hold.pk],
        "fit_out": [case.pk],
        "fit_out_submit": [case.pk, "submit"],
        "fit_out_approve": [case.pk, "approve"],
        "fit_out_file": [case.pk, case.files.get().pk],
        "handover": [handover.pk],
        "loan": [make_loan(floor, (1, 5), to=EnterpriseFactory()).pk],
        "loan_on_paper": [make_loan_on_paper(floor, (6, 9), to=EnterpriseFactory()).pk],
        "membership": [membership.pk],
        "line": [_further_line(own).pk],
        "invitation_token": ["no-such-token"],
        "month": ["2024-01"],
        "day": ["2024-01-31"],
        "return": [filed.pk],
        "workbook": [kept.pk],
        "draft": [_report(manager, issue=False).pk],
        "month_file": ["2024-01", "issued", "pdf"],
        "month_api_file": ["2024-01", "xlsx"],
        "month_draft_file": ["2024-01", "drafts", "xlsx"],
        "text": [_text(manager).pk],
        "issued": [issued.pk],
        "issued_file": [issued.pk, "csv"],
        "issued_api_file": [issued.pk, "csv"],
        "indicator": ["firm"],
        "export": [export.pk],
        "target": [make_target().pk],
        "subscription": [subscription.pk],
        "delivery": [delivery.pk],
        "token": [owner.api_tokens.get().pk],
        "reset_key": ["1", "key"],
        "app_label": ["accounts"],
        "person": [owner.pk],
        "setting": [1],
        "working_day": [1],
    }
    for with_drafts in (False, True):
        put_together(month=JANUARY, with_drafts=with_drafts, now=NOW, owner=manager)
    return World(people, arguments)


def _report(manager: User, *, issue: bool) -> MonthlyReport:
    draft = build_report(kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=manager)
    if not issue:
        return draft
    return issue_report(report_id=draft.pk, now=NOW, acting_user=manager)


def _further_line(enterprise: Enterprise) -> BusinessLine:
    return add_business_line(
        enterprise=enterprise,
        business_class=BusinessClass.E_COMMERCE,
        started_on=date(2024, 2, 5),
        today=TODAY,
        acting_user=None,
    )


def _text(manager: User) -> MonthlyReport:
    return build_report(kind=ReportKind.TEXT, month=JANUARY, now=NOW, owner=manager)


def _addresses(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}"


def test_every_address_is_in_the_table_once():
    addresses = set(_addresses(get_resolver().url_patterns)) - DEVELOPMENT_ONLY
    named = [door.name for door in DOORS]

    assert sorted(named) == sorted(set(named))
    assert set(named) == addresses


@pytest.mark.parametrize("door", DOORS + MORE_DOORS, ids=lambda door: f"{door.name}-{door.method}")
def test_lets_in_who_may_come_in_and_nobody_else(door, world):
    outcomes = {who.value: (_tried(door, who, world), _expected(door, who)) for who in Who}

    wrong = {who: pair for who, pair in outcomes.items() if pair[0] != pair[1]}
    assert wrong == {}, "who: (what happened, what the table says)"


def _expected(door: Door, who: Who) -> str:
    if who in door.who:
        return IN
    is_of_admin = door.name.startswith("admin:") and door.name != "admin:login"
    if who == NOBODY or (is_of_admin and who != SYSTEM):
        return SIGN_IN  # Django's admin asks everybody else to sign in as somebody who may
    return ABSENT if who in door.absent else REFUSED


def _tried(door: Door, who: Who, world: World) -> str:
    client = Client(raise_request_exception=True)
    if (person := world.people[who]) is not None:
        client.force_login(person)
    url = reverse(door.name, args=world.arguments[door.arguments] if door.arguments else [])
    url += QUERIES.get(door.name, "")
    is_api = door.name.startswith("api:")
    sent = {"data": "{}", "content_type": "application/json"} if is_api else {}
    with transaction.atomic():
        response = getattr(client, door.method)(url, **(sent if door.method == "post" else {}))
        transaction.set_rollback(True)
    if response.status_code == 401 or _goes_to_login(response, door):
        return SIGN_IN
    outcomes = {403: REFUSED, 404: ABSENT}
    assert response.status_code < 500 or door.name == "foundation:readyz"
    return outcomes.get(response.status_code, IN)


def _goes_to_login(response: Any, door: Door) -> bool:
    location = response.headers.get("Location", "")
    is_login = location.startswith((reverse("account_login"), reverse("admin:login")))
    return response.status_code in (302, 303) and is_login and "login" not in door.name
