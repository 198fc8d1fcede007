"""What was recorded after a report was issued and may have changed its figures, and who may know.

Returns that were filed, corrected or sent back; months that were reopened; seats that changed; who
came and left, and what they took up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.months import month_of, next_month
from park.models import Floor, ReportingMonth
from reports.models import MonthlyReport, ReportState
from reports.public import may_read_all
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from seats.as_known import Deed
from seats.models import Allocation
from tenants.models import BusinessClass, BusinessLine, Tenancy
from web import formats

# The sources whose facts are seats, and tenants; those of the others are returns, but for requests
OF_SEATS = frozenset(
    {
        *("floors", "blocks", "ahead", "plan", "flows", "area_flows", "endings", "vacancies"),
        "projects",
    }
)
OF_TENANTS = frozenset({"tenancies", "lines"})
OF_NOTHING = frozenset({"calendar", "requests"})


def _changes(source: str) -> str:
    """What changes the facts of a source."""
    if source in OF_SEATS:
        return "seats"
    return "tenants" if source in OF_TENANTS else "returns"


@dataclass(frozen=True)
class Cause:
    """Something recorded since. `person` and `url` are empty for those who may not know."""

    at: datetime
    what: str
    why: str = ""
    person: str = ""
    url: str = ""
    of: str = "returns"  # or "seats", "tenants"
    enterprises: frozenset[int] = frozenset()
    places: frozenset[str] = field(default_factory=frozenset)

    def touches(self, level: str, code: str, sources: Iterable[str]) -> bool:
        """Whether it can have changed a figure of a row that is made of `sources`."""
        if self.of not in {_changes(source) for source in sources if source not in OF_NOTHING}:
            return False
        if level == "enterprise" and self.enterprises:
            return code.isdigit() and int(code) in self.enterprises
        if level in {"zone", "building", "floor"} and self.places:
            return any(f"{place}-".startswith(f"{code}-") for place in self.places)
        return True


def issued_at(report: MonthlyReport) -> datetime:
    """When a report was issued, as the database's clock had it."""
    events = MonthlyReport.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=report.pk, state=ReportState.ISSUED
    )
    found = events.aggregate(at=Min("pgh_created_at"))["at"]
    return found or report.issued_at or report.data_as_of


def causes_since(
    report: MonthlyReport,
    months: Sequence[date],
    user: User,
    *,
    seats: Iterable[Deed] = (),
    tenants: bool = False,
) -> list[Cause]:
    """What was recorded after `report` was issued about `months`, newest first.

    `seats`: what was done to seats. `tenants`: whether the report says who is in the park.
    """
    since = issued_at(report)
    found = [
        *_corrections(since, months, user),
        *_sent_back(since, months, user),
        *_reopened(since, months),
        *_of_seats(list(seats), user),
        *(_of_tenants(since, months, user) if tenants else ()),
    ]
    return sorted(found, key=lambda cause: cause.at, reverse=True)


def _corrections(since: datetime, months: Sequence[date], user: User) -> Iterator[Cause]:
    sees_who = user.has_perm("returns.view_every_monthlyreturn")
    recorded = ReturnRevision.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_label="insert", pgh_created_at__gt=since
    )
    revisions = (
        ReturnRevision.objects.filter(
            pk__in=recorded.values("pgh_obj_id"), monthly_return__month__in=months
        )
        .select_related("monthly_return__enterprise", "submitted_by")
        .order_by("pk")
    )
    for one in revisions:
        row = one.monthly_return
        form = (
            _("%(enterprise)s filed its return for %(month)s")
            if one.number == 1
            else _("%(enterprise)s corrected its return for %(month)s")
        )
        yield Cause(
            at=one.submitted_at,
            what=form % {"enterprise": _whose(row, user), "month": formats.month(row.month)},
            why=one.reason if sees_who else "",
            person=f"{one.signer} · {one.submitted_by}" if sees_who else "",
            url=reverse("returns:return-detail", args=[row.pk]) if sees_who else "",
            enterprises=frozenset({row.enterprise_id}),
        )


def _sent_back(since: datetime, months: Sequence[date], user: User) -> Iterator[Cause]:
    sees_who = user.has_perm("returns.view_every_monthlyreturn")
    events = (
        MonthlyReturn.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            state=ReturnState.SENT_BACK, pgh_created_at__gt=since, month__in=months
        )
        .order_by("pgh_obj_id", "since", "pgh_id")
        .distinct("pgh_obj_id", "since")
        .values_list("pgh_obj_id", "since", "question")
    )
    asked = list(events)
    rows = MonthlyReturn.objects.select_related("enterprise").in_bulk({pk for pk, *_rest in asked})
    for pk, at, question in asked:
        row = rows[pk]
        yield Cause(
            at=at,
            what=_("The return of %(enterprise)s for %(month)s was sent back")
            % {"enterprise": _whose(row, user), "month": formats.month(row.month)},
            why=question if sees_who else "",
            url=reverse("returns:return-detail", args=[pk]) if sees_who else "",
            enterprises=frozenset({row.enterprise_id}),
        )


def _whose(row: MonthlyReturn, user: User) -> str:
    """Whose return it is; with what its total differs by that would tell what it filed."""
    if may_read_all(user):
        return row.enterprise.short_name
    return _("An enterprise")


def _reopened(since: datetime, months: Sequence[date]) -> Iterator[Cause]:
    events = ReportingMonth.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_created_at__gt=since, is_closed=False, month__in=months
    )
    for event in events.order_by("pgh_id"):
        what = _("%(month)s was reopened") % {"month": formats.month(event.month)}
        yield Cause(at=event.reopened_at or event.pgh_created_at, what=what, why=event.reason)


def _of_seats(deeds: Sequence[Deed], user: User) -> Iterator[Cause]:
    sees_who = user.has_perm("seats.view_every_allocation")
    floors = {effect.floor for deed in deeds for effect in deed.effects}
    labels = dict(Floor.objects.filter(pk__in=floors).values_list("pk", "label"))
    people = User.objects.in_bulk({deed.user for deed in deeds if deed.user}) if sees_who else {}
    numbers = {pk for deed in deeds for pk in deed.allocations}
    allocations = Allocation.objects.select_related("enterprise").in_bulk(numbers)
    for deed in deeds:
        places = [labels.get(effect.floor, "") for effect in deed.effects]
        held = [allocations[pk] for pk in deed.allocations if pk in allocations]
        named = [str(one.enterprise or one.reason) for one in held] if sees_who else []
        yield Cause(
            at=deed.at,
            what=_("Seats changed on %(floors)s") % {"floors": ", ".join(places)},
            why=", ".join(dict.fromkeys(named)),
            person=str(people.get(deed.user or 0, "")) if sees_who else "",
            url=reverse("seats:allocation-detail", args=[held[0].pk]) if sees_who and held else "",
            of="seats",
            enterprises=frozenset(one.enterprise_id for one in held if one.enterprise_id),
            places=frozenset(places),
        )


def _of_tenancies(since: datetime, months: Sequence[date]) -> Iterator[tuple[Any, str]]:
    """Tenancies that were noted or changed, with a day in one of `months`, or their first away."""
    model: Any = Tenancy.pgh_event_model  # type: ignore[attr-defined]
    changed = model.objects.filter(pgh_created_at__gt=since).values("pgh_obj_id")
    before: dict[int, Any] = {}
    for event in _in_order(model.objects.filter(pgh_obj_id__in=changed)):
        former = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event.period
        periods = [period for period in (former, event.period) if period is not None]
        is_change = former != event.period or event.pgh_label == "delete"
        if not is_change or event.pgh_created_at <= since or not _is_of(months, periods):
            continue
        days = " → ".join(formats.days_of(period) for period in dict.fromkeys(periods))
        form = (
            _("Tenancy of %(enterprise)s taken back: %(days)s")
            if event.pgh_label == "delete"
            else _("Tenancy of %(enterprise)s: %(days)s")
        )
        yield event, form % {"enterprise": event.enterprise.short_name, "days": days}


def _is_of(months: Sequence[date], periods: Iterable[Any]) -> bool:
    """Whether one of half-open `periods` meets a month, or ends with its first day."""
    return any(
        period.lower < next_month(month) and (period.upper is None or period.upper >= month)
        for period in periods
        for month in months
    )


def _of_lines(since: datetime, months: Sequence[date]) -> Iterator[tuple[Any, str]]:
    """Lines of business that were noted or taken back, taken up in one of `months`."""
    model: Any = BusinessLine.pgh_event_model  # type: ignore[attr-defined]
    recorded = model.objects.filter(pgh_created_at__gt=since, started_on__isnull=False)
    for event in _in_order(recorded):
        if event.pgh_label == "update" or month_of(event.started_on) not in months:
            continue
        form = (
            _("Line of business of %(enterprise)s taken back: %(business)s, since %(day)s")
            if event.pgh_label == "delete"
            else _("Line of business of %(enterprise)s: %(business)s, since %(day)s")
        )
        words = {
            "enterprise": event.enterprise.short_name,
            "business": BusinessClass(event.business_class).label,
            "day": formats.iso_day(event.started_on),
        }
        yield event, form % words


def _in_order(events: QuerySet[Any]) -> QuerySet[Any]:
    return events.select_related("enterprise", "pgh_context").order_by("pgh_id")


def _of_tenants(since: datetime, months: Sequence[date], user: User) -> Iterator[Cause]:
    """Who came, left or took something up; who noted it, for those who may know."""
    found = [*_of_tenancies(since, months), *_of_lines(since, months)]
    sees_who = user.has_perm("tenants.view_enterprise")
    who = {
        event: (event.pgh_context.metadata if event.pgh_context else {}) for event, _what in found
    }
    people = User.objects.in_bulk({one["user"] for one in who.values() if one.get("user")})
    for event, what in found:
        page = reverse("portal:enterprise-detail", args=[event.enterprise_id])
        yield Cause(
            at=event.pgh_created_at,
            what=what,
            person=str(people.get(who[event].get("user"), "")) if sees_who else "",
            url=page if sees_who else "",
            of="tenants",
            enterprises=frozenset({event.enterprise_id}),
        )
