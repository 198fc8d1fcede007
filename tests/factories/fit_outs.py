"""Fit-outs and handover lists for tests, made by the services that people use."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from foundation.uploads import Upload
from park.axis import Span
from seats.models import Allocation, Direction, FitOut, FitOutState, Handover
from seats.services import fit_outs, handovers
from seats.services.fit_out_steps import take_step
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory

PDF = b"%PDF-1.7\n%test\n%%EOF\n"

# How a case comes into each state: the steps from the one before.
WAY: dict[str, tuple[str, ...]] = {
    "planning": (),
    "review": ("submit",),
    "deposit": ("submit", "approve"),
    "ready": ("submit", "approve", "take_deposit"),
    "working": ("submit", "approve", "take_deposit", "start"),
    "inspection": ("submit", "approve", "take_deposit", "start", "ask_inspection"),
    "rework": ("submit", "approve", "take_deposit", "start", "ask_inspection", "fail_inspection"),
    "acceptance": (
        *("submit", "approve", "take_deposit", "start", "ask_inspection", "pass_inspection"),
    ),
    "accepted": (
        *("submit", "approve", "take_deposit", "start", "ask_inspection", "pass_inspection"),
        "accept",
    ),
    "cancelled": ("submit", "approve", "take_deposit", "cancel"),
}
NEEDS: dict[str, dict[str, Any]] = {
    "send_back": {"note": "请补充消防图"},
    "fail_inspection": {"note": "喷淋被遮挡"},
    "withdraw": {"note": "改选别处"},
    "cancel": {"note": "项目终止"},
    "take_deposit": {"amount": Decimal("20000.00")},
    "return_deposit": {"amount": Decimal("20000.00")},
}
ENTERPRISES = {"submit", "ask_inspection", "withdraw"}


def an_operator() -> User:
    return UserFactory(roles=[Role.OPERATOR_STAFF])


def add_plan(case: FitOut, by: User, name: str = "平面图.pdf") -> Any:
    """The file without which no plan is handed in."""
    upload = Upload(name, "application/pdf", PDF)
    return fit_outs.add_file(fit_out_id=case.pk, upload=upload, now=NOW, acting_user=by)


def make_fit_out(
    allocation: Allocation,
    *,
    by: User,
    state: str = FitOutState.PLANNING,
    park: User | None = None,
    today: date = TODAY,
    **more: Any,
) -> FitOut:
    """A case for the allocation's seats, taken by the park and `by` to `state`."""
    case = fit_outs.open_fit_out(
        enterprise=allocation.enterprise,
        allocation=allocation,
        today=today,
        now=NOW,
        acting_user=by,
        **more,
    )
    add_plan(case, by)
    for step in WAY[state]:
        who = by if step in ENTERPRISES else park or an_operator()
        case = take(case, step, who, today=today)
    return case


def take(case: FitOut, step: str, by: User, **more: Any) -> FitOut:
    """Take a step, with all it needs."""
    told = {"today": TODAY, "now": NOW, "acting_user": by, **NEEDS.get(step, {}), **more}
    return take_step(fit_out_id=case.pk, step=step, **told)


def make_handover(
    allocation: Allocation,
    *,
    park: User,
    firm: User | None = None,
    direction: Direction = Direction.MOVE_IN,
    spans: Sequence[Span] = (),
    **more: Any,
) -> Handover:
    """A list prefilled; signed by the park and, where `firm` is given, by both."""
    handover = handovers.prepare_handover(
        allocation_id=allocation.pk,
        direction=direction,
        spans=spans,
        **{"on": TODAY, "now": NOW, "acting_user": park, **more},
    )
    return sign_both(handover, park, firm) if firm else handover


def sign_both(handover: Handover, park: User, firm: User) -> Handover:
    for who, signer in ((park, "李涛"), (firm, "周倩")):
        handover.refresh_from_db()
        handover = sign(handover, who, signer)
    return handover


def sign(handover: Handover, who: User, signer: str = "某人", **more: Any) -> Handover:
    """Sign the list as it is now."""
    told = {"expected_version": handover.version, "now": NOW, **more}
    return handovers.sign_handover(handover_id=handover.pk, signer=signer, acting_user=who, **told)
