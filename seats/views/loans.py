"""Loans of seats: their list, one of them, proposing one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats import loan_desk
from seats.forms.loans import LoanFilter, LoanForm
from seats.models import SeatLoan
from seats.services.loans import propose_loan
from seats.views import loan_pages as pages
from web.htmx import page_or_fragment, see_other
from web.pagination import Page
from web.refusals import Refusal

MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png"}
PREFILLED = ("floor", "first", "last", "start", "last_day", "borrower")


@require_safe
@login_required
@permission_required("seats.view_seatloan", raise_exception=True)
def loan_list(request: UserRequest) -> HttpResponse:
    """Loans, what waits for somebody first, then what runs, comes and is over."""
    today, eyes = clock.today(), loan_desk.Eyes(request.user)
    form = LoanFilter(request.GET, user=request.user)
    visible = SeatLoan.objects.visible_to(request.user)
    rows = loan_desk.with_names(form.narrow(visible, today))
    page = Page(request, loan_desk.in_order(rows, today))
    context = {
        "form": form,
        "page": page,
        "lines": [loan_desk.Line(row, eyes, today) for row in page],
        "running": loan_desk.in_phase(visible, loan_desk.RUNNING, today).count(),
        "waiting": loan_desk.in_phase(visible, loan_desk.WAITING, today).count(),
        "of_park": eyes.is_of_park,
    }
    return page_or_fragment(request, "seats/loan_list.html", "seats/_loan_list.html", context)


@require_safe
@login_required
@permission_required("seats.view_seatloan", raise_exception=True)
def loan_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One loan: where it is, who waits for whom, until when."""
    return pages.detail_page(request, pages.visible_or_404(pk, request.user))


@require_safe
@login_required
@permission_required("seats.view_seatloan", raise_exception=True)
def loan_paper(request: UserRequest, pk: int) -> HttpResponse:
    """The scan of the paper on which the lender agreed; not for the borrower."""
    loan = pages.visible_or_404(pk, request.user)
    if not loan.paper or not loan_desk.Eyes(request.user).know_lender(loan.lender_id):
        raise Http404
    ending = str(loan.paper.name).rpartition(".")[2]
    with loan.paper.open() as content:
        response = HttpResponse(content.read(), MEDIA_TYPES.get(ending, "image/jpeg"))
    response.headers["Content-Disposition"] = f'attachment; filename="{loan.number}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.arrange_seatloan", raise_exception=True)
def loan_create(request: UserRequest) -> HttpResponse:
    """Propose that seats are lent. Nothing moves by it."""
    typed = {name: request.GET[name] for name in PREFILLED if request.GET.get(name)}
    posted = request.POST if request.method == "POST" else None
    form = LoanForm(posted, user=request.user, initial=typed)
    if posted is None or not form.is_valid():
        return pages.create_page(request, form)
    try:
        loan = _propose(form, request.user)
    except Refusal as refusal:
        return pages.create_page(request, form, refusal)
    messages.success(request, _("Proposed. The lender has been asked."))
    return see_other(request, pages.url_of(loan))


def _propose(form: LoanForm, acting_user: User) -> SeatLoan:
    names = ("borrower", "start", "reason", "consent_reference", "consent_on")
    return propose_loan(
        seats=form.seats,
        end=form.end,
        now=clock.now(),
        acting_user=acting_user,
        **{name: form.cleaned_data[name] for name in names},
    )
