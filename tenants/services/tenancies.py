"""When enterprises are of the park."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from park.axis import LAST_DAY
from park.lock import park_locked
from park.services import refuse_closed_months
from tenants.models import Enterprise, Tenancy
from web.refusals import Invalid, Refusal


class NotATenant(Refusal):
    """The enterprise has no tenancy that could end."""

    code = "not_a_tenant"
    title = gettext_lazy("Not a tenant")


def begin_tenancy(
    *, enterprise: Enterprise, first_day: date, source: str = "", sample_fields: Sequence[str] = ()
) -> None:
    """See that `enterprise` is a tenant from `first_day` on; call inside a recorded transaction.

    A tenancy that was to begin later begins earlier; else a new one begins, without an end.
    """
    tenancies = Tenancy.objects.filter(enterprise=enterprise)
    if tenancies.on(first_day).exists():
        return
    later = tenancies.filter(period__startswith__gt=first_day).order_by("period").first()
    if later is not None:
        later.period = (first_day, later.period.upper)
        later.save(update_fields=["period"])
        return
    Tenancy.objects.create(
        enterprise=enterprise,
        period=(first_day, None),
        source=source,
        sample_fields=list(sample_fields),
    )


def end_tenancy(*, enterprise: Enterprise, last_day: date, acting_user: User) -> None:
    """End the running tenancy on `last_day`. Whether seats are held longer, the caller checks.

    Raises `NotATenant`, `Invalid` where `last_day` comes before its first, `MonthClosed` or `Busy`.
    """
    if last_day > LAST_DAY:
        raise Invalid({"last_day": _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    with park_locked(acting_user, shared=True):
        tenancy = (
            Tenancy.objects.select_for_update()
            .filter(enterprise=enterprise, period__upper_inf=True)
            .first()
        )
        if tenancy is None:
            raise NotATenant(_("This enterprise has no running tenancy."))
        if last_day < tenancy.period.lower:
            raise Invalid({"last_day": _("The last day must not come before the first.")})
        end = last_day + timedelta(days=1)
        refuse_closed_months(end, None)
        tenancy.period = (tenancy.period.lower, end)
        tenancy.save(update_fields=["period"])
