"""What lender, borrower and park are told at each step of a loan.

The borrower has the seats through the park: it is not told whose they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Role
from foundation.services.messages import tell
from seats.models import SeatLoan
from seats.rectangles import last_included
from tenants.models import Enterprise
from web import formats


class _Letter(NamedTuple):
    subject: str
    body: str


class _Letters(NamedTuple):
    lender: _Letter
    borrower: _Letter
    park: _Letter | None = None


_LETTERS = {
    "propose": _Letters(
        _Letter(
            gettext_noop("The park asks you to lend %(seats)s seats"),
            gettext_noop(
                "The park asks whether %(borrower)s may use %(run)s, %(seats)s seats of yours, "
                "from %(first_day)s to %(last_day)s. They come back to you by themselves. "
                "Agree or refuse on the page of loan %(number)s."
            ),
        ),
        _Letter(
            gettext_noop("%(seats)s seats on loan are being asked for"),
            gettext_noop(
                "The park asks another enterprise for %(seats)s seats for you, from %(first_day)s "
                "to %(last_day)s: loan %(number)s. You need do nothing now."
            ),
        ),
    ),
    "agree": _Letters(
        _Letter(
            gettext_noop("Loan %(number)s is agreed"),
            gettext_noop(
                "%(name)s agreed for you that %(borrower)s uses %(run)s from %(first_day)s to "
                "%(last_day)s. The park arranges it next."
            ),
        ),
        _Letter(
            gettext_noop("Loan %(number)s is agreed"),
            gettext_noop(
                "%(seats)s seats from %(first_day)s to %(last_day)s are agreed for you. The park "
                "arranges it next."
            ),
        ),
        _Letter(
            gettext_noop("%(lender)s agreed to loan %(number)s"),
            gettext_noop(
                "%(name)s agreed for %(lender)s: %(run)s goes to %(borrower)s from %(first_day)s "
                "to %(last_day)s. Arrange it next."
            ),
        ),
    ),
    "refuse": _Letters(
        _Letter(
            gettext_noop("Loan %(number)s does not come about"),
            gettext_noop("You do not lend %(run)s: %(note)s"),
        ),
        _Letter(
            gettext_noop("Loan %(number)s does not come about"),
            gettext_noop(
                "The %(seats)s seats from %(first_day)s to %(last_day)s that the park asked for "
                "you are not lent. Talk to the park about other seats."
            ),
        ),
        _Letter(
            gettext_noop("%(lender)s refused loan %(number)s"),
            gettext_noop("%(lender)s does not lend %(run)s: %(note)s"),
        ),
    ),
    "cancel": _Letters(
        _Letter(
            gettext_noop("Loan %(number)s was cancelled"),
            gettext_noop("The park does not ask for %(run)s any more: %(note)s"),
        ),
        _Letter(
            gettext_noop("Loan %(number)s was cancelled"),
            gettext_noop(
                "The loan of %(seats)s seats from %(first_day)s to %(last_day)s does not come "
                "about: %(note)s"
            ),
        ),
    ),
    "arrange": _Letters(
        _Letter(
            gettext_noop("Your seats are lent until %(last_day)s"),
            gettext_noop(
                "%(run)s, %(seats)s seats, is with %(borrower)s from %(first_day)s to "
                "%(last_day)s. From %(back_on)s it is yours again by itself."
            ),
        ),
        _Letter(
            gettext_noop("You have %(seats)s seats on loan until %(last_day)s"),
            gettext_noop(
                "%(run)s, %(seats)s seats, is yours from %(first_day)s to %(last_day)s. Leave it "
                "by the end of that day."
            ),
        ),
    ),
    "return": _Letters(
        _Letter(
            gettext_noop("Your %(seats)s seats come back on %(back_on)s"),
            gettext_noop("%(run)s is yours again from %(back_on)s, earlier than was agreed."),
        ),
        _Letter(
            gettext_noop("Your %(seats)s seats on loan end on %(last_day)s"),
            gettext_noop("You have %(run)s until %(last_day)s, shorter than was agreed."),
        ),
    ),
    "remind": _Letters(
        _Letter(
            gettext_noop("Your %(seats)s seats come back on %(back_on)s"),
            gettext_noop("%(run)s is yours again from %(back_on)s; %(borrower)s leaves it before."),
        ),
        _Letter(
            gettext_noop("Your %(seats)s seats on loan end on %(last_day)s"),
            gettext_noop("You have %(run)s until %(last_day)s. Leave it by the end of that day."),
        ),
    ),
    "complete": _Letters(
        _Letter(
            gettext_noop("Your %(seats)s seats are back"),
            gettext_noop("%(run)s is yours again since %(back_on)s. Loan %(number)s is over."),
        ),
        _Letter(
            gettext_noop("Your %(seats)s seats on loan have ended"),
            gettext_noop("You had %(run)s until %(last_day)s. Loan %(number)s is over."),
        ),
    ),
}


def tell_both(step: str, loan: SeatLoan, *, note: str = "") -> None:
    """Tell the people of both enterprises, and of the park where a step is not its own."""
    letters = _LETTERS[step]
    words = _words(loan) | {"note": note.strip()}
    _tell(_people_of(loan.lender), letters.lender, loan, words)
    _tell(_people_of(loan.borrower), letters.borrower, loan, words)
    if letters.park is not None:
        operators = [Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF]
        people = User.objects.filter(roles__overlap=operators, is_active=True)
        _tell(people, letters.park, loan, words)


def _tell(people: Any, letter: _Letter, loan: SeatLoan, words: dict[str, str]) -> None:
    url = reverse("seats:loan-detail", args=[loan.pk])
    tell(people=people, subject=letter.subject, body=letter.body, url=url, parameters=words)


def _people_of(enterprise: Enterprise) -> Any:
    return User.objects.filter(
        memberships__enterprise=enterprise, memberships__ended_at=None, is_active=True
    )


def _words(loan: SeatLoan) -> dict[str, str]:
    return {
        "number": loan.number,
        "lender": loan.lender.short_name,
        "borrower": loan.borrower.short_name,
        "run": loan.run,
        "seats": formats.number(loan.count),
        "first_day": formats.iso_day(loan.start),
        "last_day": formats.iso_day(last_included(loan.end)),
        "back_on": formats.iso_day(loan.end),
        "name": loan.agreed_name,
    }
