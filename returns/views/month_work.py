"""What the park does with a month's returns at once: remind, accept, take them as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import format_month
from returns.desk import MonthDesk
from returns.desk.narrowing import Narrowed
from returns.month_file import csv_of, xlsx_of
from returns.reminders import Reminded, remind
from returns.services.accepting import AcceptedAtOnce, accept_returns
from returns.views.months import month_url, named_month
from web.attachments import attachment
from web.htmx import see_other
from web.refusals import Refusal

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_safe
@login_required
@permission_required("returns.view_every_monthlyreturn", raise_exception=True)
def month_export(request: UserRequest, month: str) -> HttpResponse:
    """The rows that the page of the month shows with these filters, all pages of them."""
    desk = MonthDesk(named_month(month), clock.today())
    rows = Narrowed(desk, request.GET).shown.rows
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = csv_of(rows, desk.month) if kind == "csv" else xlsx_of(rows, desk.month)
    response = HttpResponse(content, content_type=TYPES[kind])
    written = format_month(desk.month)
    name, fallback = f"{_('Returns')}-{written}.{kind}", f"returns-{written}.{kind}"
    response.headers["Content-Disposition"] = attachment(name, fallback=fallback)
    return response


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.review_monthlyreturn", raise_exception=True)
def month_remind(request: UserRequest, month: str) -> HttpResponse:
    """Remind one enterprise, by its button; or all that are missing, after showing who it is."""
    desk = MonthDesk(named_month(month), clock.today())
    if request.method == "GET":
        return render(request, "returns/month_remind.html", {"desk": desk})
    try:
        done = _remind(request, desk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        _say_reminded(request, done, desk)
    return see_other(request, _back(request, desk))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.review_monthlyreturn", raise_exception=True)
def month_accept(request: UserRequest, month: str) -> HttpResponse:
    """Accept the returns that raise no question, after showing which they are."""
    first_day = named_month(month)
    if request.method == "GET":
        desk = MonthDesk(first_day, clock.today())
        return render(request, "returns/month_accept.html", {"desk": desk})
    done = accept_returns(
        month=first_day,
        versions=_versions_seen(request.POST),
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
    )
    _say_accepted(request, done)
    return see_other(request, month_url(first_day))


def _remind(request: UserRequest, desk: MonthDesk) -> Reminded:
    return remind(
        month=desk.month,
        enterprise_id=_enterprise(request.POST, desk),
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
    )


def _enterprise(typed: QueryDict, desk: MonthDesk) -> int | None:
    """The enterprise that a button names; None: all of them. 404 where it owes no return."""
    named = typed.get("enterprise")
    if named is None:
        return None
    owing = {str(row.enterprise.pk): row.enterprise.pk for row in desk.rows}
    if named not in owing:
        raise Http404
    return owing[named]


def _back(request: UserRequest, desk: MonthDesk) -> str:
    """The page of the month, with the filters with which it was left."""
    query = QueryDict(request.POST.get("query", "").removeprefix("?"))
    return f"{month_url(desk.month)}?{query.urlencode()}" if query else month_url(desk.month)


def _say_reminded(request: UserRequest, done: Reminded, desk: MonthDesk) -> None:
    names = {row.enterprise.pk: row.enterprise.short_name for row in desk.rows}
    told = len(done.told)
    if told == 1:
        said = _("%(enterprise)s was reminded.") % {"enterprise": names[done.told[0]]}
    else:
        said = ngettext(
            "%(count)d enterprise was reminded.", "%(count)d enterprises were reminded.", told
        ) % {"count": told}
    (messages.success if told else messages.info)(request, said)
    if done.today_already:
        words = _("Reminded today already, so not again: %(names)s.")
        messages.info(request, words % {"names": _listed(done.today_already, names)})
    if done.without_people:
        words = _("Nobody has an account, so call them: %(names)s.")
        messages.warning(request, words % {"names": _listed(done.without_people, names)})


def _listed(enterprises: list[int], names: dict[int, str]) -> str:
    return _(", ").join(names.get(one, "") for one in enterprises)


def _versions_seen(typed: QueryDict) -> dict[int, int]:
    """The returns that the page listed, each with its version: `return=12:3`."""
    pairs: dict[int, int] = {}
    for text in typed.getlist("return"):
        pk, _colon, version = text.partition(":")
        if pk.isdecimal() and version.isdecimal():
            pairs[int(pk)] = int(version)
    return pairs


def _say_accepted(request: UserRequest, done: AcceptedAtOnce) -> None:
    accepted = len(done.accepted)
    said: dict[str, Any] = {"count": accepted}
    words = ngettext("%(count)d return was accepted.", "%(count)d returns were accepted.", accepted)
    (messages.success if accepted else messages.info)(request, words % said)
    if left := len(done.left):
        words = ngettext(
            "%(count)d return has changed since you looked at it and was left as it is.",
            "%(count)d returns have changed since you looked at them and were left as they are.",
            left,
        )
        messages.warning(request, words % {"count": left})
