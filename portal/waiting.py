"""What waits for whom: the lists of the start pages, each item with the way to deal with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.months import add_months, format_month, month_of
from reports.models import MonthlyReport, ReportState
from returns.desk import OwedMonth, counted, owed_months, waiting, with_returns
from returns.models import MonthlyReturn, ReturnState
from seats import desk
from seats.holdings import Holding, with_blocks
from seats.models import (
    AT_THE_ENTERPRISE,
    Allocation,
    AllocationKind,
    RequestState,
    SeatRequest,
)
from seats.wording import hold_until, request_what
from tenants.models import Enterprise
from web import formats

SOON = timedelta(days=14)
SHOWN = 8
QUESTION_SHOWN = 60


@dataclass(frozen=True)
class Matter:
    """Something to do: what, where it stands, the page that does it. `glyph` as in {% state %}."""

    title: str
    line: str
    url: str
    glyph: str = ""
    action: str = ""
    is_sample: bool = False


class Open(NamedTuple):
    """The first few open requests, and how many there are."""

    shown: list[SeatRequest]
    total: int


def open_requests(user: User) -> Open:
    """Requests that are not over, those that wait for this side of the desk first."""
    rows = SeatRequest.objects.visible_to(user).under_way()
    ordered = desk.in_order_of_waiting(rows.select_related("enterprise", "owner"), user)
    return Open(list(ordered[:SHOWN]), rows.count())


def reports_to_issue(user: User) -> Iterator[Matter]:
    """Drafts that wait for somebody to issue them, and issued ones whose month was reopened."""
    if not user.has_perm("reports.issue_monthlyreport"):
        return
    rows = MonthlyReport.objects.visible_to(user).order_by("-month", "kind")
    drafts = rows.filter(state=ReportState.DRAFT).only("kind", "month", "filed", "expected")
    for row in drafts[:SHOWN]:
        yield Matter(
            _("%(month)s %(report)s: draft to be issued") % _named(row),
            _("%(filed)d of %(expected)d returns filed")
            % {"filed": row.filed, "expected": row.expected},
            reverse("reports:report-detail", args=[row.pk]),
            "look",
            _("Review"),
        )
    for row in rows.due_for_restatement().only("kind", "month")[:SHOWN]:
        yield Matter(
            _("%(month)s %(report)s: to be restated") % _named(row),
            _("The data were corrected, or the month reopened, after it was issued."),
            reverse("reports:report-detail", args=[row.pk]),
            "stop",
            _("Look"),
        )


def _named(report: MonthlyReport) -> dict[str, str]:
    return {"month": formats.month(report.month), "report": report.get_kind_display()}


def returns_to_review(user: User, today: date) -> Iterator[Matter]:
    """Months in which returns wait for a review."""
    if not user.has_perm("returns.review_monthlyreturn"):
        return
    months = list(
        MonthlyReturn.objects.filter(state=ReturnState.SUBMITTED)
        .order_by("-month")
        .values_list("month", flat=True)
        .distinct()[:SHOWN]
    )
    for month in counted(months, today):
        yield Matter(
            ngettext(
                "%(month)s: %(count)d return to review",
                "%(month)s: %(count)d returns to review",
                month.submitted,
            )
            % {"month": formats.month(month.month), "count": month.submitted},
            _("%(filed)d of %(expected)d returns filed")
            % {"filed": month.filed, "expected": month.owed},
            reverse("returns:month-detail", args=[format_month(month.month)]) + "?show=submitted",
            "",
            _("Review"),
        )


def returns_missing(user: User, today: date) -> Iterator[Matter]:
    """The month before this one, where its returns are late."""
    if not user.has_perm("returns.review_monthlyreturn"):
        return
    for month in counted([add_months(month_of(today), -1)], today):
        if month.is_late:
            yield Matter(
                ngettext(
                    "%(month)s: %(count)d return is late",
                    "%(month)s: %(count)d returns are late",
                    month.missing,
                )
                % {"month": formats.month(month.month), "count": month.missing},
                _("due %(day)s") % {"day": formats.iso_day(month.due)},
                reverse("returns:month-detail", args=[format_month(month.month)]) + "?show=missing",
                "look",
                _("See who"),
            )


def holds_that_expire(user: User, now: datetime) -> Iterator[Matter]:
    """Holds that end by themselves within 14 days; those offered stand with their requests."""
    if not user.has_perm("seats.confirm_allocation"):
        return
    rows = (
        Allocation.objects.visible_to(user)
        .filter(kind=AllocationKind.HOLD, ended_at=None, offer_of=None)
        .filter(expires_at__gt=now, expires_at__lte=now + SOON)
        .order_by("expires_at", "pk")
    )
    for row in with_blocks(rows)[:SHOWN]:
        holding = Holding(row, list(row.blocks.all()))
        yield Matter(
            ngettext(
                "Hold ends: %(enterprise)s, %(seats)s seat",
                "Hold ends: %(enterprise)s, %(seats)s seats",
                holding.seats,
            )
            % {"enterprise": row.enterprise, "seats": formats.number(holding.seats)},
            _("%(runs)s, vacant again on %(day)s")
            % {"runs": _few(holding.runs), "day": formats.short_day(row.expires_at)},
            reverse("seats:allocation-detail", args=[row.pk]),
            "",
            _("Confirm or release"),
            bool(row.sample_fields),
        )


def _few(runs: list[str]) -> str:
    """The first run by name; how many more, where there are more."""
    if len(runs) <= 1:
        return "".join(runs)
    return _("%(run)s and %(more)d more") % {"run": runs[0], "more": len(runs) - 1}


def requests_with_park(user: User) -> list[SeatRequest]:
    """An enterprise's requests that the park has, the longest wait first."""
    rows = SeatRequest.objects.visible_to(user).under_way().exclude(state__in=AT_THE_ENTERPRISE)
    return list(desk.in_order_of_waiting(rows.select_related("enterprise", "owner"), user))


def requests_of_enterprise(user: User) -> Iterator[Matter]:
    """Requests that an enterprise's person goes on with: offers, what the park asks, drafts."""
    rows = list(desk.waiting_for(SeatRequest.objects.visible_to(user), user).order_by("since"))
    for request in rows:
        if request.state == RequestState.OFFERED:
            until = _("Held for you until %(day)s; then the offer is over.")
            day = hold_until(request.promised_at) if request.promised_at else formats.MISSING
            line = until % {"day": day}
            yield _request(request, _("%(what)s: the park offers seats"), line, _("Answer"))
    for request in rows:
        if request.state == RequestState.SENT_BACK:
            asked = _("Complete the request and submit it again.")
            yield _request(request, _("%(what)s: the park asks"), asked, _("Answer"))
    for request in rows:
        if request.state == RequestState.DRAFT:
            unseen = _("The park sees it only once it is submitted.")
            yield _request(request, _("%(what)s: not submitted yet"), unseen, _("Go on"))


def _request(request: SeatRequest, title: str, line: str, action: str) -> Matter:
    return Matter(
        title % {"what": request_what(request)},
        line,
        reverse("seats:request-detail", args=[request.pk]),
        "look",
        action,
        bool(request.sample_fields),
    )


class Months(NamedTuple):
    """An enterprise's returns: those that wait, and the running month's, which may be begun."""

    due: list[Matter]
    coming: list[Matter]


def months_of_enterprise(enterprise: Enterprise, today: date) -> Months:
    """The returns that an enterprise's person has to do, and the one that comes."""
    months = with_returns(enterprise, owed_months(enterprise, today), today)
    coming = [owed for owed in months if owed.action and not owed.waits_now]
    return Months([_due(owed) for owed in waiting(months)], [_coming(owed) for owed in coming])


def _due(owed: OwedMonth) -> Matter:
    if owed.is_sent_back:
        asked = Truncator(owed.asks).chars(QUESTION_SHOWN)
        return _return(owed, _("Return for %(month)s: the park asks"), asked)
    if owed.is_taken_up_again:
        counting = _("What was submitted counts until it is submitted again.")
        return _return(owed, _("Return for %(month)s: being corrected"), counting)
    glyph = "stop" if owed.is_late else "look"
    line = _("%(state)s · %(time)s") % {"state": owed.word, "time": owed.time_left}
    return _return(owed, _("Return for %(month)s: due %(day)s"), line, glyph)


def _coming(owed: OwedMonth) -> Matter:
    line = _("The month is not over yet; the return may be begun.")
    return _return(owed, _("Return for %(month)s: due %(day)s"), line, "wait")


def _return(owed: OwedMonth, title: str, line: str, glyph: str = "look") -> Matter:
    url = (
        reverse("returns:return-edit", args=[owed.row.pk])
        if owed.row
        else f"{reverse('returns:return-create')}?month={format_month(owed.month)}"
    )
    said = {"month": formats.month(owed.month), "day": formats.short_day(owed.due)}
    return Matter(title % said, line, url, glyph, owed.action)
