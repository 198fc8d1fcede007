"""Y11 未报/迟报/退回名单: how the returns of the month came in, and whose did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext, pgettext_lazy

from foundation.months import format_month
from reports.indicators import Facts, filings
from reports.indicators.facts import TOTAL
from reports.kinds.kind import Kind, WordList
from reports.models import ReportKind
from reports.tables import PREVIOUS, Column, Table, compared
from returns.models import ReturnState
from web import formats
from web.rfc9457 import Text

_TROUBLES: dict[str, Text] = {
    "missing": pgettext_lazy("return", "Not filed"),
    "returned": pgettext_lazy("return", "Sent back, not filed again"),
    "late": pgettext_lazy("return", "Filed late"),
    "was_returned": pgettext_lazy("return", "Sent back, filed again"),
}


def _troubles(month: date, facts: Facts) -> list[dict[str, Any]]:
    """The returns of the month that are not in, came late or were sent back, by name."""
    found = {
        fact.enterprise: fact
        for fact in facts.of("filings")
        if fact.month == format_month(month) and (fact.missing or fact.late or fact.sent_back)
    }
    return [
        {
            "enterprise": pk,
            "name": enterprise.name,
            "trouble": _trouble(found[pk]),
            "due": found[pk].due,
            "submitted": found[pk].submitted,
            "days_late": found[pk].days_late,
            "sent_back": found[pk].sent_back,
            "rule": found[pk].rule,
            "question": found[pk].question,
            "correction": found[pk].correction,
        }
        for pk, enterprise in facts.enterprises.items()
        if pk in found
    ]


def _trouble(fact: Any) -> str:
    if fact.missing:
        return "returned" if fact.state == ReturnState.SENT_BACK else "missing"
    return "late" if fact.late else "was_returned"


def _words(row: Mapping[str, Any]) -> tuple[str, ...]:
    days_late = row["days_late"]
    reasons = [
        pgettext("reason", "Asked: %(question)s") % row if row["question"] else "",
        pgettext("reason", "Filed again: %(correction)s") % row if row["correction"] else "",
    ]
    return (
        row["name"],
        str(_TROUBLES[row["trouble"]]),
        row["due"],
        row["submitted"] or formats.MISSING,
        formats.MISSING if days_late is None else str(days_late),
        str(row["sent_back"]),
        row["rule"] or formats.MISSING,
        pgettext("list", "; ").join(filter(None, reasons)) or formats.MISSING,
    )


LATE_AND_MISSING = WordList(
    code="troubles",
    title=gettext_lazy("Returns not filed, late or sent back"),
    heads=(
        pgettext_lazy("head", "Enterprise"),
        pgettext_lazy("head", "What is the matter"),
        pgettext_lazy("head", "Due on"),
        pgettext_lazy("head", "First filed on"),
        pgettext_lazy("head", "Days late"),
        pgettext_lazy("head", "Times sent back"),
        pgettext_lazy("head", "Rule"),
        pgettext_lazy("head", "Reason"),
    ),
    rows=_troubles,
    words=_words,
    secret=("question", "correction"),  # they may say what an enterprise filed
)

_COUNTS = (
    Column(filings.OWED),
    Column(filings.IN_TIME),
    Column(filings.LATE),
    Column(filings.WERE_SENT_BACK),
)


def _notes(_month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "From the returns' own history, as of the moment that stands above. A return that was sent "
        "back and is not filed again counts as not filed; owed = in time + late + not filed."
    )


KIND = Kind(
    code=ReportKind.FILING,
    number="Y11",
    title=pgettext_lazy("title", "Returns not filed, late and sent back"),
    short_title=pgettext_lazy("file", "filing"),
    draft_subject=gettext_noop("Draft of the list of missing returns for %(month)s"),
    tables=(
        Table(
            "filing_classes",
            "Y11-1",
            gettext_lazy("How the returns came in, by business class"),
            ("class", TOTAL),
            (
                ("filing", _COUNTS),
                ("", (Column(filings.IN_TIME_RATE),)),
                ("filings_missing", compared(filings.MISSING, PREVIOUS)),
            ),
        ),
        Table(
            "filing_enterprises",
            "Y11-2",
            gettext_lazy("Late, missing and sent back, by enterprise"),
            ("enterprise", TOTAL),
            (
                (
                    "filing",
                    (
                        Column(filings.MISSING),
                        Column(filings.LATE),
                        Column(filings.DAYS_LATE),
                        Column(filings.SENT_BACK),
                    ),
                ),
                (
                    "",
                    (
                        Column(filings.DAYS_LATE, period=PREVIOUS),
                        Column(filings.SENT_BACK, period=PREVIOUS),
                    ),
                ),
            ),
        ),
    ),
    heads={"filing": pgettext_lazy("head", "Returns")},
    indicators=filings.INDICATORS,
    waits_for_closing=True,
    counts_returns=True,
    notes=_notes,
    lists=(LATE_AND_MISSING,),
)
