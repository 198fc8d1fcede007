"""What kinds of report that count returns share: how many are filed, and whose are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from foundation.months import format_month
from reports.indicators import Facts
from reports.indicators.returns import FILED, NOT_BEGUN
from reports.kinds.kind import WordList
from reports.tables import PREVIOUS, TO_DATE, TO_DATE_BEFORE, YEAR_BEFORE, Period
from returns.models import ReturnState
from web.rfc9457 import Text

FILING_COMPARED = (PREVIOUS, YEAR_BEFORE, TO_DATE, TO_DATE_BEFORE)

RETURN_STATES: dict[str, Text] = {
    NOT_BEGUN: pgettext_lazy("return", "Not begun"),
    ReturnState.DRAFT: ReturnState.DRAFT.label,
    ReturnState.SENT_BACK: ReturnState.SENT_BACK.label,
}


def filing_compared(filing: Mapping[str, Sequence[int]]) -> str:
    """How many were filed in the months that the month is compared with."""
    previous, before = filing[Period.PREVIOUS.value], filing[Period.YEAR_BEFORE.value]
    return _(
        "Returns filed: month before %(filed)d ÷ %(expected)d, year before %(filed_before)d ÷ "
        "%(expected_before)d. Sums hold what was filed, so compare them with this in mind."
    ) % {
        "filed": previous[0],
        "expected": previous[1],
        "filed_before": before[0],
        "expected_before": before[1],
    }


def filing_to_date(filing: Mapping[str, Sequence[int]]) -> str:
    """How many were filed in the year to date, and in that before."""
    now, before = filing[Period.TO_DATE.value], filing[Period.TO_DATE_BEFORE.value]
    return _(
        "Returns of the year to date: %(filed)d ÷ %(expected)d filed; of the year before to the "
        "same month %(filed_before)d ÷ %(expected_before)d."
    ) % {
        "filed": now[0],
        "expected": now[1],
        "filed_before": before[0],
        "expected_before": before[1],
    }


def _missing(month: date, facts: Facts) -> list[dict[str, Any]]:
    states = {
        fact.enterprise: fact.state
        for fact in facts.of("returns")
        if fact.month == format_month(month) and fact.state != FILED
    }
    return [
        {"enterprise": pk, "name": enterprise.name, "state": states[pk]}
        for pk, enterprise in facts.enterprises.items()
        if pk in states
    ]


MISSING_RETURNS = WordList(
    code="unfiled",
    title=gettext_lazy("Returns that are missing"),
    heads=(pgettext_lazy("head", "Enterprise"), pgettext_lazy("head", "State of its return")),
    rows=_missing,
    words=lambda row: (row["name"], str(RETURN_STATES[row["state"]])),
)
