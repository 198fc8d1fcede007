"""Beginning the return of a month: empty, or with what the month before and the records know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.utils import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.months import add_months, next_month
from park.lock import park_locked
from park.services import refuse_closed_months
from returns.catalogue import currencies, markets, service_classes
from returns.content import Content
from returns.figures import FIGURES
from returns.models import ExchangeRate, MonthlyReturn, ReturnRevision
from returns.services.drafts import NONE, write_lines
from returns.services.entries import (
    ClassLines,
    Figures,
    MarketLines,
    check_figures,
    check_lines,
    check_notes,
)
from returns.services.refusals import NotATenantThen, ReturnExists
from tenants.models import BusinessLine, Enterprise
from web import formats
from web.refusals import Invalid

OFFSHORE = ("offshore_contract_value", "offshore_executed_value")


def open_return(
    *,
    enterprise: Enterprise,
    month: date,
    figures: Figures,
    now: datetime,
    today: date,
    acting_user: User,
    source: str = "",
    sample_fields: tuple[str, ...] = (),
    classes: ClassLines = NONE,
    markets: MarketLines = NONE,
    notes: Mapping[str, str] = NONE,
    prefilled: bool = False,
) -> MonthlyReturn:
    """Begin the return of a month that has begun. `figures` by the names of `ReturnFigures.FILED`.

    `prefilled`: what is not among them begins with what is known (`known_before`).
    Raises `Invalid`, `NotATenantThen`, `MonthClosed` or `ReturnExists`.
    """
    if month > today:
        raise Invalid({"month": _("%(month)s has not begun.") % {"month": formats.month(month)}})
    check_figures(figures)
    check_lines(month, classes, markets, str(figures.get("reversal_reason", "")))
    check_notes(notes)
    try:
        with park_locked(acting_user, shared=True):
            refuse_closed_months(month, next_month(month))
            _refuse_strangers(enterprise, month)
            known = known_before(enterprise.pk, month) if prefilled else Content({})
            row = MonthlyReturn.objects.create(
                enterprise=enterprise,
                month=month,
                since=now,
                saved_at=now,
                source=source,
                sample_fields=list(sample_fields),
                notes=dict(notes),
                **{**known.filed, **figures},
            )
            write_lines(row, {**known.classes, **classes}, {**known.markets, **markets})
            return row
    except IntegrityError as error:
        found = MonthlyReturn.objects.filter(enterprise=enterprise, month=month).first()
        if found is None:
            raise
        message = _("There is a return for %(month)s already.") % {"month": formats.month(month)}
        raise ReturnExists(message, extra={"return": found.pk}) from error


def known_before(enterprise_id: int, month: date) -> Content:
    """What a return of `month` begins with.

    People as the last month ended with them, no offshore work where it had none; its classes and
    markets, without amounts, as far as the lists of the month hold them; the month's rates. Where
    nothing was filed: the classes that its lines of business usually are.
    """
    last = (
        ReturnRevision.objects.counting()
        .filter(
            monthly_return__enterprise=enterprise_id, monthly_return__month=add_months(month, -1)
        )
        .first()
    )
    if last is None:
        return Content({}, {key: {} for key in _usual_classes(enterprise_id, month)})
    before = Content.of(last)
    filed: dict[str, Any] = {
        name: before[name]
        for name, figure in FIGURES.items()
        if figure.is_carried and name != "opening"
    }
    filed |= {"opening": before["headcount"], "is_cost_centre": before["is_cost_centre"]}
    filed |= {name: before[name] for name in OFFSHORE if before[name] == 0}
    rates, tree = rates_of(month), service_classes(month)
    return Content(
        filed,
        {code: {} for code in before.classes if tree.is_leaf(code)},
        {
            (market, currency): {"rate": rates.get(currency)}
            for market, currency in before.markets
            if market in markets(month) and currency in currencies(month)
        },
    )


def rates_of(month: date) -> Mapping[str, Decimal]:
    """元 for one unit of each currency of which the park knows the rate of the month."""
    known = ExchangeRate.objects.filter(month=month).values_list("currency", "rate")
    return {"CNY": Decimal(1), **dict(known)}


def _usual_classes(enterprise_id: int, month: date) -> list[str]:
    usual = service_classes(month).usual
    lines = BusinessLine.objects.filter(enterprise=enterprise_id).order_by("-is_main", "pk")
    return [
        usual[business]
        for business in dict.fromkeys(lines.values_list("business_class", flat=True))
        if business in usual
    ]


def _refuse_strangers(enterprise: Enterprise, month: date) -> None:
    tenants = Enterprise.objects.tenants_during(month, next_month(month))
    if not tenants.filter(pk=enterprise.pk).exists():
        raise NotATenantThen(
            _("%(enterprise)s was not a tenant in %(month)s.")
            % {"enterprise": enterprise.short_name, "month": formats.month(month)},
            field="month",
        )
