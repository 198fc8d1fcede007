"""Handing a floor over and moving its planned day: what breaks by it, then the deed."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from park.models import Floor
from seats.api.place import FloorNoun
from seats.serializers import floors
from seats.services.floors import delay_floor, deliver_floor, promises_broken_by
from web.api import ActionView
from web.etags import expected_version


class FloorMove(FloorNoun, ActionView):
    """A floor's day is moved; the answer has the promises that are `broken` by it.

    With `dry_run` everything is tried and nothing written. `seen`, from such an answer, lets the
    step be refused (409 `promises_changed`) where other promises would break by now.
    """

    permissions = {"POST": "seats.deliver_floor"}
    shape = floors.MovedFloorShape
    field: ClassVar[str]

    def post(self, request: Request, pk: int) -> Response:
        self.must_exist(pk)
        version, told = expected_version(request), self.body()
        day: date | None = told[self.field]
        broken = promises_broken_by(Floor.objects.filter(pk=pk), day)
        seen = [block.pk for block in broken] if told["seen"] is None else told["seen"]
        who = {"acting_user": self.user, "expected_version": version, "now": clock.now()}
        with transaction.atomic():
            self.act(pk, {"day": day, "seen": seen}, **who)
            transaction.set_rollback(told["dry_run"])
        response = self.shown(pk)
        response.data["broken"] = floors.broken_rows(broken, day)
        return response


class FloorDelay(FloorMove):
    """Move the day that a floor is planned for, later or earlier."""

    form = floors.Delay
    field = "planned_on"

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        delay_floor(floor_id=pk, planned_on=told["day"], seen=told["seen"], **who)


class FloorDeliver(FloorMove):
    """Hand a floor over: from its day on, seats can be contracted."""

    form = floors.Delivery
    field = "delivered_on"
    renamed = {"day": "delivered_on"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        deliver_floor(floor_id=pk, **told, **who)
