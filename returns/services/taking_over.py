"""Taking over returns that were filed before they came here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.months import next_month
from park.lock import park_locked
from park.models import ReportingMonth
from park.services import refuse_closed_months
from returns.catalogue import versions_of
from returns.content import Content
from returns.models import (
    ClassFigures,
    MarketFigures,
    MonthlyReturn,
    ReturnClass,
    ReturnFigures,
    ReturnMarket,
    ReturnRevision,
    ReturnState,
    RevisionClass,
    RevisionMarket,
)
from returns.services.entries import (
    ClassLines,
    Figures,
    MarketLines,
    check_figures,
    check_lines,
    check_notes,
)
from returns.services.filing import refuse_contradictions
from returns.services.refusals import NotATenantThen, ReturnExists
from tenants.models import Enterprise, Tenancy
from web import formats
from web.refusals import Invalid


class FiledElsewhere(NamedTuple):
    """A return as it was filed before it came here: by whom and when, and accepted when."""

    enterprise: Enterprise
    month: date
    figures: Figures
    signer: str
    submitted_by: User
    submitted_at: datetime
    accepted_at: datetime | None
    source: str = ""
    sample_fields: tuple[str, ...] = ()
    classes: ClassLines = MappingProxyType({})
    markets: MarketLines = MappingProxyType({})
    notes: Mapping[str, str] = MappingProxyType({})


def take_over_returns(*, filed: Sequence[FiledElsewhere], today: date, acting_user: User) -> int:
    """Take over returns that were filed elsewhere, all or none, by the rules of those filed here.

    A constant number of statements, however many there are. Returns how many.
    Raises `Invalid`, `NotATenantThen`, `MonthClosed` or `ReturnExists`.
    """
    for one in filed:
        _check_filed(one, today)
    with park_locked(acting_user, shared=True):
        months = {one.month for one in filed}
        for closed in (
            ReportingMonth.objects.closed().filter(month__in=months).order_by("month")[:1]
        ):
            refuse_closed_months(closed.month, next_month(closed.month))
        _refuse_strangers_and_twins(filed)
        rows = MonthlyReturn.objects.bulk_create([_taken_over(one) for one in filed], 500)
        revisions = ReturnRevision.objects.bulk_create(
            [
                ReturnRevision(
                    monthly_return=row,
                    number=1,
                    signer=one.signer.strip(),
                    submitted_by=one.submitted_by,
                    submitted_at=one.submitted_at,
                    catalogue=versions_of(one.month),
                    notes=dict(one.notes),
                    **one.figures,
                )
                for one, row in zip(filed, rows, strict=True)
            ],
            500,
        )
        _write_lines(filed, rows, revisions)
    return len(filed)


def _write_lines(
    filed: Sequence[FiledElsewhere],
    rows: Sequence[MonthlyReturn],
    revisions: Sequence[ReturnRevision],
) -> None:
    """The classes and markets of all of them, of the drafts and of the revisions."""
    classes = [
        (row, revision, {"service_class": code, **(measures or {})})
        for one, row, revision in zip(filed, rows, revisions, strict=True)
        for code, measures in one.classes.items()
    ]
    ReturnClass.objects.bulk_create(
        [ReturnClass(monthly_return=row, **line) for row, _revision, line in classes], 500
    )
    RevisionClass.objects.bulk_create(
        [RevisionClass(revision=revision, **line) for _row, revision, line in classes], 500
    )
    markets = [
        (row, revision, {"market": market, "currency": currency, **(measures or {})})
        for one, row, revision in zip(filed, rows, revisions, strict=True)
        for (market, currency), measures in one.markets.items()
    ]
    ReturnMarket.objects.bulk_create(
        [ReturnMarket(monthly_return=row, **line) for row, _revision, line in markets], 500
    )
    RevisionMarket.objects.bulk_create(
        [RevisionMarket(revision=revision, **line) for _row, revision, line in markets], 500
    )


def _check_filed(one: FiledElsewhere, today: date) -> None:
    if one.month > today:
        message = _("%(month)s has not begun.") % {"month": formats.month(one.month)}
        raise Invalid({"month": message})
    if not one.signer.strip():
        raise Invalid({"signer": _("Say who signs this return.")})
    check_figures(one.figures)
    check_notes(one.notes)
    reason = str(one.figures.get("reversal_reason", ""))
    check_lines(one.month, one.classes, one.markets, reason)
    refuse_contradictions(_content(one), one.month)


def _content(one: FiledElsewhere) -> Content:
    nothing = dict.fromkeys(ReturnFigures.FIELDS)
    stated = {"is_cost_centre": False, "is_nil": False, "reversal_reason": ""}
    none = dict.fromkeys(ClassFigures.FIELDS)
    unknown = dict.fromkeys(MarketFigures.FIELDS)
    return Content(
        {**nothing, **stated, **one.figures, "notes": one.notes},
        {code: {**none, **(measures or {})} for code, measures in one.classes.items()},
        {key: {**unknown, **(measures or {})} for key, measures in one.markets.items()},
    )


def _refuse_strangers_and_twins(filed: Sequence[FiledElsewhere]) -> None:
    """Each was a tenant in its month, and has no return for it yet; two queries for all of them."""
    enterprises = {one.enterprise.pk for one in filed}
    periods: dict[int, list[Any]] = {pk: [] for pk in enterprises}
    for pk, period in Tenancy.objects.filter(enterprise__in=enterprises).values_list(
        "enterprise", "period"
    ):
        periods[pk].append(period)
    known = set(
        MonthlyReturn.objects.filter(enterprise__in=enterprises).values_list("enterprise", "month")
    )
    for one in filed:
        words = {"enterprise": one.enterprise.short_name, "month": formats.month(one.month)}
        if not any(_shares_a_day(period, one.month) for period in periods[one.enterprise.pk]):
            raise NotATenantThen(_("%(enterprise)s was not a tenant in %(month)s.") % words)
        if (one.enterprise.pk, one.month) in known:
            raise ReturnExists(_("There is a return for %(month)s already.") % words)
        known.add((one.enterprise.pk, one.month))


def _shares_a_day(period: Any, month: date) -> bool:
    return period.lower < next_month(month) and (period.upper is None or period.upper > month)


def _taken_over(one: FiledElsewhere) -> MonthlyReturn:
    since = one.accepted_at or one.submitted_at
    return MonthlyReturn(
        enterprise=one.enterprise,
        month=one.month,
        state=ReturnState.ACCEPTED if one.accepted_at else ReturnState.SUBMITTED,
        revision_count=1,
        since=since,
        saved_at=one.submitted_at,
        source=one.source,
        sample_fields=list(one.sample_fields),
        notes=dict(one.notes),
        **one.figures,
    )
