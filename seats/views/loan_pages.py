"""What the pages of a loan show: its line, its own page, and the effect of each step before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats import loan_desk
from seats.forms.allocations import floor_numbers
from seats.forms.loans import at_fields
from seats.models import LoanState, SeatLoan
from seats.services.loans import refuse_wrong_state
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal

STEPS = (LoanState.PROPOSED, LoanState.AGREED, LoanState.ARRANGED)


def visible_or_404(pk: int, user: User) -> SeatLoan:
    """The loan `pk` with what it names, if `user` may see it."""
    return get_object_or_404(loan_desk.with_names(SeatLoan.objects.visible_to(user)), pk=pk)


def url_of(loan: SeatLoan) -> str:
    """The page of a loan."""
    return reverse("seats:loan-detail", args=[loan.pk])


def detail_page(
    request: UserRequest, loan: SeatLoan, refusal: Refusal | None = None
) -> HttpResponse:
    """The page of one loan: where it is, what comes next, what can be done."""
    today, eyes = clock.today(), loan_desk.Eyes(request.user)
    context = named(loan, eyes) | {
        "actions": loan_desk.actions(request.user, loan, today),
        "next_step": loan_desk.next_step(loan, eyes, today),
        "glyph": loan_desk.glyph(loan, eyes, today),
        "state": loan_desk.state_word(loan, today),
        "refusal": refusal,
        **_past(loan, eyes, today),
        **_allocations(loan, eyes),
    }
    status = refusal.status if refusal else 200
    return render(request, "seats/loan_detail.html", context, status=status)


def named(loan: SeatLoan, eyes: loan_desk.Eyes) -> dict[str, Any]:
    """What every page of a loan says of it."""
    return {
        "loan": loan,
        "title": loan_desk.loan_title(loan, eyes),
        "lender": eyes.lender_of(loan),
        "eyes": eyes,
        "knows_lender": eyes.know_lender(loan.lender_id),
    }


def _past(loan: SeatLoan, eyes: loan_desk.Eyes, today: date) -> dict[str, Any]:
    """The steps so far, as a row of steps and as a history."""
    done = list(loan.steps.select_related("by").order_by("-at", "-pk"))
    reached = {step.to_state: step.at for step in reversed(done)}
    labels = [(step.label, reached.get(step)) for step in STEPS]
    is_over = loan_desk.phase_of(loan, today) == loan_desk.OVER
    last = LoanState(loan.state) if loan.state not in STEPS else LoanState.RETURNED
    labels.append((last.label, reached.get(last)))
    current = 5 if is_over else STEPS.index(LoanState(loan.state)) + 1 if loan.state in STEPS else 3
    return {
        "steps": labels,
        "current_step": current,
        "history": [(step.at, loan_desk.step_sentence(step, loan, eyes)) for step in done],
    }


def _allocations(loan: SeatLoan, eyes: loan_desk.Eyes) -> dict[str, Any]:
    """Whose allocations somebody may look at."""
    of_lender, of_borrower = loan.lender_allocation_id, loan.borrower_allocation_id
    return {
        "lender_allocation": of_lender if eyes.know_lender(loan.lender_id) else None,
        "borrower_allocation": None if _is_lenders_only(loan, eyes) else of_borrower,
    }


def _is_lenders_only(loan: SeatLoan, eyes: loan_desk.Eyes) -> bool:
    return not eyes.is_of_park and not eyes.are_borrowers(loan)


def create_page(request: UserRequest, form: Any, refusal: Refusal | None = None) -> HttpResponse:
    """The form of a proposal."""
    if refusal is not None:
        at_fields(refusal.errors)
        add_refusal(form, refusal)
    context = {"form": form, "floors": list(floor_numbers())}
    status = refusal.status if refusal else 200
    return render(request, "seats/loan_form.html", context, status=status)


def step_page(
    request: UserRequest,
    loan: SeatLoan,
    template: str,
    *,
    verb: str,
    form: Any = None,
    refusal: Refusal | None = None,
    **more: Any,
) -> HttpResponse:
    """Asks before a step of a loan; a refusal stands at its field."""
    if form is not None and refusal is not None:
        form.data = form.data.copy()
        form.data["version"] = str(loan.version)
        add_refusal(form, refusal)
    context = named(loan, loan_desk.Eyes(request.user)) | {"form": form, "verb": verb, **more}
    status = refusal.status if refusal else 200
    return render(request, template, context, status=status)


def take(
    request: UserRequest,
    loan: SeatLoan,
    template: str,
    *,
    act: Callable[[], object],
    done: str,
    **shown: Any,
) -> HttpResponse:
    """Ask with `template` until the form is right, then act; a refusal stands at its field."""
    if request.method == "GET" or not shown["form"].is_valid():
        return step_page(request, loan, template, **shown)
    try:
        act()
    except Refusal as refusal:
        fresh = visible_or_404(loan.pk, request.user)
        return step_page(request, fresh, template, refusal=refusal, **shown)
    messages.success(request, done)
    return see_other(request, url_of(loan))


def too_late(request: UserRequest, loan: SeatLoan, step: str) -> HttpResponse | None:
    """The loan's page in place of a step that it is past, or not yet at, saying why."""
    try:
        refuse_wrong_state(step, loan)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect(url_of(loan))
    return None


def moving(loan: SeatLoan, eyes: loan_desk.Eyes) -> list[loan_desk.Standing]:
    """Seats of both sides on the first day and on the day after the last, before → after."""

    def lender_gains(day: date) -> int:
        return -loan.count if loan.start <= day < loan.end else 0

    days = [loan.start, loan.end]
    return loan_desk.standings(loan, lender_gains=lender_gains, days=days, eyes=eyes)


def coming_back(loan: SeatLoan, start: date, eyes: loan_desk.Eyes) -> list[loan_desk.Standing]:
    """Seats of both sides on the day of an early return, before → after."""
    return loan_desk.standings(loan, lender_gains=lambda _day: loan.count, days=[start], eyes=eyes)
