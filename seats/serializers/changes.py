"""Changes to allocations: what the API takes, and the effect that it answers a dry run with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from foundation.months import format_month
from park.axis import LAST_DAY, Span
from park.serializers import DayField
from seats.effects import BeforeAfter, Effect, EffectRun
from seats.rectangles import ONE_DAY
from seats.serializers.allocations import AllocationShape, Release
from seats.serializers.place import iso_day
from seats.services.planning import MOST_BLOCKS
from web.serializers import Body, WholeNumber, YesNo

LAST_SEAT = 2**31 - 2


class NewRun(Body):
    """Seats side by side on one floor; first and last are both included."""

    first_seat = WholeNumber(min_value=0, max_value=LAST_SEAT)
    last_seat = WholeNumber(min_value=0, max_value=LAST_SEAT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["last_seat"] < attrs["first_seat"]:
            message = _("The last seat must not come before the first.")
            raise serializers.ValidationError({"last_seat": message})
        return attrs


class NewRuns(serializers.ListField):
    """One to 1,000 runs; inside, spans."""

    child = NewRun()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MOST_BLOCKS, **kwargs)

    def to_internal_value(self, data: Any) -> list[Span]:
        runs = super().to_internal_value(data)
        return [Span(run["first_seat"], run["last_seat"] + 1) for run in runs]


class _Change(Body):
    dry_run = YesNo(default=False, help_text="true: answer with the effect and change nothing.")


_SOME = "Left out: all of the allocation's seats."


class Move(_Change):
    """From which day which seats are left for which others."""

    start = DayField(help_text="The first day on the new seats.")
    runs = NewRuns(required=False, help_text=_SOME)
    to = NewRuns(help_text="What is also among the old seats stays.")


class ReleaseOfRuns(Release, _Change):
    """Seats to be free from a day on: all of the allocation's, one run, or several."""

    runs = NewRuns(required=False, help_text="Several runs in one go, instead of one.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        told = super().validate(attrs)
        runs, one = attrs.get("runs"), told["seats"]
        if runs and one is not None:
            raise serializers.ValidationError({"runs": _("Give one run, or several as `runs`.")})
        if one is not None:
            runs = [one]
        return {"start": told["start"], "runs": runs, "dry_run": attrs["dry_run"]}


class Split(_Change):
    """Which seats become an allocation of their own."""

    runs = NewRuns()


class Extend(_Change):
    """Until when the seats are held."""

    end = DayField(allow_null=True, help_text="The new last day; null: until further notice.")
    runs = NewRuns(required=False, help_text="Left out: those that end last.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        end = attrs["end"]
        return {**attrs, "end": None if end is None or end >= LAST_DAY else end + ONE_DAY}


class End(_Change):
    """The last day of all of it."""

    last_day = DayField()


class EffectRunShape(serializers.Serializer):
    """Seats side by side on one floor, on some days."""

    run = serializers.CharField(help_text="Such as C-1-3F-001 — 040.")
    seats = serializers.IntegerField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class BeforeAfterShape(serializers.Serializer):
    """A number of seats on the first day of the change, without it and with it."""

    before = serializers.IntegerField()
    after = serializers.IntegerField()


class EffectShape(serializers.Serializer):
    """What a change would do; nothing was written."""

    dry_run = serializers.BooleanField(help_text="Always true.")
    day = serializers.DateField(help_text="The first day on which something is different.")
    month = serializers.CharField(help_text="The first month whose figures change.")
    freed = EffectRunShape(many=True)
    taken = EffectRunShape(many=True)
    stays = EffectRunShape(many=True, help_text="Of a split: what becomes an allocation.")
    holder = BeforeAfterShape(help_text="Of the enterprise; of a closure its own.")
    vacant = BeforeAfterShape(help_text="In the park.")
    is_last = serializers.BooleanField(help_text="Whether the enterprise has no seats then.")


CHANGED_OR_EFFECT = PolymorphicProxySerializer(
    component_name="ChangedAllocation",
    serializers=[AllocationShape, EffectShape],
    resource_type_field_name=None,
)


def effect_row(effect: Effect) -> dict[str, Any]:
    """An effect as the API shows it."""
    return {
        "dry_run": True,
        "day": iso_day(effect.day),
        "month": format_month(effect.month),
        "freed": _runs(effect.freed),
        "taken": _runs(effect.taken),
        "stays": _runs(effect.stays),
        "holder": _pair(effect.holder),
        "vacant": _pair(effect.vacant),
        "is_last": effect.is_last,
    }


def _runs(runs: Iterable[EffectRun]) -> list[dict[str, Any]]:
    return [
        {
            "run": run.label,
            "seats": run.seats,
            "start": iso_day(run.first_day),
            "end": iso_day(run.last_day),
        }
        for run in runs
    ]


def _pair(numbers: BeforeAfter) -> dict[str, int]:
    return {"before": numbers.before, "after": numbers.after}
