"""Who of an enterprise fills in which part of its returns; and the rates of a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recorded
from foundation.months import next_month
from foundation.versions import save_next_version
from park.lock import park_locked
from park.services import refuse_closed_months
from returns.catalogue import currencies
from returns.figures import Part
from returns.models import ExchangeRate, MonthlyReturn, PartAssignment, ReturnMarket
from tenants.models import Enterprise, Membership
from web.refusals import Invalid


def assign_part(
    *, enterprise: Enterprise, part: Part, person: User | None, acting_user: User
) -> PartAssignment | None:
    """Let `person`, and no other member, fill in `part` of the returns of `enterprise`.

    None: whoever comes first. Managers and the park may always. Raises `Invalid` where the person
    does not act for the enterprise.
    """
    with recorded(acting_user):
        if person is None:
            PartAssignment.objects.filter(enterprise=enterprise, part=part).delete()
            return None
        members = Membership.objects.current().filter(enterprise=enterprise, user=person)
        if not members.exists():
            raise Invalid({part.value: _("Choose somebody who acts for this enterprise.")})
        return PartAssignment.objects.update_or_create(
            enterprise=enterprise, part=part, defaults={"user": person}
        )[0]


def set_rate(
    *, month: date, currency: str, rate: Decimal | None, source: str, acting_user: User
) -> ExchangeRate | None:
    """Say what one unit of `currency` is in 元 for returns of `month`; None takes it back.

    Raises as `set_rates`.
    """
    set_rates(month=month, rates={currency: rate}, source=source, acting_user=acting_user)
    return ExchangeRate.objects.filter(month=month, currency=currency).first()


def set_rates(
    *,
    month: date,
    rates: Mapping[str, Decimal | None],
    source: str,
    acting_user: User,
    sample_fields: Sequence[str] = (),
) -> None:
    """Say what one unit of each currency is in 元 for returns of `month`; None takes one back.

    Returns keep the rate that they have; lines of drafts that wait for one get it. What says the
    same already stays untouched, with its source. Raises `Invalid` by currency, all of it at once,
    or `MonthClosed`.
    """
    _refuse_rates(month, rates)
    with park_locked(acting_user, shared=True):
        refuse_closed_months(month, next_month(month))
        known = {row.currency: row for row in ExchangeRate.objects.filter(month=month)}
        for currency, rate in rates.items():
            row = known.get(currency)
            if rate is None:
                ExchangeRate.objects.filter(month=month, currency=currency).delete()
            elif row is None or row.rate != rate:
                ExchangeRate.objects.update_or_create(
                    month=month,
                    currency=currency,
                    defaults={
                        "rate": rate,
                        "source": source.strip(),
                        "sample_fields": list(sample_fields),
                    },
                )
        _give_to_waiting(month, rates)


def _give_to_waiting(month: date, rates: Mapping[str, Decimal | None]) -> None:
    """Fill in what drafts lack; who has the page of one open sees it come."""
    known = {currency: rate for currency, rate in rates.items() if rate is not None}
    lines = ReturnMarket.objects.waiting_for_rates(month).filter(currency__in=known)
    rows = MonthlyReturn.objects.filter(pk__in=lines.values("monthly_return")).order_by("pk")
    for row in rows.select_for_update(of=("self",), no_key=True):
        save_next_version(row, [])
    for currency, rate in known.items():
        lines.filter(currency=currency).update(rate=rate)


def _refuse_rates(month: date, rates: Mapping[str, Decimal | None]) -> None:
    known = currencies(month)
    errors = {}
    for currency, rate in rates.items():
        if currency not in known or currency == "CNY":
            errors[currency] = _("There is no such currency.")
        elif not _can_be(rate):
            errors[currency] = _("Give the rate in yuan for one unit, at most six decimals.")
    if errors:
        raise Invalid(errors)


def _can_be(rate: Decimal | None) -> bool:
    if rate is None:
        return True
    return rate.is_finite() and 0 < rate < 10**6 and rate == round(rate, 6)
