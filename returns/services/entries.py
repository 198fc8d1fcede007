"""What may be written into a return at all: known names, codes of its month, numbers that fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns.catalogue import currencies, markets, service_classes
from returns.checks import RULES
from returns.content import CLASS, MARKET, MarketKey, Value, class_cell, market_cell
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES, Figure, Section, Sign
from returns.models import ReturnFigures
from web.refusals import Invalid

Figures = Mapping[str, Any]
ClassLines = Mapping[str, Mapping[str, Value] | None]
MarketLines = Mapping[MarketKey, Mapping[str, Value] | None]

MOST_PEOPLE = 10_000_000
LONGEST_REASON = 300
LONGEST = 60  # of what names a cell in a line
STATED = tuple(name for name in ReturnFigures.STATED if name != "notes")


def check_figures(figures: Figures, reversal_reason: str = "") -> None:
    """Refuse what cannot be a figure at all: unknown names, fractions of a 分, negative numbers.

    Money that a reversal makes negative may be so with the reason for it, `reversal_reason` or
    among the figures. Raises `Invalid`, all of it at once.
    """
    unknown = figures.keys() - {*FIGURES, *STATED}
    if unknown:
        raise Invalid({name: _("There is no such figure.") for name in sorted(unknown)})
    reason = str(figures.get("reversal_reason", reversal_reason)).strip()
    errors = {
        name: error
        for name, value in figures.items()
        if name in FIGURES and (error := _error_of(FIGURES[name], value, reason))
    }
    if len(str(figures.get("reversal_reason", ""))) > LONGEST_REASON:
        errors["reversal_reason"] = _("At most 300 characters.")
    if errors:
        raise Invalid(errors)


def check_lines(
    month: date, classes: ClassLines, market_lines: MarketLines, reversal_reason: str = ""
) -> None:
    """Refuse classes, markets and currencies that the month's lists do not hold, and their figures.

    Raises `Invalid`, all of it at once, by cell.
    """
    tree = service_classes(month)
    errors: dict[str, str] = {}
    for code, measures in classes.items():
        if not tree.is_leaf(code):
            errors[f"{CLASS}:{code}"] = _("There is no such class of services.")
        cells = {name: class_cell(code, name) for name in measures or {}}
        errors.update(_errors_in(CLASS_MEASURES, measures or {}, cells, reversal_reason))
    for key, measures in market_lines.items():
        if key[0] not in markets(month) or key[1] not in currencies(month):
            errors[f"{MARKET}:{key[0]}.{key[1]}"] = _("There is no such region or currency.")
        cells = {name: market_cell(key, name) for name in measures or {}}
        errors.update(_errors_in(MARKET_MEASURES, measures or {}, cells, reversal_reason))
    if errors:
        raise Invalid(errors)


def check_notes(notes: Mapping[str, str]) -> None:
    """Refuse notes on what is no check or no cell, and those that are too long."""
    errors = {}
    for key, text in notes.items():
        rule, _colon, place = key.partition(":")
        if rule not in RULES or not _is_place(place):
            errors[key] = _("There is no such check.")
        elif len(text) > LONGEST_REASON:
            errors[key] = _("At most 300 characters.")
    if errors:
        raise Invalid(errors)


def sections_of(
    figures: Collection[str], classes: ClassLines, market_lines: MarketLines
) -> set[Section]:
    """The sections that somebody writes into."""
    touched = {FIGURES[name].section for name in figures if name in FIGURES}
    if "is_cost_centre" in figures or "reversal_reason" in figures:
        touched.add(Section.BUSINESS)
    if classes or market_lines or not {"classes", "markets"}.isdisjoint(figures):
        touched.add(Section.OUTSOURCING)
    return touched


def _errors_in(
    known: Mapping[str, Figure],
    measures: Mapping[str, Value],
    cells: Mapping[str, str],
    reason: str,
) -> dict[str, str]:
    errors = {}
    for name, value in measures.items():
        if name == "rate":
            error = _error_of_rate(value)
        elif name not in known:
            error = _("There is no such figure.")
        else:
            error = _error_of(known[name], value, reason)
        if error:
            errors[cells[name]] = error
    return errors


def _error_of(figure: Figure, value: Any, reason: str) -> str | None:
    if value is None:
        return None
    is_number = Decimal(value).is_finite()
    if is_number and value < 0:
        if figure.sign == Sign.NEVER:
            return _("This can't be negative.")
        if figure.sign == Sign.REVERSAL and not reason:
            return _("Negative only as a reversal: give the reason for the reversal with it.")
    if figure.unit.is_money:
        if not _is_amount(value, is_number=is_number):
            return _("Give an amount in yuan with at most two decimals, below 100 trillion.")
    elif value > MOST_PEOPLE:
        return _("This is more people than a park can hold.")
    return None


def _is_place(place: str) -> bool:
    """Whether a finding may stand there: at a figure, at one of the lines, at all of them."""
    kind, colon, rest = place.partition(":")
    return place in FIGURES or (kind in {CLASS, MARKET} and bool(colon) and len(rest) <= LONGEST)


def _is_amount(value: Any, *, is_number: bool) -> bool:
    if not is_number or abs(value) >= 10**14:
        return False
    return bool(value == Decimal(value).quantize(Decimal("0.01")))


def _error_of_rate(value: Any) -> str | None:
    if value is None:
        return None
    rate = Decimal(value)
    if not rate.is_finite() or not 0 < rate < 10**6 or rate != round(rate, 6):
        return _("Give the rate in yuan for one unit, at most six decimals.")
    return None
