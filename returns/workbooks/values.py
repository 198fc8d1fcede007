"""How each kind of value stands in a cell, what the cell takes, and how it is read.

Money is typed in 10,000 yuan and kept in yuan, exact to the fen: a cell holds 15 digits, so what
has more is written as text. A figure of 0 and an empty cell are different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from foundation.rows import YesField
from foundation.spreadsheets import Value
from returns.figures import Figure, Unit
from web.formats import WAN, number
from web.forms import CountField, MoneyField, QuantityField

EXCEL_DIGITS = 15
LONGEST_TEXT = 300
MOST_MONEY = 10**10  # in 10,000 yuan
MOST_COUNT = 10_000_000


class Sort(Enum):
    """Kinds of values."""

    MONEY = "money"  # 万元, or 万 of a currency
    PAY = "pay"  # 元
    COUNT = "count"
    RATE = "rate"
    YES = "yes"
    TEXT = "text"
    REMARK = "remark"  # what is said of a figure; several lines
    CHOICE = "choice"  # one of a list of codes

    @property
    def is_number(self) -> bool:
        return self in _NUMBER_FORMATS

    @property
    def number_format(self) -> str:
        return _NUMBER_FORMATS.get(self, "@")


_NUMBER_FORMATS = {
    Sort.MONEY: "#,##0.00####",
    Sort.PAY: "#,##0.00",
    Sort.COUNT: "#,##0",
    Sort.RATE: "0.00####",
}
_DECIMALS: dict[Sort, forms.Field] = {
    Sort.MONEY: MoneyField(places=6, required=False),
    Sort.PAY: QuantityField(places=2, required=False),
    Sort.COUNT: CountField(required=False),
    Sort.RATE: QuantityField(places=6, required=False),
}
FIELDS: Mapping[Sort, forms.Field] = {
    **_DECIMALS,
    Sort.YES: YesField(required=False),
    Sort.TEXT: forms.CharField(required=False, max_length=LONGEST_TEXT),
    Sort.REMARK: forms.CharField(required=False),
    Sort.CHOICE: forms.CharField(required=False),
}


def sort_of(figure: Figure) -> Sort:
    """How a figure is typed."""
    if figure.unit == Unit.MONEY:
        return Sort.MONEY
    return Sort.PAY if figure.unit == Unit.PAY else Sort.COUNT


def in_cell(sort: Sort, value: Any) -> Decimal | str | None:
    """What is written for a value of the database; None leaves the cell blank."""
    if value is None:
        return None
    if sort == Sort.YES:
        return _("yes") if value else _("no")
    if not sort.is_number:
        return value or None
    exact = Decimal(value) / (WAN if sort == Sort.MONEY else 1)
    exact = exact.normalize()
    return f"{exact:f}" if len(exact.as_tuple().digits) > EXCEL_DIGITS else exact


def as_typed(value: Value) -> Value:
    """A number of a cell as people see it: without the noise of the 16th digit."""
    if isinstance(value, float) and abs(value) < 10**EXCEL_DIGITS:
        return f"{Decimal(f'{value:.{EXCEL_DIGITS}g}'):f}"
    return value


def in_words(sort: Sort, value: Any) -> str:
    """A value as a page says it; "" for nothing."""
    if value is None or value == "":
        return ""
    if sort == Sort.YES:
        return _("yes") if value else _("no")
    if not sort.is_number:
        return str(value)
    exact = (Decimal(value) / (WAN if sort == Sort.MONEY else 1)).normalize()
    least = 2 if sort in {Sort.MONEY, Sort.PAY} else 0
    places = max(least, -int(exact.as_tuple().exponent))
    return number(exact, places)


def rule_of(sort: Sort) -> dict[str, Any] | None:
    """What the program lets people type into such a cell, and what it says otherwise."""
    if sort == Sort.COUNT:
        message = _("A whole number, 0 or more. Leave it blank where it is not known.")
        limits = {"validate": "integer", "criteria": "between", "minimum": 0}
        return {**limits, "maximum": MOST_COUNT, **_said(message)}
    if sort in {Sort.MONEY, Sort.PAY, Sort.RATE}:
        message = {
            Sort.MONEY: _("A number in units of 10,000, at most six decimals."),
            Sort.PAY: _("A number in yuan, at most two decimals."),
            Sort.RATE: _("Yuan for one unit of the currency, at most six decimals."),
        }[sort]
        least = 0 if sort == Sort.RATE else -MOST_MONEY
        limits = {"validate": "decimal", "criteria": "between", "minimum": least}
        return {**limits, "maximum": MOST_MONEY, **_said(message)}
    if sort == Sort.YES:
        return {"validate": "list", "source": [_("yes"), _("no")], **_said(_("Yes or no."))}
    if sort == Sort.TEXT:
        limits = {"validate": "length", "criteria": "<=", "value": LONGEST_TEXT}
        return {**limits, **_said(_("At most 300 characters."))}
    return None


def _said(message: str) -> dict[str, Any]:
    """The title has 32 signs at most and the message 255, or the file would be refused."""
    return {
        "error_title": _("This cannot be")[:32],
        "error_message": message[:255],
        "ignore_blank": True,
    }
