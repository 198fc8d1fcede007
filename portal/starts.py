"""What the start page of each side shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from foundation.models import Heartbeat, Job, Message
from foundation.months import next_month
from park.models import Park, ReportingMonth
from portal import asking, waiting
from portal.cases import cases_that_wait
from portal.dossier import Dossier
from portal.issued import Published
from portal.loans import loans_that_wait
from seats import desk
from seats.ends import HORIZONS, endings, horizons
from seats.forms.days import ChosenDay
from seats.models import SeatRequest
from seats.place import floors_on
from seats.promises import still_open
from seats.request_clock import RequestClock
from seats.request_steps import bar_of
from seats.views.place_tables import table, zone_of
from seats.views.request_pages import Line
from seats.wording import request_what
from tenants.models import Enterprise
from web import formats


def of_park(request: UserRequest) -> dict[str, Any]:
    """Operators, promotion officers and auditors: requests, the zones, what else waits."""
    user, on = request.user, ChosenDay(QueryDict(), clock.today())
    requests = waiting.open_requests(user)
    time = RequestClock(clock.now())
    lines = [Line(row, user, time) for row in requests.shown]
    matters = [
        *waiting.returns_missing(user, on.today),
        *waiting.returns_to_review(user, on.today),
        *waiting.reports_to_issue(user),
        *loans_that_wait(user),
    ]
    holds = list(waiting.holds_that_expire(user, clock.now()))
    cases = cases_that_wait(user, on.today)
    decides = user.has_perm("seats.decide_seatrequest")
    mine = [line for line in lines if decides and desk.waits_for_park(line.request)]
    first = mine[0] if mine else None
    ahead = horizons(endings(on.today, HORIZONS[-1]), on.today)
    return table(floors_on(on.day, today=on.today), on, zone_of) | {
        **asking.question(request.GET, user, on.today),
        "horizons": ahead,
        "title": _park_title(len(mine) + len(matters) + len(cases), len(lines) - len(mine), user),
        "months": _months_line(),
        "lines": lines,
        "request_count": requests.total,
        "matters": matters,
        "holds": holds,
        "cases": cases,
        "broken": still_open(user, on.today),
        "next_url": _next_url(first, [*matters, *cases]),
    }


def _next_url(first: Line | None, matters: list[waiting.Matter]) -> str:
    if first is not None:
        return reverse("seats:request-detail", args=[first.request.pk])
    return matters[0].url if matters else ""


def _park_title(mine: int, theirs: int, user: User) -> str:
    if not user.has_perm("seats.decide_seatrequest"):
        names = list(Park.objects.order_by("pk").values_list("name", flat=True))
        return names[0] if names else _("Xiyuan")
    if mine:
        return ngettext(
            "%(count)d matter waits for you today", "%(count)d matters wait for you today", mine
        ) % {"count": mine}
    if theirs:
        return ngettext(
            "Nothing waits for you today; %(count)d request waits for its enterprise",
            "Nothing waits for you today; %(count)d requests wait for their enterprises",
            theirs,
        ) % {"count": theirs}
    return _("Nothing waits for you today")


def _months_line() -> str:
    """Which month was closed last, and which one returns are filed for."""
    last = ReportingMonth.objects.closed().order_by("-month").first()
    if last is None:
        return _("No month is closed yet")
    return _("%(closed)s is closed, %(open)s is open") % {
        "closed": formats.month(last.month),
        "open": formats.month(next_month(last.month)),
    }


def of_enterprise(request: UserRequest) -> dict[str, Any]:
    """An enterprise's people: what to do, what the park has, their seats, what comes."""
    user, today = request.user, clock.today()
    enterprise = Enterprise.objects.visible_to(user).first()
    if enterprise is None:
        return {"enterprise": None, "title": _("You act for no enterprise at the moment")}
    requests = waiting.requests_with_park(user)
    months = waiting.months_of_enterprise(enterprise, today)
    cases = cases_that_wait(user, today)
    loans = loans_that_wait(user)
    matters = [*waiting.requests_of_enterprise(user), *loans, *cases, *months.due]
    return {
        "enterprise": enterprise,
        "title": _enterprise_title(matters, requests),
        "matters": matters,
        "coming": months.coming,
        "broken": still_open(user, today),
        "lines": [Line(row, user, RequestClock(clock.now())) for row in requests],
        "only": _only(requests, user),
        "dossier": Dossier(enterprise, user, today, clock.now()),
    }


def _enterprise_title(matters: list[waiting.Matter], requests: list[SeatRequest]) -> str:
    """What waits for the reader; else what waits for the park."""
    if matters:
        return ngettext(
            "%(count)d matter waits for you", "%(count)d matters wait for you", len(matters)
        ) % {"count": len(matters)}
    if len(requests) == 1:
        return _("%(what)s: the park has it") % {"what": request_what(requests[0])}
    if requests:
        return ngettext(
            "The park has %(count)d request", "The park has %(count)d requests", len(requests)
        ) % {"count": len(requests)}
    return _("Nothing waits for you today")


def _only(requests: list[SeatRequest], user: User) -> dict[str, Any] | None:
    """The one request that the park has, step by step; several stand in a list."""
    if len(requests) != 1:
        return None
    [request] = requests
    changes = request.changes.order_by("-at", "-pk")
    bar = bar_of(request, changes)
    return {
        "request": request,
        "holder": desk.holder(request, user),
        "next": desk.next_step(request, user),
        "steps": [label for label, _at in bar.steps],
        "step": bar.current,
    }


def of_official(request: UserRequest) -> dict[str, Any]:
    """Officials: what was issued, its figures, its files, what was restated."""
    published = Published(request.user)
    return {"published": published, "title": published.title}


def of_system(request: UserRequest) -> dict[str, Any]:
    """The system administrator: whether everything runs, who may sign in."""
    now = clock.now()
    heard = Heartbeat.objects.filter(name="worker").values_list("heard_at", flat=True).first()
    people = User.objects.filter(is_active=True)
    return {
        "worker_heard": heard,
        "worker_lives": heard is not None and heard > now - timedelta(seconds=90),
        "jobs_waiting": Job.objects.unfinished().count(),
        "jobs_failed": Job.objects.filter(
            state=Job.State.FAILED, finished_at__gt=now - timedelta(days=7)
        ).count(),
        "mail_waiting": Message.objects.unsent().count() if settings.MAIL_TRANSPORT else None,
        "people": people.count(),
        "never_seen": people.filter(last_login=None).count(),
        "entries": LogEntry.objects.select_related("user").order_by("-action_time")[:8],
    }
