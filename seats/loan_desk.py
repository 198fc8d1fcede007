"""Loans as people see them: where each is, who waits for whom, who may do what with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from seats.models import LoanState, LoanStep, SeatBlock, SeatLoan
from seats.models.loans import MOVED, OPEN
from seats.services.loans import answers_for_lender, can
from tenants.models import Enterprise, Membership
from web import formats
from web.rfc9457 import Text

WAITING, AHEAD, RUNNING, OVER = "waiting", "ahead", "running", "over"
PHASES: list[tuple[str, Text]] = [
    (WAITING, pgettext_lazy("loans of seats", "Under way")),
    (AHEAD, pgettext_lazy("loans of seats", "Ahead")),
    (RUNNING, pgettext_lazy("loans of seats", "Running")),
    (OVER, pgettext_lazy("loans of seats", "Over")),
]


def phase_of(loan: SeatLoan, today: date) -> str:
    """Where a loan is on `today`; for that nothing needs to have run on the day of return."""
    if loan.state in OPEN:
        return WAITING
    if loan.state not in MOVED or loan.end <= today:
        return OVER
    return AHEAD if today < loan.start else RUNNING


def in_phase(loans: QuerySet[SeatLoan], phase: str, today: date) -> QuerySet[SeatLoan]:
    """Those of `loans` that are in `phase` on `today`."""
    rows = loans.alias(ends=Coalesce("returned_on", "period__endswith"))
    moved = Q(state__in=MOVED)
    conditions = {
        WAITING: Q(state__in=OPEN),
        AHEAD: moved & Q(period__startswith__gt=today, ends__gt=today),
        RUNNING: moved & Q(period__startswith__lte=today, ends__gt=today),
        OVER: Q(state__in=[LoanState.REFUSED, LoanState.CANCELLED]) | (moved & Q(ends__lte=today)),
    }
    return rows.filter(conditions[phase])


def in_order(loans: QuerySet[SeatLoan], today: date) -> QuerySet[SeatLoan]:
    """What waits for somebody first, then what runs by its end, what comes, and what is over."""
    rows = loans.annotate(ends=Coalesce("returned_on", "period__endswith"))
    is_there = Q(state__in=MOVED, ends__gt=today)
    rank = Case(
        When(state__in=OPEN, then=Value(0)),
        When(is_there & Q(period__startswith__lte=today), then=Value(1)),
        When(is_there, then=Value(2)),
        default=Value(3),
    )
    near_end = Case(When(is_there, then=F("ends")))
    return rows.order_by(rank, near_end.asc(nulls_last=True), "-since", "-pk")


def with_names(loans: QuerySet[SeatLoan]) -> QuerySet[SeatLoan]:
    """Each loan with what its line and its page name."""
    return loans.select_related("lender", "borrower", "floor__building__zone", "created_by")


class Actions(NamedTuple):
    """What a person may do with a loan as it is now."""

    agree: bool
    refuse: bool
    arrange: bool
    cancel: bool
    give_back: bool


def actions(user: User, loan: SeatLoan, today: date) -> Actions:
    """What `user`, who sees `loan`, may do with it now."""
    arranges = user.has_perm("seats.arrange_seatloan")
    answers = user.has_perm("seats.answer_seatloan") and (
        arranges or answers_for_lender(user, loan)
    )
    return Actions(
        agree=answers and can("agree", loan.state),
        refuse=answers and can("refuse", loan.state),
        arrange=arranges and can("arrange", loan.state),
        cancel=arranges and can("cancel", loan.state),
        give_back=arranges and can("return", loan.state) and today < loan.end,
    )


class Eyes:
    """Whose eyes see loans: the park's, or those of one side. The borrower is not told the lender.

    One query, however many loans are looked at.
    """

    def __init__(self, user: User) -> None:
        self.is_of_park = user.has_perm("seats.view_every_seatloan")
        self._own: set[int] | None = None
        self.user = user

    @property
    def own(self) -> set[int]:
        """The enterprises that the person acts for."""
        if self._own is None:
            own = Membership.objects.enterprises_of(self.user)
            self._own = set() if self.is_of_park else set(own.values_list("enterprise", flat=True))
        return self._own

    def know_lender(self, lender_id: int) -> bool:
        return self.is_of_park or lender_id in self.own

    def are_borrowers(self, loan: SeatLoan) -> bool:
        return not self.is_of_park and loan.borrower_id in self.own

    def lender_of(self, loan: SeatLoan) -> str:
        """Who lends, as these eyes may know it."""
        return str(loan.lender) if self.know_lender(loan.lender_id) else _("another enterprise")


def loan_title(loan: SeatLoan, eyes: Eyes) -> str:
    """迈睿 → 诚伯信息：调剂 40 席."""
    words = {
        "lender": eyes.lender_of(loan),
        "borrower": str(loan.borrower),
        "seats": formats.number(loan.count),
    }
    if eyes.are_borrowers(loan):
        sentence = ngettext("%(seats)s seat on loan", "%(seats)s seats on loan", loan.count)
    else:
        sentence = ngettext(
            "%(lender)s lends %(borrower)s %(seats)s seat",
            "%(lender)s lends %(borrower)s %(seats)s seats",
            loan.count,
        )
    return sentence % words


def state_word(loan: SeatLoan, today: date) -> Text:
    """Proposed, agreed, ahead, running, returned, refused, cancelled."""
    phase = phase_of(loan, today)
    if phase in (AHEAD, RUNNING):
        return dict(PHASES)[phase]
    return LoanState.RETURNED.label if loan.state == LoanState.ARRANGED else _state(loan)


def _state(loan: SeatLoan) -> Text:
    return loan.get_state_display()


def glyph(loan: SeatLoan, eyes: Eyes, today: date) -> str:
    """In work with whoever looks, waiting for others, done, stopped."""
    phase = phase_of(loan, today)
    if phase == WAITING:
        is_parks = loan.state == LoanState.AGREED
        return "" if is_parks == eyes.is_of_park and not eyes.are_borrowers(loan) else "wait"
    if loan.state in (LoanState.REFUSED, LoanState.CANCELLED):
        return "stop"
    return "" if phase == RUNNING else "wait" if phase == AHEAD else "done"


def waits_for(loan: SeatLoan, eyes: Eyes) -> str:
    """Who has to do something next; empty where nobody has."""
    if loan.state == LoanState.PROPOSED:
        return _("waits for %(lender)s") % {"lender": eyes.lender_of(loan)}
    return _("waits for the park") if loan.state == LoanState.AGREED else ""


def next_step(loan: SeatLoan, eyes: Eyes, today: date) -> str:
    """What happens next, said to whoever looks."""
    words = {
        "lender": eyes.lender_of(loan),
        "borrower": str(loan.borrower),
        "start": formats.iso_day(loan.start),
        "last_day": formats.iso_day(loan.last_day),
        "back_on": formats.iso_day(loan.end),
    }
    phase = phase_of(loan, today)
    key = (loan.state if phase == WAITING else phase, _side(loan, eyes))
    if loan.state in (LoanState.REFUSED, LoanState.CANCELLED):
        return _("This loan did not come about. Nothing follows.")
    return str(_NEXT[key]) % words


def _side(loan: SeatLoan, eyes: Eyes) -> str:
    if eyes.is_of_park:
        return "park"
    return "lender" if eyes.know_lender(loan.lender_id) else "borrower"


_NEXT: dict[tuple[str, str], Text] = {
    (LoanState.PROPOSED, "park"): gettext_lazy(
        "Next: %(lender)s agrees or refuses. If it did so on paper, record it here."
    ),
    (LoanState.PROPOSED, "lender"): gettext_lazy(
        "Next: agree or refuse. Until then nothing changes for you."
    ),
    (LoanState.PROPOSED, "borrower"): gettext_lazy(
        "Next: the enterprise that has the seats answers. You need do nothing now."
    ),
    (LoanState.AGREED, "park"): gettext_lazy("Next: arrange it. Then the seats move."),
    (LoanState.AGREED, "lender"): gettext_lazy(
        "Next: the park arranges it. You need do nothing now."
    ),
    (LoanState.AGREED, "borrower"): gettext_lazy(
        "Next: the park arranges it. You need do nothing now."
    ),
    (AHEAD, "park"): gettext_lazy(
        "%(borrower)s has the seats from %(start)s to %(last_day)s. They go back by themselves."
    ),
    (AHEAD, "lender"): gettext_lazy(
        "%(borrower)s has the seats from %(start)s to %(last_day)s. They come back by themselves."
    ),
    (AHEAD, "borrower"): gettext_lazy("You have the seats from %(start)s to %(last_day)s."),
    (RUNNING, "park"): gettext_lazy("%(lender)s has the seats again from %(back_on)s, by itself."),
    (RUNNING, "lender"): gettext_lazy("The seats are yours again from %(back_on)s, by themselves."),
    (RUNNING, "borrower"): gettext_lazy(
        "You have the seats until %(last_day)s. Leave them by the end of that day."
    ),
    (OVER, "park"): gettext_lazy("%(lender)s has the seats again since %(back_on)s."),
    (OVER, "lender"): gettext_lazy("The seats are yours again since %(back_on)s."),
    (OVER, "borrower"): gettext_lazy("You had the seats until %(last_day)s. Nothing follows."),
}

_DEEDS: dict[str, Text] = {
    LoanState.PROPOSED: gettext_lazy("%(person)s proposed it"),
    LoanState.AGREED: gettext_lazy("%(name)s agreed; recorded by %(person)s"),
    LoanState.REFUSED: gettext_lazy("%(person)s refused: %(note)s"),
    LoanState.CANCELLED: gettext_lazy("%(person)s cancelled it: %(note)s"),
    LoanState.ARRANGED: gettext_lazy("%(person)s arranged it"),
    LoanState.ENDED_EARLY: gettext_lazy("%(person)s recorded the early return"),
    LoanState.RETURNED: gettext_lazy("The seats went back by themselves"),
}


def step_sentence(step: LoanStep, loan: SeatLoan, eyes: Eyes) -> str:
    """What a step was, for the timeline. The borrower reads no names of the lender's people."""
    hides = eyes.are_borrowers(loan) and step.to_state in (LoanState.AGREED, LoanState.REFUSED)
    if hides:
        agreed = step.to_state == LoanState.AGREED
        return _("The lender agreed") if agreed else _("The lender refused")
    is_own = step.to_state == LoanState.AGREED and str(step.by) == loan.agreed_name
    sentence = _("%(person)s agreed") if is_own else _DEEDS[step.to_state]
    said = {"person": str(step.by or ""), "name": loan.agreed_name, "note": step.note}
    return str(sentence) % said


class Line:
    """A loan in a list, as somebody sees it."""

    def __init__(self, loan: SeatLoan, eyes: Eyes, today: date) -> None:
        self.loan = loan
        self.title = loan_title(loan, eyes)
        self.facts = f"{loan.run} · {formats.period(loan.start, loan.last_day)}"
        self.glyph = glyph(loan, eyes, today)
        self.state = state_word(loan, today)
        self.waits_for = waits_for(loan, eyes)


@dataclass(frozen=True)
class Standing:
    """How many seats an enterprise has on a day, before and after a step of a loan."""

    enterprise: str
    day: date
    before: int
    after: int


def standings(
    loan: SeatLoan, *, lender_gains: Callable[[date], int], days: list[date], eyes: Eyes
) -> list[Standing]:
    """Seats of both sides on `days`, before → after; one side sees only itself."""
    sides = [(loan.lender, 1, eyes.know_lender(loan.lender_id))]
    sides.append((loan.borrower, -1, eyes.is_of_park or eyes.are_borrowers(loan)))
    return [
        Standing(str(enterprise), day, has, has + sign * lender_gains(day))
        for enterprise, sign, is_seen in sides
        if is_seen
        for day in days
        for has in [seats_of(enterprise, day)]
    ]


def seats_of(enterprise: Enterprise, day: date) -> int:
    """How many seats the enterprise has on `day`."""
    length = F("seats__endswith") - F("seats__startswith")
    blocks = SeatBlock.objects.on(day).filter(enterprise=enterprise)
    return blocks.aggregate(seats=Coalesce(Sum(length), 0))["seats"]
