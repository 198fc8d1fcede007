"""Every write to monthly returns: a draft is edited, a revision is submitted and stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from foundation.months import next_month
from foundation.services.messages import tell
from foundation.versions import locked, save_next_version
from park.lock import park_locked
from park.models import ReportingMonth
from park.services import refuse_closed_months
from returns.models import BREAKDOWNS, MonthlyReturn, ReturnFigures, ReturnRevision, ReturnState
from tenants.models import Enterprise, Tenancy
from web import formats
from web.refusals import Invalid, Refusal

Figures = Mapping[str, Decimal | int | None]


class ReturnExists(Refusal):
    """There is one return per enterprise and month."""

    code = "return_exists"
    title = gettext_lazy("Return exists")


class NotATenantThen(Refusal):
    """Only tenants owe a return, for the months in which they were of the park."""

    status = 400
    code = "not_a_tenant"
    title = gettext_lazy("Not a tenant in that month")


class WrongState(Refusal):
    """The step does not follow from where the return is."""

    code = "wrong_state"
    title = gettext_lazy("Not possible now")


EDITABLE = frozenset({ReturnState.DRAFT, ReturnState.SENT_BACK})
REVIEWABLE = frozenset({ReturnState.SUBMITTED})
CORRECTABLE = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})


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
) -> MonthlyReturn:
    """Begin the return of a month that has begun. `figures` by the fields of `ReturnFigures`.

    Raises `Invalid`, `NotATenantThen`, `MonthClosed` or `ReturnExists`.
    """
    if month > today:
        raise Invalid({"month": _("%(month)s has not begun.") % {"month": formats.month(month)}})
    check_figures(figures)
    try:
        with park_locked(acting_user, shared=True):
            refuse_closed_months(month, next_month(month))
            _refuse_strangers(enterprise, month)
            return MonthlyReturn.objects.create(
                enterprise=enterprise,
                month=month,
                since=now,
                saved_at=now,
                source=source,
                sample_fields=list(sample_fields),
                **figures,
            )
    except IntegrityError as error:
        known = MonthlyReturn.objects.filter(enterprise=enterprise, month=month).first()
        if known is None:
            raise
        message = _("There is a return for %(month)s already.") % {"month": formats.month(month)}
        raise ReturnExists(message, extra={"return": known.pk}) from error


def _refuse_strangers(enterprise: Enterprise, month: date) -> None:
    tenants = Enterprise.objects.tenants_during(month, next_month(month))
    if not tenants.filter(pk=enterprise.pk).exists():
        raise NotATenantThen(
            _("%(enterprise)s was not a tenant in %(month)s.")
            % {"enterprise": enterprise.short_name, "month": formats.month(month)},
            field="month",
        )


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
        ReturnRevision.objects.bulk_create(
            [
                ReturnRevision(
                    monthly_return=row,
                    number=1,
                    signer=one.signer.strip(),
                    submitted_by=one.submitted_by,
                    submitted_at=one.submitted_at,
                    **one.figures,
                )
                for one, row in zip(filed, rows, strict=True)
            ],
            500,
        )
    return len(filed)


def _check_filed(one: FiledElsewhere, today: date) -> None:
    if one.month > today:
        message = _("%(month)s has not begun.") % {"month": formats.month(one.month)}
        raise Invalid({"month": message})
    if not one.signer.strip():
        raise Invalid({"signer": _("Say who signs this return.")})
    check_figures(one.figures)
    check_complete({**dict.fromkeys(ReturnFigures.FIELDS), **one.figures})


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
        **one.figures,
    )


def save_draft(
    *,
    return_id: int,
    figures: Figures,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> MonthlyReturn:
    """Keep what was typed. Raises `Invalid`, `WrongState`, `MonthClosed` or `Stale`."""
    check_figures(figures)
    with park_locked(acting_user, shared=True):
        row = _locked_in(EDITABLE, return_id, expected_version)
        for name, value in figures.items():
            setattr(row, name, value)
        row.saved_at = now
        save_next_version(row, [*figures, "saved_at"])
    return row


def submit_return(
    *,
    return_id: int,
    signer: str,
    now: datetime,
    acting_user: User,
    reason: str = "",
    expected_version: int | None = None,
) -> ReturnRevision:
    """Submit the draft as a revision, signed; from the second on with the reason for it.

    Raises `Invalid`, `WrongState`, `MonthClosed` or `Stale`.
    """
    with park_locked(acting_user, shared=True):
        row = _locked_in(EDITABLE, return_id, expected_version)
        check_complete(row.figures())
        if not signer.strip():
            raise Invalid({"signer": _("Say who signs this return.")})
        is_again = row.revision_count > 0
        if is_again and not reason.strip():
            raise Invalid({"reason": _("Say what changed and why.")})
        _move(row, ReturnState.SUBMITTED, now, revision_count=row.revision_count + 1, question="")
        return ReturnRevision.objects.create(
            monthly_return=row,
            number=row.revision_count,
            signer=signer.strip(),
            reason=reason.strip() if is_again else "",
            submitted_by=acting_user,
            submitted_at=now,
            **row.figures(),
        )


def accept_return(
    *, return_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> MonthlyReturn:
    """Accept a submitted return. Raises `WrongState`, `MonthClosed` or `Stale`."""
    with park_locked(acting_user, shared=True):
        row = _locked_in(REVIEWABLE, return_id, expected_version)
        _move(row, ReturnState.ACCEPTED, now)
    return row


def send_back_return(
    *,
    return_id: int,
    question: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> MonthlyReturn:
    """Send a submitted return back with a question or the rule it breaks, never a wanted value."""
    if not question.strip():
        raise Invalid({"question": _("Say which rule or question sends it back.")})
    with park_locked(acting_user, shared=True):
        row = _locked_in(CORRECTABLE, return_id, expected_version)
        _move(row, ReturnState.SENT_BACK, now, question=question.strip())
        _tell_enterprise(row)
    return row


def correct_return(
    *, return_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> MonthlyReturn:
    """Take a filed return up again to correct it; until the next submission the old one counts."""
    with park_locked(acting_user, shared=True):
        row = _locked_in(CORRECTABLE, return_id, expected_version)
        _move(row, ReturnState.DRAFT, now)
    return row


def _locked_in(
    states: frozenset[ReturnState], return_id: int, expected_version: int | None
) -> MonthlyReturn:
    row = locked(MonthlyReturn.objects, return_id, expected_version)
    if row.state not in states:
        raise WrongState(
            _("This can't be done: the return is “%(state)s”.")
            % {"state": row.get_state_display()},
            extra={"state": row.state},
        )
    refuse_closed_months(row.month, next_month(row.month))
    return row


def _move(row: MonthlyReturn, state: ReturnState, now: datetime, **fields: Any) -> None:
    row.state, row.since = state, now
    for name, value in fields.items():
        setattr(row, name, value)
    save_next_version(row, ["state", "since", *fields])


def check_figures(figures: Figures) -> None:
    """Refuse what cannot be a figure at all: unknown names, negative numbers, fractions of a 分."""
    unknown = figures.keys() - set(ReturnFigures.FIELDS)
    if unknown:
        raise Invalid({name: _("There is no such figure.") for name in sorted(unknown)})
    errors = {name: error for name, value in figures.items() if (error := _error_of(name, value))}
    if errors:
        raise Invalid(errors)


def _error_of(name: str, value: Decimal | int | None) -> str | None:
    if value is None:
        return None
    is_number = Decimal(value).is_finite()
    if is_number and value < 0:
        return _("This can't be negative.")
    if name == "revenue":
        if not is_number or value >= 10**14 or value != Decimal(value).quantize(Decimal("0.01")):
            return _("Give an amount in yuan with at most two decimals, below 100 trillion.")
    elif value > 10_000_000:
        return _("This is more people than a park can hold.")
    return None


def check_complete(figures: Figures) -> None:
    """Refuse to submit what is missing or does not add up; all of it at once, in words."""
    errors: dict[str, str] = {}
    for name in ("revenue", "headcount"):
        if figures[name] is None:
            errors[name] = _("Please fill this in; 0 if there was none.")
    headcount = figures["headcount"]
    if headcount is not None:
        for names in BREAKDOWNS.values():
            errors.update(_breakdown_error(figures, names, int(headcount)))
    if errors:
        raise Invalid(errors)


def _breakdown_error(figures: Figures, names: tuple[str, ...], headcount: int) -> dict[str, str]:
    given = [int(figures[name] or 0) for name in names if figures[name] is not None]
    if not given:
        return {}
    short = headcount - sum(given)
    if short == 0:
        return {}
    message = (
        _("These must add up to %(headcount)s; %(short)s are missing.")
        if short > 0
        else _("These must add up to %(headcount)s; there are %(short)s too many.")
    )
    return {names[0]: message % {"headcount": f"{headcount:,}", "short": f"{abs(short):,}"}}


def _tell_enterprise(row: MonthlyReturn) -> None:
    tell(
        people=User.objects.filter(
            memberships__enterprise=row.enterprise, memberships__ended_at=None, is_active=True
        ),
        subject=gettext_noop("Your return for %(month)s was sent back"),
        body=gettext_noop("The park asks about your return for %(month)s: %(question)s"),
        url=reverse("returns:return-detail", args=[row.pk]),
        parameters={"month": formats.lazy_month(row.month), "question": row.question},
    )
