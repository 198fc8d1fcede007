"""Which rows of a month are shown, and in which order: what the address of its page says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from returns.desk.month import FiledRow, Group, MonthDesk, groups_of
from tenants.models import Enterprise

SORTS: dict[str, Callable[[FiledRow], Any] | None] = {
    "worst": None,  # as they come
    "name": lambda row: (row.enterprise.pinyin, row.enterprise.pk),
    "revenue": lambda row: -(row.revenue if row.revenue is not None else -1),
    "staff": lambda row: -(row.headcount if row.headcount is not None else -1),
    "change": lambda row: -abs(row.revenue_change.ratio) if row.revenue_change else 1,
}


class DeskFilter(forms.Form):
    """Words of a name, and the order. What it does not understand it leaves away."""

    q = forms.CharField(label=_("Enterprise"), required=False, max_length=80)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("worst", _("What is worst first")),
            ("name", _("By name")),
            ("revenue", _("Revenue, largest first")),
            ("staff", _("Staff, most first")),
            ("change", _("Change of revenue, largest first")),
        ],
    )
    show = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""

    @property
    def order(self) -> str:
        return (self.cleaned_data.get("sort") if self.is_valid() else "") or "worst"


class Chip(NamedTuple):
    """A group to choose, with its address; the other filters stay."""

    group: Group
    url: str
    is_current: bool


class Narrowed:
    """The rows of a month's desk that `query` asks for."""

    def __init__(self, desk: MonthDesk, query: QueryDict) -> None:
        self.desk, self.query = desk, query
        self.form = DeskFilter({"sort": "worst", **query.dict()})

    @cached_property
    def groups(self) -> list[Group]:
        rows = self.desk.rows
        if words := self.form.words:
            found = set(Enterprise.objects.matching(words).values_list("pk", flat=True))
            rows = [row for row in rows if row.enterprise.pk in found]
        return groups_of(rows)

    @cached_property
    def shown(self) -> Group:
        """The group of the name that is asked for; all rows, where there is none."""
        name = self.query.get("show", "")
        group = next((group for group in self.groups if group.name == name), self.groups[0])
        key = SORTS[self.form.order]
        return group._replace(rows=sorted(group.rows, key=key)) if key else group

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(group, self._url(show=group.name), group.name == self.shown.name)
            for group in self.groups
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.words) or self.shown.name != "all"

    @property
    def as_query(self) -> str:
        """What an address says to show the same rows, with its question mark."""
        return self._url()

    def _url(self, **more: str) -> str:
        query = self.query.copy()
        query.pop("page", None)
        query.pop("format", None)
        for name, value in more.items():
            query[name] = value
        return f"?{query.urlencode()}"
