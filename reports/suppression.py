"""What of a table everybody may read, so that no row tells what a single enterprise filed.

A row is hidden where fewer than three enterprises make up any of its figures, in any month that it
is of, or where a figure counts fewer than five people. Hidden rows stand together in one, so that
sums still hold; where that would tell too much, the smallest of the others join them until it does
not. Tables of one group hide the same rows, for their figures are parts of each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from foundation.months import format_month
from reports.indicators import LEVELS, SOURCES, Distinct, Figures, Total
from reports.indicators.facts import TOTAL
from reports.indicators.levels import HIDDEN, Node, nodes_in_order
from reports.tables import Column, Period, Table
from reports.units import Number, Unit

LEAST_ENTERPRISES = 3
LEAST_PEOPLE = 5


class Line(NamedTuple):
    """A row of a table: what it is known by, and the keys of the rows that it is made of.

    `inside` names the level whose place a row of hidden ones takes.
    """

    key: str
    keys: tuple[str, ...]
    inside: str = ""


def levels_shown(tables: Iterable[Table]) -> tuple[str, ...]:
    """The levels of the rows that everybody reads, the total among them."""
    shown = (table.levels for table in tables if not _is_total_only(table))
    return tuple(dict.fromkeys(level for levels in (*shown, (TOTAL,)) for level in levels))


class Screen:
    """Which rows and columns of the tables of one group are hidden."""

    def __init__(self, tables: Sequence[Table], month: date, figures: Figures) -> None:
        self._figures = figures
        self._facts = figures.facts
        self._months = {
            period: [format_month(one) for one in period.months(month)] for period in Period
        }
        self._checks: dict[str, tuple[Total | Distinct, set[str]]] = {}
        for table in tables:
            self._add(table)
        self._tables = tables
        self._hidden = self._hidden_rows(tables)

    def tells_too_much(self, column: Column) -> bool:
        """Whether even the total of a column would tell what single enterprises filed."""
        return any(
            self._is_unsafe(part, self._months[period], [TOTAL])
            for part in _confidential(column)
            for period in column.periods
        )

    def lines(self, table: Table, nodes: Iterable[Node]) -> Iterator[Line]:
        """The rows of `table` as everybody may read them, without the total."""
        if not self._checks:
            return  # nothing of it is for everybody, not even which rows there are
        if LEVELS[table.levels[0]].codes_of is not None:
            yield from (Line(key, (key,)) for key in self._safe_groups(table, nodes))
        else:
            yield from self._lines(TOTAL, tuple(nodes))

    def _add(self, table: Table) -> None:
        for column in table.columns:
            if not self.tells_too_much(column):
                shown = {month for period in column.periods for month in self._months[period]}
                for part in _confidential(column):
                    self._checks.setdefault(part.code, (part, set()))[1].update(shown)

    def _lines(self, above: str, nodes: Sequence[Node]) -> Iterator[Line]:
        hidden = [node.key for node in nodes if node.key in self._hidden]
        for node in nodes:
            if node.key not in self._hidden:
                yield Line(node.key, (node.key,))
                yield from self._lines(node.key, node.inside)
        if hidden and len(hidden) < len(nodes):
            key = HIDDEN if above == TOTAL else f"{HIDDEN}.{above}"
            yield Line(key, tuple(hidden), nodes[0].key.partition(".")[0])

    def _hidden_rows(self, tables: Sequence[Table]) -> set[str]:
        levels = next(
            (
                table.levels
                for table in tables
                if LEVELS[table.levels[0]].codes_of is None and not _is_total_only(table)
            ),
            (TOTAL,),
        )
        sources = dict.fromkeys(source for table in tables for source in table.sources)
        rows = (group.facts[0] for source in sources for group in self._figures.groups(source))
        inner = [LEVELS[code] for code in levels if code != TOTAL]
        if not (inner and self._checks):
            return set()
        return set(self._hide(nodes_in_order(inner, self._facts, rows)))

    def _hide(self, nodes: Sequence[Node]) -> Iterator[str]:
        """The keys that are hidden among `nodes`, and among those inside the ones that are not."""
        hidden = [node.key for node in nodes if self._tells([node.key])]
        others = sorted(
            (node.key for node in nodes if node.key not in hidden), key=self._size
        )  # stable: of two that are alike the one that stands first
        while hidden and others and (len(hidden) == 1 or self._tells(hidden)):
            hidden.append(others.pop(0))
        yield from hidden
        for node in nodes:
            if node.key not in hidden:
                yield from self._hide(node.inside)

    def _safe_groups(self, table: Table, nodes: Iterable[Node]) -> Iterator[str]:
        """Of rows that overlap those that cannot be told apart by taking the shown ones off."""
        members = self._members()
        known = [{key for keys in members.values() for key in keys} & self._hidden]
        everything = {key for fact_keys in members.values() for key in fact_keys}
        for node in nodes:
            inside = members.get(node.key, set())
            parts = [part for atom in known for part in (atom & inside, atom - inside)]
            apart = [inside, *parts]
            if everything and not any(self._tells(sorted(part)) for part in apart if part):
                known = parts
                yield node.key

    def _members(self) -> dict[str, set[str]]:
        """The rows that each of the overlapping rows holds; under the total those of none."""
        members: dict[str, set[str]] = {}
        plain, overlapping = self._levels_of_members()
        sources = dict.fromkeys(source for table in self._tables for source in table.sources)
        for source in sources:
            for group in self._figures.groups(source):
                keys = LEVELS[plain].keys_of(self._facts, group.facts[0])
                for key in [*LEVELS[overlapping].keys_of(self._facts, group.facts[0]), TOTAL]:
                    members.setdefault(key, set()).update(keys)
        return members

    def _levels_of_members(self) -> tuple[str, str]:
        first = dict.fromkeys(table.levels[0] for table in self._tables)
        plain = next(code for code in first if LEVELS[code].codes_of is None)
        return plain, next(code for code in first if LEVELS[code].codes_of is not None)

    def _size(self, key: str) -> Number:
        """How large a row is: by the first figure that is counted, in the month itself."""
        part, _months = next(iter(self._checks.values()))
        size: Number = self._figures.figure(part, self._months[Period.MONTH], key) or 0
        return size if size >= 0 else -size

    def _tells(self, keys: Sequence[str]) -> bool:
        """Whether the rows `keys` together tell too much of anybody."""
        return any(self._is_unsafe(part, months, keys) for part, months in self._checks.values())

    def _is_unsafe(
        self, part: Total | Distinct, months: Collection[str], keys: Sequence[str]
    ) -> bool:
        who = self._figures.enterprises(part)
        for month in months:
            together = [found for key in keys if (found := who.get((month, key)))]
            if not together:
                continue
            if len(set().union(*together)) < LEAST_ENTERPRISES:
                return True
            if part.unit == Unit.PERSON:
                people = self._figures.figure(part, [month], *keys) or 0
                if 0 < people < LEAST_PEOPLE:
                    return True
        return False


def _is_total_only(table: Table) -> bool:
    return table.disclosure is not None and table.disclosure.is_total_only


def _confidential(column: Column) -> Iterator[Total | Distinct]:
    """The parts of a column that are what enterprises filed; that they did is no secret."""
    return (
        part
        for part in column.indicator.parts()
        if SOURCES[part.source].names_enterprises
        and part.unit != Unit.ENTERPRISE
        and not part.is_whole
    )
