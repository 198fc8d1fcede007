"""The steps of a loan: agree, refuse, cancel, arrange, give back early. Each shows what it does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.loans import AgreeForm, ArrangeForm, LoanNoteForm, ReturnForm
from seats.loan_desk import Eyes
from seats.models import SeatLoan
from seats.services import lending
from seats.services import loans as services
from seats.services.lendable import needs_consent
from seats.views import loan_pages as pages
from web import formats
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.answer_seatloan", raise_exception=True)
def loan_agree(request: UserRequest, pk: int) -> HttpResponse:
    """The lender agrees, or the park records that it did on paper."""
    loan, eyes = _answerable(request, pk), Eyes(request.user)
    form = AgreeForm(*_posted(request), is_of_park=eyes.is_of_park, initial=_agreeing(loan, eyes))
    return pages.too_late(request, loan, "agree") or pages.take(
        request,
        loan,
        "seats/loan_agree.html",
        form=form,
        verb=_agree_verb(loan),
        standings=pages.moving(loan, eyes),
        act=lambda: services.agree_to_loan(**_who(request, loan, form), **_typed(form)),
        done=_("Agreed. The park arranges it next."),
    )


def _answerable(request: UserRequest, pk: int) -> SeatLoan:
    """The loan, if the person may answer for the lender."""
    loan = pages.visible_or_404(pk, request.user)
    is_of_park = request.user.has_perm("seats.arrange_seatloan")
    if not is_of_park and not services.answers_for_lender(request.user, loan):
        raise PermissionDenied
    return loan


def _agreeing(loan: SeatLoan, eyes: Eyes) -> dict[str, Any]:
    """Somebody of the lender agrees in their own name, unless they say whose."""
    return {"version": loan.version, "name": "" if eyes.is_of_park else str(eyes.user)}


def _agree_verb(loan: SeatLoan) -> str:
    verb = ngettext("Agree to lend %(seats)s seat", "Agree to lend %(seats)s seats", loan.count)
    return verb % {"seats": formats.number(loan.count)}


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.answer_seatloan", raise_exception=True)
def loan_refuse(request: UserRequest, pk: int) -> HttpResponse:
    """The lender does not lend, saying why."""
    loan = _answerable(request, pk)
    form = LoanNoteForm(_sent(request), initial={"version": loan.version})
    return pages.too_late(request, loan, "refuse") or pages.take(
        request,
        loan,
        "seats/loan_note.html",
        form=form,
        verb=_("Refuse the loan"),
        act=lambda: services.refuse_loan(**_who(request, loan, form), **_typed(form)),
        done=_("Refused. The park has been told."),
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.arrange_seatloan", raise_exception=True)
def loan_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """The park does not go on with it, saying why."""
    loan = pages.visible_or_404(pk, request.user)
    form = LoanNoteForm(_sent(request), initial={"version": loan.version})
    return pages.too_late(request, loan, "cancel") or pages.take(
        request,
        loan,
        "seats/loan_note.html",
        form=form,
        verb=_("Cancel the loan"),
        act=lambda: services.cancel_loan(**_who(request, loan, form), **_typed(form)),
        done=_("Cancelled. Both sides have been told."),
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.arrange_seatloan", raise_exception=True)
def loan_arrange(request: UserRequest, pk: int) -> HttpResponse:
    """Move the seats for the days of the loan."""
    loan = pages.visible_or_404(pk, request.user)
    form = ArrangeForm(_sent(request), initial=_arranging(loan), leased_zone=_leased_zone(loan))
    return pages.too_late(request, loan, "arrange") or pages.take(
        request,
        loan,
        "seats/loan_arrange.html",
        form=form,
        verb=_arrange_verb(loan),
        standings=pages.moving(loan, Eyes(request.user)),
        act=lambda: lending.arrange_loan(**_today(request, loan, form), **_typed(form)),
        done=_("Arranged. The seats go back by themselves on the day."),
    )


def _arranging(loan: SeatLoan) -> dict[str, Any]:
    consent = ("consent_reference", "consent_on")
    return {"version": loan.version, **{name: getattr(loan, name) for name in consent}}


def _leased_zone(loan: SeatLoan) -> str:
    """The code of the loan's zone where that is leased in, as things are now."""
    return loan.floor.building.zone.code if needs_consent(loan.floor) else ""


def _arrange_verb(loan: SeatLoan) -> str:
    verb = ngettext("Lend %(seats)s seat", "Lend %(seats)s seats", loan.count)
    return verb % {"seats": formats.number(loan.count)}


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.arrange_seatloan", raise_exception=True)
def loan_return(request: UserRequest, pk: int) -> HttpResponse:
    """Give the seats back earlier than agreed: asks the day, shows the effect, then does it."""
    loan = pages.visible_or_404(pk, request.user)
    form = ReturnForm(_sent(request), initial=_returning(loan))
    if effect := _return_effect(request, loan, form):
        return effect
    return pages.too_late(request, loan, "return") or pages.take(
        request,
        loan,
        "seats/loan_return.html",
        form=form,
        verb=_return_verb(loan),
        act=lambda: lending.return_loan(**_today(request, loan, form), **_typed(form)),
        done=_("Recorded. Both sides have been told."),
    )


def _returning(loan: SeatLoan) -> dict[str, Any]:
    return {"version": loan.version, "start": max(clock.today(), loan.start)}


def _return_verb(loan: SeatLoan) -> str:
    verb = ngettext("Give %(seats)s seat back early", "Give %(seats)s seats back early", loan.count)
    return verb % {"seats": formats.number(loan.count)}


def _return_effect(request: UserRequest, loan: SeatLoan, form: ReturnForm) -> HttpResponse | None:
    """What an early return changes, unless that was seen, or cannot be."""
    if request.method == "GET" or not form.is_valid() or form.cleaned_data["confirmed"]:
        return None
    start = form.cleaned_data["start"]
    try:
        lending.plan_return(loan, start)
    except Refusal:
        return None  # the deed says so at the field
    return pages.step_page(
        request,
        loan,
        "seats/loan_return_effect.html",
        form=form,
        verb=_return_verb(loan),
        standings=pages.coming_back(loan, start, Eyes(request.user)),
    )


def _sent(request: UserRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _posted(request: UserRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _typed(form: Any) -> dict[str, Any]:
    """What was typed, by the names that the services have for it."""
    typed = form.cleaned_data.items()
    return {name: value for name, value in typed if name not in {"version", "confirmed"}}


def _who(request: UserRequest, loan: SeatLoan, form: Any) -> dict[str, Any]:
    return {
        "loan_id": loan.pk,
        "now": clock.now(),
        "acting_user": request.user,
        "expected_version": form.expected_version,
    }


def _today(request: UserRequest, loan: SeatLoan, form: Any) -> dict[str, Any]:
    return {**_who(request, loan, form), "today": clock.today()}
