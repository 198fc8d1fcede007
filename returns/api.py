"""Monthly returns: filed by enterprises, accepted or sent back by the park."""

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from returns import serializers, services
from returns.models import MonthlyReturn
from returns.reminders import remind
from web.api import ActionView, ApiView, DetailView, ListView, NounView, Row, Rows
from web.serializers import Nothing

LINES = ("classes", "markets", "notes")


class ReturnNoun(NounView):
    shape = serializers.ReturnDetailShape
    detail_name = "return-detail"

    def rows(self) -> Rows:
        return serializers.return_values(MonthlyReturn.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [serializers.return_row(row) for row in rows]

    def more(self, row: Row) -> Row:
        return serializers.more_of(row["id"])


class ReturnList(ReturnNoun, ListView):
    """Returns, newest first."""

    permissions = {"GET": "returns.view_monthlyreturn", "POST": "returns.file_monthlyreturn"}
    row_shape = serializers.ReturnShape
    filters = serializers.ReturnFilters
    form = serializers.NewReturn

    @once
    def post(self, request: Request) -> Response:
        """Begin a return; submit it afterwards."""
        told = self.body()
        lines = {name: told.pop(name) for name in LINES if name in told}
        draft = services.open_return(
            enterprise=told.pop("enterprise"),
            month=told.pop("month"),
            figures=told,
            now=clock.now(),
            today=clock.today(),
            acting_user=self.user,
            **lines,
        )
        return self.shown(draft.pk, status=201)


class ReturnDetail(ReturnNoun, DetailView):
    """A return."""

    permissions = {"GET": "returns.view_monthlyreturn", "PATCH": "returns.file_monthlyreturn"}
    form = serializers.FiguresForm

    def patch(self, request: Request, pk: int) -> Response:
        """Change figures of a draft, or of what was sent back."""
        return self.patch_row(pk)

    def change(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        lines = {name: told.pop(name) for name in LINES if name in told}
        whole = {name: True for name in ("classes", "markets") if name in lines}
        services.save_draft(
            return_id=pk, figures=told, now=clock.now(), replacing=frozenset(whole), **lines, **who
        )


class ReturnSubmit(ReturnNoun, ActionView):
    """Submit the figures as a revision, signed."""

    permissions = {"POST": "returns.file_monthlyreturn"}
    form = serializers.Submission

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        signer = told.get("signer") or self.user.name
        services.submit_return(
            return_id=pk, signer=signer, reason=told["reason"], now=clock.now(), **who
        )


class ReturnNil(ReturnNoun, ActionView):
    """Make the draft a nil return: flows and money 0, people as last month, no lines, no notes.

    It is submitted, signed, like any other; the first figure that says otherwise ends it.
    """

    permissions = {"POST": "returns.file_monthlyreturn"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.report_nothing(return_id=pk, now=clock.now(), **who)


class ReturnCorrect(ReturnNoun, ActionView):
    """Take a filed return up again; until it is submitted again, what was filed counts."""

    permissions = {"POST": "returns.file_monthlyreturn"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.correct_return(return_id=pk, now=clock.now(), **who)


class ReturnSendBack(ReturnNoun, ActionView):
    """Send a submitted return back; `note` is the question, `rules` are those that it breaks.

    One of them is needed. A note that names the figure to write is refused (`wanted_value`).
    """

    permissions = {"POST": "returns.review_monthlyreturn"}
    form = serializers.SendingBack
    renamed = {"question": "note"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.send_back_return(
            return_id=pk, question=told["note"], rules=told["rules"], now=clock.now(), **who
        )


class ReturnAccept(ReturnNoun, ActionView):
    """Accept a submitted return."""

    permissions = {"POST": "returns.review_monthlyreturn"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.accept_return(return_id=pk, now=clock.now(), **who)


class ReturnRemind(ApiView):
    """Remind enterprises of a month's return: one, or all whose return is missing.

    Each at most once a day and month: of all, those reminded today are left out and named; of one
    it is 409 `reminded_today`. Who has filed is never reminded (409 `nothing_to_remind`).
    """

    permissions = {"POST": "returns.review_monthlyreturn"}
    shape = serializers.RemindedShape
    form = serializers.Reminding
    answers = {"200": serializers.RemindedShape}

    @once
    def post(self, request: Request) -> Response:
        """Remind them."""
        told = self.body()
        enterprise = told.get("enterprise")
        done = remind(
            month=told["month"],
            enterprise_id=enterprise.pk if enterprise else None,
            today=clock.today(),
            now=clock.now(),
            acting_user=self.user,
        )
        return Response(serializers.reminded_row(told["month"], done))
