"""What a return hands on to the next month: the staff at its end is the staff that begins it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from foundation.months import add_months, next_month
from foundation.versions import save_next_version
from park.models import ReportingMonth
from returns.figures import Section
from returns.following import closing
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.services.steps import EDITABLE


def lock_with_next(return_id: int) -> None:
    """Lock a return and the one after it, in the order in which everybody locks returns."""
    row = MonthlyReturn.objects.only("enterprise", "month").get(pk=return_id)
    rows = MonthlyReturn.objects.filter(
        enterprise=row.enterprise_id, month__in=[row.month, next_month(row.month)]
    )
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def followed(row: MonthlyReturn) -> dict[str, int | None]:
    """The figures of a locked draft that follow the month before, where that was corrected.

    The staff at the start follows if it is blank, or what an earlier revision of that month said:
    what somebody typed against it stays theirs, and is asked about. The staff at the end goes
    along for as long as it is what follows from start, joined and left.
    """
    said = _headcounts(row)
    if not said or row.opening == said[-1]:
        return {}
    if row.opening is not None and row.opening not in said:
        return {}
    figures: dict[str, int | None] = {"opening": said[-1]}
    before = closing(row.figures())
    if before is not None and before == row.headcount:
        after = closing({**row.figures(), **figures})
        figures["headcount"] = row.headcount if after is None else after
    return figures


def hand_on(row: MonthlyReturn, now: datetime, acting_user: User) -> None:
    """Let the next month's draft follow what was submitted just now. It is locked already.

    Never a return that was filed, nor one of a closed month.
    """
    month = next_month(row.month)
    after = MonthlyReturn.objects.filter(
        enterprise=row.enterprise_id, month=month, state__in=EDITABLE
    ).first()
    if after is None or ReportingMonth.objects.closed().filter(month=month).exists():
        return
    figures = followed(after)
    if not figures:
        return
    for name, value in figures.items():
        setattr(after, name, value)
    who = {"user": acting_user.pk, "name": str(acting_user), "at": now.isoformat()}
    after.saves |= {Section.STAFF.value: who}
    after.saved_at = now
    save_next_version(after, [*figures, "saves", "saved_at"])


def _headcounts(row: MonthlyReturn) -> list[int | None]:
    """The staff at the end of the month before, revision by revision; none where none counts."""
    revisions = ReturnRevision.objects.filter(
        monthly_return__enterprise=row.enterprise_id,
        monthly_return__month=add_months(row.month, -1),
    ).exclude(monthly_return__state=ReturnState.SENT_BACK)
    return list(revisions.order_by("number").values_list("headcount", flat=True))
