"""A return put beside all that it is checked against."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Sum

from foundation.months import last_day
from returns.checks import Case, Found, Thresholds, findings
from returns.content import Content
from returns.models import MonthlyReturn
from returns.past import Past, past_of, usual_per_head
from seats.models import BlockKind, SeatBlock


def case_of(row: MonthlyReturn, content: Content, past: Past | None = None) -> Case:
    """The case of a return that says `content`: five queries, one less with its `past`."""
    return Case(
        content=content,
        past=past if past is not None else past_of(row.enterprise_id, row.month),
        thresholds=Thresholds.load(),
        seats=contracted_seats(row.enterprise_id, last_day(row.month)),
        usual_per_head=usual_per_head(row.month),
    )


def checked(row: MonthlyReturn, content: Content | None = None) -> Found:
    """What the checks find in a draft, or in what somebody is about to save of it."""
    return findings(case_of(row, content or Content.of(row)))


def contracted_seats(enterprise_id: int, day: date) -> int:
    """The seats that an enterprise has under contract on `day`."""
    blocks = SeatBlock.objects.filter(
        enterprise=enterprise_id, kind=BlockKind.FIRM, period__contains=day
    )
    return blocks.aggregate(seats=Sum(F("seats__endswith") - F("seats__startswith")))["seats"] or 0
