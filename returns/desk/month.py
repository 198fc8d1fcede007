"""A month for the park: everybody who owes its return, who waits, what catches the eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import F, Func, IntegerField, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.models import Setting
from foundation.months import add_months, last_day, next_month
from park.models import ReportingMonth
from park.month_days import MonthCalendar, MonthDays
from returns.checking import asking_among
from returns.checks import Change, Thresholds, change_of
from returns.checks.change import USUAL_MOST
from returns.desk.differences import Difference, Filed, Known, differences
from returns.desk.owed import OwedMonth, owed_of
from returns.models import (
    MonthlyReturn,
    Occasion,
    ReturnReminder,
    ReturnRevision,
    ReturnState,
)
from returns.owing import owing
from seats.models import BlockKind, SeatBlock
from tenants.models import Enterprise
from web import formats


@dataclass(frozen=True)
class FiledRow:
    """An enterprise in a month of the park: where its return is, what counts, what changed."""

    enterprise: Enterprise
    owed: OwedMonth
    figures: ReturnRevision | None
    last_month: Known | None
    last_year: Known | None = None
    seats: int = 0
    first_filed: datetime | None = None
    reminder: ReturnReminder | None = None
    month_limit: Decimal = USUAL_MOST

    @property
    def revenue(self) -> Decimal | None:
        return self.figures.revenue if self.figures else None

    @property
    def headcount(self) -> int | None:
        return self.figures.headcount if self.figures else None

    @property
    def revenue_change(self) -> Change | None:
        return self._change("revenue", self.last_month)

    @property
    def headcount_change(self) -> Change | None:
        return self._change("headcount", self.last_month)

    @property
    def revenue_on_year(self) -> Change | None:
        return self._change("revenue", self.last_year)

    @property
    def headcount_on_year(self) -> Change | None:
        return self._change("headcount", self.last_year)

    @cached_property
    def differences(self) -> list[Difference]:
        """What catches the eye in what counts, the heaviest first."""
        if self.figures is None:
            return []
        figures = self.figures
        return differences(
            Filed(
                figures.revenue or Decimal(0),
                figures.headcount or 0,
                figures.joined,
                figures.left,
                self.last_month,
                self.last_year,
                self.seats,
            ),
            self.month_limit,
        )

    @property
    def catches_the_eye(self) -> bool:
        return bool(self.differences)

    @property
    def figures_url(self) -> str:
        """Where its figures stand; "" where there are none."""
        row = self.owed.row
        return reverse("returns:return-detail", args=[row.pk]) if row and self.figures else ""

    @property
    def is_filed(self) -> bool:
        return self.figures is not None

    @property
    def state(self) -> str:
        """Of its return; "" where none was begun."""
        return self.owed.row.state if self.owed.row else ""

    @property
    def days_late(self) -> int:
        """How many days after the due day it was filed first, or is missing by now."""
        if self.first_filed is not None:
            filed_on = timezone.localtime(self.first_filed).date()
            return max((filed_on - self.owed.due).days, 0)
        return self.owed.days_overdue

    @property
    def lateness(self) -> str:
        """The same in words; "" where it is in time."""
        if not self.days_late:
            return ""
        words = (
            ngettext("filed %(count)d day late", "filed %(count)d days late", self.days_late)
            if self.first_filed is not None
            else ngettext("%(count)d day overdue", "%(count)d days overdue", self.days_late)
        )
        return words % {"count": self.days_late}

    @property
    def is_quiet_and_waits(self) -> bool:
        """Whether it waits for a review, has a month to stand beside, and nothing catches the eye.

        What its checks ask is another matter: `MonthDesk.to_accept`.
        """
        return (
            self.state == ReturnState.SUBMITTED
            and self.last_month is not None
            and not self.differences
        )

    @property
    def may_be_reminded(self) -> bool:
        """Whether something is missing of it, and the park has not reminded it today."""
        if self.is_filed or self.owed.is_closed or not self.owed.is_over:
            return False
        return not self.was_reminded_by_hand_today

    @property
    def was_reminded_by_hand_today(self) -> bool:
        told = self.reminder
        return told is not None and told.occasion == Occasion.BY_HAND and told.on == self.owed.today

    def _change(self, name: str, base: Known | None) -> Change | None:
        if self.figures is None or base is None:
            return None
        return change_of(getattr(self.figures, name), getattr(base, name), self.month_limit)


class Group(NamedTuple):
    """Rows of a month that somebody asks for together."""

    name: str
    label: str
    rows: list[FiledRow]


class MonthDesk:
    """Everybody who owes the return of a month: what is worst first, then by name."""

    def __init__(self, month: date, today: date) -> None:
        self.month, self.today = month, today
        self.calendar = MonthCalendar.load()
        self.days: MonthDays = self.calendar.of(month)
        known = ReportingMonth.objects.select_related("changed_by").filter(month=month)
        self.closed = known.first()
        self.is_closed = self.closed is not None and self.closed.is_closed
        self.month_limit = Thresholds.load().percent(Setting.Name.CHECK_CHANGE)
        self.rows = sorted(self._rows(), key=badness)

    @property
    def due(self) -> date:
        return self.days.due_on

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

    @property
    def to_remind(self) -> list[FiledRow]:
        """Those that can be reminded now."""
        return [row for row in self.rows if row.may_be_reminded]

    @cached_property
    def to_accept(self) -> list[FiledRow]:
        """Those that wait for a review and raise no question: none catches the eye, and every
        check that asks for a sentence has one."""
        if self.is_closed:
            return []
        ready = [row for row in self.rows if row.is_quiet_and_waits]
        filed = {row.enterprise.pk: row.figures for row in ready if row.figures}
        asking = asking_among(self.month, filed)
        return [row for row in ready if row.enterprise.pk not in asking]

    @property
    def closed_by(self) -> str:
        """Who closed the month; where nobody did, it closed by itself."""
        who = self.closed.changed_by if self.closed else None
        return who.name if who else _("Xiyuan itself")

    @property
    def steps(self) -> list[str]:
        """The days of the month, in words."""
        closes = _("Closes %(day)s") % {"day": formats.short_day(self.days.closes_on)}
        return [
            _("Open from %(day)s") % {"day": formats.short_day(self.days.opens_on)},
            _("Due %(day)s") % {"day": formats.short_day(self.days.due_on)},
            _("Review until %(day)s") % {"day": formats.short_day(self.days.review_on)},
            pgettext("month", "Closed") if self.is_closed else closes,
        ]

    @property
    def step(self) -> int:
        """Where the month is among open, due, review, closed; past the last when it is closed."""
        if self.is_closed:
            return 5
        days = (self.days.due_on, self.days.review_on)
        return 2 + sum(day < self.today for day in days) if self.is_over else 1

    def _rows(self) -> list[FiledRow]:
        month = self.month
        owed = Enterprise.objects.filter(pk__in=owing([month])[month]).by_name()
        returns = {row.enterprise_id: row for row in MonthlyReturn.objects.filter(month=month)}
        current, before = counting_revisions(month), known_in(month)
        first_filed, seats = _first_filed(month), seats_at_the_end_of(month)
        reminders = {row.enterprise_id: row for row in _reminders(month)}
        return [
            FiledRow(
                enterprise,
                owed_of(
                    self.calendar, month, self.today, self.is_closed, returns.get(enterprise.pk)
                ),
                current.get(enterprise.pk),
                before.get((enterprise.pk, add_months(month, -1))),
                before.get((enterprise.pk, add_months(month, -12))),
                seats.get(enterprise.pk, 0),
                first_filed.get(enterprise.pk),
                reminders.get(enterprise.pk),
                self.month_limit,
            )
            for enterprise in owed
        ]


def groups_of(rows: Sequence[FiledRow]) -> list[Group]:
    """`rows` by what an operator asks for; the first is all of them."""

    def those(name: str, label: str, wanted: Callable[[FiledRow], object]) -> Group:
        return Group(name, label, [row for row in rows if wanted(row)])

    def state(name: str) -> Callable[[FiledRow], bool]:
        return lambda row: row.state == name

    return [
        Group("all", _("All"), list(rows)),
        those("missing", _("Missing"), lambda row: not row.is_filed),
        those("sent_back", pgettext("return", "Sent back"), state(ReturnState.SENT_BACK)),
        those("submitted", _("To review"), state(ReturnState.SUBMITTED)),
        those("accepted", pgettext("return", "Accepted"), state(ReturnState.ACCEPTED)),
        those("late", pgettext("return", "Late"), lambda row: row.days_late),
        those("changed", _("Catches the eye"), lambda row: row.differences),
    ]


def badness(row: FiledRow) -> tuple[object, ...]:
    """A key to sort by: what needs somebody most comes first, the longest wait before others."""
    weight = row.differences[0].weight if row.differences else 0
    since = row.owed.row.since.timestamp() if row.owed.row else 0.0
    return _rank(row), since if row.owed.is_sent_back else 0, -len(row.differences), -weight


def _rank(row: FiledRow) -> int:
    if not row.is_filed:
        return 1 if row.owed.is_sent_back else 2 if row.owed.row else 0
    if row.state == ReturnState.DRAFT:
        return 3
    if row.state == ReturnState.SUBMITTED:
        return 4
    return 5 if row.days_late else 6


def counting_revisions(month: date) -> dict[int, ReturnRevision]:
    """What counts for `month`, by enterprise."""
    revisions = ReturnRevision.objects.counting().filter(monthly_return__month=month)
    return {
        row.monthly_return.enterprise_id: row for row in revisions.select_related("monthly_return")
    }


def known_in(month: date) -> dict[tuple[int, date], Known]:
    """What counts for the month before `month` and for that of the year before; one query."""
    rows = (
        ReturnRevision.objects.counting()
        .filter(monthly_return__month__in=[add_months(month, -1), add_months(month, -12)])
        .values_list("monthly_return__enterprise", "monthly_return__month", "revenue", "headcount")
    )
    return {(enterprise, day): Known(*figures) for enterprise, day, *figures in rows}


def seats_at_the_end_of(month: date) -> dict[int, int]:
    """Contracted seats on the last day of `month`, by enterprise; one query."""
    width = Func(F("seats"), function="upper", output_field=IntegerField()) - Func(
        F("seats"), function="lower", output_field=IntegerField()
    )
    blocks = SeatBlock.objects.on(last_day(month)).filter(kind=BlockKind.FIRM)
    return dict(blocks.values_list("enterprise").annotate(total=Sum(width)).order_by("enterprise"))


def _first_filed(month: date) -> dict[int, datetime]:
    """When each return of `month` was filed first."""
    first = ReturnRevision.objects.filter(monthly_return__month=month, number=1)
    return dict(first.values_list("monthly_return__enterprise", "submitted_at"))


def _reminders(month: date) -> list[ReturnReminder]:
    return list(ReturnReminder.objects.of_month(month).select_related("by"))
