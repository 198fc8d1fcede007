"""The list of enterprises and their 规上 thresholds: which rows are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.months import add_months, month_of
from returns.thresholds import Standing, State, standings, threshold_source
from tenants.models import Enterprise
from web.forms import MonthField
from web.rfc9457 import Text

ALL = "all"


def _nearest(standing: Standing) -> Any:
    """Below the threshold first, the nearest on top; then those above it; then the others."""
    if standing.share is None:
        return (2, Decimal(0), standing.enterprise.pinyin)
    if standing.to_go is None:
        return (1, standing.share, standing.enterprise.pinyin)
    return (0, -standing.share, standing.enterprise.pinyin)


SORTS: dict[str, Callable[[Standing], Any]] = {
    "near": _nearest,
    "name": lambda one: (one.enterprise.pinyin, one.enterprise.pk),
    "revenue": lambda one: (-one.revenue, one.enterprise.pinyin),
    "industry": lambda one: (one.enterprise.industry_code, one.enterprise.pinyin),
}


class ThresholdFilter(forms.Form):
    """The month, words of a name, the order. What it does not understand it leaves away."""

    month = MonthField(label=_("Twelve months up to"), required=False)
    q = forms.CharField(label=_("Enterprise"), required=False, max_length=80)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("near", _("Nearest to the threshold first")),
            ("name", _("By name")),
            ("revenue", _("Revenue, largest first")),
            ("industry", _("By industry")),
        ],
    )
    show = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class Chip(NamedTuple):
    """A state to choose, with how many there are; the other filters stay."""

    name: str
    label: Text
    firms: int
    url: str
    is_current: bool


class ThresholdList:
    """What the page shows for `query`: those whose industry is known, and the others apart."""

    def __init__(self, query: QueryDict, today: date) -> None:
        self.query = query
        self.last_month = add_months(month_of(today), -1)
        bound = query.dict() | {"sort": query.get("sort") or "near"}
        bound["month"] = query.get("month") or f"{self.last_month:%Y-%m}"
        self.form = ThresholdFilter(bound)
        self.form.is_valid()

    @property
    def month(self) -> date:
        """The month asked for; the last that is over where it is none, or not over yet."""
        asked: date | None = self.form.cleaned_data.get("month")
        return asked if asked and asked <= self.last_month else self.last_month

    @property
    def first_month(self) -> date:
        return add_months(self.month, -11)

    @property
    def source(self) -> str:
        return threshold_source(self.month)

    @cached_property
    def _standings(self) -> list[Standing]:
        return standings(self.month)

    @property
    def near(self) -> int:
        """The share from which a firm is near, in percent."""
        return self._standings[0].near if self._standings else 0

    @cached_property
    def _matching(self) -> list[Standing]:
        words = self.form.cleaned_data.get("q")
        if not words:
            return self._standings
        found = set(Enterprise.objects.matching(words).values_list("pk", flat=True))
        return [one for one in self._standings if one.enterprise.pk in found]

    @cached_property
    def unknown(self) -> list[Standing]:
        """Those without an industry: nobody can say how far they are."""
        return [one for one in self._matching if one.state == State.UNKNOWN]

    @property
    def state(self) -> str:
        asked = self.query.get("show", "")
        return asked if asked in _SHOWN else ALL

    @cached_property
    def rows(self) -> list[Standing]:
        """Those of the state that is asked for, in the order that is asked for."""
        rows = [one for one in self._known if self.state in (ALL, one.state)]
        return sorted(rows, key=SORTS[self.form.cleaned_data.get("sort") or "near"])

    @property
    def _known(self) -> list[Standing]:
        return [one for one in self._matching if one.state != State.UNKNOWN]

    def count(self, state: str) -> int:
        return _count(self._known, state)

    @property
    def above(self) -> int:
        return _count(self._standings, State.ABOVE)

    @property
    def nearly(self) -> int:
        return _count(self._standings, State.NEAR)

    @property
    def has_sample(self) -> bool:
        """Whether an industry on the page is invented."""
        return any(
            not {"*", "industry_code"}.isdisjoint(one.enterprise.sample_fields)
            for one in self._matching
        )

    @property
    def chips(self) -> list[Chip]:
        labels: list[tuple[str, Text]] = [(ALL, _("All"))]
        labels += [(state.value, state.label) for state in _SHOWN.values()]
        return [
            Chip(name, label, self.count(name), self._url(show=name), name == self.state)
            for name, label in labels
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.cleaned_data.get("q")) or self.state != ALL

    @property
    def as_query(self) -> str:
        """What an address says to show the same rows, with its question mark."""
        return self._url()

    @property
    def all_url(self) -> str:
        return f"{reverse('reports:threshold-list')}?month={self.month:%Y-%m}"

    def _url(self, **more: str) -> str:
        query = self.query.copy()
        query.pop("page", None)
        query.pop("format", None)
        for name, value in more.items():
            query[name] = value
        return f"?{query.urlencode()}"


_SHOWN: dict[str, State] = {
    state.value: state for state in (State.NEAR, State.ABOVE, State.FAR, State.WITHOUT)
}


def _count(rows: Iterable[Standing], state: str) -> int:
    return sum(state in (ALL, one.state) for one in rows)
