"""How the returns of a month came in: in time, late, sent back, not at all; from their history."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month
from park.month_days import MonthCalendar, MonthDays
from reports.indicators.facts import invented
from reports.indicators.registry import Ratio, Source, Total
from reports.units import Unit
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.owing import owing

NOT_BEGUN = "none"
_RULE = re.compile(r"\bV\d{1,2}\b")


class FilingFact(NamedTuple):
    """How the return of an enterprise came in. Days as ISO texts, empty where there is none.

    `question`: what the park asked last; `correction`: why it was filed again last.
    """

    month: str
    enterprise: int
    state: str
    due: str
    submitted: str
    days_late: int | None
    expected: int
    in_time: int
    late: int
    missing: int
    sent_back: int
    was_sent_back: int
    rule: str
    question: str
    correction: str
    sample_fields: list[str]


_MADE_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("submitted", "days_late", "in_time", "late", "missing"), ("submitted_at",)),
    **dict.fromkeys(("sent_back", "was_sent_back", "question"), ("question",)),
}


class _Asked(NamedTuple):
    """How often a return was sent back, and what was asked last."""

    times: int = 0
    question: str = ""


class _Filed(NamedTuple):
    first_on: date
    correction: str


def take_filings(months: Sequence[date], _columns: Collection[str] = ()) -> list[FilingFact]:
    """One fact for each enterprise that owed a return for a month, as its history has it now."""
    rows = {
        (row["month"], row["enterprise"]): row
        for row in MonthlyReturn.objects.filter(month__in=months).values(
            "pk", "month", "enterprise", "state", "revision_count", "sample_fields"
        )
    }
    numbers = [row["pk"] for row in rows.values()]
    asked, filed = _asked(numbers), _filed(numbers)
    days = MonthCalendar.load().of_each(months)
    facts = [
        _fact(days[month], enterprise, rows.get((month, enterprise)), asked, filed)
        for month, enterprises in owing(months).items()
        for enterprise in enterprises
    ]
    return sorted(facts, key=lambda fact: (fact.month, fact.enterprise))


def _asked(numbers: Sequence[int]) -> dict[int, _Asked]:
    """From the history: every moment at which a return was sent back is one time."""
    events = (
        MonthlyReturn.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj__in=numbers, state=ReturnState.SENT_BACK
        )
        .order_by("pgh_obj", "pgh_id")
        .values_list("pgh_obj", "since", "question")
    )
    moments: dict[int, dict[Any, str]] = {}
    for number, since, question in events:
        moments.setdefault(number, {})[since] = question
    return {
        number: _Asked(len(questions), list(questions.values())[-1])
        for number, questions in moments.items()
    }


def _filed(numbers: Sequence[int]) -> dict[int, _Filed]:
    """When each was filed first, and why last."""
    found: dict[int, _Filed] = {}
    revisions = ReturnRevision.objects.filter(monthly_return__in=numbers).order_by("number")
    for number, at, reason in revisions.values_list("monthly_return", "submitted_at", "reason"):
        first = found.get(number)
        found[number] = _Filed(first.first_on if first else timezone.localdate(at), reason)
    return found


def _fact(
    days: MonthDays,
    enterprise: int,
    row: Mapping[str, Any] | None,
    asked: Mapping[int, _Asked],
    filed: Mapping[int, _Filed],
) -> FilingFact:
    number = row["pk"] if row else 0
    first, back = filed.get(number), asked.get(number, _Asked())
    late = max(0, (first.first_on - days.due_on).days) if first else None
    counts = row is not None and first is not None and row["state"] != ReturnState.SENT_BACK
    rule = _RULE.search(back.question)
    return FilingFact(
        month=format_month(days.month),
        enterprise=enterprise,
        state=row["state"] if row else NOT_BEGUN,
        due=days.due_on.isoformat(),
        submitted=first.first_on.isoformat() if first else "",
        days_late=late,
        expected=1,
        in_time=int(counts and not late),
        late=int(counts and bool(late)),
        missing=int(not counts),
        sent_back=back.times,
        was_sent_back=int(back.times > 0),
        rule=rule.group() if rule else "",
        question=back.question,
        correction=first.correction if first else "",
        sample_fields=invented(row["sample_fields"] if row else [], _MADE_OF),
    )


FILINGS = Source("filings", FilingFact, take_filings)

OWED = Total(
    code="filings_expected",
    name=_("Returns owed"),
    short=pgettext_lazy("head", "Owed"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises that were tenants on at least one day of the month, and those that filed."
    ),
    source="filings",
    column="expected",
)
IN_TIME = Total(
    code="filings_in_time",
    name=_("Returns filed in time"),
    short=pgettext_lazy("head", "In time"),
    unit=Unit.ENTERPRISE,
    definition=_("Returns that count, and were submitted first by the day on which they were due."),
    source="filings",
    column="in_time",
)
LATE = Total(
    code="filings_late",
    name=_("Returns filed late"),
    short=pgettext_lazy("head", "Late"),
    unit=Unit.ENTERPRISE,
    definition=_("Returns that count, and were submitted first after the day of their due."),
    source="filings",
    column="late",
)
MISSING = Total(
    code="filings_missing",
    name=_("Returns not filed"),
    short=pgettext_lazy("head", "Not filed"),
    unit=Unit.ENTERPRISE,
    definition=_("Returns owed that were not submitted, or were sent back and not filed again."),
    source="filings",
    column="missing",
)
DAYS_LATE = Total(
    code="filings_days_late",
    name=_("Days late"),
    short=pgettext_lazy("head", "Days late"),
    unit=Unit.DAY,
    definition=_("Days from the day of their due to the day of the first submission, added up."),
    source="filings",
    column="days_late",
)
SENT_BACK = Total(
    code="filings_sent_back",
    name=_("Times sent back"),
    short=pgettext_lazy("head", "Sent back"),
    unit=Unit.TIMES,
    definition=_("How often the park sent a return of the month back with a question or a rule."),
    source="filings",
    column="sent_back",
)
WERE_SENT_BACK = Total(
    code="filings_were_sent_back",
    name=_("Returns that were sent back"),
    short=pgettext_lazy("head", "Were sent back"),
    unit=Unit.ENTERPRISE,
    definition=_("Returns of the month that were sent back at least once."),
    source="filings",
    column="was_sent_back",
)
IN_TIME_RATE = Ratio(
    code="filings_in_time_rate",
    name=_("Rate of returns filed in time"),
    short=pgettext_lazy("head", "In time"),
    unit=Unit.PERCENT,
    definition=_("Returns filed in time ÷ returns owed."),
    numerator=IN_TIME,
    denominator=OWED,
    factor=100,
)

SOURCES = (FILINGS,)
INDICATORS = (OWED, IN_TIME, LATE, MISSING, DAYS_LATE, WERE_SENT_BACK, SENT_BACK, IN_TIME_RATE)
