"""Filing a return: begin it, fill it in, sign it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from foundation.months import next_month, parse_month
from returns import services
from returns.checking import checked
from returns.desk import closed_among, first_month
from returns.file import ReturnFile
from returns.forms import OpeningForm, ReturnForm, SigningForm
from returns.models import MonthlyReturn
from returns.rules import why
from returns.services.filing import refuse_findings
from returns.sheet import ReturnSheet
from returns.who import Answering
from tenants.models import Enterprise
from web.formats import month as month_in_words
from web.forms import add_refusal
from web.htmx import is_fragment_request, message_fragment, page_or_fragment, see_other
from web.refusals import Invalid, Refusal, Stale

STOP_POLLING = 286  # as htmx understands it
GOES_TO = {
    "add-class": "#classes",
    "sum-classes": "#outsourcing",
    "add-market": "#markets",
    "sum-markets": "#outsourcing",
}


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_create(request: UserRequest) -> HttpResponse:
    """Begin the return of a month; the park does so for an enterprise."""
    form = OpeningForm(request.POST or None, initial=_asked_for(request), **_choices(request.user))
    if form.is_valid():
        try:
            return see_other(request, _edit_url(_opened(request, form)))
        except services.ReturnExists as refusal:
            return see_other(request, _detail_url(refusal.extra["return"]))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(request, "returns/return_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Fill in a return. It is saved while one types; a button saves it too."""
    row = visible_return(request, pk)
    if row.state not in services.EDITABLE or _is_shut(request, row):
        return see_other(request, _detail_url(pk))
    answering = Answering.of(row.enterprise_id, request.user)
    form = ReturnForm(row=row, foreign=answering.foreign)
    if request.method == "POST":
        form = _saved(request, row, answering)
        if (goal := _goal(request, form)) is not None:
            return see_other(request, goal)
    page, context = "returns/return_form.html", _of_form(request, form, answering)
    return page_or_fragment(request, page, "returns/_return_saved.html", context)


@require_safe
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_news(request: UserRequest, pk: int) -> HttpResponse:
    """Whether somebody else saved the return since `version`: the page then asks for what."""
    row = visible_return(request, pk)
    if row.state not in services.EDITABLE:
        refusal = services.WrongState(
            _("This return is “%(state)s” now: what you type here is not saved any more.")
            % {"state": row.get_state_display()}
        )
        context = {"refusal": refusal}
        return message_fragment(request, "web/_refusal.html", context, status=STOP_POLLING)
    is_news = request.GET.get("version") != str(row.version)
    return HttpResponse(status=204, headers={"HX-Trigger": "others-saved"} if is_news else {})


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Look at the figures once more, sign, submit."""
    row = visible_return(request, pk)
    if row.state not in services.EDITABLE or _is_shut(request, row):
        return see_other(request, _detail_url(pk))
    form = SigningForm(request.POST or None, row=row, initial={"signer": _own_name(request.user)})
    try:
        refuse_findings(checked(row).blocking)
        if form.is_valid():
            _submit(request, row, form)
            return see_other(request, _detail_url(pk))
    except Invalid:
        return see_other(request, f"{_edit_url(pk)}?check=1")
    except Refusal as refusal:
        form.refuse(refusal)
    file = ReturnFile(row, request.user, clock.today(), clock.now())
    return render(request, "returns/return_submit.html", {"form": form, "row": row, "file": file})


def _is_shut(request: UserRequest, row: MonthlyReturn) -> bool:
    """Whether nothing can be typed any more. What was typed already is refused where it is sent,
    so that it stays in sight."""
    return request.method == "GET" and bool(closed_among([row.month]))


def _of_form(request: UserRequest, form: ReturnForm, answering: Answering) -> dict[str, Any]:
    """What the page of the form shows, with what the park asks of it."""
    is_checked = "check" in request.GET or "check" in request.POST
    sheet = ReturnSheet(form, request.user, clock.today(), answering, is_checked=is_checked)
    row = form.row
    return {"sheet": sheet, "row": row, "asks": why(row.broken_rules, row.question)}


def visible_return(request: UserRequest, pk: int) -> MonthlyReturn:
    """The return that an address names; 404 where it is not for this person."""
    rows = MonthlyReturn.objects.visible_to(request.user).select_related("enterprise")
    return get_object_or_404(rows, pk=pk)


def _choices(user: User) -> dict[str, Any]:
    """Whose returns this person begins: their own enterprise's, or any tenant's."""
    enterprises = Enterprise.objects.visible_to(user)
    if user.has_perm("tenants.view_every_enterprise"):
        tenants = enterprises.tenants_during(first_month(clock.today()), clock.today())
        return {"enterprises": tenants}
    return {"enterprises": enterprises, "own": get_object_or_404(enterprises[:1])}


def _asked_for(request: UserRequest) -> dict[str, Any]:
    """What the link says: the month, and whose."""
    return {
        "month": parse_month(request.GET.get("month", "")),
        "enterprise": request.GET.get("enterprise"),
    }


def _opened(request: UserRequest, form: OpeningForm) -> int:
    """Begin a return with what is known; its number."""
    row = services.open_return(
        enterprise=form.whose,
        month=form.month_begun,
        figures={},
        now=clock.now(),
        today=clock.today(),
        acting_user=request.user,
        prefilled=True,
    )
    return row.pk


def _saved(request: UserRequest, row: MonthlyReturn, answering: Answering) -> ReturnForm:
    """Save what can be saved. Where somebody else saved at that very moment, once more."""
    form = ReturnForm(request.POST, row=row, foreign=answering.foreign)
    try:
        try:
            form.save(clock.now(), request.user)
        except Stale:
            newer = visible_return(request, row.pk)
            form = ReturnForm(request.POST, row=newer, foreign=answering.foreign)
            form.save(clock.now(), request.user)
    except Refusal as refusal:
        add_refusal(form, refusal)
    return form


def _goal(request: UserRequest, form: ReturnForm) -> str | None:
    """Where a button leads once all is saved: to the signature, or to the same page anew."""
    if not form.is_valid() or form.clashes:
        return None
    if request.POST.get("go") == "submit":
        return _submit_url(form.row.pk)
    pressed = {"go", "remove", "divide"} & set(request.POST)
    if is_fragment_request(request) or not pressed:
        return None
    place = {"remove": "#classes", "go": GOES_TO.get(request.POST.get("go", ""), "")}
    checked = "?check=1" if "check" in request.POST else ""
    return f"{_edit_url(form.row.pk)}{checked}{place.get(pressed.pop(), '')}"


def _submit(request: UserRequest, row: MonthlyReturn, form: SigningForm) -> None:
    before = _next_opening(row)
    revision = services.submit_return(
        return_id=row.pk,
        signer=form.cleaned_data["signer"],
        reason=form.cleaned_data.get("reason", ""),
        expected_version=form.expected_version,
        now=clock.now(),
        acting_user=request.user,
    )
    said = _("The return for %(month)s was submitted.") % {"month": month_in_words(row.month)}
    messages.success(request, said)
    _say_of_next(request, row, before, revision.headcount)


def _say_of_next(
    request: UserRequest, row: MonthlyReturn, before: int | None, now: int | None
) -> None:
    """Whether the next month's return followed, or was filed and has to be corrected too."""
    begins = _next_opening(row)
    words = {"month": month_in_words(next_month(row.month)), "before": before, "now": now}
    if begins != before:
        messages.info(request, _("The draft for %(month)s begins with %(now)s people now.") % words)
    elif begins not in (None, now):
        said = _(
            "The return for %(month)s begins with %(before)s people, and this one ends with "
            "%(now)s: please correct it too."
        )
        messages.warning(request, said % words)


def _next_opening(row: MonthlyReturn) -> int | None:
    """The staff with which the return of the next month begins; None where it says nothing."""
    rows = MonthlyReturn.objects.filter(enterprise=row.enterprise_id)
    found = rows.filter(month=next_month(row.month)).values_list("opening", flat=True)
    return found.first()


def _own_name(user: User) -> str:
    """Who signs, as a rule: whoever submits. The park has to write down who signed."""
    return "" if user.has_perm("tenants.view_every_enterprise") else user.name


def _detail_url(pk: int) -> str:
    return reverse("returns:return-detail", args=[pk])


def _edit_url(pk: int) -> str:
    return reverse("returns:return-edit", args=[pk])


def _submit_url(pk: int) -> str:
    return reverse("returns:return-submit", args=[pk])
