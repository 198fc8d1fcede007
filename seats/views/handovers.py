"""Handover lists: all of them, one of them; preparing, filling in, signing, printing one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats import handover_desk as desk
from seats.forms.handovers import (
    CorrectForm,
    DisputeForm,
    HandoverFilter,
    HandoverForm,
    PrepareForm,
    SignForm,
)
from seats.forms.runs import RunChoice
from seats.models import Allocation, Direction, Handover
from seats.services import handovers as services
from seats.views import handover_pages as pages
from web.forms import add_refusal
from web.htmx import page_or_fragment, see_other
from web.pagination import Page
from web.refusals import Invalid, Refusal


@require_safe
@login_required
@permission_required("seats.view_handover", raise_exception=True)
def handover_list(request: UserRequest) -> HttpResponse:
    """Lists, those that wait for the person's side first; or the seats without a list."""
    user = request.user
    form = HandoverFilter(request.GET or None, user=user)
    missing = pages.missing(user)
    context: dict[str, Any] = {"form": form, "missing": missing, "gap": form.gap}
    context["of_park"] = desk.is_of_the_park(user)
    visible = Handover.objects.visible_to(user)
    context["waiting"] = desk.waiting_for(visible, user).count()
    if form.gap:
        context |= pages.page_of_gaps(request, form.narrow_gaps(missing[form.gap]))
    else:
        rows = form.narrow(visible.select_related("enterprise").prefetch_related("lines__floor"))
        context["page"] = page = Page(request, desk.in_order_of_waiting(rows, user))
        context["lines"] = [pages.Line(row) for row in page]
    part = "seats/_handover_list.html"
    return page_or_fragment(request, "seats/handover_list.html", part, context)


@require_safe
@login_required
@permission_required("seats.view_handover", raise_exception=True)
def handover_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One list: what is in the seats, who signed."""
    return pages.detail_page(request, pages.visible_or_404(pk, request.user))


@require_safe
@login_required
@permission_required("seats.view_handover", raise_exception=True)
def handover_print(request: UserRequest, pk: int) -> HttpResponse:
    """The list as paper, with both signatures."""
    handover = pages.visible_or_404(pk, request.user)
    return render(request, "seats/handover_print.html", pages.sheet(handover))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_handover", raise_exception=True)
def handover_create(request: UserRequest, pk: int) -> HttpResponse:
    """Prepare a list for an allocation, or for some of its runs."""
    allocation = pages.allocation_or_404(pk, request.user)
    direction = pages.asked_direction(request.POST or request.GET)
    form = PrepareForm(request.POST or None, initial={"on": clock.today()})
    choice = pages.run_choice(allocation, direction, request.POST or None)
    if request.method == "POST" and form.is_valid() and not choice.errors:
        try:
            made = _prepare(allocation, direction, form, choice, request.user)
            return see_other(request, pages.url_of(made) + "edit/")
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {"form": form, "choice": choice, "allocation": allocation, "direction": direction}
    return render(request, "seats/handover_new.html", context)


def _prepare(
    allocation: Allocation,
    direction: Direction,
    form: PrepareForm,
    choice: RunChoice,
    acting_user: User,
) -> Handover:
    if not choice.spans:
        raise Invalid({"runs": _("Choose at least one run of seats.")})
    return services.prepare_handover(
        allocation_id=allocation.pk,
        direction=direction,
        on=form.cleaned_data["on"],
        spans=choice.spans,
        now=clock.now(),
        acting_user=acting_user,
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_handover", raise_exception=True)
def handover_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Fill the list in, before the park signs it."""
    handover = pages.visible_or_404(pk, request.user)
    if request.method == "GET" and (late := pages.too_late(request, handover, "edit")):
        return late
    form, lines = pages.list_form(handover, request.POST or None)
    if request.method == "GET" or not (form.is_valid() & lines.is_valid()):
        return pages.edit_page(request, handover, form, lines)
    try:
        _edit(handover, form, lines, request.user)
    except Refusal as refusal:
        return pages.edit_refused(request, handover, form, lines, refusal)
    messages.success(request, _("The list is saved. Sign it once it is right."))
    return see_other(request, pages.url_of(handover))


def _edit(handover: Handover, form: HandoverForm, lines: Any, acting_user: User) -> None:
    services.edit_handover(
        handover_id=handover.pk,
        on=form.cleaned_data["on"],
        note=form.cleaned_data["note"],
        lines=lines.lines,
        expected_version=form.expected_version,
        now=clock.now(),
        acting_user=acting_user,
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.sign_handover", raise_exception=True)
def handover_sign(request: UserRequest, pk: int) -> HttpResponse:
    """Sign the list as it is before the person."""
    handover = pages.visible_or_404(pk, request.user)
    step = "sign_park" if desk.is_of_the_park(request.user) else "sign_enterprise"
    if request.method == "GET" and (late := pages.too_late(request, handover, step)):
        return late
    initial = {"version": handover.version, "signer": request.user.name}
    form = SignForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return render(request, "seats/handover_sign.html", {"form": form, **pages.sheet(handover)})
    told = {"note": form.cleaned_data.get("note", ""), "signer": form.cleaned_data["signer"]}
    done = _("Signed.") if step == "sign_park" else _("Signed. The list is frozen now.")
    return pages.acted(request, pk, services.sign_handover, done, **told)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.sign_handover", raise_exception=True)
def handover_dispute(request: UserRequest, pk: int) -> HttpResponse:
    """Note what differs; the park corrects the list and signs again."""
    handover = pages.visible_or_404(pk, request.user)
    services.refuse_others("dispute", request.user)
    if request.method == "GET" and (late := pages.too_late(request, handover, "dispute")):
        return late
    form = DisputeForm(request.POST or None, initial={"version": handover.version})
    if request.method == "POST" and form.is_valid():
        act = partial(services.dispute_handover, note=form.cleaned_data["note"])
        return pages.acted(request, pk, act, _("Noted. The park corrects the list."))
    return render(request, "seats/handover_dispute.html", {"form": form, **pages.sheet(handover)})


@require_http_methods(["POST"])
@login_required
@permission_required("seats.add_handover", raise_exception=True)
def handover_recall(request: UserRequest, pk: int) -> HttpResponse:
    """Take the park's signature back, to change the list."""
    pages.visible_or_404(pk, request.user)
    done = _("The park's signature is taken back. Change the list, then sign it again.")
    return pages.acted(request, pk, services.recall_handover, done)


@require_http_methods(["POST"])
@login_required
@permission_required("seats.add_handover", raise_exception=True)
def handover_discard(request: UserRequest, pk: int) -> HttpResponse:
    """Put a list away that nobody signed."""
    pages.visible_or_404(pk, request.user)
    done = _("Put away. Another list may be prepared for these seats.")
    return pages.acted(request, pk, services.discard_handover, done)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_handover", raise_exception=True)
def handover_correct(request: UserRequest, pk: int) -> HttpResponse:
    """Prepare a new list in place of one that both signed, saying why."""
    handover = pages.visible_or_404(pk, request.user)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _correct(handover, form.cleaned_data["reason"], request.user)
            return see_other(request, pages.url_of(made) + "edit/")
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {"form": form, **pages.sheet(handover)}
    return render(request, "seats/handover_correct.html", context)


def _correct(handover: Handover, reason: str, acting_user: User) -> Handover:
    return services.prepare_handover(
        allocation_id=handover.allocation_id,
        direction=Direction(handover.direction),
        on=handover.on,
        replaces=handover,
        reason=reason,
        now=clock.now(),
        acting_user=acting_user,
    )
