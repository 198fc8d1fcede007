"""All that the tables of a month are made of, by hand: read with SQL, added up in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg

from bench.timing import Wrong
from foundation.months import add_months, last_day, months_between, next_month

FIGURES = (
    *("revenue", "taxes", "executed_value"),
    *("headcount", "joined", "left", "dispatched", "interns", "trainees"),
    *("returnees", "graduates", "insured"),
)
BREAKDOWNS = {
    "education": ("postgraduate", "bachelor", "junior_college", "below_college"),
    "age": ("age_18_26", "age_27_35", "age_36_up"),
    "origin": ("local", "same_province", "elsewhere"),
}
PARTS = {name: level for level, names in BREAKDOWNS.items() for name in names}
BESIDE = ("internal_settlement", "opening", "average_pay", "peak_seats")  # only read
CLASS = (
    "service_class",
    "contracts",
    "contract_value",
    "executed_value",
    "offshore_executed_value",
)
MARKET = ("market", "currency", "rate", "contract_amount", "executed_amount")

_OF = """
    FROM returns_returnrevision r JOIN returns_monthlyreturn m ON m.id = r.monthly_return_id
"""
_COUNTING = "WHERE r.number = m.revision_count AND m.state <> 'sent_back' AND m.month = ANY(%s)"


def _columns(table: str, names: Iterable[str]) -> str:
    return ", ".join(["m.enterprise_id", "m.month", *(f'{table}."{name}"' for name in names)])


# The names are our own.
_RETURNS = f"SELECT {_columns('r', (*FIGURES, *PARTS, *BESIDE))} {_OF} {_COUNTING}"
_CLASSES = f"""SELECT {_columns("c", CLASS)} {_OF}
    JOIN returns_revisionclass c ON c.revision_id = r.id {_COUNTING}"""
_MARKETS = f"""SELECT {_columns("k", MARKET)} {_OF}
    JOIN returns_revisionmarket k ON k.revision_id = r.id {_COUNTING}"""
_SUBMITTED = f"""SELECT {_columns("r", ("number", "submitted_at", "reason"))} {_OF}
    WHERE m.month = ANY(%s) ORDER BY r.number"""
_SENT_BACK = """SELECT enterprise_id, month, since, question FROM returns_monthlyreturnevent
    WHERE state = 'sent_back' AND month = ANY(%s)"""
_TENANTS = """SELECT e.id, t.period, e.name, e.short_name
    FROM tenants_tenancy t JOIN tenants_enterprise e ON e.id = t.enterprise_id"""
_BLOCKS = """SELECT enterprise_id, floor_id, kind, upper(seats) - lower(seats),
           lower(period), upper(period)
    FROM seats_seatblock WHERE period && daterange(%s, %s) AND kind <> 'void'"""

_LEVELS = {"total", "enterprise", "market", "service_1", "service_2", "service_3", *BREAKDOWNS}

Rows = list[tuple[Any, ...]]
Amount = tuple[str, date, list[str], Any]  # to which indicator, of which month, in which rows
Sums = dict[tuple[str, Any], Counter[str]]  # by indicator, and month or period: by row


class Read(NamedTuple):
    """The rows behind the tables, each once. `blocks`: of the month and the two beside it."""

    returns: Rows
    classes: Rows
    markets: Rows
    submitted: Rows
    sent_back: Rows
    tenants: Rows
    blocks: dict[str, Rows]


@dataclass(frozen=True)
class Month:
    """A month and those that its tables compare it with."""

    month: date

    @property
    def periods(self) -> dict[str, list[date]]:
        """The months of each period, by its code."""
        year_before = add_months(self.month, -12)
        return {
            "month": [self.month],
            "previous": [add_months(self.month, -1)],
            "year_before": [year_before],
            "to_date": list(months_between(self.month.replace(month=1), self.month)),
            "to_date_before": list(months_between(year_before.replace(month=1), year_before)),
        }

    def read(self, plain: psycopg.Connection[Any]) -> Read:
        """Every row once: the floor of making the tables."""
        periods = self.periods
        months = list({month for months in periods.values() for month in months})
        months_of_filing = [*periods["month"], *periods["previous"]]
        with plain.transaction():
            return Read(
                returns=plain.execute(_RETURNS, [months]).fetchall(),
                classes=plain.execute(_CLASSES, [months]).fetchall(),
                markets=plain.execute(_MARKETS, [months]).fetchall(),
                submitted=plain.execute(_SUBMITTED, [months_of_filing]).fetchall(),
                sent_back=plain.execute(_SENT_BACK, [months_of_filing]).fetchall(),
                tenants=plain.execute(_TENANTS).fetchall(),
                blocks={
                    period: plain.execute(_BLOCKS, [one, next_month(one)]).fetchall()
                    for period in ("month", "previous", "year_before")
                    for one in periods[period]
                },
            )

    def check(self, read: Read, contents: Mapping[str, Mapping[str, Any]]) -> int:
        """Raise unless the tables say what the rows add up to; give how many cells were compared.

        Every enterprise, class of services and market, the breakdowns of the staff, and the totals.
        """
        sums: Sums = defaultdict(Counter)
        for indicator, month, keys, amount in _every_amount(self, read):
            for key in keys:
                sums[indicator, month][key] += amount
        by_period = {
            (indicator, period): sum((sums[indicator, month] for month in months), Counter())
            for indicator in {indicator for indicator, _month in sums}
            for period, months in self.periods.items()
        }
        return sum(
            _compare(table, by_period)
            for content in contents.values()
            for table in content["tables"]
        )


def _every_amount(month: Month, read: Read) -> Iterator[Amount]:
    """What each row adds to which indicator, of which month, in which rows of a table."""
    yield from _of_returns(read)
    yield from _of_lines(read)
    yield from _of_filing(read)
    yield from _of_seats(month, read)


def _of_returns(read: Read) -> Iterator[Amount]:
    for enterprise, month, *values in read.returns:
        of = [f"enterprise.{enterprise}", "total"]
        for name, value in zip((*FIGURES, *PARTS), values, strict=False):
            if name in PARTS:
                level = PARTS[name]
                yield f"{level}_people", month, [f"{level}.{name}", "total"], value or 0
            else:
                yield name, month, of, value or 0


def _of_lines(read: Read) -> Iterator[Amount]:
    for _enterprise, month, code, contracts, value, executed, offshore in read.classes:
        parts = code.split("-")
        of = [*(f"service_{n}.{'-'.join(parts[:n])}" for n in (1, 2, 3)), "total"]
        yield "service_executed", month, of, executed
        yield "offshore_executed", month, of, offshore
        yield "contracts", month, of, contracts
        yield "contract_value", month, of, value
    for _enterprise, month, code, _currency, rate, contracted, executed in read.markets:
        of = [f"market.{code}", "total"]
        yield "market_executed_usd", month, of, executed
        yield "market_executed", month, of, executed * rate
        yield "market_contract_usd", month, of, contracted
        yield "market_contract", month, of, contracted * rate


def _of_filing(read: Read) -> Iterator[Amount]:
    for enterprise, month, *_why in read.sent_back:
        yield "filings_sent_back", month, [f"enterprise.{enterprise}", "total"], 1
    for enterprise, month, number, at, _reason in read.submitted:
        if number == 1 and at.date() > next_month(month).replace(day=15):
            yield "filings_late", month, [f"enterprise.{enterprise}", "total"], 1


def _of_seats(month: Month, read: Read) -> Iterator[Amount]:
    for period, blocks in read.blocks.items():
        (one,) = month.periods[period]
        day = last_day(one)
        for enterprise, _floor, kind, seats, start, end in blocks:
            if kind == "firm" and start <= day and (end is None or day < end):
                yield "firm", one, [f"enterprise.{enterprise}", "total"], seats


def _level(key: str) -> str:
    return key.partition(".")[0]


def _compare(table: Mapping[str, Any], sums: Sums) -> int:
    """Both ways: no row says another sum, and no row that adds up to something is missing."""
    cells = {row["key"]: row["cells"] for row in table["rows"]}
    levels, compared = _LEVELS & {"total", *table["levels"]}, 0
    for place, column in enumerate(table["columns"]):
        indicator = column["indicator"].removesuffix("_to_date")
        added = sums.get((indicator, column["period"]))
        if column["measure"] != "value" or added is None:
            continue
        wanted = {key: amount for key, amount in added.items() if _level(key) in levels and amount}
        given = {
            key: amount
            for key, row in cells.items()
            if _level(key) in levels and (amount := Decimal(row[place] or 0))
        }
        if given != wanted:
            raise Wrong(f"{table['number']} {column['code']} is not what the rows add up to")
        compared += len(given)
    return compared
