"""Requests for seats, the closest that there is to requests for help: received, answered, over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.models import Setting
from foundation.months import format_month, month_of, next_month
from foundation.services.settings import setting
from foundation.working_days import WorkingCalendar
from reports.indicators.registry import Ratio, Source, Total
from reports.units import Unit, rounded
from seats.models import RequestState, StateChange
from seats.models.requests import OVER

ANSWERS = {
    RequestState.IN_REVIEW,
    RequestState.SENT_BACK,
    RequestState.OFFERED,
    RequestState.REJECTED,
    RequestState.FULFILLED,
}


class RequestFact(NamedTuple):
    """A request that was received in a month, as it stood at the end of it."""

    month: str
    enterprise: int
    request_kind: str
    number: str
    received_on: str
    received: int
    answered: int
    hours: Decimal | None
    settled: int
    open: int
    overdue: int
    sample_fields: list[str]


class _Step(NamedTuple):
    request: int
    to_state: str
    by: int | None
    at: datetime
    enterprise: int
    kind: str
    created_at: datetime
    sample_fields: list[str]


def take_requests(months: Sequence[date], _columns: Collection[str] = ()) -> list[RequestFact]:
    """Every request received in each month, by when it came."""
    calendar, promised = WorkingCalendar.load(), setting(Setting.Name.ANSWER_HOURS)
    facts = []
    for month in months:
        end = timezone.make_aware(datetime.combine(next_month(month), time()))
        changes = (
            StateChange.objects.filter(at__lt=end)
            .order_by("request", "at", "pk")
            .values_list(
                *("request", "to_state", "by", "at", "request__enterprise", "request__kind"),
                *("request__created_at", "request__sample_fields"),
            )
        )
        steps = (_Step(*change) for change in changes)
        for _pk, of_one in groupby(steps, key=lambda step: step.request):
            fact = _fact(month, list(of_one), end, calendar, promised)
            if fact is not None:
                facts.append(fact)
    return sorted(facts, key=lambda fact: (fact.month, fact.received_on, fact.number))


def _fact(
    month: date, steps: list[_Step], end: datetime, calendar: WorkingCalendar, promised: int
) -> RequestFact | None:
    received = next((step for step in steps if step.to_state == RequestState.SUBMITTED), None)
    if received is None or month_of(timezone.localdate(received.at)) != month:
        return None
    answer = next(
        (
            step
            for step in steps
            if step.to_state in ANSWERS and step.by is not None and step.at >= received.at
        ),
        None,
    )
    is_settled = steps[-1].to_state in OVER
    hours = _hours(calendar, received.at, answer.at) if answer else None
    waited = hours if hours is not None else _hours(calendar, received.at, end)
    return RequestFact(
        month=format_month(month),
        enterprise=received.enterprise,
        request_kind=received.kind,
        number=f"R-{timezone.localtime(received.created_at):%Y}-{received.request:04d}",
        received_on=timezone.localdate(received.at).isoformat(),
        received=1,
        answered=int(answer is not None),
        hours=hours,
        settled=int(is_settled),
        open=int(not is_settled),
        overdue=int(waited > promised and not (is_settled and answer is None)),
        sample_fields=(
            ["received", "answered", "hours", "settled", "open", "overdue"]
            if "*" in received.sample_fields
            else []
        ),
    )


def _hours(calendar: WorkingCalendar, start: datetime, end: datetime) -> Decimal:
    return rounded(Decimal(str(calendar.hours_between(start, end))), 2)


REQUESTS = Source("requests", RequestFact, take_requests, decimals=("hours",))

RECEIVED = Total(
    code="requests_received",
    name=_("Requests received"),
    short=pgettext_lazy("head", "Received"),
    unit=Unit.REQUEST,
    definition=_("Requests for seats that were submitted for the first time in the month."),
    source="requests",
    column="received",
)
ANSWERED = Total(
    code="requests_answered",
    name=_("Requests answered"),
    short=pgettext_lazy("head", "Answered"),
    unit=Unit.REQUEST,
    definition=_(
        "Of these, the ones that somebody of the park had taken up, sent back, offered seats for "
        "or decided by the end of the month."
    ),
    source="requests",
    column="answered",
)
ANSWER_HOURS = Total(
    code="requests_answer_hours",
    name=_("Working hours to the first answer"),
    short=pgettext_lazy("head", "Hours"),
    unit=Unit.HOUR,
    decimals=2,
    definition=_(
        "Working hours of the park's calendar from each request to its first answer, added up."
    ),
    source="requests",
    column="hours",
    if_none=None,
)
FIRST_ANSWER = Ratio(
    code="requests_first_answer",
    name=_("First answer, on average"),
    short=pgettext_lazy("head", "First answer"),
    unit=Unit.HOUR,
    definition=_("Working hours to the first answer ÷ requests answered."),
    numerator=ANSWER_HOURS,
    denominator=ANSWERED,
    decimals=1,
)
SETTLED = Total(
    code="requests_settled",
    name=_("Requests settled"),
    short=pgettext_lazy("head", "Settled"),
    unit=Unit.REQUEST,
    definition=_("Of these, the ones fulfilled, turned down or withdrawn by the end of the month."),
    source="requests",
    column="settled",
)
SETTLED_RATE = Ratio(
    code="requests_settled_rate",
    name=_("Settled rate"),
    short=pgettext_lazy("head", "Settled rate"),
    unit=Unit.PERCENT,
    definition=_("Requests settled ÷ requests received."),
    numerator=SETTLED,
    denominator=RECEIVED,
    factor=100,
)
OPEN = Total(
    code="requests_open",
    name=_("Requests under way"),
    short=pgettext_lazy("head", "Under way"),
    unit=Unit.REQUEST,
    definition=_("Of these, the ones not settled by the end of the month."),
    source="requests",
    column="open",
)
OVERDUE = Total(
    code="requests_overdue",
    name=_("Requests answered too late"),
    short=pgettext_lazy("head", "Overdue"),
    unit=Unit.REQUEST,
    definition=_(
        "Of these, the ones whose first answer took longer than the working hours that the park "
        "promises, or that had waited for longer at the end of the month."
    ),
    source="requests",
    column="overdue",
)

SOURCES = (REQUESTS,)
INDICATORS = (
    RECEIVED,
    ANSWERED,
    ANSWER_HOURS,
    FIRST_ANSWER,
    SETTLED,
    SETTLED_RATE,
    OPEN,
    OVERDUE,
)
