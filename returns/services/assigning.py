"""Who of an enterprise fills in which part of its returns; and the rates of a month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recorded
from returns.catalogue import currencies
from returns.figures import Part
from returns.models import ExchangeRate, PartAssignment
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

    Returns keep the rate that they were filed with. Raises `Invalid`.
    """
    if currency not in currencies(month) or currency == "CNY":
        raise Invalid({"currency": _("There is no such currency.")})
    if rate is not None and not (rate.is_finite() and 0 < rate < 10**6 and rate == round(rate, 6)):
        raise Invalid({"rate": _("Give the rate in yuan for one unit, at most six decimals.")})
    with recorded(acting_user):
        if rate is None:
            ExchangeRate.objects.filter(month=month, currency=currency).delete()
            return None
        return ExchangeRate.objects.update_or_create(
            month=month, currency=currency, defaults={"rate": rate, "source": source.strip()}
        )[0]
