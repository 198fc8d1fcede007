"""The planner as the API asks and answers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from park.axis import LAST_DAY, Span, seat_label
from park.serializers import DayField
from seats.planner import Alternatives, Need, Plan
from seats.planner import wording as words
from seats.rectangles import ONE_DAY, Rectangle, last_included
from seats.serializers.place import ZonesField, iso_day
from web.serializers import Body, WholeNumber, YesNo


class NeedBody(Body):
    """What seats are needed for. Days are both included."""

    seats = WholeNumber(min_value=1, max_value=2**31 - 1)
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="null: until further notice.")
    zones = ZonesField(required=False, help_text="Codes of zones; none means any.")
    same_building = YesNo(default=False)
    contiguous = YesNo(default=False, help_text="All seats side by side on one floor.")
    moves_allowed = YesNo(default=False, help_text="Other tenants may be asked to move.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        last = attrs.get("end")
        if last is not None and last < attrs["start"]:
            raise serializers.ValidationError(
                {"end": _("The last day must not come before the first.")}
            )
        end = None if last is None or last >= LAST_DAY else last + ONE_DAY
        zones = tuple(sorted(set(attrs.get("zones", ()))))
        return {"need": Need(**{**attrs, "end": end, "zones": zones})}


class PlannedBlockShape(serializers.Serializer):
    """Seats of a plan, as allocations take them; with the floor's id and the seats' names."""

    floor = serializers.IntegerField(help_text="The floor's id.")
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    first_label = serializers.CharField(help_text="Such as C-1-3F-017.")
    last_label = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class PlannedWaitShape(serializers.Serializer):
    """Somebody who has some of the seats until shortly before."""

    kind = serializers.ChoiceField(["firm", "hold", "closure", "void"])
    holder = serializers.CharField(allow_null=True, help_text="To those who may know.")
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    until = serializers.DateField(allow_null=True, help_text="The last day.")
    unless_confirmed = serializers.BooleanField(help_text="A hold that runs out by itself.")


class PlannedMoveShape(serializers.Serializer):
    """A tenant's run that would have to go elsewhere from the first day on."""

    holder = serializers.CharField(allow_null=True)
    enterprise = serializers.IntegerField(allow_null=True)
    block = serializers.IntegerField(help_text="Id of the block that moves.")
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    to = PlannedBlockShape()


class PlanShape(serializers.Serializer):
    """One way to seat the need."""

    title = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField())
    seats = serializers.IntegerField(help_text="That can be held now; moves free the others.")
    buildings = serializers.ListField(child=serializers.CharField())
    floors = serializers.ListField(child=serializers.CharField())
    runs = serializers.IntegerField()
    longest = serializers.IntegerField(help_text="Seats of its longest run.")
    preselected = serializers.IntegerField(help_text="Seats on floors not handed over: hold only.")
    longest_before = serializers.IntegerField(help_text="The longest vacant run now.")
    longest_after = serializers.IntegerField(help_text="The longest vacant run it leaves.")
    blocks = PlannedBlockShape(many=True)
    cut = PlannedBlockShape(many=True, help_text="The vacant runs of which it takes a part.")
    waits = PlannedWaitShape(many=True)
    moves = PlannedMoveShape(many=True)
    after_moves = PlannedBlockShape(many=True, help_text="Seats that the moves make free.")


class PlanNeedShape(serializers.Serializer):
    """A need as it is sent."""

    seats = serializers.IntegerField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    zones = serializers.ListField(child=serializers.CharField())
    same_building = serializers.BooleanField()
    contiguous = serializers.BooleanField()
    moves_allowed = serializers.BooleanField()


class AlternativeShape(serializers.Serializer):
    """What would do instead."""

    code = serializers.ChoiceField(
        [
            ("fewer", "the most seats that fit"),
            ("later", "the first day from which all fit"),
            ("expiry", "the same, if holds run out unconfirmed"),
            ("zone", "another zone"),
            ("not_contiguous", "several runs"),
            ("several_buildings", "several buildings"),
            ("without_wishes", "several runs in any zone"),
            ("given_back", "if somebody gave seats back"),
        ]
    )
    text = serializers.CharField()
    need = PlanNeedShape(allow_null=True, help_text="To be sent again; null: nothing to plan yet.")


class PlansShape(serializers.Serializer):
    """Ranked plans; where there are none, the nearest that would do. Nothing is written."""

    need = PlanNeedShape()
    plans = PlanShape(many=True)
    alternatives = AlternativeShape(many=True)


def plans_answer(
    need: Need, plans: Iterable[Plan], instead: Alternatives | None, *, named: bool
) -> dict[str, Any]:
    """Plans for `need`, or what would do instead."""
    suggestions = words.suggestions(instead, named=named) if instead else []
    return {
        "need": _need(need),
        "plans": [_plan(plan, named=named) for plan in plans],
        "alternatives": [
            {"code": one.code, "text": one.text, "need": one.need and _need(one.need)}
            for one in suggestions
        ],
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "seats": need.seats,
        "start": iso_day(need.start),
        "end": iso_day(last_included(need.end)),
        "zones": list(need.zones),
        "same_building": need.same_building,
        "contiguous": need.contiguous,
        "moves_allowed": need.moves_allowed,
    }


def _plan(plan: Plan, *, named: bool) -> dict[str, Any]:
    labels = {take.run.floor: take.run.label for take in plan.takes}
    need = plan.need
    return {
        "title": words.plan_title(plan),
        "why": words.why(plan, named=named),
        "seats": plan.seats,
        "buildings": list(plan.buildings),
        "floors": list(plan.floors),
        "runs": plan.runs,
        "longest": plan.longest,
        "preselected": plan.preselected,
        "longest_before": plan.longest_before,
        "longest_after": plan.longest_after,
        "blocks": [_block(block, labels[block.floor]) for block in plan.blocks],
        "cut": [
            _block(Rectangle(run.seats, need.start, need.end), run.label)
            for run, _seats in plan.cut
        ],
        "waits": [
            {
                "kind": wait.kind,
                "holder": wait.holder if named else None,
                **_seats(wait.seats),
                "until": iso_day(wait.until),
                "unless_confirmed": wait.by_expiry,
            }
            for wait in plan.waits
        ],
        "moves": [
            {
                "holder": move.holder if named else None,
                "enterprise": move.enterprise if named else None,
                "block": move.block,
                **_seats(move.seats),
                "to": _block(move.to, move.to_label.rpartition("-")[0]),
            }
            for move in plan.moves
        ],
        "after_moves": [_block(block, labels[block.floor]) for block in plan.after_moves],
    }


def _seats(seats: Span) -> dict[str, int]:
    return {"first_seat": seats.lower, "last_seat": seats.upper - 1}


def _block(block: Rectangle, floor_label: str) -> dict[str, Any]:
    return {
        "floor": block.floor,
        **_seats(block.seats),
        "first_label": seat_label(floor_label, block.seats.lower),
        "last_label": seat_label(floor_label, block.seats.upper - 1),
        "start": iso_day(block.start),
        "end": iso_day(last_included(block.end)),
    }
