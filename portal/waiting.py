"""What waits for whom: the lists of the start pages, each item with the way to deal with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation.months import add_months, format_month, month_of
from reports.models import MonthlyReport, ReportState
from returns.desk import OwedMonth, counted, owed_months, with_returns
from returns.models import MonthlyReturn, ReturnState
from seats import desk
from seats.holdings import Holding, with_blocks
from seats.models import Allocation, AllocationKind, RequestState, SeatRequest
from seats.wording import request_what
from tenants.models import Enterprise
from web import formats

SOON = timedelta(days=14)
SHOWN = 8


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
    rows = SeatRequest.objects.visible_to(user).filter(
        state__in=[*desk.AT_THE_PARK, *desk.AT_THE_ENTERPRISE]
    )
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
    """Holds that end by themselves within 14 days."""
    if not user.has_perm("seats.confirm_allocation"):
        return
    rows = (
        Allocation.objects.visible_to(user)
        .filter(kind=AllocationKind.HOLD, ended_at=None)
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


def matters_of_enterprise(enterprise: Enterprise, user: User, today: date) -> Iterator[Matter]:
    """What an enterprise's person has to do: returns that are due, requests sent back."""
    requests = SeatRequest.objects.visible_to(user).filter(state=RequestState.SENT_BACK)
    for request in requests.order_by("since"):
        yield Matter(
            _("%(what)s: the park asks") % {"what": request_what(request)},
            _("Complete the request and submit it again."),
            reverse("seats:request-detail", args=[request.pk]),
            "look",
            _("Answer"),
        )
    months = owed_months(enterprise, today)[:3]
    for owed in with_returns(enterprise, months, today):
        if owed.action and owed.is_over:
            yield _owed(owed)
        elif owed.action:
            yield _coming(owed)


def _coming(owed: OwedMonth) -> Matter:
    """The month that is running: what comes, and when."""
    return Matter(
        _("Return for %(month)s: due %(day)s")
        % {"month": formats.month(owed.month), "day": formats.short_day(owed.due)},
        _("The month is not over yet."),
        reverse("returns:return-list"),
        "wait",
        _("Look"),
    )


def _owed(owed: OwedMonth) -> Matter:
    url = (
        reverse("returns:return-edit", args=[owed.row.pk])
        if owed.row
        else f"{reverse('returns:return-create')}?month={format_month(owed.month)}"
    )
    return Matter(
        _("Return for %(month)s: due %(day)s")
        % {"month": formats.month(owed.month), "day": formats.short_day(owed.due)},
        owed.word,
        url,
        "stop" if owed.is_late else "look",
        owed.action,
    )
