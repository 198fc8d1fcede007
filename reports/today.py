"""An issued report beside what its tables would say today: the cells that differ, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from foundation.months import last_day
from reports.at_once import reading
from reports.causes import OF_SEATS, OF_TENANTS, Cause, causes_since
from reports.counting import Counting
from reports.display import value_of
from reports.document import Column
from reports.indicators import Facts, Figures
from reports.indicators.facts import TOTAL
from reports.indicators.levels import LEVELS, kept_row, nodes_in_order
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind
from reports.public import content_for
from reports.services.snapshots import read
from reports.suppression import Screen
from reports.tables import Measure, Period, months_needed
from reports.then_and_now import mark_of
from reports.units import Number
from reports.words import columns_of, indicator_of, row_label
from seats.as_known import deeds_since

MOST_CAUSES = 6


@dataclass(frozen=True)
class Differing:
    """A cell that would be another today. `causes` are the numbers of what may have done it."""

    table_number: str
    table_title: str
    row: str
    column: Column
    then: Number | None
    now: Number | None
    url: str
    causes: tuple[int, ...]
    more_causes: int

    @property
    def then_text(self) -> str:
        return self.column.text(self.then)

    @property
    def now_text(self) -> str:
        return self.column.text(self.now)


class Today:
    """What an issued report says beside what the data say, as `user` may see it."""

    def __init__(self, report: MonthlyReport, user: User) -> None:
        self.report = report
        self.user = user
        self.kind = KINDS[report.kind]

    @cached_property
    def facts(self) -> Facts:
        """The facts as they are now."""
        with reading():
            return read(ReportKind(self.report.kind), self.report.month).facts

    @cached_property
    def months(self) -> list[date]:
        """Every month that the report shows."""
        needed = months_needed(self.kind.tables, self.report.month)
        return sorted(set(chain.from_iterable(needed.values())))

    @cached_property
    def causes(self) -> list[Cause]:
        """What was recorded since, newest first."""
        deeds = []
        sources = {source for table in self.kind.tables for source in table.sources}
        if sources & OF_SEATS:
            mark = mark_of(self.report)
            seen = set()
            for month in sorted({*self._months_of_seats}):
                for deed in deeds_since(last_day(month), mark):
                    if (deed.at, deed.user) not in seen:
                        seen.add((deed.at, deed.user))
                        deeds.append(deed)
        tenants = bool(sources & OF_TENANTS)
        return causes_since(self.report, self.months, self.user, seats=deeds, tenants=tenants)

    @property
    def _months_of_seats(self) -> list[date]:
        needed = months_needed(self.kind.tables, self.report.month)
        return [
            month for source, months in needed.items() if source in OF_SEATS for month in months
        ]

    @cached_property
    def differing(self) -> list[Differing]:
        """The cells that would be others today, in the order of the tables.

        Of a table that not everybody may read whole, everybody else sees the total alone: which
        rows they could read today is decided when the next edition is made.
        """
        tables = content_for(self.user, self.report.content)["tables"]
        return [one for stored in tables for one in self._in_table(stored)]

    def _in_table(self, stored: Mapping[str, Any]) -> Iterator[Differing]:
        counting = Counting(Figures(self.facts, stored["levels"]), self.report.month)
        columns = columns_of(stored["columns"])
        then = {row["key"]: row for row in stored["rows"]}
        is_guarded = stored.get("is_public", False) or stored.get("is_anonymous", False)
        every_key = [TOTAL] if is_guarded else [*then, *self._keys_today(stored)]
        for key in dict.fromkeys(every_key):
            row = then.get(key) or {**kept_row(key, self.facts), "cells": [None] * len(columns)}
            for column, shown, cell in zip(columns, stored["columns"], row["cells"], strict=True):
                before = value_of(cell)
                if is_guarded and (before is None or self._tells(counting.figures, stored, shown)):
                    continue
                now = counting.cell(
                    indicator_of(shown), Measure(shown["measure"]), Period(shown["period"]), key
                )
                if (before or None) != (now or None):
                    yield self._differing(stored, row, column, shown, before, now)

    def _keys_today(self, stored: Mapping[str, Any]) -> Iterator[str]:
        """The rows that the table would have today, those with nothing in them among them."""
        levels = [LEVELS[code] for code in stored["levels"] if code != TOTAL]
        sources = {
            part.source for column in stored["columns"] for part in indicator_of(column).parts()
        }
        rows = chain.from_iterable(
            self.facts.of(source) for source in sorted(sources) if source != "calendar"
        )
        nodes = nodes_in_order(levels, self.facts, rows)
        return chain.from_iterable(node.every_key() for node in nodes)

    def _tells(self, figures: Figures, stored: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
        """Whether today even the total of a column would tell what an enterprise filed."""
        for table in self.kind.tables:
            for column in table.columns:
                if (table.code, column.code) == (stored["code"], shown["code"]):
                    screen = Screen([table], self.report.month, figures)
                    return screen.tells_too_much(column)
        return True

    def _differing(
        self,
        stored: Mapping[str, Any],
        row: Mapping[str, Any],
        column: Column,
        shown: Mapping[str, Any],
        then: Number | None,
        now: Number | None,
    ) -> Differing:
        sources = {part.source for part in indicator_of(shown).parts()}
        level, _dot, code = row["key"].partition(".")
        found = [
            number
            for number, cause in enumerate(self.causes, start=1)
            if cause.touches(level, code, sources)
        ]
        cell = f"{stored['code']}:{row['key']}:{column.code}"
        address = reverse("reports:report-detail", args=[self.report.pk])
        is_there = then is not None
        return Differing(
            table_number=stored["number"],
            table_title=self.kind.table_title(stored["code"]),
            row=row_label(row),
            column=column,
            then=then,
            now=now,
            url=f"{address}?{urlencode({'cell': cell}, safe=':')}" if is_there else "",
            causes=tuple(found[:MOST_CAUSES]),
            more_causes=max(0, len(found) - MOST_CAUSES),
        )
