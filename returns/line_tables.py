"""The classes of services and the markets on a return's page: lines, sums, what can be added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from returns.catalogue import ROOT_CLASSES, Entry, currencies, markets, service_classes
from returns.cells import Line, cell_unit
from returns.content import CLASS, MARKET, Content, in_yuan
from returns.figures import CLASS_MEASURES, MARKET_MEASURES, Unit
from returns.forms.filling import OFFSHORE, ReturnForm
from returns.models import ExchangeRate
from returns.places import Place
from returns.sources import Source
from web.formats import number, wan
from web.forms import BoundField
from web.rfc9457 import Text


class Cell(NamedTuple):
    """An entry of the page with what the page shows of it."""

    name: str
    entry: BoundField
    known: str
    label: Text = ""
    unit: Text = ""
    yuan: str = ""

    @property
    def swapped(self) -> str:
        """The entry, to be put in place of the one on the page."""
        return self.entry.as_widget(attrs={"hx-swap-oob": "true"})


@dataclass
class LineRow:
    """A line of the table."""

    line: Line
    label: str
    cells: list[Cell]
    place: Place
    note: Text = ""
    rate: Source | None = None

    @property
    def name(self) -> str:
        return self.line.name


class SumRow(NamedTuple):
    """A sum under the lines, measure by measure; `off` where it is not what stands above."""

    label: str
    amounts: list[tuple[Text, str, bool]]
    is_total: bool = False


class Choice(NamedTuple):
    """A head in a list of what can be added, and what is under it."""

    label: str
    entries: list[Entry]


def cell_of(form: ReturnForm, name: str, **more: Any) -> Cell:
    """An entry for the page."""
    return Cell(name, form.entry(name), form.known(name), **more)


class ClassTable:
    """Contracts and executed value by class of services."""

    def __init__(
        self, form: ReturnForm, content: Content, places: dict[str, Place], before: Content | None
    ) -> None:
        self.form, self.content, self.places, self.before = form, content, places, before
        self.tree = service_classes(form.row.month)

    @property
    def heads(self) -> list[tuple[Text, Text]]:
        """Label and unit of each column of figures."""
        return [(figure.label, figure.unit.label) for figure in CLASS_MEASURES.values()]

    @cached_property
    def rows(self) -> list[LineRow]:
        """In the order of the tree."""
        order = {entry.code: number for number, entry in enumerate(self.tree)}
        lines = [line for line in self.form.lines if line.kind == CLASS]
        return [self._row(line) for line in sorted(lines, key=lambda line: order[line.key])]

    @property
    def sums(self) -> list[SumRow]:
        """ITO, BPO, KPO, and all of them against what is said above."""
        return [
            *(self._sum(self.tree.name(root), root) for root in ROOT_CLASSES),
            self._sum(_("Together"), ""),
        ]

    @property
    def is_off(self) -> bool:
        """Whether a sum is not what is said above."""
        return any(is_off for _label, _text, is_off in self.sums[-1].amounts)

    @property
    def choices(self) -> list[Choice]:
        """What can be added, the usual first."""
        there = set(self.content.classes)
        usual = dict.fromkeys([*(self.before.classes if self.before else ()), *self._usual()])
        heads: dict[str, list[Entry]] = {}
        for leaf in self.tree.leaves:
            heads.setdefault(leaf.parent, []).append(leaf)
        grouped = [
            (_("Usual in the park"), [self.tree[code] for code in usual if code in self.tree]),
            *((self._head(code), entries) for code, entries in heads.items()),
        ]
        kept = [
            (label, [one for one in entries if one.code not in there]) for label, entries in grouped
        ]
        return [Choice(label, entries) for label, entries in kept if entries]

    def _usual(self) -> Iterator[str]:
        yield from self.tree.usual.values()

    def _head(self, code: str) -> str:
        root = code.partition("-")[0]
        return f"{root} · {self.tree.name(code)}"

    def _row(self, line: Line) -> LineRow:
        cells = [
            cell_of(self.form, cell, label=CLASS_MEASURES[measure].label, unit=cell_unit(cell))
            for measure, cell in line.cells.items()
        ]
        root = line.key.partition("-")[0]
        last = self.before.classes.get(line.key) if self.before else None
        note = root
        if last is not None:
            said = {"root": root, "amount": wan(last["executed_value"])}
            note = _("%(root)s · last month %(amount)s") % said
        return LineRow(line, self.tree.name(line.key), cells, self.places[line.name], note)

    def _sum(self, label: str, root: str) -> SumRow:
        amounts = []
        for measure, figure in CLASS_MEASURES.items():
            parts = [
                line[measure] or 0
                for code, line in self.content.classes.items()
                if not root or code.partition("-")[0] == root
            ]
            total = sum(parts)
            write = wan if figure.unit == Unit.MONEY else number
            is_off = not root and total != (self.content[measure] or 0)
            amounts.append((figure.label, write(total), is_off))
        return SumRow(f"{label} {root}".strip(), amounts, is_total=not root)


class MarketTable:
    """Offshore work by country or region and currency."""

    def __init__(self, form: ReturnForm, content: Content, places: dict[str, Place]) -> None:
        self.form, self.content, self.places = form, content, places
        self.month = form.row.month

    @property
    def is_shown(self) -> bool:
        """Whether there is offshore work to be told apart."""
        return bool(self.rows) or any(self.content[name] for name in OFFSHORE)

    @cached_property
    def rows(self) -> list[LineRow]:
        return [self._row(line) for line in self.form.lines if line.kind == MARKET]

    @property
    def sums(self) -> list[SumRow]:
        """In yuan, against what is said above."""
        room = 100 * len(self.content.markets)
        amounts: list[tuple[Text, str, bool]] = []
        for name, measure in OFFSHORE.items():
            total = self.content.market_sum(measure)
            is_off = abs(total - (self.content[name] or 0)) > room
            amounts.append((MARKET_MEASURES[measure].label, wan(total), is_off))
        return [SumRow(_("Together, in 10,000 yuan"), amounts, is_total=True)]

    @property
    def is_off(self) -> bool:
        return any(is_off for _label, _text, is_off in self.sums[0].amounts)

    @property
    def markets(self) -> list[Entry]:
        return list(markets(self.month))

    @property
    def currencies(self) -> list[Entry]:
        return list(currencies(self.month))

    @cached_property
    def rates(self) -> dict[str, ExchangeRate]:
        """The park's rates of the month, by currency."""
        return {rate.currency: rate for rate in ExchangeRate.objects.filter(month=self.month)}

    def _row(self, line: Line) -> LineRow:
        country, currency = line.market
        measures = self.content.markets[line.market]
        cells = []
        for measure, cell in line.cells.items():
            is_rate = measure == "rate"
            yuan = "" if is_rate else wan(in_yuan(measures, measure))
            label = _("Rate") if is_rate else MARKET_MEASURES[measure].label
            cells.append(cell_of(self.form, cell, label=label, unit=cell_unit(cell), yuan=yuan))
        name = markets(self.month).name(country)
        note = f"{currencies(self.month).name(currency)} {currency}"
        rate = self._source(currency, measures["rate"])
        return LineRow(line, name, cells, self.places[line.name], note, rate)

    def _source(self, currency: str, rate: Any) -> Source:
        known = self.rates.get(currency)
        if known is None:
            return Source(
                "" if currency == "CNY" else _("The park has no rate for this month yet.")
            )
        if rate == known.rate:
            return Source(known.source or _("the park's rate of the month"), is_prefilled=True)
        return Source(_("The park's rate is %(rate)s.") % {"rate": number(known.rate)})
