"""Monthly returns: what the API takes and gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from foundation.months import format_month
from park.serializers import MonthField
from returns.models import MonthlyReturn, ReturnFigures, ReturnRevision, ReturnState
from tenants.serializers import ActingForField
from web.instants import IsoInstant, iso_instant
from web.serializers import Amount, Body, Query, Text, WholeNumber

PEOPLE = [name for name in ReturnFigures.FIELDS if name != "revenue"]


class FiguresForm(Body):
    """Figures of a month: money in yuan, people in heads at its end. null: not known yet."""

    def get_fields(self) -> dict[str, Any]:
        own: dict[str, Any] = {
            "revenue": Amount(required=False, allow_null=True, max_digits=16, decimal_places=2),
            **{name: WholeNumber(required=False, allow_null=True) for name in PEOPLE},
        }
        return {**super().get_fields(), **own}


class NewReturn(FiguresForm):
    """A draft for a month that has begun. Each enterprise has one return a month."""

    enterprise = ActingForField()
    month = MonthField()


class Submission(Body):
    """Who signs, and from the second time on what changed and why."""

    ignores_unknown = True

    signer = Text(
        required=False, allow_blank=True, max_length=80, help_text="Without it: you, by name."
    )
    reason = Text(required=False, allow_blank=True, default="", max_length=300)


class ReturnFilters(Query):
    month = MonthField(required=False)
    enterprise = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(ReturnState.choices, required=False)


class FiguresShape(serializers.Serializer):
    def get_fields(self) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "revenue": serializers.FloatField(allow_null=True, help_text="In yuan."),
            **{name: serializers.IntegerField(allow_null=True) for name in PEOPLE},
        }
        return {**super().get_fields(), **figures}


class ReturnShape(FiguresShape):
    """One enterprise's return for one month. Its figures are those of the draft, if one is open."""

    id = serializers.IntegerField()
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    month = serializers.CharField(help_text="YYYY-MM.")
    state = serializers.ChoiceField(ReturnState.choices)
    revision = serializers.IntegerField(help_text="How often it was submitted.")
    question = serializers.CharField(allow_blank=True, help_text="Why the park sent it back.")
    since = serializers.DateTimeField(help_text="Since when it is in its state.")
    saved_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class RevisionShape(FiguresShape):
    """What was submitted; it never changes."""

    number = serializers.IntegerField()
    signer = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class ReturnDetailShape(ReturnShape):
    """A return with everything that was ever submitted."""

    revisions = RevisionShape(many=True)


def return_values(returns: QuerySet[MonthlyReturn]) -> QuerySet[MonthlyReturn, dict[str, Any]]:
    """`returns` as `return_row` wants them."""
    return returns.values(
        *("id", "enterprise_id", "enterprise__short_name", "month", "state", "revision_count"),
        *("question", "sample_fields", "source", "version"),
        *ReturnFigures.FIELDS,
        in_state_since=IsoInstant("since"),
        last_saved_at=IsoInstant("saved_at"),
    )


def return_row(row: dict[str, Any]) -> dict[str, Any]:
    """A return as the API shows it."""
    return {
        "id": row["id"],
        "enterprise": row["enterprise_id"],
        "enterprise_name": row["enterprise__short_name"],
        "month": format_month(row["month"]),
        "state": row["state"],
        **_figures(row),
        "revision": row["revision_count"],
        "question": row["question"],
        "since": row["in_state_since"],
        "saved_at": row["last_saved_at"],
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def revision_rows(return_id: int) -> list[dict[str, Any]]:
    """Every revision of a return, from the first on."""
    revisions = ReturnRevision.objects.filter(monthly_return=return_id).order_by("number")
    return [
        {
            "number": row["number"],
            "signer": row["signer"],
            "reason": row["reason"],
            "submitted_by": row["submitted_by__name"],
            "submitted_at": iso_instant(row["submitted_at"]),
            **_figures(row),
        }
        for row in revisions.values(
            *("number", "signer", "reason", "submitted_by__name", "submitted_at"),
            *ReturnFigures.FIELDS,
        )
    ]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    figures = {name: row[name] for name in ReturnFigures.FIELDS}
    if isinstance(figures["revenue"], Decimal):
        figures["revenue"] = float(figures["revenue"])
    return figures
