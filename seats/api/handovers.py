"""Handover lists: prepared, changed, signed by both, corrected by the next."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.models import Handover
from seats.serializers import handovers
from seats.services import handovers as services
from web.api import ActionView, DetailView, ListView, NounView, Row, Rows
from web.refusals import Invalid
from web.serializers import Note, Nothing


class HandoverNoun(NounView):
    shape = handovers.HandoverDetailShape
    detail_name = "handover-detail"

    def rows(self) -> Rows:
        return handovers.handover_values(Handover.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [handovers.handover_row(row) for row in rows]

    def more(self, row: Row) -> Row:
        changes = handovers.change_rows(row["id"])
        return {**handovers.line_rows(row["id"]), "changes": changes}


class HandoverList(HandoverNoun, ListView):
    """Handover lists, newest first."""

    permissions = {"GET": "seats.view_handover", "POST": "seats.add_handover"}
    row_shape = handovers.HandoverShape
    filters = handovers.HandoverFilters
    form = handovers.NewHandover

    @once
    def post(self, request: Request) -> Response:
        """Prepare a list."""
        made = services.prepare_handover(**self.body(), now=clock.now(), acting_user=self.user)
        return self.shown(made.pk, status=201)


class HandoverDetail(HandoverNoun, DetailView):
    """A handover list."""

    permissions = {"GET": "seats.view_handover"}


class HandoverEdit(HandoverNoun, ActionView):
    """Write the list anew, before the park signs it."""

    permissions = {"POST": "seats.add_handover"}
    form = handovers.HandoverForm

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.edit_handover(handover_id=pk, now=clock.now(), **told, **who)


class HandoverSign(HandoverNoun, ActionView):
    """Sign the list that If-Match names: the park first, then the enterprise; then it is frozen."""

    permissions = {"POST": "seats.sign_handover"}
    form = handovers.Signature

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        if who["expected_version"] is None:
            message = _("Say by If-Match which list you sign: send back its ETag.")
            raise Invalid([{"field": "If-Match", "code": "required", "message": message}])
        services.sign_handover(handover_id=pk, now=clock.now(), **told, **who)


class HandoverDispute(HandoverNoun, ActionView):
    """The enterprise notes what differs, in `note`; the park corrects the list and signs again."""

    permissions = {"POST": "seats.sign_handover"}
    form = Note

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.dispute_handover(handover_id=pk, note=told["note"], now=clock.now(), **who)


class HandoverRecall(HandoverNoun, ActionView):
    """The park takes its signature back, to change the list."""

    permissions = {"POST": "seats.add_handover"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.recall_handover(handover_id=pk, now=clock.now(), **who)


class HandoverDiscard(HandoverNoun, ActionView):
    """Put a list away that nobody signed."""

    permissions = {"POST": "seats.add_handover"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.discard_handover(handover_id=pk, now=clock.now(), **who)
