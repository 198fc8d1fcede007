"""Reminding of returns: by the calendar, and by a person of the park.

Each reminder is a row, written in one transaction with its messages, by one at a time; so it goes
out once, wherever a worker dies, and never to somebody who has filed meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.locks import Lock, holding
from foundation.months import next_month
from park.month_days import MonthCalendar, MonthDays
from park.services import MonthNotOver, refuse_closed_months
from returns.desk.owed import closed_among, counts
from returns.models import MonthlyReturn, Occasion, ReturnReminder, ReturnState
from returns.models.reminders import ABOUT_QUESTIONS
from returns.owing import owing
from returns.reminder_words import tell_enterprise, tell_park
from returns.reminding import (
    occasion_for_missing,
    occasion_for_park,
    occasion_for_question,
    operators,
    people_to_tell,
    running_months,
    told_of,
)
from web import formats
from web.refusals import Refusal

AT_ONCE = 100  # enterprises told in one transaction


class NothingToRemind(Refusal):
    """The enterprise has filed, or does not owe this month."""

    code = "nothing_to_remind"
    title = gettext_lazy("Nothing to remind of")


class RemindedToday(Refusal):
    """One reminder by the park a day is enough."""

    code = "reminded_today"
    title = gettext_lazy("Reminded today")


class NobodyToTell(Refusal):
    """Nobody of the enterprise has an account."""

    code = "nobody_to_tell"
    title = gettext_lazy("Nobody can be told")


class Reminded(NamedTuple):
    """Who was reminded, and who was not: because of today's reminder, or for want of people."""

    told: list[int]
    today_already: list[int]
    without_people: list[int]


class _Case(NamedTuple):
    """An enterprise that may be told something, and the return that it is about, if one exists."""

    enterprise: int
    occasion: Occasion
    row: MonthlyReturn | None = None

    @property
    def revision(self) -> int:
        about_question = self.occasion in ABOUT_QUESTIONS and self.row is not None
        return self.row.revision_count if about_question and self.row else 0

    @property
    def key(self) -> tuple[int, str, int]:
        return self.enterprise, self.occasion, self.revision

    def still_waits(self, row: MonthlyReturn | None) -> bool:
        """Whether it is still true of the return as it is now."""
        if self.occasion in ABOUT_QUESTIONS:
            is_asked = row is not None and row.state == ReturnState.SENT_BACK
            return is_asked and row is not None and row.revision_count == self.revision
        if self.occasion == Occasion.BY_HAND:
            return row is None or not counts(row)
        return row is None or row.revision_count == 0


def send_reminders(*, today: date, now: datetime) -> int:
    """Tell everybody what the calendar says for `today`. Returns how many enterprises were told.

    Called again it tells nobody twice. On a day that is not worked it tells nobody.
    """
    calendar = MonthCalendar.load()
    if not calendar.working.is_working_day(today):
        return 0
    told = 0
    for days in running_months(calendar, today):
        told += _remind_missing(calendar, days, today, now)
        _report_to_park(calendar, days, today, now)
    return told + _remind_of_questions(calendar, today, now)


def remind(
    *,
    month: date,
    enterprise_id: int | None = None,
    today: date,
    now: datetime,
    acting_user: User,
) -> Reminded:
    """Remind one enterprise, or all whose return for `month` is missing or waits for an answer.

    At most once a day for each. Raises `MonthNotOver`, `MonthClosed` or `NothingToRemind`; of one
    enterprise also `RemindedToday` or `NobodyToTell`. May raise `Busy`.
    """
    if next_month(month) > today:
        raise MonthNotOver(
            _("%(month)s is not over yet.") % {"month": formats.month(month)}, field="month"
        )
    refuse_closed_months(month, next_month(month), field="month")
    wanted = missing_in(month)
    if enterprise_id is not None:
        wanted = [one for one in wanted if one == enterprise_id]
    if not wanted:
        raise NothingToRemind(_("There is no return that is missing; nobody was reminded."))
    days = MonthCalendar.load().of(month)
    reminded = _remind_by_hand(days, wanted, today, now, acting_user)
    if enterprise_id is not None:
        _refuse_silence(reminded)
    return reminded


def missing_in(month: date) -> list[int]:
    """The enterprises that owe the return of `month` and have none that counts, by number."""
    filed = MonthlyReturn.objects.filed().filter(month=month)
    return sorted(owing([month])[month] - set(filed.values_list("enterprise", flat=True)))


def _refuse_silence(reminded: Reminded) -> None:
    """Of one enterprise: say why it was not told."""
    if reminded.today_already:
        raise RemindedToday(_("It was reminded today. Once a day is enough."))
    if reminded.without_people:
        raise NobodyToTell(
            _("Nobody of this enterprise has an account. Invite somebody, or call its contact.")
        )
    if not reminded.told:
        raise NothingToRemind(_("There is no return that is missing; nobody was reminded."))


def _remind_by_hand(
    days: MonthDays, wanted: Sequence[int], today: date, now: datetime, acting_user: User
) -> Reminded:
    people = people_to_tell(wanted)
    cases = [_Case(enterprise, Occasion.BY_HAND) for enterprise in wanted if enterprise in people]
    told = _tell(days, cases, today, now, acting_user)
    today_already = ReturnReminder.objects.filter(
        month=days.month, occasion=Occasion.BY_HAND, on=today, enterprise__in=set(wanted) - {*told}
    )
    return Reminded(
        told,
        sorted(today_already.values_list("enterprise", flat=True)),
        [enterprise for enterprise in wanted if enterprise not in people],
    )


def _remind_missing(calendar: MonthCalendar, days: MonthDays, today: date, now: datetime) -> int:
    occasion = occasion_for_missing(calendar, days, today)
    if occasion is None:
        return 0
    cases = [_Case(enterprise, occasion) for enterprise in missing_in(days.month)]
    return len(_tell(days, cases, today, now, None))


def _remind_of_questions(calendar: MonthCalendar, today: date, now: datetime) -> int:
    asked: dict[date, list[_Case]] = {}
    for row in MonthlyReturn.objects.filter(state=ReturnState.SENT_BACK):
        if occasion := occasion_for_question(calendar, row, today):
            asked.setdefault(row.month, []).append(_Case(row.enterprise_id, occasion, row))
    closed = closed_among(asked)
    return sum(
        len(_tell(calendar.of(month), cases, today, now, None))
        for month, cases in asked.items()
        if month not in closed
    )


def _tell(
    days: MonthDays, cases: Sequence[_Case], today: date, now: datetime, acting_user: User | None
) -> list[int]:
    """Tell those of `cases` that still wait and were not told yet; the enterprises told."""
    people = people_to_tell([case.enterprise for case in cases])
    reached = [case for case in cases if case.enterprise in people]
    told: list[int] = []
    for some in _in_parts(reached):
        with holding(Lock.REMINDERS, acting_user):
            for case, row in _open(days.month, some, today):
                whom = told_of(case.occasion, people[case.enterprise])
                ReturnReminder.objects.create(
                    enterprise_id=case.enterprise,
                    month=days.month,
                    occasion=case.occasion,
                    revision=case.revision,
                    on=today,
                    at=now,
                    by=acting_user,
                    people=len(whom),
                )
                tell_enterprise(case.occasion, whom, days, row)
                told.append(case.enterprise)
    return told


def _in_parts(cases: Sequence[_Case]) -> Iterator[Sequence[_Case]]:
    return (cases[start : start + AT_ONCE] for start in range(0, len(cases), AT_ONCE))


def _open(
    month: date, cases: Collection[_Case], today: date
) -> list[tuple[_Case, MonthlyReturn | None]]:
    """Those of `cases` that nobody was told of yet, with their returns, which stay as they are."""
    enterprises = [case.enterprise for case in cases]
    rows = {
        row.enterprise_id: row
        for row in MonthlyReturn.objects.filter(month=month, enterprise__in=enterprises)
        .select_for_update()
        .order_by("pk")
    }
    known = ReturnReminder.objects.filter(month=month, enterprise__in=enterprises)
    by_hand = set(
        known.filter(occasion=Occasion.BY_HAND, on=today).values_list("enterprise", flat=True)
    )
    once = set(
        known.exclude(occasion=Occasion.BY_HAND).values_list("enterprise", "occasion", "revision")
    )
    return [
        (case, rows.get(case.enterprise))
        for case in cases
        if not _was_told(case, by_hand, once) and case.still_waits(rows.get(case.enterprise))
    ]


def _was_told(case: _Case, by_hand: set[int], once: set[tuple[int, str, int]]) -> bool:
    if case.occasion == Occasion.BY_HAND:
        return case.enterprise in by_hand
    return case.key in once


def _report_to_park(calendar: MonthCalendar, days: MonthDays, today: date, now: datetime) -> None:
    occasion = occasion_for_park(calendar, days, today)
    if occasion is None:
        return
    with holding(Lock.REMINDERS, None):
        known = ReturnReminder.objects.filter(month=days.month, enterprise=None)
        if known.filter(occasion=occasion).exists():
            return
        missing, owed = len(missing_in(days.month)), len(owing([days.month])[days.month])
        submitted = MonthlyReturn.objects.filter(month=days.month, state=ReturnState.SUBMITTED)
        counted = {"missing": missing, "owed": owed, "submitted": submitted.count()}
        is_review = occasion == Occasion.REVIEW
        is_news = missing or (is_review and counted["submitted"])
        people = operators() if is_news else []
        ReturnReminder.objects.create(
            month=days.month, occasion=occasion, on=today, at=now, people=len(people)
        )
        tell_park(occasion, people, days, **counted)
