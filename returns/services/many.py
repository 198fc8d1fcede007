"""Writing into many drafts at once: a statement a return, and a few for all of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.utils import IntegrityError

from accounts.models import User
from foundation.months import next_month
from foundation.versions import save_next_version
from park.services import refuse_closed_months
from returns.figures import Part
from returns.models import ClassFigures, MarketFigures, MonthlyReturn, ReturnClass, ReturnMarket
from returns.services.drafts import fill, refuse_foreign_parts
from returns.services.entries import (
    ClassLines,
    Figures,
    MarketLines,
    check_figures,
    check_lines,
    check_notes,
    sections_of,
)
from returns.services.steps import refuse_states
from tenants.models import Enterprise
from web.refusals import Stale

AT_ONCE = 500  # rows in one statement


class Written(NamedTuple):
    """What is written into a return; `row` is locked, None where it is begun with this.

    A line comes with all its measures, or is None where it is taken out.
    """

    enterprise: Enterprise
    month: date
    row: MonthlyReturn | None
    figures: Figures
    classes: ClassLines
    markets: MarketLines
    notes: Mapping[str, str]


def write_drafts(*, written: Sequence[Written], now: datetime, acting_user: User) -> None:
    """Write into the drafts of `written`, in the caller's transaction, and begin those not there.

    The caller has seen to it that each was a tenant in its month. Raises `Invalid`, `NotYourPart`,
    `WrongState`, `MonthClosed`, or `Stale` where somebody began one meanwhile.
    """
    for month in sorted({one.month for one in written}):
        refuse_closed_months(month, next_month(month))
    for one in written:
        _check(one)
    _refuse_foreign_parts(written, acting_user)
    begun = _begin([one for one in written if one.row is None], now)
    rows = [one.row or begun[one.enterprise.pk, one.month] for one in written]
    for one, row in zip(written, rows, strict=True):
        if one.row is not None:
            told = (one.figures, one.classes, one.markets, one.notes)
            save_next_version(row, fill(row, *told, now=now, acting_user=acting_user))
    _write_lines(
        ReturnClass,
        ("service_class",),
        ClassFigures.FIELDS,
        [
            (row, (code,), line)
            for one, row in zip(written, rows, strict=True)
            for code, line in one.classes.items()
        ],
    )
    _write_lines(
        ReturnMarket,
        ("market", "currency"),
        MarketFigures.FIELDS,
        [
            (row, key, line)
            for one, row in zip(written, rows, strict=True)
            for key, line in one.markets.items()
        ],
    )


def _check(one: Written) -> None:
    if one.row is not None:
        refuse_states(one.row)
    before = one.row.reversal_reason if one.row else ""
    reason = str(one.figures.get("reversal_reason", before)).strip()
    check_figures(one.figures, reason)
    check_lines(one.month, one.classes, one.markets, reason)
    check_notes(one.notes)


def _refuse_foreign_parts(written: Iterable[Written], user: User) -> None:
    parts: dict[int, set[Part]] = {}
    for one in written:
        sections = sections_of([*one.figures], one.classes, one.markets)
        touched = parts.setdefault(one.enterprise.pk, set())
        touched |= {section.part for section in sections}
    for enterprise, touched in parts.items():
        refuse_foreign_parts(MonthlyReturn(enterprise_id=enterprise), touched, user)


def _begin(written: Sequence[Written], now: datetime) -> dict[tuple[int, date], MonthlyReturn]:
    rows = [
        MonthlyReturn(
            enterprise=one.enterprise,
            month=one.month,
            since=now,
            saved_at=now,
            notes=dict(one.notes),
            **one.figures,
        )
        for one in written
    ]
    try:
        with transaction.atomic():
            MonthlyReturn.objects.bulk_create(rows, AT_ONCE)
    except IntegrityError as error:  # somebody began one since it was compared
        raise Stale from error
    return {(row.enterprise_id, row.month): row for row in rows}


def _write_lines(
    model: Any,
    key_fields: tuple[str, ...],
    fields: Sequence[str],
    lines: Sequence[tuple[MonthlyReturn, tuple[str, ...], Mapping[str, Any] | None]],
) -> None:
    """Write the lines of all returns, and take out those that are None."""
    gone = {(row.pk, key) for row, key, line in lines if line is None}
    if gone:
        there = model.objects.filter(monthly_return__in={pk for pk, _key in gone})
        found = there.values_list("pk", "monthly_return", *key_fields)
        pks = [pk for pk, row, *key in found if (row, tuple(key)) in gone]
        model.objects.filter(pk__in=pks).delete()
    model.objects.bulk_create(
        [
            model(monthly_return=row, **dict(zip(key_fields, key, strict=True)), **line)
            for row, key, line in lines
            if line is not None
        ],
        AT_ONCE,
        update_conflicts=True,
        unique_fields=["monthly_return", *key_fields],
        update_fields=[*fields],
    )
