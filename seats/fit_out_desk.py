"""A fit-out on somebody's desk: whose turn it is, what comes next, who may do what with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from park.axis import Span, free_spans, intersection
from seats.models import BlockKind, FitOut, FitOutChange, FitOutRun, FitOutState, SeatBlock
from seats.models.fit_outs import FitOutQuerySet
from seats.services.fit_outs import (
    FIT_OUT_STEPS,
    can,
    is_of_the_park,
    speaks_for_enterprise,
)
from web import formats
from web.rfc9457 import Text

PERMISSIONS = {True: "seats.add_fitout", False: "seats.decide_fitout"}

# What leads on from a state; what else may be done stands beside it
MAIN = {
    FitOutState.PLANNING: "submit",
    FitOutState.REVIEW: "approve",
    FitOutState.DEPOSIT: "take_deposit",
    FitOutState.READY: "start",
    FitOutState.WORKING: "ask_inspection",
    FitOutState.REWORK: "ask_inspection",
    FitOutState.INSPECTION: "pass_inspection",
    FitOutState.ACCEPTANCE: "accept",
    FitOutState.ACCEPTED: "return_deposit",
    FitOutState.CANCELLED: "return_deposit",
}
VERBS: dict[str, Text] = {
    "submit": gettext_lazy("Hand in the plan"),
    "approve": gettext_lazy("Approve the plan"),
    "send_back": gettext_lazy("Send the plan back"),
    "take_deposit": gettext_lazy("Record the deposit"),
    "start": gettext_lazy("Record the start"),
    "ask_inspection": gettext_lazy("Ask for the inspection"),
    "pass_inspection": gettext_lazy("Record as passed"),
    "fail_inspection": gettext_lazy("Record what is to be mended"),
    "accept": gettext_lazy("Record the acceptance"),
    "withdraw": gettext_lazy("Withdraw the case"),
    "cancel": gettext_lazy("Cancel the case"),
    "return_deposit": gettext_lazy("Record the deposit's return"),
}
_HAPPENED: dict[str, Text] = {
    "open": gettext_lazy("%(person)s opened the case"),
    "submit": gettext_lazy("%(person)s handed in the plan"),
    "approve": gettext_lazy("%(person)s approved the plan"),
    "send_back": gettext_lazy("%(person)s sent the plan back"),
    "take_deposit": gettext_lazy("%(person)s recorded the deposit"),
    "start": gettext_lazy("%(person)s recorded the start of the works"),
    "ask_inspection": gettext_lazy("%(person)s asked for the inspection"),
    "pass_inspection": gettext_lazy("%(person)s recorded the inspection as passed"),
    "fail_inspection": gettext_lazy("%(person)s recorded what is to be mended"),
    "accept": gettext_lazy("%(person)s recorded the acceptance"),
    "withdraw": gettext_lazy("%(person)s withdrew the case"),
    "cancel": gettext_lazy("%(person)s cancelled the case"),
    "return_deposit": gettext_lazy("%(person)s recorded that the deposit was returned"),
}
_FOR_THE_PARK: dict[str, Text] = {
    FitOutState.PLANNING: gettext_lazy("Next: the enterprise uploads its plan and hands it in."),
    FitOutState.REVIEW: gettext_lazy("Next: look at the plan (fire, power), then approve it."),
    FitOutState.DEPOSIT: gettext_lazy("Next: record the deposit once it is there."),
    FitOutState.READY: gettext_lazy("Next: record the day on which the works start."),
    FitOutState.WORKING: gettext_lazy("Next: the enterprise works, then asks for the inspection."),
    FitOutState.INSPECTION: gettext_lazy("Next: inspect, then record what you found."),
    FitOutState.REWORK: gettext_lazy("Next: the enterprise mends it and asks again."),
    FitOutState.ACCEPTANCE: gettext_lazy("Next: record the acceptance."),
}
_FOR_THE_ENTERPRISE: dict[str, Text] = {
    FitOutState.PLANNING: gettext_lazy("Next: upload your plan, then hand it in."),
    FitOutState.REVIEW: gettext_lazy("Next: the park reviews the plan. You need do nothing now."),
    FitOutState.DEPOSIT: gettext_lazy("Next: pay the deposit; the park records it."),
    FitOutState.READY: gettext_lazy("Next: agree with the park on the day; it records the start."),
    FitOutState.WORKING: gettext_lazy("Next: ask for the inspection when the works are finished."),
    FitOutState.INSPECTION: gettext_lazy("Next: the park inspects. You need do nothing now."),
    FitOutState.REWORK: gettext_lazy("Next: mend what was found, then ask for the inspection."),
    FitOutState.ACCEPTANCE: gettext_lazy("Next: the park accepts it. You need do nothing now."),
}


class Action(NamedTuple):
    """A step that the person may take now."""

    step: str
    verb: Text

    @property
    def slug(self) -> str:
        """As addresses write it."""
        return self.step.replace("_", "-")

    def leads_on(self, case: FitOut) -> bool:
        """Whether this is what the case waits for."""
        return self.step == MAIN[FitOutState(case.state)]


def may_take(user: User, step: str) -> bool:
    """Whether the person's role takes this step of some case."""
    is_enterprises = FIT_OUT_STEPS[step].is_enterprises
    if is_enterprises and is_of_the_park(user):
        return user.has_perm("seats.decide_fitout")
    return user.has_perm(PERMISSIONS[is_enterprises])


def actions(user: User, case: FitOut) -> list[Action]:
    """What `user`, who sees `case`, may do with it now."""
    steps = [step for step in FIT_OUT_STEPS if _is_possible(user, step, case)]
    return [Action(step, VERBS[step]) for step in steps]


def _is_possible(user: User, step: str, case: FitOut) -> bool:
    if not (may_take(user, step) and can(step, case.state)):
        return False
    if step == "return_deposit":
        return case.has_deposit_to_return
    if step == "withdraw" and is_of_the_park(user):
        return False  # it cancels
    return not FIT_OUT_STEPS[step].is_enterprises or speaks_for_enterprise(user, case)


def may_add_files(user: User, case: FitOut) -> bool:
    """Either side adds files while the case runs."""
    return user.has_perm("seats.add_fitout") and case.is_running


def in_order_of_waiting(cases: FitOutQuerySet, user: User, today: date) -> QuerySet[FitOut, FitOut]:
    """What is overdue first, then what waits for `user`'s side, then by the day that is due."""
    of_park = is_of_the_park(user)
    mine = FitOutQuerySet.AT_THE_PARK if of_park else FitOutQuerySet.AT_THE_ENTERPRISE
    money = Q(deposit__gt=0, deposit_returned_on=None)
    turn = Case(
        When(money, state__in=FitOutQuerySet.OVER, then=Value(1 if of_park else 2)),
        When(state__in=FitOutQuerySet.OVER, then=Value(3)),
        When(due_on__lt=today, then=Value(0)),
        When(state__in=mine, then=Value(1)),
        default=Value(2),
    )
    return cases.with_due().order_by(turn, F("due_on").asc(nulls_last=True), "-pk")


def waiting_for(cases: FitOutQuerySet, user: User) -> FitOutQuerySet:
    """Those of `cases` that wait for `user`'s side."""
    return cases.waiting_for_park() if is_of_the_park(user) else cases.waiting_for_enterprise()


def next_step(case: FitOut, user: User) -> Text:
    """What happens next, said to `user`."""
    if case.has_deposit_to_return:
        return _("Next: the park returns the deposit.")
    if case.state == FitOutState.ACCEPTED:
        return _("The fit-out is accepted. Nothing follows.")
    if case.state == FitOutState.CANCELLED:
        return _("The case was cancelled. Nothing follows.")
    steps = _FOR_THE_PARK if is_of_the_park(user) else _FOR_THE_ENTERPRISE
    return steps[case.state]


def state_glyph(case: FitOut) -> str:
    """In work with the park, waiting for the enterprise, done, stopped."""
    if case.state in FitOutQuerySet.AT_THE_PARK:
        return ""
    if case.state in FitOutQuerySet.AT_THE_ENTERPRISE:
        return "wait"
    return "done" if case.state == FitOutState.ACCEPTED else "stop"


def holder(case: FitOut) -> Text:
    """Who has the case."""
    if case.state in FitOutQuerySet.AT_THE_PARK or case.has_deposit_to_return:
        return pgettext_lazy("who has it", "The park")
    return case.enterprise.short_name if case.is_running else ""


def days_over(due: date | None, today: date) -> str:
    """逾期 3 天; empty where it is not overdue."""
    if due is None or due >= today:
        return ""
    days = (today - due).days
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}


def seats_of(runs: Iterable[FitOutRun]) -> int:
    """How many seats the case is about."""
    return sum(run.span.length for run in runs)


def title(case: FitOut, seats: int) -> str:
    """诚伯信息 40 席精装修：方案待审核."""
    sentence = ngettext(
        "%(enterprise)s, fit-out of %(seats)s seat: %(state)s",
        "%(enterprise)s, fit-out of %(seats)s seats: %(state)s",
        seats,
    )
    return sentence % {
        "enterprise": case.enterprise.short_name,
        "seats": formats.number(seats),
        "state": case.get_state_display(),
    }


def change_sentence(change: FitOutChange) -> str:
    """What a step was, for the timeline."""
    said = str(_HAPPENED[change.step]) % {"person": str(change.by)}
    return _("%(what)s: %(note)s") % {"what": said, "note": change.note} if change.note else said


class Content(NamedTuple):
    """So many seats of a run, and what they are today."""

    kind: str
    word: Text
    seats: int


def contents_of(run: FitOutRun, case: FitOut, blocks: Iterable[SeatBlock]) -> list[Content]:
    """What the seats of `run` are: the enterprise's, others', closed, vacant.

    On a floor that is not handed over: what they will be. Its floor is loaded.
    """
    planned = run.floor.delivered_on is None
    own: dict[str, list[Span]] = {}
    for block in blocks:
        span = block.span
        if part := intersection(run.span, span):
            kind = _kind_for(block, case)
            own.setdefault("chosen" if planned and kind == "hold" else kind, []).append(part)
    taken = [part for parts in own.values() for part in parts]
    free = sum(span.length for span in free_spans(run.span, taken))
    counts = {kind: sum(part.length for part in parts) for kind, parts in own.items()}
    counts["void" if planned else "free"] = free
    return [Content(kind, word, counts[kind]) for kind, word in _WORDS if counts.get(kind)]


def _kind_for(block: SeatBlock, case: FitOut) -> str:
    if block.kind == BlockKind.CLOSURE:
        return "closed" if block.allocation_id != case.closure_id else "closed_by_it"
    return block.kind if block.enterprise_id == case.enterprise_id else "other"


_WORDS: list[tuple[str, Text]] = [
    ("firm", gettext_lazy("the enterprise's own, contracted: no closure needed")),
    ("hold", gettext_lazy("held for the enterprise")),
    ("chosen", gettext_lazy("pre-selected by the enterprise; the floor is not handed over")),
    ("closed_by_it", gettext_lazy("closed by this case")),
    ("closed", gettext_lazy("closed otherwise")),
    ("other", gettext_lazy("another enterprise's")),
    ("free", gettext_lazy("vacant")),
    ("void", gettext_lazy("not there yet: the floor is not handed over")),
]


def blocks_under(runs: Iterable[FitOutRun], day: date) -> list[SeatBlock]:
    """What lies on their floors on `day`; where that is not handed over, what will; one query."""
    floors = {run.floor_id for run in runs}
    coming = Q(floor__delivered_on=None, period__overlap=(day, None))
    blocks = SeatBlock.objects.real().filter(Q(period__contains=day) | coming, floor__in=floors)
    return list(blocks.order_by("seats"))
