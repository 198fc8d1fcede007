"""What stands in for projects while there is no promotion room: seats held and chosen ahead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, last_day
from reports.indicators.registry import Distinct, Source, Total
from reports.indicators.seats import take_ahead, take_blocks
from reports.units import Unit
from tenants.models import Tenancy

PROSPECT, TENANT = "prospect", "tenant"


class ProjectFact(NamedTuple):
    """Seats that are kept for an enterprise at the end of a month, or that it chose ahead.

    `tenancy`: whether it is a tenant on that day, or not yet.
    """

    month: str
    zone: str
    building: str
    floor: str
    enterprise: int
    tenancy: str
    run: str
    first_day: str
    held: int
    ahead: int
    preselected: int
    sample_fields: list[str]


_OF_AHEAD = {"seats": "ahead", "held": "preselected"}


def take_projects(months: Sequence[date], _columns: Collection[str] = ()) -> list[ProjectFact]:
    """Everything held or chosen ahead, month by month, place by place."""
    tenants = {
        format_month(month): set(
            Tenancy.objects.on(last_day(month)).values_list("enterprise", flat=True)
        )
        for month in months
    }
    facts = [*_held(months, tenants), *_chosen(months, tenants)]
    return sorted(facts, key=lambda fact: fact.month)


def _held(months: Sequence[date], tenants: dict[str, set[int]]) -> Iterator[ProjectFact]:
    for fact in take_blocks(months):
        if fact.held and fact.enterprise is not None:
            yield ProjectFact(
                **_place(fact, tenants),
                held=fact.held,
                ahead=0,
                preselected=0,
                sample_fields=[
                    column for column in fact.sample_fields if column in ProjectFact._fields
                ],
            )


def _chosen(months: Sequence[date], tenants: dict[str, set[int]]) -> Iterator[ProjectFact]:
    for fact in take_ahead(months):
        yield ProjectFact(
            **_place(fact, tenants),
            held=0,
            ahead=fact.seats,
            preselected=fact.held,
            sample_fields=[
                named
                for column in fact.sample_fields
                if (named := _OF_AHEAD.get(column, column)) in ProjectFact._fields
            ],
        )


def _place(fact: Any, tenants: dict[str, set[int]]) -> dict[str, Any]:
    """What a held block and a run chosen ahead have in common."""
    same = ("month", "zone", "building", "floor", "enterprise", "run", "first_day")
    is_tenant = fact.enterprise in tenants[fact.month]
    tenancy = TENANT if is_tenant else PROSPECT
    return {"tenancy": tenancy, **{name: getattr(fact, name) for name in same}}


PROJECTS = Source("projects", ProjectFact, take_projects)

PROJECT_ENTERPRISES = Distinct(
    code="project_enterprises",
    name=_("Enterprises with seats held or chosen ahead"),
    short=pgettext_lazy("head", "Enterprises"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises for which seats are held at the end of the month, or that have chosen seats "
        "ahead. One that has both counts once."
    ),
    source="projects",
    column="run",
    of="enterprise",
)
PROJECT_HELD = Total(
    code="project_held",
    name=_("Seats held for projects"),
    short=pgettext_lazy("head", "Held"),
    unit=Unit.SEAT,
    definition=_("Seats kept for a negotiating or signed project at the end of the last day."),
    source="projects",
    column="held",
)
PROJECT_AHEAD = Total(
    code="project_ahead",
    name=_("Seats chosen ahead by projects"),
    short=pgettext_lazy("head", "Chosen ahead"),
    unit=Unit.SEAT,
    definition=_(
        "Seats contracted or held from a day after the month, or on a floor that is not handed "
        "over by then, as known at the end of its last day."
    ),
    source="projects",
    column="ahead",
)
PROJECT_PRESELECTED = Total(
    code="project_preselected",
    name=_("Of these pre-selected"),
    short=pgettext_lazy("head", "Pre-selected"),
    unit=Unit.SEAT,
    definition=_("Of the seats chosen ahead, those that are held and not contracted yet."),
    source="projects",
    column="preselected",
)

SOURCES = (PROJECTS,)
INDICATORS = (PROJECT_ENTERPRISES, PROJECT_HELD, PROJECT_AHEAD, PROJECT_PRESELECTED)
