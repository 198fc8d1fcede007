"""Fit-outs: the list, one case, opening one, its days, its steps, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from foundation.downloads import stored_file
from foundation.uploads import checked_upload
from seats import fit_out_desk as desk
from seats.forms.allocations import RunFormSet, floor_numbers
from seats.forms.fit_outs import DaysForm, FileForm, FitOutFilter, FitOutForm, StepForm
from seats.models import FitOut, FitOutFile
from seats.services import fit_outs as services
from seats.services.fit_out_steps import refuse_others, refuse_wrong_state, take_step
from seats.views import fit_out_pages as pages
from web.forms import add_refusal
from web.htmx import page_or_fragment, see_other
from web.pagination import Page
from web.refusals import Refusal


@require_safe
@login_required
@permission_required("seats.view_fitout", raise_exception=True)
def fit_out_list(request: UserRequest) -> HttpResponse:
    """Cases: what is overdue first, then what waits for the person's side."""
    user, today = request.user, clock.today()
    form = FitOutFilter(request.GET or None, user=user, today=today)
    rows = form.narrow(FitOut.objects.visible_to(user).select_related("enterprise"))
    page = Page(
        request, desk.in_order_of_waiting(rows.prefetch_related("runs__floor"), user, today)
    )
    context = {
        "form": form,
        "page": page,
        "lines": [pages.Line(case, today) for case in page],
        "waiting": desk.waiting_for(FitOut.objects.visible_to(user), user).count(),
        "of_park": desk.is_of_the_park(user),
    }
    return page_or_fragment(request, "seats/fit_out_list.html", "seats/_fit_out_list.html", context)


@require_safe
@login_required
@permission_required("seats.view_fitout", raise_exception=True)
def fit_out_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One case: where it is, what comes next, its files."""
    return pages.detail_page(request, pages.visible_or_404(pk, request.user))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_fitout", raise_exception=True)
def fit_out_create(request: UserRequest) -> HttpResponse:
    """Open a case for seats that an enterprise has, or that are held for it."""
    if request.method == "GET" or "more" in request.POST:
        return pages.create_page(request, *pages.unsent(request))
    form = FitOutForm(request.POST, user=request.user)
    runs: Any = RunFormSet(request.POST, prefix="runs", form_kwargs={"floors": floor_numbers()})
    if not (form.is_valid() & runs.is_valid()):
        return pages.create_page(request, form, runs)
    try:
        case = _open(form, runs, request.user)
    except Refusal as refusal:
        if not runs.say(refusal):
            add_refusal(form, refusal)
        return pages.create_page(request, form, runs, refusal.status)
    messages.success(request, _("Opened. Next comes the plan."))
    return see_other(request, reverse("seats:fit-out-detail", args=[case.pk]))


def _open(form: FitOutForm, runs: Any, acting_user: User) -> FitOut:
    typed = form.cleaned_data
    return services.open_fit_out(
        enterprise=typed["enterprise"],
        allocation=typed["allocation"],
        spans=[rectangle.seats for rectangle in runs.rectangles(clock.today(), None)],
        description=typed["description"],
        planned=form.planned,
        closes_seats=typed.get("closes_seats", False),
        today=clock.today(),
        now=clock.now(),
        acting_user=acting_user,
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_fitout", raise_exception=True)
def fit_out_days(request: UserRequest, pk: int) -> HttpResponse:
    """Plan the days of the milestones anew."""
    case = pages.visible_or_404(pk, request.user)
    planned = dict(case.steps.values_list("stage", "planned_on"))
    form = DaysForm(request.POST or None, initial={**planned, "version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            _plan(case, form, request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The planned days are set."))
            return see_other(request, reverse("seats:fit-out-detail", args=[pk]))
    return render(request, "seats/fit_out_days.html", {"case": case, "form": form})


def _plan(case: FitOut, form: DaysForm, acting_user: User) -> None:
    services.plan_days(
        fit_out_id=case.pk,
        planned=form.planned,
        expected_version=form.expected_version,
        acting_user=acting_user,
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.view_fitout", raise_exception=True)
def fit_out_step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """Take a step: asks for the day and a note, then does it."""
    step = pages.step_or_404(slug, request.user)
    case = pages.visible_or_404(pk, request.user)
    if request.method == "GET" and (late := _too_late(request, case, step)):
        return late
    initial = {"on": clock.today(), "version": case.version, "amount": case.deposit}
    form = StepForm(request.POST or None, step=step, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return pages.step_page(request, case, step, form)
    try:
        _take(case, step, form, request.user)
    except Refusal as refusal:
        return _refused(request, pk, step, form, refusal)
    messages.success(request, _("Done. The other side is told."))
    return see_other(request, reverse("seats:fit-out-detail", args=[pk]))


def _too_late(request: UserRequest, case: FitOut, step: str) -> HttpResponse | None:
    """The way to the page of the case, saying why, where the step does not follow now."""
    try:
        refuse_others(step, case, request.user)
        refuse_wrong_state(step, case)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("seats:fit-out-detail", pk=case.pk)
    return None


def _take(case: FitOut, step: str, form: StepForm, acting_user: User) -> None:
    typed = form.cleaned_data
    take_step(
        fit_out_id=case.pk,
        step=step,
        on=typed["on"],
        note=typed["note"],
        amount=typed.get("amount"),
        expected_version=form.expected_version,
        today=clock.today(),
        now=clock.now(),
        acting_user=acting_user,
    )


def _refused(
    request: UserRequest, pk: int, step: str, form: StepForm, refusal: Refusal
) -> HttpResponse:
    """Said beside the field where there is one, else on the page of the case as it is now."""
    case = pages.visible_or_404(pk, request.user)
    if any(error["field"] in form.fields for error in refusal.errors):
        add_refusal(form, refusal)
        return pages.step_page(request, case, step, form, refusal.status)
    return pages.detail_page(request, case, refusal=refusal, status=refusal.status)


@require_http_methods(["POST"])
@login_required
@permission_required("seats.add_fitout", raise_exception=True)
def fit_out_file_add(request: UserRequest, pk: int) -> HttpResponse:
    """Keep a file with the case."""
    case = pages.visible_or_404(pk, request.user)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return pages.detail_page(request, case, file_form=form, status=400)
    try:
        _keep(case, form, request.user)
    except Refusal as refusal:
        add_refusal(form, refusal)
        return pages.detail_page(request, case, file_form=form, status=refusal.status)
    messages.success(request, _("The file is kept with the case."))
    return see_other(request, reverse("seats:fit-out-detail", args=[pk]) + "#files")


def _keep(case: FitOut, form: FileForm, acting_user: User) -> None:
    services.add_file(
        fit_out_id=case.pk,
        upload=checked_upload(form.cleaned_data["file"]),
        now=clock.now(),
        acting_user=acting_user,
    )


@require_safe
@login_required
@permission_required("seats.view_fitout", raise_exception=True)
def fit_out_file(request: UserRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One file, for those who may see its case."""
    cases = FitOut.objects.visible_to(request.user).filter(pk=pk)
    row = get_object_or_404(FitOutFile, fit_out__in=cases, pk=file_pk)
    return stored_file(request, row, plain=f"fit-out-{pk}-{file_pk}")
