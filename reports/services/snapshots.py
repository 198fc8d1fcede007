"""The facts of one report, from one snapshot of the database."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from park.models import Park
from reports.at_once import one_snapshot
from reports.indicators import SOURCES, Facts, take
from reports.indicators.returns import count_returns
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.services.target_rows import target_rows
from reports.tables import Period, indicators_of, months_needed
from seats.as_known import Mark, mark_now


class Snapshot(NamedTuple):
    """What a report is made of, and whose it is."""

    facts: Facts
    head: dict[str, str]
    filing: dict[str, list[int]]
    known: Mark  # how far the history of the seats went
    beside: dict[str, Any]  # what the content holds beside its tables: the rows of targets

    @property
    def filed(self) -> int:
        return self.filing[Period.MONTH.value][0]

    @property
    def expected(self) -> int:
        return self.filing[Period.MONTH.value][1]

    def frozen(self) -> dict[str, Any]:
        """The facts as JSON, as they are kept with the report."""
        return self.facts.to_json(SOURCES)


def take_snapshot(kind: ReportKind, month: date) -> Snapshot:
    """All that a report needs, in one snapshot."""
    with one_snapshot():
        return read(kind, month)


def read(kind: ReportKind, month: date) -> Snapshot:
    """All that a report needs, in the transaction of the caller."""
    tables = KINDS[kind].tables
    facts = take(months_needed(tables, month), indicators_of(tables))
    filing = _filing(kind, month)
    beside = target_rows(kind, month, filing[Period.MONTH.value][0])
    return Snapshot(facts, _head(), filing, mark_now(), beside)


def _head() -> dict[str, str]:
    park = Park.objects.order_by("pk").first()
    return {"park": park.name if park else "", "operator": park.operator if park else ""}


def _filing(kind: ReportKind, month: date) -> dict[str, list[int]]:
    """How many returns are filed of how many, for the month and those it is compared with."""
    periods = [Period.MONTH, *KINDS[kind].filing_compared]
    months = {period: period.months(month) for period in periods}
    counted = count_returns(sorted({one for of in months.values() for one in of}))
    return {
        period.value: [sum(part) for part in zip(*(counted[one] for one in of), strict=True)]
        for period, of in months.items()
    }
