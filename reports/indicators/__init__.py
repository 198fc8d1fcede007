"""The indicator registry: every figure of a report or a page, its definition and its rows.

    INDICATORS["contracted_rate"]               name, unit, definition, version, divisor
    figures(["firm", "free"], months, by="zone")    {(code, month, key): figure}
    rows("firm", month, key="zone.A")               the facts that add up to it

A report takes its facts once (`take`), and everything in it is read off them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from foundation.months import format_month
from reports.indicators import (
    endings,
    filings,
    flows,
    occupancy,
    output,
    outsourcing,
    plan,
    projects,
    requests,
    staffing,
    tenants,
    vacancies,
)
from reports.indicators.enterprises import take_enterprises
from reports.indicators.facts import CALENDAR, Facts
from reports.indicators.figures import Figures, rows_of
from reports.indicators.levels import LEVELS, Level
from reports.indicators.lines import names_of_codes
from reports.indicators.registry import (
    Distinct,
    Indicator,
    Ratio,
    Source,
    Total,
    columns_read,
)
from reports.units import Number

__all__ = [
    "EVERY_INDICATOR",
    "INDICATORS",
    "LEVELS",
    "SOURCES",
    "Distinct",
    "Facts",
    "Figures",
    "Indicator",
    "Level",
    "Ratio",
    "Source",
    "Total",
    "figures",
    "indicator",
    "indicator_named",
    "levels_of",
    "rows",
    "rows_of",
    "take",
]

# In the order of the reports that count with them first
_ROOMS: tuple[Any, ...] = (
    *(occupancy, plan, flows, endings, vacancies),
    *(output, outsourcing, staffing, tenants),
    *(projects, requests, filings),
)
SOURCES: dict[str, Source] = {source.code: source for room in _ROOMS for source in room.SOURCES}
INDICATORS: dict[str, Indicator] = {one.code: one for room in _ROOMS for one in room.INDICATORS}
# Definitions that were replaced stay here, so that a report issued under them still explains itself
FORMER: tuple[Indicator, ...] = (*occupancy.FORMER,)
EVERY_INDICATOR: dict[tuple[str, int], Indicator] = {
    (one.code, one.version): one for one in (*FORMER, *INDICATORS.values())
}


def indicator(code: str, version: int) -> Indicator:
    """The indicator as it was defined in `version`."""
    return EVERY_INDICATOR[code, version]


def indicator_named(code: str) -> Indicator | None:
    """The indicator of today that is called `code`."""
    return INDICATORS.get(code)


def levels_of(one: Indicator) -> list[str]:
    """The levels at which an indicator can be asked for: all its facts must belong somewhere."""
    columns = [SOURCES[source].columns for source in _sources_of([one]) if source != CALENDAR]
    return [
        code
        for code, level in LEVELS.items()
        if not level.column or all(level.column in names for names in columns)
    ]


def take(months_of: dict[str, Sequence[date]], counted: Iterable[Indicator] | None = None) -> Facts:
    """The facts of each source for its months, as far as `counted` reads them; else all of them.

    With them who the enterprises in them are, and what the codes in them were called.
    """
    read = columns_read(INDICATORS.values() if counted is None else counted)
    tables = {
        code: SOURCES[code].take(months, read.get(code, ())) for code, months in months_of.items()
    }
    return Facts(
        tables,
        take_enterprises(tables),
        held={code: SOURCES[code].held(read.get(code, ())) for code in tables},
        names=names_of_codes(tables),
    )


def figures(
    codes: Iterable[str], months: Sequence[date], *, by: str
) -> dict[tuple[str, str, str], Number | None]:
    """The figure of every indicator for every month and key at the level `by`.

    Months must be over. Keys are those of reports: total, zone.A, building.C-1, enterprise.12,
    class.customer_service.
    """
    wanted = [INDICATORS[code] for code in codes]
    facts = take(dict.fromkeys(_sources_of(wanted), months), wanted)
    found = Figures(facts, [by])
    return {
        (one.code, format_month(month), key): found.figure(one, [format_month(month)], key)
        for one in wanted
        for key in found.keys(by, _sources_of([one]))
        for month in months
    }


def rows(code: str, month: date, *, key: str) -> list[Any]:
    """The facts behind one figure; of a quotient, those of what is divided."""
    part = next(INDICATORS[code].parts())
    facts = take({part.source: [month]}, [part])
    return rows_of(part, facts, [format_month(month)], [key])


def _sources_of(indicators: Iterable[Indicator]) -> list[str]:
    return list(dict.fromkeys(part.source for one in indicators for part in one.parts()))
