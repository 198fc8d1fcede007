"""Loans of seats: what the API takes and gives."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from park.axis import Span, seat_label
from park.serializers import DayField
from seats.loan_desk import Eyes
from seats.models import LoanState, LoanStep, SeatLoan
from seats.rectangles import ONE_DAY, last_included
from seats.serializers.changes import NewRun
from seats.serializers.place import iso_day
from tenants.models import Enterprise
from web.instants import IsoInstant, iso_instant
from web.serializers import Body, Query, Text, VisibleRow

WAITS_FOR = {LoanState.PROPOSED: "lender", LoanState.AGREED: "park"}


class _Consent(Body):
    consent_reference = Text(default="", allow_blank=True, max_length=200)
    consent_on = DayField(default=None, allow_null=True)


class NewLoan(NewRun, _Consent):
    """A proposal. Whoever has the seats on the first day is the lender."""

    borrower = VisibleRow(Enterprise, help_text="Id of the enterprise.")
    start = DayField()
    end = DayField(help_text="The last day; the day after, the lender has them again.")
    reason = Text(default="", allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs["end"] < attrs["start"]:
            message = _("The last day must not come before the first.")
            raise serializers.ValidationError({"end": message})
        seats = Span(attrs.pop("first_seat"), attrs.pop("last_seat") + 1)
        return {**attrs, "seats": seats, "end": attrs["end"] + ONE_DAY}


class Agreement(Body):
    """Who agrees for the lender."""

    name = Text(max_length=80)
    reference = Text(
        default="",
        allow_blank=True,
        max_length=200,
        help_text="On which paper; needed where the park records it.",
    )


class Arrangement(_Consent):
    """The landlord's consent, where the zone is leased in and it was not given before."""


class EarlyReturn(Body):
    """From which day the lender has the seats again."""

    start = DayField()
    note = Text(default="", allow_blank=True, max_length=500)


class LoanFilters(Query):
    state = serializers.ChoiceField(LoanState.choices, required=False)
    borrower = serializers.IntegerField(required=False)
    lender = serializers.IntegerField(required=False)
    floor = serializers.IntegerField(required=False)


class SeatLoanShape(serializers.Serializer):
    """One enterprise lends another a run of seats, through the park."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What people call it, such as L-2026-0007.")
    state = serializers.ChoiceField(LoanState.choices)
    waits_for = serializers.ChoiceField(["lender", "park"], allow_null=True)
    lender = serializers.IntegerField(allow_null=True, help_text="null: not told to the borrower.")
    lender_name = serializers.CharField(allow_null=True)
    lender_allocation = serializers.IntegerField(allow_null=True)
    borrower = serializers.IntegerField()
    borrower_name = serializers.CharField()
    borrower_allocation = serializers.IntegerField(
        allow_null=True, help_text="null: not arranged, or not told to the lender."
    )
    floor = serializers.IntegerField()
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    first_label = serializers.CharField()
    last_label = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="The last day, as it was agreed.")
    returned_on = serializers.DateField(
        allow_null=True, help_text="From which day the lender has them again, if early."
    )
    reason = serializers.CharField(allow_blank=True)
    agreed_name = serializers.CharField(allow_blank=True)
    agreed_at = serializers.DateTimeField(allow_null=True)
    agreement_reference = serializers.CharField(allow_blank=True)
    needs_consent = serializers.BooleanField()
    consent_reference = serializers.CharField(allow_blank=True)
    consent_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class SeatLoanStepShape(serializers.Serializer):
    """One step in the loan's life."""

    state = serializers.ChoiceField(LoanState.choices)
    at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)


class SeatLoanDetailShape(SeatLoanShape):
    """A loan with what has happened to it."""

    steps = SeatLoanStepShape(many=True)


def loan_values(loans: QuerySet[SeatLoan]) -> QuerySet[SeatLoan, dict[str, Any]]:
    """`loans` as `loan_row` wants them."""
    return loans.values(
        *("id", "state", "lender_id", "lender__short_name", "lender_allocation_id"),
        *("borrower_id", "borrower__short_name", "borrower_allocation_id"),
        *("floor_id", "floor__label", "returned_on", "reason", "agreed_name"),
        *("agreement_reference", "needs_consent", "consent_reference", "consent_on"),
        *("sample_fields", "source", "version", "created_at"),
        first=F("seats__startswith"),
        beyond=F("seats__endswith"),
        start=F("period__startswith"),
        after=F("period__endswith"),
        agreed=IsoInstant("agreed_at"),
    )


def loan_row(row: dict[str, Any], eyes: Eyes) -> dict[str, Any]:
    """A loan as the API shows it to somebody: who borrows is not told whose seats they are."""
    knows = eyes.know_lender(row["lender_id"])
    is_own = eyes.is_of_park or row["borrower_id"] in eyes.own
    last = row["beyond"] - 1
    return {
        "id": row["id"],
        "number": SeatLoan(pk=row["id"], created_at=row["created_at"]).number,
        "state": row["state"],
        "waits_for": WAITS_FOR.get(row["state"]),
        "lender": row["lender_id"] if knows else None,
        "lender_name": row["lender__short_name"] if knows else None,
        "lender_allocation": row["lender_allocation_id"] if knows else None,
        "borrower": row["borrower_id"],
        "borrower_name": row["borrower__short_name"],
        "borrower_allocation": row["borrower_allocation_id"] if is_own else None,
        "floor": row["floor_id"],
        "first_seat": row["first"],
        "last_seat": last,
        "first_label": seat_label(row["floor__label"], row["first"]),
        "last_label": seat_label(row["floor__label"], last),
        "start": iso_day(row["start"]),
        "end": iso_day(last_included(row["after"])),
        "returned_on": iso_day(row["returned_on"]),
        "reason": row["reason"],
        "agreed_name": row["agreed_name"] if knows else "",
        "agreed_at": row["agreed"],
        "agreement_reference": row["agreement_reference"] if knows else "",
        "needs_consent": row["needs_consent"],
        "consent_reference": row["consent_reference"],
        "consent_on": iso_day(row["consent_on"]),
        "created_at": iso_instant(row["created_at"]),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def step_rows(row: dict[str, Any], eyes: Eyes) -> list[dict[str, Any]]:
    """What has happened to a loan, from the first step on; why it was refused is the lender's."""
    knows = eyes.know_lender(row["lender_id"])
    return [
        {
            "state": step.to_state,
            "at": iso_instant(step.at),
            "note": step.note if knows or step.to_state != LoanState.REFUSED else "",
        }
        for step in LoanStep.objects.filter(loan=row["id"]).order_by("pk")
    ]
