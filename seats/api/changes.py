"""Allocations released, moved, split, extended, ended; a dry run answers with the effect only."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.api.allocations import AllocationNoun
from seats.effects import Change, effect_of
from seats.models import Allocation
from seats.serializers import changes as shapes
from seats.services import changes, moves
from seats.services.allocations import release_seats
from web.api import ActionView
from web.etags import expected_version
from web.refusals import Stale
from web.serializers import Body


class AllocationChange(AllocationNoun, ActionView):
    """A step with a plan: `plan` says what would change, `change` does it."""

    permissions = {"POST": "seats.change_allocation"}
    shape = shapes.CHANGED_OR_EFFECT  # type: ignore[assignment]
    renamed = {"run": "runs"}
    form: ClassVar[type[Body]]

    @once
    def post(self, request: Request, pk: int) -> Response:
        """Take the step, or say what it would do."""
        self.must_exist(pk)
        told = self.body()
        if told.pop("dry_run"):
            return Response(self._foreseen(pk, told))
        done = self.change(
            **told,
            allocation_id=pk,
            today=clock.today(),
            now=clock.now(),
            acting_user=self.user,
            expected_version=expected_version(request),
        )
        return self.shown(done.pk)

    def _foreseen(self, pk: int, told: dict[str, Any]) -> dict[str, Any]:
        allocation = Allocation.objects.get(pk=pk)
        expected = expected_version(self.request)
        if expected is not None and expected != allocation.version:
            raise Stale
        effect = effect_of(allocation, self.plan(allocation, told), today=clock.today())
        return shapes.effect_row(effect)

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        raise NotImplementedError

    def change(self, **told: Any) -> Allocation:
        raise NotImplementedError


class AllocationRelease(AllocationChange):
    """Give seats back: those seats are free from that day on."""

    permissions = {"POST": "seats.release_allocation"}
    form = shapes.ReleaseOfRuns

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        return changes.plan_release(allocation, told["start"], told["runs"])

    def change(self, **told: Any) -> Allocation:
        return release_seats(runs=told.pop("runs") or (), **told)


class AllocationMove(AllocationChange):
    """Leave some seats for others on a day, without a day's gap."""

    form = shapes.Move

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        return moves.plan_move(
            allocation,
            start=told["start"],
            leaving=told.get("runs"),
            arriving=told["to"],
            acting_user=self.user,
        )

    def change(self, **told: Any) -> Allocation:
        leaving, arriving = told.pop("runs", None), told.pop("to")
        return moves.move_seats(leaving=leaving, arriving=arriving, **told)


class AllocationSplit(AllocationChange):
    """Make some of the seats an allocation of their own: the answer is the new one."""

    form = shapes.Split

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        return changes.plan_split(allocation, told["runs"])

    def change(self, **told: Any) -> Allocation:
        return changes.split_allocation(**told)


class AllocationExtend(AllocationChange):
    """Hold the seats longer."""

    form = shapes.Extend

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        return changes.plan_extension(allocation, told["end"], told.get("runs"), self.user)

    def change(self, **told: Any) -> Allocation:
        return changes.extend_allocation(**told)


class AllocationEnd(AllocationChange):
    """End all of it on a day."""

    form = shapes.End

    def plan(self, allocation: Allocation, told: dict[str, Any]) -> Change:
        return changes.plan_end(allocation, told["last_day"])

    def change(self, **told: Any) -> Allocation:
        return changes.end_allocation(**told)
