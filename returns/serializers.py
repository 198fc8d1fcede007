"""Monthly returns: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from foundation.months import format_month
from park.serializers import MonthField
from returns.content import Content
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES
from returns.models import (
    ClassFigures,
    MarketFigures,
    MonthlyReturn,
    ReturnFigures,
    ReturnRevision,
    ReturnState,
)
from returns.reminders import Reminded
from tenants.models import Enterprise
from tenants.serializers import ActingForField
from web.instants import IsoInstant, iso_instant
from web.serializers import Amount, Body, Note, Query, Text, VisibleRow, WholeNumber, YesNo

MONEY = frozenset(name for name, figure in FIGURES.items() if figure.unit.is_money)


def _typed(name: str, *, digits: int = 16, places: int = 2) -> Any:
    """An entry of the API for a figure: null is not known yet."""
    if name in MONEY or name not in FIGURES:
        return Amount(required=False, allow_null=True, max_digits=digits, decimal_places=places)
    return WholeNumber(required=False, allow_null=True)


class ClassForm(Body):
    """The figures of one class of services, in yuan."""

    service_class = Text(max_length=12, help_text="Its code, for example BPO-2-3.")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{name: _typed(name) for name in CLASS_MEASURES}}


class MarketForm(Body):
    """The figures of one country or region, in units of the currency."""

    market = Text(max_length=3, help_text="Three letters, for example HKG (GB/T 2659).")
    currency = Text(max_length=3, help_text="Three letters, for example USD (GB/T 12406).")

    def get_fields(self) -> dict[str, Any]:
        amounts = {name: _typed(name) for name in MARKET_MEASURES}
        return {**super().get_fields(), "rate": _typed("rate", digits=14, places=6), **amounts}


class FiguresForm(Body):
    """Figures of a month: money in yuan, people in heads at its end. null: not known yet.

    `classes` and `markets` replace what was there; `notes` explain what checks ask, by check and
    figure: {"V6:revenue": "…"}.
    """

    def get_fields(self) -> dict[str, Any]:
        own: dict[str, Any] = {
            "is_cost_centre": YesNo(required=False),
            "reversal_reason": Text(required=False, allow_blank=True, max_length=300),
            **{name: _typed(name) for name in FIGURES},
            "classes": ClassForm(many=True, required=False),
            "markets": MarketForm(many=True, required=False),
            "notes": serializers.DictField(child=Text(allow_blank=True), required=False),
        }
        return {**super().get_fields(), **own}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Lines by their keys; a key that is there twice is a mistake."""
        if "classes" in attrs:
            attrs["classes"] = _by_key(attrs["classes"], "classes", ClassFigures.KEY)
        if "markets" in attrs:
            attrs["markets"] = _by_key(attrs["markets"], "markets", MarketFigures.KEY)
        return super().validate(attrs)


def _by_key(lines: list[dict[str, Any]], name: str, key: tuple[str, ...]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for line in lines:
        codes = tuple(line.pop(part) for part in key)
        place = codes if len(codes) > 1 else codes[0]
        if place in found:
            raise serializers.ValidationError({name: _("The same line is there twice.")})
        found[place] = line
    return found


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


class SendingBack(Note):
    """Why a return goes back: the rules that it breaks, a question, or both."""

    rules = serializers.ListField(
        child=Text(max_length=8),
        required=False,
        default=list,
        max_length=40,
        help_text="Codes of the checks, such as V4.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**super().validate(attrs), "rules": attrs["rules"]}


class Reminding(Body):
    """Which month, and whom: without `enterprise` all whose return is missing."""

    month = MonthField()
    enterprise = VisibleRow(Enterprise, required=False, allow_null=True)


class RemindedShape(serializers.Serializer):
    """Who was told, by id, and who was not."""

    month = serializers.CharField(help_text="YYYY-MM.")
    reminded = serializers.ListField(child=serializers.IntegerField())
    reminded_today = serializers.ListField(
        child=serializers.IntegerField(), help_text="Left out: the park reminded them today."
    )
    without_people = serializers.ListField(
        child=serializers.IntegerField(), help_text="Left out: nobody of them has an account."
    )


class ReturnFilters(Query):
    month = MonthField(required=False)
    enterprise = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(ReturnState.choices, required=False)


def _shown(name: str) -> Any:
    if name in MONEY or name not in FIGURES:
        return serializers.FloatField(allow_null=True, help_text="In yuan.")
    return serializers.IntegerField(allow_null=True)


class FiguresShape(serializers.Serializer):
    def get_fields(self) -> dict[str, Any]:
        figures: dict[str, Any] = {
            "is_cost_centre": serializers.BooleanField(),
            "is_nil": serializers.BooleanField(help_text="Said that there was nothing to report."),
            "reversal_reason": serializers.CharField(allow_blank=True),
            **{name: _shown(name) for name in FIGURES},
        }
        return {**super().get_fields(), **figures}


class ClassShape(serializers.Serializer):
    service_class = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{name: _shown(name) for name in CLASS_MEASURES}}


class MarketShape(serializers.Serializer):
    market = serializers.CharField()
    currency = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        amounts = {name: _shown("rate") for name in ("rate", *MARKET_MEASURES)}
        return {**super().get_fields(), **amounts}


class LinesShape(serializers.Serializer):
    classes = ClassShape(many=True)
    markets = MarketShape(many=True)
    notes = serializers.DictField(child=serializers.CharField())


class ReturnShape(FiguresShape):
    """One enterprise's return for one month. Its figures are those of the draft, if one is open."""

    id = serializers.IntegerField()
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    month = serializers.CharField(help_text="YYYY-MM.")
    state = serializers.ChoiceField(ReturnState.choices)
    revision = serializers.IntegerField(help_text="How often it was submitted.")
    question = serializers.CharField(allow_blank=True, help_text="Why the park sent it back.")
    broken_rules = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the checks that sent it back."
    )
    since = serializers.DateTimeField(help_text="Since when it is in its state.")
    saved_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class RevisionShape(LinesShape, FiguresShape):
    """What was submitted; it never changes."""

    number = serializers.IntegerField()
    signer = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class ReturnDetailShape(LinesShape, ReturnShape):
    """A return with everything that was ever submitted."""

    revisions = RevisionShape(many=True)


def return_values(returns: QuerySet[MonthlyReturn]) -> QuerySet[MonthlyReturn, dict[str, Any]]:
    """`returns` as `return_row` wants them."""
    return returns.values(
        *("id", "enterprise_id", "enterprise__short_name", "month", "state", "revision_count"),
        *("question", "broken_rules", "sample_fields", "source", "version"),
        *_COLUMNS,
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
        "broken_rules": row["broken_rules"],
        "since": row["in_state_since"],
        "saved_at": row["last_saved_at"],
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def more_of(return_id: int) -> dict[str, Any]:
    """What a detail says beside the row: the lines and notes of the draft, every revision."""
    row = MonthlyReturn.objects.prefetch_related("classes", "markets").get(pk=return_id)
    return {**_lines(Content.of(row)), "revisions": _revision_rows(return_id)}


def _revision_rows(return_id: int) -> list[dict[str, Any]]:
    """Every revision of a return, from the first on."""
    revisions = (
        ReturnRevision.objects.filter(monthly_return=return_id)
        .select_related("submitted_by")
        .prefetch_related("classes", "markets")
        .order_by("number")
    )
    return [
        {
            "number": row.number,
            "signer": row.signer,
            "reason": row.reason,
            "submitted_by": row.submitted_by.name,
            "submitted_at": iso_instant(row.submitted_at),
            **_figures(row.filed()),
            **_lines(Content.of(row)),
        }
        for row in revisions
    ]


def reminded_row(month: date, done: Reminded) -> dict[str, Any]:
    """What became of reminding, as the API shows it."""
    return {
        "month": format_month(month),
        "reminded": done.told,
        "reminded_today": done.today_already,
        "without_people": done.without_people,
    }


_COLUMNS = tuple(name for name in ReturnFigures.FILED if name != "notes")


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in _COLUMNS}


def _lines(content: Content) -> dict[str, Any]:
    return {
        "classes": [
            {"service_class": code, **_plain_all(line)} for code, line in content.classes.items()
        ],
        "markets": [
            {"market": market, "currency": currency, **_plain_all(line)}
            for (market, currency), line in content.markets.items()
        ],
        "notes": content.notes,
    }


def _plain_all(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in line.items()}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
