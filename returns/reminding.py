"""When enterprises and the park are reminded of a month, and who of them is told.

Reminders go out on working days. Where several days were missed, what is sent is the latest that
applies: nobody gets three messages at once, and nobody an old one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from accounts.models import User
from accounts.permissions import ROLE_PERMISSIONS
from foundation.months import add_months, month_of
from park.month_days import MonthCalendar, MonthDays
from returns.desk.owed import closed_among, first_month
from returns.models import MonthlyReturn, Occasion
from tenants.models import Membership

AHEAD = 3  # working days before the due day
PATIENCE = 2  # working days that a question of the park may stay unanswered
MONTHS_BACK = 2  # settings and holidays can move a closing day into the second month after


def running_months(calendar: MonthCalendar, today: date) -> list[MonthDays]:
    """The months that are over and not closed yet, in which returns may still come in."""
    last = month_of(today)
    months = [add_months(last, -count) for count in range(MONTHS_BACK, 0, -1)]
    closed, first = closed_among(months), first_month(today)
    return [
        days
        for days in map(calendar.of, months)
        if days.month >= first and days.month not in closed and today <= days.closes_on
    ]


def occasion_for_missing(calendar: MonthCalendar, days: MonthDays, today: date) -> Occasion | None:
    """What an enterprise that has not filed is told by `today`; each is told once."""
    working = calendar.working
    return _latest(
        [
            (working.on_or_after(days.opens_on), Occasion.OPENED),
            (max(working.working_day_after(days.due_on, -AHEAD), days.opens_on), Occasion.BEFORE),
            (days.due_on, Occasion.DUE),
            (working.working_day_after(days.due_on), Occasion.LATE),
        ],
        today,
    )


def occasion_for_question(
    calendar: MonthCalendar, row: MonthlyReturn, today: date
) -> Occasion | None:
    """What an enterprise is told whose return was sent back: that has a clock of its own."""
    asked_on = timezone.localtime(row.since).date()
    stages = [(calendar.working.working_day_after(asked_on, PATIENCE), Occasion.ASKED)]
    closes_on = calendar.of(row.month).closes_on
    if asked_on < closes_on:  # else the month was reopened, and closes when somebody closes it
        if today > closes_on:
            return None
        stages.append((closes_on, Occasion.CLOSING))
    return _latest(stages, today)


def occasion_for_park(calendar: MonthCalendar, days: MonthDays, today: date) -> Occasion | None:
    """What the park's operators are told by `today`."""
    late_on = calendar.working.working_day_after(days.due_on)
    return _latest([(late_on, Occasion.MISSING), (days.review_on, Occasion.REVIEW)], today)


def _latest(stages: Iterable[tuple[date, Occasion]], today: date) -> Occasion | None:
    """The last of `stages` that has come; of two on one day, the later named."""
    come = [(day, place, stage) for place, (day, stage) in enumerate(stages) if day <= today]
    return max(come)[2] if come else None


def people_to_tell(enterprises: Collection[int]) -> dict[int, list[Membership]]:
    """Who of `enterprises` may file and sign in, by enterprise; contacts have no account."""
    people: dict[int, list[Membership]] = {}
    for member in (
        Membership.objects.current()
        .filter(enterprise__in=enterprises, user__is_active=True)
        .select_related("user")
        .order_by("started_at", "pk")
    ):
        if member.user.has_perm("returns.file_monthlyreturn"):
            people.setdefault(member.enterprise_id, []).append(member)
    return people


def told_of(occasion: Occasion, members: Iterable[Membership]) -> list[User]:
    """Those of an enterprise's people who are told: who files first, the managers once it is late.

    Where nobody but managers files, they are told from the start.
    """
    members = list(members)
    filing = [member.user for member in members if not member.is_manager]
    early = occasion in {Occasion.OPENED, Occasion.BEFORE, Occasion.DUE}
    return filing if early and filing else [member.user for member in members]


def operators() -> list[User]:
    """Who reviews returns at the park."""
    roles = [
        role
        for role, permissions in ROLE_PERMISSIONS.items()
        if "returns.review_monthlyreturn" in permissions
    ]
    return list(User.objects.filter(roles__overlap=roles, is_active=True).order_by("pk"))
