"""One return: its figures, its revisions, and what the park does with it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from returns import services
from returns.file import ReturnFile
from returns.forms import QuestionForm
from returns.models import MonthlyReturn
from returns.views.filing import visible_return
from web.formats import month as month_in_words
from web.forms import VersionMixin
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Refusal


@require_safe
@login_required
@permission_required("returns.view_monthlyreturn", raise_exception=True)
def return_detail(request: UserRequest, pk: int) -> HttpResponse:
    """What was filed for a month, where it is, what changed from revision to revision."""
    file = ReturnFile(visible_return(request, pk), request.user, clock.today(), clock.now())
    return render(request, "returns/return_detail.html", {"file": file, "row": file.row})


@posted_from("returns:return-detail", "pk")
@login_required
@permission_required("returns.review_monthlyreturn", raise_exception=True)
def return_accept(request: UserRequest, pk: int) -> HttpResponse:
    """Accept a submitted return."""
    return _done(request, pk, services.accept_return, _("The return for %(month)s was accepted."))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.review_monthlyreturn", raise_exception=True)
def return_send_back(request: UserRequest, pk: int) -> HttpResponse:
    """Send a return back with a question."""
    row = visible_return(request, pk)
    form = QuestionForm(request.POST or None, row=row)
    if form.is_valid():
        try:
            _send_back(request, form)
            return see_other(request, _detail_url(pk))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "returns/return_send_back.html", {"form": form, "row": row})


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_correct(request: UserRequest, pk: int) -> HttpResponse:
    """Take a filed return up again; what was filed counts until the next submission."""
    row = visible_return(request, pk)
    if request.method == "POST":
        said = _("The return for %(month)s can be corrected now.")
        return _done(request, pk, services.correct_return, said)
    return render(request, "returns/return_correct.html", {"row": row})


def _done(
    request: UserRequest, pk: int, act: Callable[..., MonthlyReturn], said: str
) -> HttpResponse:
    """Do it and show the return; where a rule says no, show the return as it is, and why not."""
    row = visible_return(request, pk)
    form = VersionMixin(request.POST)
    version = form.expected_version if form.is_valid() else None
    try:
        act(return_id=row.pk, expected_version=version, now=clock.now(), acting_user=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said % {"month": month_in_words(row.month)})
    return see_other(request, _detail_url(pk))


def _send_back(request: UserRequest, form: QuestionForm) -> None:
    services.send_back_return(
        return_id=form.row.pk,
        question=form.cleaned_data["question"],
        rules=form.cleaned_data["rules"],
        expected_version=form.expected_version,
        now=clock.now(),
        acting_user=request.user,
    )
    said = _("The return for %(month)s went back to the enterprise.")
    messages.success(request, said % {"month": month_in_words(form.row.month)})


def _detail_url(pk: int) -> str:
    return reverse("returns:return-detail", args=[pk])
