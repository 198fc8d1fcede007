"""What a workbook changes of what is stored, cell by cell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.spreadsheets import Place
from returns.content import CLASS, MARKET, Content, MarketKey, Measures, class_cell, market_cell
from returns.figures import FIGURES
from returns.models import ClassFigures, MarketFigures, MonthlyReturn, ReturnFigures
from returns.workbooks.codes import codes_of, listed_code
from returns.workbooks.filled import NOTE, Filled
from returns.workbooks.layout import (
    figure_column,
    label,
    measure_column,
    sort_named,
    typed_names,
)
from returns.workbooks.remarks import remarks_of, same_text
from returns.workbooks.values import in_words
from returns.workbooks.was import plainly
from tenants.models import Enterprise


class Change(NamedTuple):
    """A cell of a return that a workbook says another thing of."""

    cell: str
    label: str
    before: str
    after: str
    place: Place
    unit: str = ""
    is_clash: bool = False  # others changed it too, after the workbook was downloaded

    @property
    def is_note(self) -> bool:
        return self.cell.startswith(f"{NOTE}:")


@dataclass
class Compared:
    """A return as it is stored, as the workbook says it, and what that changes."""

    enterprise: Enterprise
    month: date
    filled: Filled
    row: MonthlyReturn | None  # None: there is none yet
    before: Content
    after: Content
    changes: list[Change] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.changes)

    @property
    def is_new(self) -> bool:
        return self.row is None and self.is_changed

    @property
    def figures(self) -> dict[str, Any]:
        """What is to be saved of the figures and of what is stated with them."""
        return {name: self.after[name] for name in self.changed if name in _TYPED}

    @property
    def changed(self) -> set[str]:
        return {change.cell for change in self.changes}

    @property
    def classes(self) -> dict[str, Measures | None]:
        """Lines of classes that are to be written; None for one that is gone."""
        return _written(self.before.classes, self.after.classes)

    @property
    def markets(self) -> dict[MarketKey, Measures | None]:
        """Lines of markets that are to be written; None for one that is gone."""
        return _written(self.before.markets, self.after.markets)

    @property
    def remarks(self) -> dict[str, str]:
        """What is said of figures, where that is another thing than before."""
        names = [change.cell.partition(":")[2] for change in self.changes if change.is_note]
        return {name: self.filled.remarks.get(name, "") for name in names}

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0


_TYPED = tuple(typed_names())


def compared(filled: Filled, enterprise: Enterprise, row: MonthlyReturn | None) -> Compared:
    """A return of a workbook beside what is stored of it."""
    before = Content.of(row) if row else _nothing()
    given = {**filled.figures}
    reason = "reversal_reason"
    if reason in given and same_text(str(given[reason] or ""), before[reason]):
        given[reason] = before[reason]
    classes = {} if CLASS in filled.whole else before.classes
    markets = {} if MARKET in filled.whole else before.markets
    after = Content(
        {**before.filed, **given},
        _after(classes, filled.classes, before.classes, ClassFigures.FIELDS),
        _after(markets, filled.markets, before.markets, MarketFigures.FIELDS),
    )
    found = Compared(enterprise, filled.key.month, filled, row, before, after)
    if row is None and filled.is_blank:
        return found
    found.changes = [*_figures(found), *_classes(found), *_markets(found), *_notes(found)]
    return found


def seen_of(found: Iterable[Compared]) -> str:
    """What a person had before them, as a short text: which returns in which versions."""
    rows = sorted((one.enterprise.pk, one.month, one.version) for one in found)
    text = ";".join(f"{pk} {month} {version}" for pk, month, version in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _nothing() -> Content:
    stated = {"is_cost_centre": False, "is_nil": False, "reversal_reason": "", "notes": {}}
    return Content({**dict.fromkeys(ReturnFigures.FIELDS), **stated})


def _after(
    kept: Mapping[Any, Measures],
    filled: Mapping[Any, Measures | None],
    before: Mapping[Any, Measures],
    measures: Sequence[str],
) -> dict[Any, Measures]:
    """The lines as the workbook leaves them, each with all its measures."""
    blank: dict[str, Any] = dict.fromkeys(measures)
    written = {
        key: {**blank, **before.get(key, {}), **line}
        for key, line in filled.items()
        if line is not None
    }
    rest = {key: line for key, line in kept.items() if key not in filled}
    return dict(sorted({**rest, **written}.items()))


def _written(
    before: Mapping[Any, Measures], after: Mapping[Any, Measures]
) -> dict[Any, Measures | None]:
    gone: dict[Any, Measures | None] = dict.fromkeys(before.keys() - after.keys())
    return {**gone, **{key: line for key, line in after.items() if before.get(key) != line}}


def _figures(found: Compared) -> Iterator[Change]:
    for name in _TYPED:
        before, after = found.before[name], found.after[name]
        if before != after:
            sort, unit = sort_named(name), figure_column(name).unit
            yield Change(
                *(name, label(name), in_words(sort, before), in_words(sort, after)),
                *(found.filled.at(name), str(unit), _is_clash(found, name, before)),
            )


def _classes(found: Compared) -> Iterator[Change]:
    tree = codes_of(found.month).classes

    def named(code: str) -> str:
        return listed_code(tree, code)

    before, after = found.before.classes, found.after.classes
    yield from _lines(found, CLASS, before, after, named, class_cell, ClassFigures.FIELDS)


def _markets(found: Compared) -> Iterator[Change]:
    codes = codes_of(found.month)

    def named(key: MarketKey) -> str:
        return f"{listed_code(codes.markets, key[0])} {listed_code(codes.currencies, key[1])}"

    before, after = found.before.markets, found.after.markets
    yield from _lines(found, MARKET, before, after, named, market_cell, MarketFigures.FIELDS)


def _lines(
    found: Compared,
    kind: str,
    before: Mapping[Any, Measures],
    after: Mapping[Any, Measures],
    named: Any,
    cell_of: Any,
    measures: Sequence[str],
) -> Iterator[Change]:
    """A line that is new or gone, and every measure that differs."""
    for key in dict.fromkeys([*before, *after]):
        line = cell_of(key, "").rstrip(":")
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            words = (_listed(old), _listed(new))
            yield Change(line, named(key), *words, found.filled.at(line))
        for measure in measures:
            cell = cell_of(key, measure)
            was, now = (old or {}).get(measure), (new or {}).get(measure)
            if was == now:
                continue
            column = measure_column(cell)
            assert column is not None  # noqa: S101 - each measure has its column
            words = (in_words(column.sort, was), in_words(column.sort, now))
            text = _("%(line)s: %(measure)s") % {"line": named(key), "measure": column.head()}
            place, is_clash = found.filled.at(cell), _is_clash(found, cell, was)
            yield Change(cell, text, *words, place, str(column.unit), is_clash)


def _listed(line: Measures | None) -> str:
    return "" if line is None else pgettext("line of a return", "listed")


def _notes(found: Compared) -> Iterator[Change]:
    before = remarks_of(found.before.notes)
    said = found.filled.remarks
    names = FIGURES if NOTE in found.filled.whole else said
    for name in names:
        old, new = before.get(name, ""), said.get(name, "")
        if not same_text(old, new):
            text = _("Note on %(figure)s") % {"figure": label(name)}
            yield Change(f"{NOTE}:{name}", text, old, new, found.filled.at(f"{NOTE}:{name}"))


def _is_clash(found: Compared, cell: str, stored: Any) -> bool:
    """Whether what is stored is another thing than the workbook was downloaded with."""
    was = found.filled.was
    return cell in was and was[cell] != plainly(stored)
