"""What reminders say. Each person reads them in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.months import format_month
from foundation.services.messages import tell
from park.month_days import MonthDays
from returns.models import MonthlyReturn, Occasion, ReturnState
from returns.rules import lazy_why
from web import formats


class Words(NamedTuple):
    """A message: its head and what it says."""

    subject: str
    body: str


_WORDS = {
    Occasion.OPENED: Words(
        gettext_noop("Return for %(month)s: open, due on %(due)s"),
        gettext_noop("The return for %(month)s can be filed now, until %(due)s."),
    ),
    Occasion.BEFORE: Words(
        gettext_noop("Return for %(month)s: due on %(due)s"),
        gettext_noop("The return for %(month)s is not filed yet. It is due on %(due)s."),
    ),
    Occasion.DUE: Words(
        gettext_noop("Return for %(month)s: due today"),
        gettext_noop("The return for %(month)s is not filed yet. It is due today."),
    ),
    Occasion.LATE: Words(
        gettext_noop("Return for %(month)s: late"),
        gettext_noop(
            "The return for %(month)s was due on %(due)s and is not filed yet. It can be filed "
            "until %(closes)s; then the month is closed."
        ),
    ),
    Occasion.ASKED: Words(
        gettext_noop("Return for %(month)s: the park waits for an answer"),
        gettext_noop(
            "The park sent the return for %(month)s back on %(asked)s: %(question)s\n\n"
            "Please answer and submit it again. Until then the month counts as not filed."
        ),
    ),
    Occasion.CLOSING: Words(
        gettext_noop("Return for %(month)s: the month closes today, a question is open"),
        gettext_noop(
            "The park sent the return for %(month)s back on %(asked)s: %(question)s\n\n"
            "The month is closed tonight. Please answer and submit it again today."
        ),
    ),
    Occasion.BY_HAND: Words(
        gettext_noop("The park reminds you of the return for %(month)s"),
        gettext_noop("The return for %(month)s, due on %(due)s, is not filed yet. Please file it."),
    ),
    Occasion.MISSING: Words(
        gettext_noop("%(month)s: %(missing)d of %(owed)d returns are missing"),
        gettext_noop(
            "They were due on %(due)s. The month closes in the night after %(closes)s. The page "
            "of the month says who it is, and reminds them."
        ),
    ),
    Occasion.REVIEW: Words(
        gettext_noop("%(month)s: %(submitted)d returns wait for review"),
        gettext_noop(
            "Returns are to be looked at by %(review)s; %(missing)d of %(owed)d are missing. The "
            "month closes in the night after %(closes)s."
        ),
    ),
}


def tell_enterprise(
    occasion: Occasion, people: Sequence[User], days: MonthDays, row: MonthlyReturn | None
) -> None:
    """Tell an enterprise's people about `days.month`; the link leads to the return."""
    words = _WORDS[occasion]
    asked = row is not None and row.state == ReturnState.SENT_BACK
    if occasion == Occasion.BY_HAND and asked:
        words = Words(words.subject, _WORDS[Occasion.ASKED].body)
    said = _days_in_words(days)
    if row is not None and asked:
        asked_on = timezone.localtime(row.since).date()
        said |= {
            "question": lazy_why(row.broken_rules, row.question),
            "asked": formats.lazy_day(asked_on),
        }
    tell(
        people=people, subject=words.subject, body=words.body, url=_url(days, row), parameters=said
    )


def tell_park(occasion: Occasion, people: Sequence[User], days: MonthDays, **counts: int) -> None:
    """Tell the park's operators how a month stands; the link leads to the page of the month."""
    words, show = _WORDS[occasion], "submitted" if occasion == Occasion.REVIEW else "missing"
    tell(
        people=people,
        subject=words.subject,
        body=words.body,
        url=f"{reverse('returns:month-detail', args=[format_month(days.month)])}?show={show}",
        parameters={**_days_in_words(days), **counts},
    )


def _days_in_words(days: MonthDays) -> dict[str, Any]:
    return {
        "month": formats.lazy_month(days.month),
        "due": formats.lazy_day(days.due_on),
        "review": formats.lazy_day(days.review_on),
        "closes": formats.lazy_day(days.closes_on),
    }


def _url(days: MonthDays, row: MonthlyReturn | None) -> str:
    if row is not None:
        return reverse("returns:return-edit", args=[row.pk])
    return f"{reverse('returns:return-create')}?month={format_month(days.month)}"
