"""Exports of statistics: what the API takes and gives."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.models import User
from foundation.months import format_month
from park.serializers import MonthField
from reports.exports.periods import Length
from reports.models import ExportKind, StatisticsExport
from reports.serializers import TicketShape
from tenants.models import Enterprise
from web.instants import iso_instant
from web.serializers import Body, Query, VisibleRow

__all__ = ["TicketShape"]


class NewExport(Body):
    """A workbook of a period that is over."""

    kind = serializers.ChoiceField(ExportKind.choices)
    month = MonthField(help_text="YYYY-MM.")
    length = serializers.ChoiceField(
        Length.choices, default=Length.MONTH.value, help_text="The month, its quarter, or the year."
    )
    enterprise = VisibleRow(
        Enterprise,
        allow_null=True,
        default=None,
        help_text="Its id; null: all. People of an enterprise take their own and may leave it out.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """People of an enterprise take its figures."""
        user: User = self.context["user"]
        if attrs["enterprise"] is None and not user.has_perm("reports.view_every_statisticsexport"):
            attrs["enterprise"] = Enterprise.objects.visible_to(user).first()
        return attrs


class ExportFilters(Query):
    kind = serializers.ChoiceField(ExportKind.choices, required=False)


class ExportShape(serializers.Serializer):
    """Who took which figures out of the system, and when."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ExportKind.choices)
    enterprise = serializers.IntegerField(allow_null=True, help_text="null: all of them.")
    first_month = serializers.CharField(help_text="YYYY-MM.")
    last_month = serializers.CharField(help_text="YYYY-MM.")
    filed = serializers.IntegerField(help_text="Returns of the period that count.")
    expected = serializers.IntegerField(help_text="Returns owed for the period.")
    has_sample = serializers.BooleanField(help_text="Some of its figures are invented.")
    data_as_of = serializers.DateTimeField()
    made_by = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    file = serializers.URLField(allow_null=True, help_text="For who made it, within a day.")


def export_values(
    exports: QuerySet[StatisticsExport],
) -> QuerySet[StatisticsExport, dict[str, Any]]:
    """`exports` as `export_row` wants them."""
    return exports.values(
        *("id", "kind", "enterprise", "first_month", "last_month", "filed", "expected"),
        *("has_sample", "data_as_of", "made_by", "made_by__name", "name", "sha256", "file"),
    )


def export_row(row: dict[str, Any], user: User, address: str) -> dict[str, Any]:
    """An export as the API shows it to `user`."""
    is_there = bool(row["file"]) and row["made_by"] == user.pk
    return {
        **{name: row[name] for name in ("id", "kind", "enterprise", "filed", "expected")},
        "first_month": format_month(row["first_month"]),
        "last_month": format_month(row["last_month"]),
        "has_sample": row["has_sample"],
        "data_as_of": iso_instant(row["data_as_of"]),
        "made_by": row["made_by__name"],
        "name": row["name"],
        "sha256": row["sha256"],
        "file": address if is_there else None,
    }
