"""Cells of a return in words: what each is called, and how its value is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.catalogue import currencies, markets, service_classes
from returns.content import CLASS, MARKET, Content, MarketKey, Value, class_cell, market_cell
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES, Unit
from returns.models.figures import ClassFigures, MarketFigures
from web.formats import MISSING, number, wan, yuan

STATED = {
    "is_cost_centre": gettext_lazy("Cost centre of another firm"),
    "is_nil": gettext_lazy("Nil return"),
    "reversal_reason": gettext_lazy("Reason for the reversal"),
}

# Figures that are called after a part of another
WHOLES = {
    "offshore_contract_value": "contract_value",
    "offshore_executed_value": "executed_value",
    "onshore_executed_value": "executed_value",
}

# Figures that are a part of one above them
PARTS = frozenset({*WHOLES, "returnees", "graduates", "insured"})


class Line(NamedTuple):
    """A class of services, or a market: a row of cells. `key` is a code, or HKG.USD."""

    kind: str
    key: str

    @classmethod
    def named(cls, name: str) -> Line:
        """The line that holds the cell `name`, or that is called so."""
        kind, _colon, rest = name.partition(":")
        return cls(kind, rest.partition(":")[0])

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def market(self) -> MarketKey:
        country, _dot, currency = self.key.partition(".")
        return country, currency

    @property
    def cells(self) -> dict[str, str]:
        """Its cells by their measures."""
        if self.kind == CLASS:
            return {measure: class_cell(self.key, measure) for measure in ClassFigures.FIELDS}
        return {measure: market_cell(self.market, measure) for measure in MarketFigures.FIELDS}

    def is_known(self, month: date) -> bool:
        """Whether the lists of the month hold it."""
        if self.kind == CLASS:
            return service_classes(month).is_leaf(self.key)
        country, currency = self.market
        is_market = self.kind == MARKET and country in markets(month)
        return is_market and currency in currencies(month)

    def label(self, month: date) -> str:
        """What people call it."""
        if self.kind == CLASS:
            return service_classes(month).name(self.key)
        country, currency = self.market
        said = {
            "country": markets(month).name(country),
            "currency": currencies(month).name(currency),
        }
        return _("%(country)s, in %(currency)s") % said


def lines_of(content: Content) -> list[Line]:
    """The lines of a return: its classes, then its markets."""
    return [
        *(Line(CLASS, code) for code in content.classes),
        *(Line(MARKET, f"{country}.{currency}") for country, currency in content.markets),
    ]


def values_of(content: Content) -> dict[str, Any]:
    """Every cell of `content` with its value."""
    return dict(content.cells())


def label_of(name: str) -> str:
    """What people call a figure."""
    return str(FIGURES[name].label)


def full_label(name: str) -> str:
    """A figure where its label alone is not enough: of what it is a part."""
    if name not in WHOLES:
        return label_of(name)
    return _("%(whole)s, %(part)s") % {"whole": label_of(WHOLES[name]), "part": label_of(name)}


def cell_label(cell: str, month: date) -> str:
    """What a cell is called, with the line that it stands in."""
    if cell in FIGURES:
        return full_label(cell)
    if cell in STATED:
        return str(STATED[cell])
    line = Line.named(cell)
    measure = cell.rpartition(":")[2]
    known = CLASS_MEASURES if line.kind == CLASS else MARKET_MEASURES
    label = _("rate") if measure == "rate" else str(known[measure].label)
    return _("%(line)s: %(measure)s") % {"line": line.label(month), "measure": label}


def cell_text(cell: str, value: Any) -> str:
    """How the value of a cell is written."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else _amount(cell, value)


def cell_unit(cell: str) -> str:
    """In what a cell is written; "" where it has no unit."""
    if cell in FIGURES:
        return str(FIGURES[cell].unit.label)
    measure = cell.rpartition(":")[2]
    if measure in CLASS_MEASURES and cell.startswith(CLASS):
        return str(CLASS_MEASURES[measure].unit.label)
    if measure in MARKET_MEASURES:
        return _("10,000 %(currency)s") % {"currency": Line.named(cell).market[1]}
    return ""


def figure_text(name: str, value: Value) -> str:
    """How a figure is written: money in 10,000 yuan, pay in yuan, all else as it is."""
    unit = FIGURES[name].unit
    if unit == Unit.MONEY:
        return wan(value)
    return yuan(value) if unit == Unit.PAY else number(value)


def _amount(cell: str, value: Decimal | int) -> str:
    if cell in FIGURES:
        return figure_text(cell, value)
    measure = cell.rpartition(":")[2]
    is_count = measure in CLASS_MEASURES and CLASS_MEASURES[measure].unit != Unit.MONEY
    return number(value) if is_count or measure == "rate" else wan(value)
