"""What the park does with a return that was submitted: accept it, or send it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.services.messages import tell
from park.lock import park_locked
from returns.lifecycle import sources_of
from returns.models import MonthlyReturn, ReturnState
from returns.rules import known_rules, lazy_why
from returns.services.handing_on import followed
from returns.services.steps import REVIEWABLE, locked_in, move
from returns.wanted_values import refuse_wanted_value
from web import formats
from web.refusals import Invalid


def accept_return(
    *, return_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> MonthlyReturn:
    """Accept a submitted return. Raises `WrongState`, `MonthClosed` or `Stale`."""
    with park_locked(acting_user, shared=True):
        row = locked_in(REVIEWABLE, return_id, expected_version)
        move(row, ReturnState.ACCEPTED, now)
    return row


def send_back_return(
    *,
    return_id: int,
    question: str,
    now: datetime,
    acting_user: User,
    rules: Sequence[str] = (),
    expected_version: int | None = None,
) -> MonthlyReturn:
    """Send a filed return back with the rules that it breaks (codes), a question, or both.

    Never with a wanted value: whoever answers for a figure finds it. Raises `Invalid`,
    `WantedValue`, `WrongState`, `MonthClosed` or `Stale`.
    """
    broken = known_rules(rules)
    if not question.strip() and not broken:
        raise Invalid({"question": _("Say which rule or question sends it back.")})
    refuse_wanted_value(question)
    with park_locked(acting_user, shared=True):
        row = locked_in(sources_of("send_back"), return_id, expected_version)
        asked = {"question": question.strip(), "broken_rules": broken}
        move(row, ReturnState.SENT_BACK, now, **asked, **followed(row))
        _tell_enterprise(row)
    return row


def _tell_enterprise(row: MonthlyReturn) -> None:
    tell(
        people=User.objects.filter(
            memberships__enterprise=row.enterprise, memberships__ended_at=None, is_active=True
        ),
        subject=gettext_noop("Your return for %(month)s was sent back"),
        body=gettext_noop("The park asks about your return for %(month)s: %(question)s"),
        url=reverse("returns:return-detail", args=[row.pk]),
        parameters={
            "month": formats.lazy_month(row.month),
            "question": lazy_why(row.broken_rules, row.question),
        },
    )
