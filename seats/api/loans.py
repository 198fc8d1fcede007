"""Loans of seats: proposed by the park, answered by the lender, arranged, given back early."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.loan_desk import Eyes
from seats.models import SeatLoan
from seats.serializers import loans as shapes
from seats.services import lending
from seats.services import loans as services
from web.api import ActionView, DetailView, ListView, NounView, Row, Rows
from web.serializers import Body, Note


class LoanNoun(NounView):
    shape = shapes.SeatLoanDetailShape
    detail_name = "seat-loan-detail"

    def rows(self) -> Rows:
        return shapes.loan_values(SeatLoan.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        eyes = Eyes(self.user)
        return [shapes.loan_row(row, eyes) for row in rows]

    def more(self, row: Row) -> Row:
        return {"steps": shapes.step_rows(row, Eyes(self.user))}


class LoanList(LoanNoun, ListView):
    """Loans of seats, newest first."""

    permissions = {"GET": "seats.view_seatloan", "POST": "seats.arrange_seatloan"}
    row_shape = shapes.SeatLoanShape
    filters = shapes.LoanFilters
    form = shapes.NewLoan

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        """Who borrows cannot find out by the filter whose seats they are."""
        lender = wanted.get("lender")
        if lender is not None and not Eyes(self.user).know_lender(lender):
            return rows.none()
        return rows.filter(**wanted)

    @once
    def post(self, request: Request) -> Response:
        """Propose a loan: the lender is asked, nothing moves."""
        loan = services.propose_loan(**self.body(), now=clock.now(), acting_user=self.user)
        return self.shown(loan.pk, status=201)


class LoanDetail(LoanNoun, DetailView):
    """A loan of seats."""

    permissions = {"GET": "seats.view_seatloan"}


class LoanAction(LoanNoun, ActionView):
    permissions = {"POST": "seats.arrange_seatloan"}
    form: ClassVar[type[Body]] = Note

    @once
    def post(self, request: Request, pk: int) -> Response:
        return super().post(request, pk)


class LoanAgree(LoanAction):
    """The lender agrees: by one of its people, or on a paper that the park records."""

    permissions = {"POST": "seats.answer_seatloan"}
    form = shapes.Agreement

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.agree_to_loan(loan_id=pk, now=clock.now(), **told, **who)


class LoanRefuse(LoanAction):
    """The lender does not lend; `note` says why."""

    permissions = {"POST": "seats.answer_seatloan"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.refuse_loan(loan_id=pk, note=told["note"], now=clock.now(), **who)


class LoanCancel(LoanAction):
    """The park does not go on with it; `note` says why."""

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.cancel_loan(loan_id=pk, note=told["note"], now=clock.now(), **who)


class LoanArrange(LoanAction):
    """Move the seats to the borrower for the days of the loan."""

    form = shapes.Arrangement

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        lending.arrange_loan(loan_id=pk, today=clock.today(), now=clock.now(), **told, **who)


class LoanReturn(LoanAction):
    """Give the seats back earlier than was agreed."""

    form = shapes.EarlyReturn

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        lending.return_loan(loan_id=pk, today=clock.today(), now=clock.now(), **told, **who)
