"""Allocations: seats given, held, closed, confirmed."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.models import Allocation
from seats.serializers import allocations
from seats.services.allocations import allocate_seats
from seats.services.fulfilment import confirm_seats
from seats.services.holds import extend_hold
from web.api import ActionView, DetailView, ListView, NounView, Row, Rows
from web.serializers import Nothing


class AllocationNoun(NounView):
    shape = allocations.AllocationShape
    detail_name = "allocation-detail"

    def rows(self) -> Rows:
        return allocations.allocation_values(Allocation.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return allocations.allocation_rows(rows)


class AllocationList(AllocationNoun, ListView):
    """Allocations, newest first."""

    permissions = {"GET": "seats.view_allocation", "POST": "seats.add_allocation"}
    filters = allocations.AllocationFilters
    form = allocations.NewAllocation

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        wanted = dict(wanted)
        if floor := wanted.pop("floor", None):
            rows = allocations.on_floor(rows, floor)
        return rows.filter(**wanted)

    @once
    def post(self, request: Request) -> Response:
        """Give an enterprise seats, hold them for it, or close them."""
        told = self.body()
        allocation = allocate_seats(
            rectangles=told.pop("blocks"),
            today=clock.today(),
            now=clock.now(),
            acting_user=self.user,
            **told,
        )
        return self.shown(allocation.pk, status=201)


class AllocationDetail(AllocationNoun, DetailView):
    """An allocation."""

    permissions = {"GET": "seats.view_allocation"}


class AllocationConfirm(AllocationNoun, ActionView):
    """A hold becomes firm; the accepted request that it answers is fulfilled by it."""

    permissions = {"POST": "seats.confirm_allocation"}
    form = Nothing

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        confirm_seats(allocation_id=pk, today=clock.today(), now=clock.now(), **who)


class AllocationExtendHold(AllocationNoun, ActionView):
    """Let a hold last longer, saying why."""

    permissions = {"POST": "seats.extend_hold"}
    form = allocations.HoldExtension

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        extend_hold(allocation_id=pk, today=clock.today(), now=clock.now(), **told, **who)
