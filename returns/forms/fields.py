"""The entries of a return, made from the list of its figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from returns.cells import Line, cell_label, cell_unit, full_label
from returns.content import CLASS
from returns.figures import (
    BREAKDOWNS,
    CLASS_MEASURES,
    MARKET_MEASURES,
    Figure,
    Sign,
    Unit,
)
from returns.services.entries import LONGEST_REASON
from web.forms import CountField, MoneyField, QuantityField

NEGATIVE = {"min_value": _("This can't be negative.")}
NOTE = "note:"


class AmountField(MoneyField):
    """Money in 10,000 yuan, to the fen: two decimals are shown, and more where there are more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(places=6, **options)

    def prepare_value(self, value: Any) -> Any:
        return _shortened(super().prepare_value(value), value, 2)


class RateField(QuantityField):
    """What one unit of a currency is in yuan."""

    def __init__(self, **options: Any) -> None:
        super().__init__(places=6, **options)

    def prepare_value(self, value: Any) -> Any:
        return _shortened(super().prepare_value(value), value, 4)


def figure_field(figure: Figure) -> forms.Field:
    """The entry of a figure. A draft may have gaps."""
    return _field(figure, label=full_label(figure.name), unit=figure.unit.label)


def stated_fields() -> dict[str, forms.Field]:
    """The entries of what is said beside the figures."""
    return {
        "is_cost_centre": forms.BooleanField(
            label=_("We are a cost centre of another firm: it settles with us, we have no revenue"),
            required=False,
        ),
        "reversal_reason": forms.CharField(
            label=_("Reason for the reversal"), required=False, max_length=LONGEST_REASON
        ),
    }


def line_fields(line: Line, month: date) -> dict[str, forms.Field]:
    """The entries of a class of services, or of a market."""
    measures = CLASS_MEASURES if line.kind == CLASS else MARKET_MEASURES
    fields: dict[str, forms.Field] = {}
    for measure, cell in line.cells.items():
        label = cell_label(cell, month)
        fields[cell] = (
            RateField(label=label, required=False)
            if measure == "rate"
            else _field(measures[measure], label=label, unit=cell_unit(cell))
        )
    return fields


def note_field() -> forms.CharField:
    """The entry of a sentence that explains what a check found."""
    return forms.CharField(label=_("Reason"), required=False, max_length=LONGEST_REASON)


def place_of(cell: str) -> str:
    """Where errors and questions of a cell are said: beside it, or under its line or group."""
    if ":" in cell:
        line = Line.named(cell)
        return line.name if line.key else line.kind
    return next((group for group, names in BREAKDOWNS.items() if cell in names), cell)


def _field(figure: Figure, *, label: Any, unit: Any) -> forms.Field:
    least = {"min_value": 0} if figure.sign == Sign.NEVER else {}
    options: dict[str, Any] = {"label": label, "unit": unit, "required": False, **least}
    if figure.unit == Unit.MONEY:
        return AmountField(error_messages=NEGATIVE, **options)
    if figure.unit == Unit.PAY:
        return QuantityField(places=2, error_messages=NEGATIVE, **options)
    return CountField(error_messages=NEGATIVE, **options)


def _shortened(text: Any, value: Any, least: int) -> Any:
    """Without the noughts at its end, but for the `least` decimals that are always shown."""
    if not isinstance(value, (Decimal, int)):
        return text
    whole, _point, rest = text.partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(least, '0')}"
