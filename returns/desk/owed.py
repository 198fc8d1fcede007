"""The months that an enterprise owes returns for, and where each return is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.months import add_months, month_of, months_between, next_month
from park.models import ReportingMonth
from park.month_days import MonthCalendar, month_days
from returns.models import MonthlyReturn, ReturnState
from returns.owing import shares_a_day
from returns.rules import why
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
    return month_days(month).due_on


def first_month(today: date) -> date:
    """The month with which returns began in this park; the last one, where none was filed yet."""
    first = MonthlyReturn.objects.aggregate(first=Min("month"))["first"]
    return first or add_months(month_of(today), -1)


def counts(row: MonthlyReturn) -> bool:
    """Whether a revision of the return counts as filed (`MonthlyReturnQuerySet.filed`)."""
    return row.revision_count > 0 and row.state != ReturnState.SENT_BACK


@dataclass(frozen=True)
class OwedMonth:
    """A month that an enterprise owes a return for, and the return if it was begun.

    `days_left`: working days after today until the due day, which counts.
    """

    month: date
    due: date
    today: date
    is_closed: bool
    row: MonthlyReturn | None
    days_left: int = 0

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
    def asks(self) -> str:
        """What the park asks: the rules that it breaks, its question; "" where nothing."""
        if self.row is None or not self.is_sent_back:
            return ""
        return why(self.row.broken_rules, self.row.question)

    @property
    def days_overdue(self) -> int:
        """For how many days a return has been missing; 0 where none is."""
        return (self.today - self.due).days if self.is_late else 0

    @property
    def time_left(self) -> str:
        """How long there is until the due day, in words; "" where nobody waits for it.

        What was sent back was there once: it waits for an answer, not for the due day.
        """
        if self.is_closed or self.is_filed or self.is_sent_back or not self.is_over:
            return ""
        if self.is_late:
            return _overdue(self.days_overdue)
        if self.due == self.today:
            return _("due today")
        return ngettext(
            "%(count)d working day left", "%(count)d working days left", self.days_left
        ) % {"count": self.days_left}

    @property
    def action(self) -> str:
        """What the enterprise does next, "" where nothing."""
        if self.is_closed or not self.is_waiting_for_enterprise:
            return ""
        if self.row is None:
            return pgettext("return", "File")
        return _("Answer") if self.is_sent_back else _("Go on")


def _overdue(days: int) -> str:
    return ngettext("%(count)d day overdue", "%(count)d days overdue", days) % {"count": days}


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
    calendar = MonthCalendar.load()
    return [
        owed_of(calendar, month, today, month in closed, returns.get(month)) for month in months
    ]


def owed_of(
    calendar: MonthCalendar, month: date, today: date, is_closed: bool, row: MonthlyReturn | None
) -> OwedMonth:
    """`month` with its return, by the days that `calendar` says."""
    due = calendar.of(month).due_on
    left = calendar.working.days_between(today, due)
    return OwedMonth(month, due, today, is_closed, row, left)


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
