"""An indicator's figure with the rows that make it: of the data as they are now.

What an edition says is explained by the edition (`reports.drilldown`); this is for the park's own
people, and for months that are not issued yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import pgettext_lazy

from accounts.models import User
from foundation.months import add_months, format_month, months_between
from park.models import ReportingMonth
from reports.indicators import (
    SOURCES,
    Facts,
    Figures,
    Indicator,
    Ratio,
    indicator_named,
    levels_of,
    rows_of,
)
from reports.indicators.facts import TOTAL
from reports.indicators.levels import kept_row
from reports.models import Span
from reports.parts import Part, part_of
from reports.shown import Shown, ShownFigures, Wanted, indicator_url, taken
from reports.units import Number, Unit, written
from reports.words import row_label
from web.rfc9457 import Text

LEVEL_NAMES: dict[str, Text] = {
    "zone": pgettext_lazy("level", "by zone"),
    "building": pgettext_lazy("level", "by building"),
    "class": pgettext_lazy("level", "by business class"),
    "education": pgettext_lazy("level", "by education"),
    "age": pgettext_lazy("level", "by age"),
    "origin": pgettext_lazy("level", "by origin"),
    "enterprise": pgettext_lazy("level", "by enterprise"),
}


class Keyed(NamedTuple):
    """A figure of a breakdown."""

    key: str
    label: str
    text: str
    url: str


class Explained:
    """The figure of `key` in `month`, its parts, and the same at the level `by`."""

    def __init__(
        self, one: Indicator, month: date, *, by: str, key: str, span: Span, user: User
    ) -> None:
        self.indicator = one
        self.span = span if one.is_flow else Span.MONTH
        self.month = month
        self.by = by
        self.key = key
        self.user = user

    @cached_property
    def levels(self) -> list[str]:
        """What it can be broken down by."""
        return [level for level in levels_of(self.indicator) if level in LEVEL_NAMES]

    @property
    def level_names(self) -> list[tuple[str, Text]]:
        """The same in words."""
        return [(level, name) for level, name in LEVEL_NAMES.items() if level in self.levels]

    @property
    def by_name(self) -> Text:
        return LEVEL_NAMES[self.by]

    @property
    def is_there(self) -> bool:
        """Whether the key and the level are such as the indicator has."""
        level = self.key.partition(".")[0]
        return {self.by, level} <= {TOTAL, *self.levels} and (level == TOTAL or self._is_known)

    @property
    def _is_known(self) -> bool:
        level = self.key.partition(".")[0]
        return self.key in self._figures.keys(level, self._sources)

    @cached_property
    def months(self) -> list[date]:
        """The months whose rows it adds up."""
        first = add_months(self.month, 1 - self.span.months)
        if self.indicator.code.endswith("_to_date"):
            first = self.month.replace(month=1)
        return list(months_between(first, self.month))

    @property
    def first_month(self) -> date:
        return self.months[0]

    @property
    def text_months(self) -> list[str]:
        return [format_month(month) for month in self.months]

    @property
    def _sources(self) -> list[str]:
        return list(dict.fromkeys(part.source for part in self.indicator.parts()))

    @cached_property
    def facts(self) -> Facts:
        return taken({source: set(self.months) for source in self._sources})

    @cached_property
    def _figures(self) -> Figures:
        levels = {TOTAL, self.by, self.key.partition(".")[0]}
        return Figures(self.facts, sorted(levels))

    @cached_property
    def figure(self) -> Number | None:
        return self._figures.figure(self.indicator, self.text_months, self.key)

    @property
    def text(self) -> str:
        return self._written(self.figure)

    @property
    def unit(self) -> str:
        """Its unit, where the number does not say it."""
        unit = self.indicator.unit
        return "" if unit == Unit.PERCENT else str(unit.label)

    def _written(self, value: Number | None) -> str:
        return written(value, self.indicator.unit, places=self.indicator.places)

    @property
    def label(self) -> str:
        """What the key is called."""
        return self._label(self.key)

    def _label(self, key: str) -> str:
        return row_label(kept_row(key, self.facts))

    @cached_property
    def parts(self) -> list[Part]:
        """What it is made of: the rows, and for a quotient those that it is divided by."""
        found = []
        for part in self.indicator.parts():
            rows = rows_of(part, self.facts, self.text_months, [self.key])
            found.append(
                part_of(self.facts, part, self._by_name(part.source, rows), self.text_months)
            )
        return found

    def _by_name(self, source: str, rows: Sequence[Any]) -> list[Any]:
        """Enterprises by name; places as one walks."""
        columns = SOURCES[source].columns
        if "enterprise" not in columns or "zone" in columns:
            return list(rows)
        standing = {pk: at for at, pk in enumerate(self.facts.enterprises)}
        return sorted(rows, key=lambda fact: (standing.get(fact.enterprise, -1), fact.month))

    @property
    def divisor(self) -> Part | None:
        """What a quotient is divided by."""
        return self.parts[1] if isinstance(self.indicator, Ratio) else None

    @property
    def adds_up(self) -> bool:
        """Whether the rows make the figure."""
        totals = [part.total for part in self.parts]
        if isinstance(self.indicator, Ratio):
            return self.indicator.quotient(*totals) == self.figure
        return totals[0] == (self.figure or 0)

    @property
    def breakdown(self) -> list[Keyed]:
        """The figure of every key at the level that was asked for."""
        if self.by == TOTAL:
            return []
        return [
            Keyed(
                key,
                self._label(key),
                self._written(self._figures.figure(self.indicator, self.text_months, key)),
                indicator_url(self.indicator.code, self.month, key, by=self.by, **self._spans),
            )
            for key in self._figures.keys(self.by, self._sources)
        ]

    @property
    def _spans(self) -> dict[str, str]:
        return {} if self.span == Span.MONTH else {"span": self.span.value}

    @cached_property
    def is_closed(self) -> bool:
        return ReportingMonth.objects.closed().filter(month=self.month).exists()

    @cached_property
    def issued(self) -> Shown | None:
        """The same figure in the edition that says it; an edition says single months."""
        if self.span != Span.MONTH:
            return None
        level = self.key.partition(".")[0]
        shown = ShownFigures(self.user, [Wanted(self.indicator.code, [self.month], level)])
        if shown.edition(self.indicator.code, self.month, level) is None:
            return None
        return shown.at(self.indicator.code, self.month, self.key)

    @property
    def issued_text(self) -> str:
        return self._written(self.issued.value if self.issued else None)


def explained(
    code: str, month: date, *, by: str, key: str, span: str, user: User
) -> Explained | None:
    """The indicator `code` explained; None where there is no such figure."""
    one = indicator_named(code)
    if one is None:
        return None
    found = Explained(
        one,
        month,
        by=by or key.partition(".")[0],
        key=key,
        span=Span(span) if span in Span.values else Span.MONTH,
        user=user,
    )
    return found if found.is_there else None
