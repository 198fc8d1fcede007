"""A return put beside all that it is checked against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from itertools import accumulate

from foundation.months import add_months, next_month
from returns.checks import Case, Found, Thresholds, findings
from returns.checks.money import GUARDED
from returns.content import Content
from returns.models import MonthlyReturn, ReturnRevision
from returns.past import GUARD_MONTHS, Past, contracts_left, past_of, usual_per_head
from seats.models import BlockKind, SeatBlock

OF_LINES = frozenset({"V2", "V3"})


def case_of(row: MonthlyReturn, content: Content, past: Past | None = None) -> Case:
    """The case of a return that says `content`: five queries, one less with its `past`."""
    return Case(
        content=content,
        past=past if past is not None else past_of(row.enterprise_id, row.month),
        thresholds=Thresholds.load(),
        seats=most_seats(row.month, [row.enterprise_id])[row.enterprise_id],
        usual_per_head=usual_per_head(row.month),
    )


def checked(row: MonthlyReturn, content: Content | None = None) -> Found:
    """What the checks find in a draft, or in what somebody is about to save of it."""
    return findings(case_of(row, content or Content.of(row)))


def asking_among(month: date, filed: Mapping[int, ReturnRevision]) -> set[int]:
    """The enterprises whose revision, in `filed`, a check asks about and no note answers.

    Also a hard one that no longer holds, as where the month before was corrected since. What a
    revision says of its lines is settled when it is submitted. Six queries, however many they are.
    """
    if not filed:
        return set()
    thresholds, usual, seats = Thresholds.load(), usual_per_head(month), most_seats(month, filed)
    pasts = _pasts(month, filed)
    return {
        enterprise
        for enterprise, revision in filed.items()
        if _asks(
            Case(
                content=Content(revision.filed()),
                past=pasts[enterprise],
                thresholds=thresholds,
                seats=seats[enterprise],
                usual_per_head=usual,
            )
        )
    }


def _asks(case: Case) -> bool:
    found = findings(case)
    asked = [*found.blocking, *found.unexplained]
    return any(one.rule.code not in OF_LINES for one in asked)


def _pasts(month: date, enterprises: Collection[int]) -> dict[int, Past]:
    """What each of `enterprises` filed before, as far as checks look; three queries."""
    counting = ReturnRevision.objects.counting().select_related("monthly_return")
    revisions = counting.filter(monthly_return__enterprise__in=enterprises)
    last = add_months(month, -1)
    # Further back only the unit guard looks: a row has sixty columns.
    older = revisions.only(*GUARDED, "monthly_return__month", "monthly_return__enterprise")
    span = (add_months(month, -GUARD_MONTHS), add_months(month, -2))
    filed: dict[int, dict[date, ReturnRevision]] = {pk: {} for pk in enterprises}
    for row in [
        *older.filter(monthly_return__month__range=span),
        *revisions.filter(monthly_return__month=last),
    ]:
        filed[row.monthly_return.enterprise_id][row.monthly_return.month] = row
    left = contracts_left(revisions.filter(monthly_return__month__lt=month))
    return {pk: Past(month, months, left.get(pk)) for pk, months in filed.items()}


def most_seats(month: date, enterprises: Collection[int]) -> Counter[int]:
    """The most seats that each of `enterprises` has under contract on a day of `month`; one query.

    Not those of its last day: seats in use at the peak may have been given back since.
    """
    blocks = (
        SeatBlock.objects.during(month, next_month(month))
        .filter(enterprise__in=enterprises, kind=BlockKind.FIRM)
        .values_list("enterprise", "period", "seats")
    )
    changes: dict[int, Counter[date]] = {}
    for enterprise, period, seats in blocks:
        days = changes.setdefault(enterprise, Counter())
        days[max(period.lower, month)] += seats.upper - seats.lower
        if period.upper is not None:
            days[period.upper] -= seats.upper - seats.lower
    return Counter({enterprise: _most(days) for enterprise, days in changes.items()})


def _most(changes: Counter[date]) -> int:
    """The highest that a number gets that changes by so much on these days."""
    return max(accumulate(changes[day] for day in sorted(changes)))
