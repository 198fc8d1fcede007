"""The sheets of classes, markets and notes: which lines are new, changed, gone.

A line that says what it said when it was downloaded is nobody's change. A line that was emptied, or
that is another's now, is gone from where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from foundation.months import format_month
from foundation.spreadsheets import Problems
from returns.content import CLASS, MARKET
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES
from returns.workbooks.codes import code_of, codes_of, figure_names, figure_of
from returns.workbooks.filled import NOTE, Filled, Key
from returns.workbooks.layout import CLASSES, MARKETS, NOTES, Column
from returns.workbooks.tabular import Line, Table, cleaned, lines_of
from returns.workbooks.values import Sort, sort_of
from returns.workbooks.was import Was, is_untouched, was_in


class Noun(NamedTuple):
    """What a sheet is a list of."""

    kind: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    sorts: Mapping[str, Sort]
    key_of: Callable[[Line, date], str]  # "" where it cannot be read


def _class(line: Line, month: date) -> str:
    return code_of(line.text("service_class"), codes_of(month).classes)


def _market(line: Line, month: date) -> str:
    codes = codes_of(month)
    market = code_of(line.text("market"), codes.markets)
    return f"{market}.{code_of(line.text('currency'), codes.currencies)}"


def _note(line: Line, _month: date) -> str:
    name = figure_of(line.text("figure"), figure_names())
    return name if name in FIGURES else ""


NOUNS = (
    Noun(
        *(CLASS, CLASSES, ("service_class",)),
        {name: sort_of(figure) for name, figure in CLASS_MEASURES.items()},
        _class,
    ),
    Noun(
        *(MARKET, MARKETS, ("market", "currency")),
        {
            "rate": Sort.RATE,
            **{name: sort_of(figure) for name, figure in MARKET_MEASURES.items()},
        },
        _market,
    ),
    Noun(NOTE, NOTES, ("figure",), {"remark": Sort.REMARK}, _note),
)

Whose = Callable[[Line], Filled | None]


@dataclass(frozen=True)
class Identity:
    """A line: of which return, and its code."""

    owner: Key
    code: str


class SideTable:
    """Reads one of these sheets into the returns of the workbook."""

    def __init__(
        self, noun: Noun, table: Table, found: Mapping[Key, Filled], problems: Problems
    ) -> None:
        self.noun, self.table, self.found, self.problems = noun, table, found, problems
        self.owners = {name: key for key in found for name in names_of(key)}
        self.gone: set[Identity] = set()
        self.seen: set[Identity] = set()

    def read(self, whose: Whose) -> None:
        """Take every line that a person changed."""
        noun = self.noun
        for filled in self.found.values():
            filled.places[noun.kind] = self.table.place(self.table.head.number, noun.keys[0])
            if "was" not in self.table.places:
                filled.whole.add(noun.kind)
        for line in lines_of(self.table, (*noun.keys, *noun.sorts, "was")):
            self._line(line, whose)
        for one in self.gone - self.seen:
            if its := self.found.get(one.owner):
                its.put(noun.kind, one.code, None)

    def _line(self, line: Line, whose: Whose) -> None:
        was = was_in(line.text("was"))
        old = self._old(was) if was else None
        new = None
        if any(line.raw(name) is not None for name in (*self.noun.keys, *self.noun.sorts)):
            new = self._new(line, whose)
        if old is not None and old != new:
            self.gone.add(old)
        if new is not None:
            self._take(line, new, was if old == new else None)

    def _take(self, line: Line, new: Identity, was: Was | None) -> None:
        noun, filled = self.noun, self.found[new.owner]
        if new in self.seen:
            said = _("The same line is there twice.")
            self.problems.add(line.at(noun.keys[0]), said, "row_twice")
            return
        self.seen.add(new)
        values = cleaned(line, noun.sorts, self.problems)
        filled.places[f"{noun.kind}:{new.code}"] = line.at(noun.keys[0])
        for name in values:
            cell = f"{noun.kind}:{new.code}" + ("" if noun.kind == NOTE else f":{name}")
            filled.places[cell] = line.at(name)
            if was is not None:
                filled.was[cell] = was.get(name, "")
        touched = {
            name: value
            for name, value in values.items()
            if not is_untouched(was, name, value, noun.sorts[name])
        }
        if touched or was is None:
            filled.put(noun.kind, new.code, touched)

    def _new(self, line: Line, whose: Whose) -> Identity | None:
        """Which line it is now; noted where it does not say."""
        filled = whose(line)
        missing = [name for name in self.noun.keys if not line.text(name)]
        code = ""
        if filled is not None and not missing:
            code = self.noun.key_of(line, filled.key.month)
            missing = [] if code else [self.noun.keys[0]]
        for name in missing:
            self.problems.add(line.at(name), _("Choose one from the list."), "required")
        return Identity(filled.key, code) if filled is not None and code else None

    def _old(self, was: Was) -> Identity | None:
        """Which line it was when it was downloaded."""
        code = ".".join(was.get(name, "") for name in self.noun.keys)
        owner = self.owners.get(was.get("whose", ""))
        return Identity(owner, code) if owner is not None else None


def names_of(key: Key) -> Sequence[str]:
    """How a row may say whose it was: by code, by month, not at all. Each workbook has one way."""
    return ("", key.credit_code, format_month(key.month))


def known_nouns(*, has_notes: bool) -> Iterator[Noun]:
    """The sheets beside that of the returns; the form has its notes on the first one."""
    yield from (noun for noun in NOUNS if has_notes or noun.kind != NOTE)
