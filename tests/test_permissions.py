"""Every address of the URL configuration × every role: who gets in, who is told nothing.

The table names each address once. An address that is missing from it fails the test, and so does a
line without an address. "In" means that the door is open: the page is shown, or what was sent is
judged (400, 409 …). Strangers are people of another enterprise: its objects do not exist for them.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
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
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.services.issuing import issue_report
from seats.models import AllocationKind
from seats.services.requests import submit_request
from seats.services.waiting import put_on_waiting_list
from tenants.services import invite_member
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.fit_outs import make_fit_out, make_handover
from tests.factories.loans import make_loan, make_loan_on_paper
from tests.factories.park import make_floor
from tests.factories.returns import make_return, submit
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.imports.sheets import checked, table

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)


class Who(StrEnum):
    """The people who try every door."""

    NOBODY = "nobody"  # not signed in
    MANAGER = "manager"
    STAFF = "staff"
    PROMOTION = "promotion"
    OWN_MANAGER = "own_manager"
    OWN_MEMBER = "own_member"
    STRANGER = "stranger"
    OFFICIAL = "official"
    AUDITOR = "auditor"
    SYSTEM = "system"


NOBODY, SYSTEM, STRANGER = Who.NOBODY, Who.SYSTEM, Who.STRANGER
OPERATORS = {Who.MANAGER, Who.STAFF}
MANAGER = {Who.MANAGER}
READERS = OPERATORS | {Who.AUDITOR}
PARK = READERS | {Who.PROMOTION}
OWN = {Who.OWN_MANAGER, Who.OWN_MEMBER}
FIRMS = OWN | {STRANGER}
SIGNED_IN = set(Who) - {NOBODY}
EVERYBODY = set(Who)

IN, SIGN_IN, REFUSED, ABSENT = "in", "sign in", "refused", "absent"


class Door(NamedTuple):
    """One address: how it is tried, who gets in; `absent` are told that there is no such thing."""

    name: str
    method: str
    who: set[Who]
    absent: set[Who] = frozenset()  # type: ignore[assignment]
    arguments: str = ""


def get(name: str, who: set[Who], arguments: str = "", absent: Any = frozenset()) -> Door:
    return Door(name, "get", who, absent, arguments)


def post(name: str, who: set[Who], arguments: str = "", absent: Any = frozenset()) -> Door:
    return Door(name, "post", who, absent, arguments)


THEM = {STRANGER}
DOORS = [
    get("portal:start", SIGNED_IN),
    get("portal:enterprise-detail", PARK | OWN, "enterprise", absent=THEM),
    get("portal:tenancy-end", OPERATORS, "enterprise"),
    get("foundation:message-list", SIGNED_IN),
    post("foundation:message-read-all", SIGNED_IN),
    post("foundation:message-open", {Who.OWN_MANAGER}, "message", absent=SIGNED_IN),
    get("foundation:outbox-list", {SYSTEM}),
    get("foundation:job-detail", OPERATORS, "job", absent=SIGNED_IN),
    get("foundation:healthz", EVERYBODY),
    get("foundation:readyz", EVERYBODY),
    get("park:figure-list", PARK | {Who.OFFICIAL}),
    get("place:zone-list", PARK | FIRMS),
    get("place:zone-detail", PARK | FIRMS, "zone_code"),
    get("place:building-detail", PARK | FIRMS, "building"),
    get("place:floor-detail", PARK | FIRMS, "floor"),
    get("place:floor-layout", OPERATORS, "floor"),
    get("place:floor-deliver", OPERATORS, "planned_floor"),
    get("place:floor-delay", OPERATORS, "planned_floor"),
    get("place:floors-delay", OPERATORS, "planned_zone"),
    get("seats:map", PARK | FIRMS),
    get("seats:change-list", PARK | FIRMS),
    get("seats:request-list", PARK | FIRMS),
    get("seats:request-create", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    get("seats:request-detail", PARK | OWN, "request", absent=THEM),
    get("seats:request-edit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-submit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-withdraw", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-take-up", OPERATORS, "request"),
    post("seats:request-send-back", OPERATORS, "request"),
    post("seats:request-reject", OPERATORS, "request"),
    post("seats:request-approve", OPERATORS, "request"),
    get("seats:request-hand-over", OPERATORS, "request"),
    post("seats:request-offer", OPERATORS, "request"),
    get("seats:request-recall", OPERATORS, "request"),
    get("seats:request-accept", {Who.OWN_MANAGER}, "request", absent=THEM),
    get("seats:request-decline", {Who.OWN_MANAGER}, "request", absent=THEM),
    get("seats:request-fulfil", OPERATORS, "request"),
    get("seats:planner", PARK),
    post("seats:planner-hold", OPERATORS),
    get("seats:ends", PARK),
    get("seats:request-wait", OPERATORS, "request"),
    get("seats:waiting-list", PARK),
    get("seats:waiting-remove", OPERATORS, "waiting"),
    get("seats:hold-list", PARK | FIRMS),
    get("seats:hold-extend", OPERATORS, "hold"),
    get("seats:promise-list", PARK | FIRMS),
    get("seats:closure-list", PARK),
    get("seats:allocation-list", PARK | FIRMS),
    get("seats:allocation-create", OPERATORS),
    get("seats:allocation-detail", PARK | OWN, "allocation", absent=THEM),
    get("seats:allocation-confirm", OPERATORS, "hold"),
    get("seats:allocation-release", OPERATORS, "allocation"),
    get("seats:fit-out-list", PARK | FIRMS),
    get("seats:fit-out-create", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    get("seats:fit-out-detail", PARK | OWN, "fit_out", absent=THEM),
    get("seats:fit-out-days", OPERATORS, "fit_out"),
    get("seats:fit-out-step", OPERATORS | {Who.OWN_MANAGER}, "fit_out_submit", absent=THEM),
    post("seats:fit-out-file-add", OPERATORS | {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    get("seats:fit-out-file", PARK | OWN, "fit_out_file", absent=THEM),
    get("seats:handover-list", PARK | FIRMS),
    get("seats:handover-create", OPERATORS, "allocation"),
    get("seats:handover-detail", PARK | OWN, "handover", absent=THEM),
    get("seats:handover-print", PARK | OWN, "handover", absent=THEM),
    get("seats:handover-edit", OPERATORS, "handover"),
    get("seats:handover-sign", OPERATORS | {Who.OWN_MANAGER}, "handover", absent=THEM),
    get("seats:handover-dispute", {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("seats:handover-recall", OPERATORS, "handover"),
    post("seats:handover-discard", OPERATORS, "handover"),
    get("seats:handover-correct", OPERATORS, "handover"),
    get("seats:allocation-move", OPERATORS, "allocation"),
    get("seats:allocation-split", OPERATORS, "allocation"),
    get("seats:allocation-extend", OPERATORS, "allocation"),
    get("seats:allocation-end", OPERATORS, "allocation"),
    get("seats:loan-list", PARK | FIRMS),
    get("seats:loan-create", OPERATORS),
    get("seats:loan-detail", PARK | OWN, "loan", absent=THEM),
    get("seats:loan-paper", PARK | OWN, "loan_on_paper", absent=THEM),
    get("seats:loan-agree", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    get("seats:loan-refuse", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    get("seats:loan-cancel", OPERATORS, "loan"),
    get("seats:loan-arrange", OPERATORS, "loan"),
    get("seats:loan-return", OPERATORS, "loan"),
    get("seats:allocation-export", PARK | FIRMS),
    get("seats:import-list", OPERATORS),
    get("seats:import-template", OPERATORS),
    get("seats:import-detail", OPERATORS, "import"),
    get("seats:import-sheet", OPERATORS, "import"),
    get("seats:import-columns", OPERATORS, "import"),
    get("seats:import-names", OPERATORS, "import"),
    get("seats:import-changes", OPERATORS, "import"),
    get("seats:import-errors", OPERATORS, "import"),
    post("seats:import-leave-out", OPERATORS, "import"),
    post("seats:import-apply", OPERATORS, "import"),
    get("seats:import-undo", OPERATORS, "import"),
    get("tenants:enterprise-list", PARK | FIRMS),
    get("tenants:enterprise-create", OPERATORS | {Who.PROMOTION}),
    get("tenants:enterprise-import", OPERATORS),
    get("tenants:import-template", OPERATORS),
    get("tenants:enterprise-edit", OPERATORS | {Who.PROMOTION}, "enterprise"),
    get("tenants:member-invite", OPERATORS | {Who.OWN_MANAGER}, "enterprise", absent=THEM),
    get("tenants:member-end", OPERATORS | {Who.OWN_MANAGER}, "membership", absent=THEM),
    get("tenants:invitation-accept", EVERYBODY, "invitation_token"),
    get("returns:return-list", READERS | FIRMS),
    get("returns:month-detail", READERS, "month"),
    get("returns:month-close", MANAGER, "month"),
    get("returns:month-reopen", MANAGER, "month"),
    get("returns:return-create", OPERATORS | FIRMS),
    get("returns:return-detail", READERS | OWN, "return", absent=THEM),
    get("returns:return-edit", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-submit", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-correct", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-accept", OPERATORS, "return"),
    post("returns:return-send-back", OPERATORS, "return"),
    get("reports:report-list", READERS | {Who.OFFICIAL}),
    post("reports:report-build", OPERATORS),
    get("reports:indicator-list", READERS | {Who.OFFICIAL}),
    get("reports:report-detail", READERS, "draft", absent={Who.OFFICIAL}),
    get("reports:report-today", READERS | {Who.OFFICIAL}, "issued"),
    get("reports:report-on", READERS | {Who.OFFICIAL}, "day"),
    get("reports:report-rows", READERS, "draft", absent={Who.OFFICIAL}),
    get("reports:report-file", READERS | {Who.OFFICIAL}, "issued_file"),
    post("reports:report-issue", MANAGER, "draft"),
    get("audit:event-list", {Who.AUDITOR}),
    get("accounts:profile", SIGNED_IN),
    post("accounts:token-create", SIGNED_IN),
    post("accounts:token-revoke", {Who.OWN_MANAGER}, "token", absent=SIGNED_IN),
    post("set_language", EVERYBODY),
    # Signing in and one's own account: allauth
    get("account_login", EVERYBODY),
    get("account_logout", EVERYBODY),
    get("account_inactive", EVERYBODY),
    get("account_signup", EVERYBODY),
    get("account_reauthenticate", SIGNED_IN),
    get("account_change_password", SIGNED_IN),
    get("account_set_password", SIGNED_IN),
    get("account_reset_password", EVERYBODY),
    get("account_reset_password_from_key", EVERYBODY, "reset_key"),
    get("account_reset_password_from_key_done", EVERYBODY),
    get("account_reset_password_done", EVERYBODY),
    get("mfa_index", SIGNED_IN),
    get("mfa_authenticate", SIGNED_IN),
    get("mfa_reauthenticate", SIGNED_IN),
    get("mfa_activate_totp", SIGNED_IN),
    get("mfa_deactivate_totp", set(), absent=SIGNED_IN),
    get("mfa_view_recovery_codes", set(), absent=SIGNED_IN),
    get("mfa_generate_recovery_codes", SIGNED_IN),
    get("mfa_download_recovery_codes", set(), absent=SIGNED_IN),
    get("usersessions_list", SIGNED_IN),
    # /admin/: people and settings
    get("admin:index", {SYSTEM}),
    get("admin:login", {NOBODY, SYSTEM}),  # leads to the one page for signing in
    post("admin:logout", EVERYBODY),
    get("admin:password_change", {SYSTEM}),
    get("admin:password_change_done", {SYSTEM}),
    get("admin:autocomplete", set()),
    get("admin:jsi18n", {SYSTEM}),
    get("admin:app_list", {SYSTEM}, "app_label"),
    get("admin:accounts_user_changelist", {SYSTEM}),
    get("admin:accounts_user_add", {SYSTEM}),
    get("admin:accounts_user_history", {SYSTEM}, "person"),
    get("admin:accounts_user_change", {SYSTEM}, "person"),
    get("admin:accounts_user_delete", set(), "person"),
    get("admin:foundation_setting_changelist", {SYSTEM}),
    get("admin:foundation_setting_add", {SYSTEM}),
    get("admin:foundation_setting_history", {SYSTEM}, "setting"),
    get("admin:foundation_setting_change", {SYSTEM}, "setting"),
    get("admin:foundation_setting_delete", set(), "setting"),
    get("admin:foundation_workingday_changelist", {SYSTEM}),
    get("admin:foundation_workingday_add", {SYSTEM}),
    get("admin:foundation_workingday_history", {SYSTEM}, "working_day"),
    get("admin:foundation_workingday_change", {SYSTEM}, "working_day"),
    get("admin:foundation_workingday_delete", {SYSTEM}, "working_day"),
    # The API
    get("api:schema", EVERYBODY),
    get("api:zone-list", PARK | FIRMS),
    get("api:zone-detail", PARK | FIRMS, "zone"),
    get("api:building-list", PARK | FIRMS),
    get("api:building-detail", PARK | FIRMS, "building"),
    get("api:floor-list", PARK | FIRMS),
    get("api:floor-detail", PARK | FIRMS, "floor"),
    get("api:floor-map", PARK | FIRMS, "floor"),
    post("api:floor-delay", OPERATORS, "planned_floor"),
    post("api:floor-deliver", OPERATORS, "planned_floor"),
    get("api:occupancy", PARK),
    get("api:free-runs", PARK),
    get("api:seat-days", PARK),
    post("api:seat-plans", PARK),
    get("api:seat-map", PARK | FIRMS),
    get("api:seat-map-legend", PARK | FIRMS),
    get("api:seat-request-list", PARK | FIRMS),
    get("api:seat-request-detail", PARK | OWN, "request", absent=THEM),
    post("api:seat-request-submit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-withdraw", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-take-up", OPERATORS, "request"),
    post("api:seat-request-send-back", OPERATORS, "request"),
    post("api:seat-request-reject", OPERATORS, "request"),
    post("api:seat-request-approve", OPERATORS, "request"),
    post("api:seat-request-hand-over", OPERATORS, "request"),
    post("api:seat-request-offer", OPERATORS, "request"),
    post("api:seat-request-recall", OPERATORS, "request"),
    post("api:seat-request-accept", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-decline", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-fulfil", OPERATORS, "request"),
    get("api:allocation-list", PARK | FIRMS),
    get("api:allocation-detail", PARK | OWN, "allocation", absent=THEM),
    post("api:allocation-release", OPERATORS, "allocation"),
    post("api:allocation-confirm", OPERATORS, "hold"),
    get("api:fit-out-list", PARK | FIRMS),
    get("api:fit-out-detail", PARK | OWN, "fit_out", absent=THEM),
    post("api:fit-out-days", OPERATORS, "fit_out"),
    post("api:fit-out-files", OPERATORS | {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    get("api:fit-out-file", PARK | OWN, "fit_out_file", absent=THEM),
    post("api:fit-out-submit", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-approve", OPERATORS, "fit_out"),
    post("api:fit-out-send-back", OPERATORS, "fit_out"),
    post("api:fit-out-take-deposit", OPERATORS, "fit_out"),
    post("api:fit-out-start", OPERATORS, "fit_out"),
    post("api:fit-out-ask-inspection", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-pass-inspection", OPERATORS, "fit_out"),
    post("api:fit-out-fail-inspection", OPERATORS, "fit_out"),
    post("api:fit-out-accept", OPERATORS, "fit_out"),
    post("api:fit-out-withdraw", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-cancel", OPERATORS, "fit_out"),
    post("api:fit-out-return-deposit", OPERATORS, "fit_out"),
    get("api:handover-list", PARK | FIRMS),
    get("api:handover-detail", PARK | OWN, "handover", absent=THEM),
    post("api:handover-edit", OPERATORS, "handover"),
    post("api:handover-sign", OPERATORS | {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("api:handover-dispute", {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("api:handover-recall", OPERATORS, "handover"),
    post("api:handover-discard", OPERATORS, "handover"),
    post("api:allocation-extend-hold", OPERATORS, "hold"),
    post("api:allocation-move", OPERATORS, "allocation"),
    post("api:allocation-split", OPERATORS, "allocation"),
    post("api:allocation-extend", OPERATORS, "allocation"),
    post("api:allocation-end", OPERATORS, "allocation"),
    get("api:seat-loan-list", PARK | FIRMS),
    get("api:seat-loan-detail", PARK | OWN, "loan", absent=THEM),
    post("api:seat-loan-agree", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    post("api:seat-loan-refuse", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    post("api:seat-loan-cancel", OPERATORS, "loan"),
    post("api:seat-loan-arrange", OPERATORS, "loan"),
    post("api:seat-loan-return", OPERATORS, "loan"),
    get("api:enterprise-list", PARK | FIRMS),
    get("api:enterprise-detail", PARK | OWN, "enterprise", absent=THEM),
    get("api:return-list", READERS | FIRMS),
    get("api:return-detail", READERS | OWN, "return", absent=THEM),
    post("api:return-submit", OPERATORS | OWN, "return", absent=THEM),
    post("api:return-correct", OPERATORS | OWN, "return", absent=THEM),
    post("api:return-send-back", OPERATORS, "return"),
    post("api:return-accept", OPERATORS, "return"),
    get("api:report-list", READERS | {Who.OFFICIAL}),
    get("api:report-detail", READERS, "draft", absent={Who.OFFICIAL}),
    get("api:report-file", READERS | {Who.OFFICIAL}, "issued_api_file"),
    post("api:report-issue", MANAGER, "draft"),
    get("api:job-detail", OPERATORS, "job", absent=SIGNED_IN),
]
# The same address, tried in a second way.
MORE_DOORS = [
    get("reports:report-today", set(), "draft", absent=READERS | {Who.OFFICIAL}),
    get("reports:report-detail", READERS | {Who.OFFICIAL}, "issued"),
    get("api:report-detail", READERS | {Who.OFFICIAL}, "issued"),
    post("api:seat-request-list", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    post("api:allocation-list", OPERATORS),
    get("seats:fit-out-step", OPERATORS, "fit_out_approve"),
    post("seats:fit-out-step", OPERATORS, "fit_out_approve"),
    post("api:fit-out-list", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    post("api:handover-list", OPERATORS),
    post("api:seat-loan-list", OPERATORS),
    post("api:enterprise-list", OPERATORS | {Who.PROMOTION}),
    post("api:return-list", OPERATORS | FIRMS),
    post("api:report-list", OPERATORS),
]
QUERIES = {"reports:report-rows": "?cell=places:total:firm"}
DEVELOPMENT_ONLY = {"web:styleguide", "web:work-in-progress"}


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
    issued = _report(manager, issue=True)
    membership = people[Who.OWN_MEMBER].memberships.get()  # type: ignore[union-attr]
    job = Job.objects.create(
        kind="reports.build",
        key="occupancy/2023-12",
        arguments={"kind": "occupancy", "month": "2023-12"},
        owner=manager,
        created_at=NOW,
    )
    listed = checked(table(), manager)
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
        "invitation_token": ["no-such-token"],
        "month": ["2024-01"],
        "day": ["2024-01-31"],
        "return": [filed.pk],
        "draft": [_report(manager, issue=False).pk],
        "issued": [issued.pk],
        "issued_file": [issued.pk, "csv"],
        "issued_api_file": [issued.pk, "csv"],
        "token": [owner.api_tokens.get().pk],
        "reset_key": ["1", "key"],
        "app_label": ["accounts"],
        "person": [owner.pk],
        "setting": [1],
        "working_day": [1],
    }
    return World(people, arguments)


def _report(manager: User, *, issue: bool) -> MonthlyReport:
    draft = build_report(kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=manager)
    if not issue:
        return draft
    return issue_report(report_id=draft.pk, now=NOW, acting_user=manager)


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
