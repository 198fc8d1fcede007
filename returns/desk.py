"""Who owes which month, and where each return is: the lists that people work from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.models import Setting
from foundation.months import add_months, month_of, months_between, next_month
from foundation.services.settings import setting
from park.models import ReportingMonth
from returns.checks import Change, change_of
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.owing import owing, shares_a_day
from tenants.models import Enterprise, Tenancy

# Glyphs of web.parts.facts.state: who waits for whom.
GLYPHS = {
    ReturnState.DRAFT: "",
    ReturnState.SUBMITTED: "wait",
    ReturnState.SENT_BACK: "look",
    ReturnState.ACCEPTED: "done",
}


def due_day(month: date) -> date:
    """The day by which the return of `month` is due."""
    return next_month(month).replace(day=setting(Setting.Name.RETURN_DUE_DAY))


def first_month(today: date) -> date:
    """The month with which returns began in this park; the last one, where none was filed yet."""
    first = MonthlyReturn.objects.aggregate(first=Min("month"))["first"]
    return first or add_months(month_of(today), -1)


def counts(row: MonthlyReturn) -> bool:
    """Whether a revision of the return counts as filed (`MonthlyReturnQuerySet.filed`)."""
    return row.revision_count > 0 and row.state != ReturnState.SENT_BACK


@dataclass(frozen=True)
class OwedMonth:
    """A month that an enterprise owes a return for, and the return if it was begun."""

    month: date
    due: date
    today: date
    is_closed: bool
    row: MonthlyReturn | None

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= self.today

    @property
    def is_filed(self) -> bool:
        """Whether a revision counts."""
        return self.row is not None and counts(self.row)

    @property
    def is_late(self) -> bool:
        return not self.is_filed and self.due < self.today and not self.is_closed

    @property
    def is_waiting_for_enterprise(self) -> bool:
        """Whether the enterprise has something to do: begin, go on, answer."""
        if self.row is None or self.row.revision_count == 0:
            return True
        return self.row.state in {ReturnState.SENT_BACK, ReturnState.DRAFT}

    @property
    def is_taken_up_again(self) -> bool:
        """Whether it was filed before, and is now answered or corrected."""
        return (
            self.row is not None and self.row.revision_count > 0 and self.is_waiting_for_enterprise
        )

    @property
    def is_sent_back(self) -> bool:
        return self.row is not None and self.row.state == ReturnState.SENT_BACK

    @property
    def waits_now(self) -> bool:
        """Whether the enterprise should act today: a month that is not over may wait."""
        return bool(self.action) and (self.is_over or self.is_taken_up_again)

    @property
    def revenue(self) -> Decimal | None:
        return self.row.revenue if self.row else None

    @property
    def headcount(self) -> int | None:
        return self.row.headcount if self.row else None

    @property
    def glyph(self) -> str:
        if self.row is None:
            return "stop" if self.is_late or self.is_closed else "wait"
        return "stop" if self.is_late else GLYPHS[ReturnState(self.row.state)]

    @property
    def word(self) -> str:
        """Where the return is."""
        if self.row is None:
            return _("Not filed")
        if self.row.state == ReturnState.DRAFT and self.row.revision_count:
            return _("Being corrected")
        return self.row.get_state_display()

    @property
    def action(self) -> str:
        """What the enterprise does next, "" where nothing."""
        if self.is_closed or not self.is_waiting_for_enterprise:
            return ""
        if self.row is None:
            return pgettext("return", "File")
        return _("Answer") if self.is_sent_back else _("Go on")


def owed_months(enterprise: Enterprise, today: date) -> list[date]:
    """The months that `enterprise` owes returns for, newest first."""
    periods = [
        tenancy.period
        for tenancy in Tenancy.objects.filter(enterprise=enterprise).order_by("period")
    ]
    return [
        month
        for month in reversed(list(months_between(first_month(today), month_of(today))))
        if any(shares_a_day(period, month) for period in periods)
    ]


def with_returns(enterprise: Enterprise, months: Sequence[date], today: date) -> list[OwedMonth]:
    """Each of `months` with the enterprise's return."""
    rows = MonthlyReturn.objects.filter(enterprise=enterprise, month__in=months)
    returns = {row.month: row for row in rows}
    closed = closed_among(months)
    day = setting(Setting.Name.RETURN_DUE_DAY)
    return [
        OwedMonth(
            month, next_month(month).replace(day=day), today, month in closed, returns.get(month)
        )
        for month in months
    ]


def waiting(months: Iterable[OwedMonth]) -> list[OwedMonth]:
    """Those of `months` that wait for the enterprise: questions of the park first, then by age."""
    return sorted(
        (owed for owed in months if owed.waits_now),
        key=lambda owed: (not owed.is_sent_back, owed.month),
    )


def closed_among(months: Iterable[date]) -> set[date]:
    """Those of `months` that are closed."""
    return set(
        ReportingMonth.objects.closed()
        .filter(month__in=list(months))
        .values_list("month", flat=True)
    )


class Found(NamedTuple):
    """What matters of a return where returns are counted."""

    state: str
    is_filed: bool
    is_sample: bool


@dataclass(frozen=True)
class ParkMonth:
    """A month of the whole park: n of m filed."""

    month: date
    due: date
    today: date
    is_closed: bool
    owed: int = 0
    filed: int = 0
    submitted: int = 0
    sent_back: int = 0
    has_sample: bool = False

    @property
    def missing(self) -> int:
        return self.owed - self.filed

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= self.today

    @property
    def is_late(self) -> bool:
        return self.missing > 0 and self.due < self.today and not self.is_closed


def park_months(today: date) -> list[date]:
    """The months of the park's returns, newest first."""
    return list(reversed(list(months_between(first_month(today), month_of(today)))))


def counted(months: Sequence[date], today: date) -> list[ParkMonth]:
    """Each of `months` with how many owe a return, and how many filed it."""
    owed = owing(months)
    states = _states(months)
    closed = closed_among(months)
    day = setting(Setting.Name.RETURN_DUE_DAY)
    return [
        _counted(
            ParkMonth(month, next_month(month).replace(day=day), today, month in closed),
            owed[month],
            states.get(month, {}),
        )
        for month in months
    ]


def _counted(month: ParkMonth, owed: set[int], states: dict[int, Found]) -> ParkMonth:
    """`month` with its numbers: only those that owe a return count."""
    found = [states[enterprise] for enterprise in owed if enterprise in states]
    return replace(
        month,
        owed=len(owed),
        filed=sum(one.is_filed for one in found),
        submitted=sum(one.state == ReturnState.SUBMITTED for one in found),
        sent_back=sum(one.state == ReturnState.SENT_BACK for one in found),
        has_sample=any(one.is_sample for one in found),
    )


def _states(months: Sequence[date]) -> dict[date, dict[int, Found]]:
    """For each month and enterprise: what was found of its return."""
    states: dict[date, dict[int, Found]] = {}
    for row in MonthlyReturn.objects.filter(month__in=months).only(
        "month", "enterprise", "state", "revision_count", "sample_fields"
    ):
        states.setdefault(row.month, {})[row.enterprise_id] = Found(
            row.state, counts(row), bool(row.sample_fields)
        )
    return states


@dataclass(frozen=True)
class FiledRow:
    """An enterprise in a month of the park: where its return is, what counts, what changed."""

    enterprise: Enterprise
    owed: OwedMonth
    figures: ReturnRevision | None
    last_month: ReturnRevision | None

    @property
    def revenue(self) -> Decimal | None:
        return self.figures.revenue if self.figures else None

    @property
    def headcount(self) -> int | None:
        return self.figures.headcount if self.figures else None

    @property
    def revenue_change(self) -> Change | None:
        return self._change("revenue")

    @property
    def headcount_change(self) -> Change | None:
        return self._change("headcount")

    @property
    def catches_the_eye(self) -> bool:
        """Whether a figure changed by more than 30 % in a month."""
        changes = (self.revenue_change, self.headcount_change)
        return any(change is not None and change.is_big for change in changes)

    @property
    def figures_url(self) -> str:
        """Where its figures stand; "" where there are none."""
        row = self.owed.row
        return reverse("returns:return-detail", args=[row.pk]) if row and self.figures else ""

    @property
    def is_filed(self) -> bool:
        return self.figures is not None

    def _change(self, name: str) -> Change | None:
        if self.figures is None or self.last_month is None:
            return None
        return change_of(getattr(self.figures, name), getattr(self.last_month, name))


class Group(NamedTuple):
    """Rows of a month that somebody asks for together."""

    name: str
    label: str
    rows: list[FiledRow]


class MonthDesk:
    """Everybody who owes the return of a month: who waits first, then by name."""

    ORDER = ("", ReturnState.SENT_BACK, ReturnState.DRAFT, ReturnState.SUBMITTED)

    def __init__(self, month: date, today: date) -> None:
        self.month, self.today = month, today
        self.due = due_day(month)
        self.is_closed = month in closed_among([month])
        self.rows = self._rows()

    @property
    def filed(self) -> int:
        return sum(row.is_filed for row in self.rows)

    @property
    def missing(self) -> list[FiledRow]:
        return [row for row in self.rows if not row.is_filed]

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= self.today

    @property
    def is_late(self) -> bool:
        return bool(self.missing) and self.due < self.today and not self.is_closed

    def groups(self) -> list[Group]:
        """The rows by what an operator asks for."""
        return [
            Group("all", _("All"), self.rows),
            Group("missing", _("Missing"), self.missing),
            Group("sent_back", pgettext("return", "Sent back"), self._in(ReturnState.SENT_BACK)),
            Group("submitted", _("To review"), self._in(ReturnState.SUBMITTED)),
            Group("accepted", pgettext("return", "Accepted"), self._in(ReturnState.ACCEPTED)),
            Group("changed", _("Changed much"), [r for r in self.rows if r.catches_the_eye]),
        ]

    def group(self, name: str) -> Group:
        """The group of that name; all rows, where there is none."""
        groups = self.groups()
        return next((group for group in groups if group.name == name), groups[0])

    def _in(self, state: ReturnState) -> list[FiledRow]:
        return [row for row in self.rows if _state(row) == state]

    def _rows(self) -> list[FiledRow]:
        owed = Enterprise.objects.filter(pk__in=owing([self.month])[self.month]).by_name()
        returns = {row.enterprise_id: row for row in MonthlyReturn.objects.filter(month=self.month)}
        current = counting_revisions(self.month)
        earlier = counting_revisions(add_months(self.month, -1))
        rows = [
            FiledRow(
                enterprise,
                OwedMonth(
                    self.month, self.due, self.today, self.is_closed, returns.get(enterprise.pk)
                ),
                current.get(enterprise.pk),
                earlier.get(enterprise.pk),
            )
            for enterprise in owed
        ]
        return sorted(rows, key=self._place)

    def _place(self, row: FiledRow) -> int:
        state = _state(row)
        return self.ORDER.index(state) if state in self.ORDER else len(self.ORDER)


def counting_revisions(month: date) -> dict[int, ReturnRevision]:
    """What counts for `month`, by enterprise."""
    revisions = ReturnRevision.objects.counting().filter(monthly_return__month=month)
    return {
        row.monthly_return.enterprise_id: row for row in revisions.select_related("monthly_return")
    }


def _state(row: FiledRow) -> str:
    return row.owed.row.state if row.owed.row else ""
