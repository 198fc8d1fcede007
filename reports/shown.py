"""Figures as they stand on pages: as issued where an edition says them, else as the data say today.

A figure that was published is never shown otherwise. What is not issued is provisional, and only
the park's people see it. Each figure leads to its rows: to its cell in the edition, or to the page
of its indicator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from accounts.models import User
from foundation.months import format_month
from reports.at_once import reading
from reports.indicators import INDICATORS, Facts, Figures, Indicator, take
from reports.indicators.facts import TOTAL
from reports.indicators.levels import HIDDEN
from reports.models import MonthlyReport, ReportKind
from reports.public import may_read_all
from reports.units import Number

# The cells of a month's own figures, in the order of the tables.
_ISSUED = """
    SELECT r.id, t.value->>'code', t.value->'levels', line.value->>'key', line.value->>'level',
           c.value->>'code', line.value->'cells'->(c.n::int - 1)
    FROM reports_monthlyreport r
    CROSS JOIN LATERAL jsonb_array_elements(r.content->'tables') WITH ORDINALITY AS t(value, n)
    CROSS JOIN LATERAL jsonb_array_elements(t.value->'columns') WITH ORDINALITY AS c(value, n)
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN %(reads_all)s THEN t.value->'rows'
             ELSE coalesce(t.value->'public', t.value->'rows') END
    ) WITH ORDINALITY AS line(value, n)
    WHERE r.id = ANY(%(reports)s) AND c.value->>'code' = ANY(%(codes)s)
      AND line.value->>'level' = ANY(%(levels)s)
    ORDER BY t.n, c.n, line.n
"""


class Wanted(NamedTuple):
    """An indicator for months, for every key at a level."""

    code: str
    months: Sequence[date]
    level: str = TOTAL


class Edition(NamedTuple):
    """An issued edition that says a figure."""

    pk: int
    kind: str
    revision: int
    has_sample: bool

    @property
    def url(self) -> str:
        return reverse("reports:report-detail", args=[self.pk])


class Shown(NamedTuple):
    """A figure and the way to its rows; without `edition` it is provisional."""

    value: Number | None
    url: str
    edition: Edition | None


class _Table(NamedTuple):
    """The figures of an indicator at a level in one table of an edition, by key.

    `hidden`: that of the keys which are not for everybody, as one, where the level is the first.
    """

    edition: Edition
    code: str
    cells: dict[str, Number | None]
    hidden: dict[str, Number | None]


class ShownFigures:
    """The figures of `wanted` that `user` may see, read in a fixed number of statements.

    Without a user: those of the data, whatever is issued.
    """

    def __init__(self, user: User | None, wanted: Iterable[Wanted]) -> None:
        self.user = user
        self.wanted = list(wanted)

    def at(self, code: str, month: date, key: str = TOTAL) -> Shown | None:
        """The figure of a key in a month; None where nothing of it may be seen."""
        level = key.partition(".")[0]
        table = self._issued.get((code, month, level))
        if table is not None:
            return _as_issued(table, code, key)
        if not self.sees_drafts:
            return None
        value = self._live.figure(INDICATORS[code], [format_month(month)], key)
        return Shown(value, indicator_url(code, month, key) if value is not None else "", None)

    def hidden(self, code: str, month: date, level: str) -> Shown | None:
        """What the keys that are not for everybody have together; None where all are shown."""
        table = self._issued.get((code, month, level))
        if table is None or HIDDEN not in table.hidden:
            return None
        return _as_issued(table._replace(cells=table.hidden), code, HIDDEN)

    def edition(self, code: str, month: date, level: str = TOTAL) -> Edition | None:
        """The edition that says the figures of an indicator for a month; None: no edition does."""
        table = self._issued.get((code, month, level))
        return table.edition if table else None

    def has_sample(self, code: str, month: date, level: str = TOTAL) -> bool:
        """Whether what is shown holds invented figures."""
        edition = self.edition(code, month, level)
        if edition is not None:
            return edition.has_sample
        return self.sees_drafts and self._live.facts.has_sample

    def value(self, code: str, month: date, key: str = TOTAL) -> Number | None:
        """The figure alone."""
        shown = self.at(code, month, key)
        return shown.value if shown else None

    def keys(self, code: str, month: date, level: str) -> list[str]:
        """The keys at a level that have a figure, in the order of the table or of the facts."""
        table = self._issued.get((code, month, level))
        if table is not None:
            return list(table.cells)
        if not self.sees_drafts:
            return []
        sources = [part.source for part in INDICATORS[code].parts()]
        return self._live.keys(level, sources)

    @property
    def sees_drafts(self) -> bool:
        """Whether provisional figures are shown."""
        return self.user is None or self.user.has_perm("reports.view_draft")

    @cached_property
    def _issued(self) -> dict[tuple[str, date, str], _Table]:
        """Where each indicator of each month stands first, by level."""
        months = sorted({month for one in self.wanted for month in one.months})
        editions = self._editions(months)
        found: dict[tuple[str, date, str], _Table] = {}
        for pk, table, levels, key, level, code, cell in self._cells(list(editions)):
            month, edition = editions[pk]
            for one in levels:
                known = found.setdefault((code, month, one), _Table(edition, table, {}, {}))
                if (known.edition.pk, known.code) != (pk, table):
                    continue
                if one == level:
                    known.cells[key] = cell
                elif key == HIDDEN and one == levels[0]:
                    known.hidden[key] = cell
        return found

    def _editions(self, months: Sequence[date]) -> dict[int, tuple[date, Edition]]:
        """The editions that count for `months`, by their ids, in the order of their kinds."""
        if self.user is None:
            return {}
        order = {kind: place for place, kind in enumerate(ReportKind.values)}
        rows = MonthlyReport.objects.visible_to(self.user).current().filter(month__in=months)
        named = rows.values_list("pk", "month", "kind", "revision", "has_sample")
        return {
            pk: (month, Edition(pk, kind, revision, has_sample))
            for pk, month, kind, revision, has_sample in sorted(
                named, key=lambda row: (order.get(row[2], len(order)), row[0])
            )
        }

    def _cells(self, reports: list[int]) -> Iterator[tuple[Any, ...]]:
        """Every cell of the wanted indicators, edition by edition in the order of `reports`."""
        asked: dict[str, Any] = {
            "reports": reports,
            "codes": sorted({one.code for one in self.wanted}),
            "levels": sorted({TOTAL, HIDDEN, *(one.level for one in self.wanted)}),
            "reads_all": self.user is None or may_read_all(self.user),
        }
        with connection.cursor() as cursor:
            cursor.execute(_ISSUED, asked)
            rows = cursor.fetchall()
        place = {pk: at for at, pk in enumerate(reports)}
        for pk, table, levels, key, level, code, cell in sorted(rows, key=lambda r: place[r[0]]):
            yield pk, table, json.loads(levels), key, level, code, _number(cell)

    @cached_property
    def _live(self) -> Figures:
        """What the data say today of the months that no edition speaks of."""
        needed: dict[str, set[date]] = {}
        levels = {TOTAL}
        for one in self.wanted:
            missing = [
                month for month in one.months if (one.code, month, one.level) not in self._issued
            ]
            levels.add(one.level)
            for part in INDICATORS[one.code].parts():
                needed.setdefault(part.source, set()).update(missing)
        return Figures(taken(needed), sorted(levels))


def _as_issued(table: _Table, code: str, key: str) -> Shown:
    """A figure of an edition, with the way to its cell where it is known."""
    value = table.cells.get(key)
    cell = urlencode({"cell": f"{table.code}:{key}:{code}"}, safe=":")
    return Shown(value, "" if value is None else f"{table.edition.url}?{cell}", table.edition)


def taken(needed: dict[str, set[date]]) -> Facts:
    """The facts of each source for its months, all of one moment."""
    with reading():
        return take({source: sorted(months) for source, months in needed.items() if months})


def indicator_url(code: str, month: date, key: str = TOTAL, **more: str) -> str:
    """The page that shows an indicator's figure with its rows."""
    page = reverse("reports:indicator-detail", args=[code])
    asked = {"month": format_month(month), **({} if key == TOTAL else {"key": key}), **more}
    return f"{page}?{urlencode(asked)}"


def wanted_of(
    indicators: Iterable[Indicator], months: Sequence[date], *levels: str
) -> list[Wanted]:
    """The same months and levels of several indicators."""
    return [Wanted(one.code, months, level) for one in indicators for level in levels or (TOTAL,)]


def _number(cell: str | None) -> Number | None:
    """A cell as it is stored: whole numbers, decimals as texts, null."""
    known = None if cell is None else json.loads(cell)
    return Decimal(known) if isinstance(known, str) else known
