"""Fit-outs: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from park.axis import Span, seat_label
from park.serializers import DayField
from seats.models import (
    Allocation,
    FitOut,
    FitOutChange,
    FitOutFile,
    FitOutRun,
    FitOutStage,
    FitOutState,
    FitOutStep,
)
from seats.models.fit_outs import FitOutQuerySet
from seats.serializers.place import iso_day
from seats.services.planning import MOST_BLOCKS
from tenants.serializers import ActingForField
from web.instants import iso_instant
from web.serializers import Amount, Body, Query, Text, VisibleRow, WholeNumber, YesNo

PARTIES = dict.fromkeys(FitOutQuerySet.AT_THE_PARK, "park") | dict.fromkeys(
    FitOutQuerySet.AT_THE_ENTERPRISE, "enterprise"
)


class RunField(Body):
    """Seats side by side on one floor; first and last are both included."""

    first_seat = WholeNumber(help_text="Its number on the park's axis.")
    last_seat = WholeNumber()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["last_seat"] < attrs["first_seat"]:
            raise serializers.ValidationError(
                {"last_seat": _("The last seat must not come before the first.")}
            )
        return attrs


class RunsField(serializers.ListField):
    """Runs of seats; inside, spans."""

    child = RunField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_BLOCKS, **kwargs)

    def to_internal_value(self, data: Any) -> list[Span]:
        return [
            Span(run["first_seat"], run["last_seat"] + 1) for run in super().to_internal_value(data)
        ]


class PlannedDays(Body):
    """The planned day of each milestone, in their order; null: none yet."""

    plan = DayField(default=None, allow_null=True)
    review = DayField(default=None, allow_null=True)
    deposit = DayField(default=None, allow_null=True)
    start = DayField(default=None, allow_null=True)
    inspection = DayField(default=None, allow_null=True)
    acceptance = DayField(default=None, allow_null=True)


class NewFitOut(Body):
    """A case for seats that the enterprise has, or that are held for it."""

    enterprise = ActingForField()
    allocation = VisibleRow(
        Allocation,
        default=None,
        allow_null=True,
        help_text="Id of the allocation that the seats are of.",
    )
    runs = RunsField(
        default=list, help_text="Without them: the seats that the allocation has now or later."
    )
    description = Text(default="", allow_blank=True, max_length=2000)
    planned = PlannedDays(default=dict)
    closes_seats = YesNo(
        default=False, help_text="Close those that are vacant, from the start to the acceptance."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Give the values that the service takes."""
        spans, planned = attrs.pop("runs"), attrs.pop("planned")
        days = {FitOutStage(stage): day for stage, day in planned.items()}
        return {**attrs, "planned": days, "spans": spans}


class FitOutStepForm(Body):
    """What is said with a step."""

    on = DayField(required=False, allow_null=True, help_text="When it was done. Without it: today.")
    note = Text(default="", allow_blank=True, max_length=2000)


class FitOutMoneyForm(FitOutStepForm):
    """A step with an amount."""

    amount = Amount(max_digits=12, decimal_places=2, help_text="元.")


class FitOutUpload(Body):
    """A file, as `multipart/form-data`."""

    file = serializers.FileField(help_text="PDF, picture or Office file, at most 20 MB.")


class FitOutFilters(Query):
    state = serializers.ChoiceField(FitOutState.choices, required=False)
    enterprise = serializers.IntegerField(required=False)
    allocation = serializers.IntegerField(required=False)
    zone = serializers.CharField(required=False, max_length=6)
    overdue = serializers.BooleanField(required=False)


class SeatRunShape(serializers.Serializer):
    """Seats side by side on one floor."""

    floor = serializers.IntegerField(help_text="The floor's id.")
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    first_label = serializers.CharField(help_text="Such as C-1-3F-017.")
    last_label = serializers.CharField()


class FitOutMilestoneShape(serializers.Serializer):
    """A milestone: when it is planned, when and by whom it was done."""

    stage = serializers.ChoiceField(FitOutStage.choices)
    planned_on = serializers.DateField(allow_null=True)
    done_on = serializers.DateField(allow_null=True)
    done_by = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class FitOutShape(serializers.Serializer):
    """A fit-out: which seats, where it is, the deposit in 元."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What people call it, such as F-2026-0003.")
    state = serializers.ChoiceField(FitOutState.choices)
    party = serializers.ChoiceField(
        ["park", "enterprise"], allow_null=True, help_text="Whose turn it is; null: it is over."
    )
    since = serializers.DateTimeField()
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    allocation = serializers.IntegerField(allow_null=True)
    closure = serializers.IntegerField(
        allow_null=True, help_text="The allocation that closes what was vacant."
    )
    closes_seats = serializers.BooleanField()
    description = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(
        allow_null=True, help_text="The next planned day that is not done."
    )
    is_overdue = serializers.BooleanField()
    deposit = serializers.FloatField(allow_null=True)
    deposit_received_on = serializers.DateField(allow_null=True)
    deposit_returned = serializers.FloatField(allow_null=True)
    deposit_returned_on = serializers.DateField(allow_null=True)
    runs = SeatRunShape(many=True)
    created_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class FitOutChangeShape(serializers.Serializer):
    """One thing that happened."""

    step = serializers.CharField()
    state = serializers.ChoiceField(FitOutState.choices, help_text="After it.")
    on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class FitOutFileShape(serializers.Serializer):
    """A file of a case."""

    id = serializers.IntegerField()
    stage = serializers.ChoiceField(FitOutStage.choices)
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    url = serializers.URLField()


class FitOutDetailShape(FitOutShape):
    """A case with its milestones, its files and what has happened."""

    milestones = FitOutMilestoneShape(many=True)
    files = FitOutFileShape(many=True)
    changes = FitOutChangeShape(many=True)


def fit_out_values(cases: FitOutQuerySet) -> QuerySet[FitOut, dict[str, Any]]:
    """`cases` as `fit_out_rows` wants them."""
    return cases.with_due().values(
        *("id", "state", "since", "enterprise_id", "enterprise__short_name", "allocation_id"),
        *("closure_id", "closes_seats", "description", "deposit", "deposit_received_on"),
        *("deposit_returned", "deposit_returned_on", "created_at", "sample_fields", "source"),
        *("due_on", "version"),
    )


def fit_out_rows(rows: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """`rows` with their runs, in one query."""
    runs: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for run in _run_values(runs.keys()):
        runs[run["fit_out_id"]].append(run_row(run))
    return [_fit_out_row(row, runs[row["id"]], today) for row in rows]


def _fit_out_row(row: dict[str, Any], runs: list[dict[str, Any]], today: date) -> dict[str, Any]:
    is_over = row["state"] in FitOutQuerySet.OVER
    due = None if is_over else row["due_on"]
    return {
        "id": row["id"],
        "number": FitOut(pk=row["id"], created_at=row["created_at"]).number,
        "state": row["state"],
        "party": PARTIES.get(row["state"]),
        "since": iso_instant(row["since"]),
        "enterprise": row["enterprise_id"],
        "enterprise_name": row["enterprise__short_name"],
        "allocation": row["allocation_id"],
        "closure": row["closure_id"],
        "closes_seats": row["closes_seats"],
        "description": row["description"],
        "due_on": iso_day(due),
        "is_overdue": due is not None and due < today,
        "deposit": row["deposit"],
        "deposit_received_on": iso_day(row["deposit_received_on"]),
        "deposit_returned": row["deposit_returned"],
        "deposit_returned_on": iso_day(row["deposit_returned_on"]),
        "runs": runs,
        "created_at": iso_instant(row["created_at"]),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def _run_values(case_ids: Iterable[int]) -> Iterable[Any]:
    return (
        FitOutRun.objects.filter(fit_out__in=list(case_ids))
        .annotate(first=F("seats__startswith"), beyond=F("seats__endswith"))
        .order_by("first")
        .values("fit_out_id", "floor_id", "floor__label", "first", "beyond")
    )


def run_row(run: dict[str, Any]) -> dict[str, Any]:
    """A run of seats as the API shows it."""
    last = run["beyond"] - 1
    return {
        "floor": run["floor_id"],
        "first_seat": run["first"],
        "last_seat": last,
        "first_label": seat_label(run["floor__label"], run["first"]),
        "last_label": seat_label(run["floor__label"], last),
    }


def milestone_rows(case_id: int) -> list[dict[str, Any]]:
    """The milestones of a case, in their order."""
    names = ("stage", "planned_on", "done_on", "done_by__name", "note")
    rows = {row["stage"]: row for row in FitOutStep.objects.filter(fit_out=case_id).values(*names)}
    return [
        {
            "stage": stage,
            "planned_on": iso_day(rows[stage]["planned_on"]),
            "done_on": iso_day(rows[stage]["done_on"]),
            "done_by": rows[stage]["done_by__name"],
            "note": rows[stage]["note"],
        }
        for stage in FitOutStage.values
    ]


def change_rows(case_id: int) -> list[dict[str, Any]]:
    """What has happened to a case, from the first step on."""
    changes = FitOutChange.objects.filter(fit_out=case_id).select_related("by").order_by("pk")
    return [
        {
            "step": change.step,
            "state": change.to_state,
            "on": iso_day(change.on),
            "note": change.note,
            "by": change.by.name,
            "at": iso_instant(change.at),
        }
        for change in changes
    ]


def file_rows(case_id: int, address: Any) -> list[dict[str, Any]]:
    """The files of a case, the oldest first; `address` gives where one is."""
    names = ("id", "stage", "name", "media_type", "size", "sha256", "added_by__name", "added_at")
    return [
        {
            **{name: row[name] for name in names[:6]},
            "added_by": row["added_by__name"],
            "added_at": iso_instant(row["added_at"]),
            "url": address(case_id, row["id"]),
        }
        for row in FitOutFile.objects.filter(fit_out=case_id).order_by("pk").values(*names)
    ]
