"""The rates of a month on their page: what is known, what the month before had, and typing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.months import add_months
from returns.catalogue import Entry, currencies
from returns.models import ExchangeRate, ReturnMarket
from web.formats import number
from web.forms import QuantityField

OWN = "CNY"
PLACES = 6


@dataclass(frozen=True)
class RateRow:
    """A currency with its rate of the month and of the one before."""

    currency: Entry
    now: ExchangeRate | None
    before: ExchangeRate | None
    waiting: int = 0  # enterprises whose draft has a line without it

    @property
    def rate(self) -> str:
        return plain_rate(self.now.rate) if self.now else ""

    @property
    def rate_before(self) -> str:
        return plain_rate(self.before.rate) if self.before else ""


class RatesDesk:
    """A month's rates, and how many wait for them; three queries."""

    def __init__(self, month: date) -> None:
        self.month = month

    @cached_property
    def rows(self) -> list[RateRow]:
        """Every currency of the month but the yuan."""
        now, before = _rates(self.month), _rates(add_months(self.month, -1))
        waiting = waiting_by_currency(self.month)
        return [
            RateRow(entry, now.get(entry.code), before.get(entry.code), waiting.get(entry.code, 0))
            for entry in currencies(self.month)
            if entry.code != OWN
        ]

    @property
    def known(self) -> list[RateRow]:
        """Those that have a rate."""
        return [row for row in self.rows if row.now]

    @property
    def to_take_over(self) -> dict[str, Decimal | None]:
        """What the month before has and this one lacks."""
        return {
            row.currency.code: row.before.rate
            for row in self.rows
            if row.before and row.now is None
        }

    @property
    def is_sample(self) -> bool:
        return any(row.now and row.now.sample_fields for row in self.rows)


class RateField(QuantityField):
    """A rate: all the decimals that it has, and no noughts behind them."""

    def prepare_value(self, value: Any) -> Any:
        return plain_rate(value) if isinstance(value, Decimal) else value


class RatesForm(forms.Form):
    """A rate for each currency, empty where none is known; the source of those that change."""

    source = forms.CharField(
        label=gettext_lazy("Source of what you change"),
        help_text=gettext_lazy("For example: central parity of the last working day."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any = None, *, desk: RatesDesk) -> None:
        super().__init__(data)
        self.desk = desk
        source = self.fields.pop("source")
        self.fields.update({row.currency.code: _field(row) for row in desk.rows})
        self.fields["source"] = source

    @property
    def entries(self) -> list[tuple[RateRow, Any]]:
        """Each currency with its entry."""
        return [(row, self[row.currency.code]) for row in self.desk.rows]

    def clean(self) -> dict[str, Any]:
        """Who says a rate says where it is from."""
        given = super().clean() or self.cleaned_data
        is_said = any(rate is not None for rate in self.changed.values())
        if is_said and not given.get("source", "").strip():
            self.add_error("source", _("Say where the rates are from."))
        return given

    @property
    def changed(self) -> dict[str, Decimal | None]:
        """The rates that are others than they were."""
        names = [name for name in self.changed_data if name != "source"]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def _field(row: RateRow) -> RateField:
    field = RateField(
        places=PLACES,
        min_value=Decimal(1).scaleb(-PLACES),
        max_value=10**PLACES,
        label=f"{row.currency.name} {row.currency.code}",
        required=False,
        initial=row.now.rate if row.now else None,
    )
    field.widget.attrs["aria-label"] = field.label
    return field


def plain_rate(rate: Decimal) -> str:
    """All the decimals that a rate has, at least two."""
    places = max(2, -int(rate.normalize().as_tuple().exponent))
    return number(rate, places)


def waiting_by_currency(month: date) -> dict[str, int]:
    """How many enterprises cannot file `month` for want of a rate, by currency; one query."""
    lines = ReturnMarket.objects.waiting_for_rates(month).order_by("currency")
    counted = lines.values_list("currency").annotate(Count("monthly_return", distinct=True))
    return dict(counted)


def _rates(month: date) -> dict[str, ExchangeRate]:
    return {row.currency: row for row in ExchangeRate.objects.filter(month=month)}
