"""The park as lines of a list are compared with it: two queries for blocks, however many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, Q
from django.utils import timezone

from park.axis import FIRST_DAY, Span, level_name
from park.models import Floor, ReportingMonth
from seats.imports.lines import Line
from seats.imports.matching import Held
from seats.imports.names import Known, Register
from seats.imports.rules import FloorFacts, Park
from seats.imports.runs import Place, Places
from seats.models import AllocationKind, SeatBlock, SeatLoan, SeatRequest
from seats.rectangles import ONE_DAY
from seats.services.steps import OPEN_OFFERS
from seats.wording import hold_until
from tenants.models import Alias, Enterprise


def places() -> Places:
    """Every floor, to be found by the ways in which people write it."""
    rows = Floor.objects.values_list(
        "pk", "building__zone__code", "building__code", "level", "label", "seat_count"
    )
    return Places(
        Place(pk, zone, building, level_name(level), label, seats)
        for pk, zone, building, level, label, seats in rows
    )


def register() -> Register:
    """Every enterprise with every name."""
    aliases: dict[int, list[str]] = {}
    for enterprise, name in Alias.objects.values_list("enterprise", "name"):
        aliases.setdefault(enterprise, []).append(name)
    rows = Enterprise.objects.values_list("pk", "credit_code", "name", "short_name")
    return Register(Known(*row, tuple(aliases.get(row[0], ()))) for row in rows)


def zones_of(floors: Iterable[int]) -> list[str]:
    """The zones in which floors are."""
    zones = Floor.objects.filter(pk__in=set(floors)).values_list("building__zone__code", flat=True)
    return sorted(set(zones))


def park_of(
    lines: Iterable[Line], *, now: datetime, whole_zones: Iterable[str], from_day: date | None
) -> Park:
    """What lines are compared with: the blocks of their floors and of the whole zones."""
    zones = frozenset(whole_zones)
    floors = {
        pk: FloorFacts(label, delivered_on is not None, zone)
        for pk, label, delivered_on, zone in Floor.objects.values_list(
            "pk", "label", "delivered_on", "building__zone__code"
        )
    }
    lines = list(lines)
    wanted = {line.floor for line in lines}
    wanted |= {pk for pk, floor in floors.items() if floor.zone in zones}
    numbers = {line.block for line in lines if line.block is not None}
    closed = ReportingMonth.objects.closed().order_by("month").values_list("month", flat=True)
    return Park(
        floors,
        held(Q(floor__in=wanted) | Q(pk__in=numbers)),
        list(closed),
        f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        zones,
        from_day if zones else None,
    )


class _Promises:
    """What others rely on, by allocation: offers to requests, and loans."""

    def __init__(self) -> None:
        # What was contracted when it was accepted waits for its handing over, not for an answer.
        offered = SeatRequest.objects.filter(state__in=OPEN_OFFERS, offer__kind=AllocationKind.HOLD)
        self.requests = {request.offer_id: request.number for request in offered}
        self.borrowed: dict[int | None, str] = {}
        self.lent: dict[int | None, tuple[tuple[int, int, str, str], ...]] = {}
        for loan in SeatLoan.objects.out_after(FIRST_DAY).select_related("borrower"):
            last_day = (loan.end - ONE_DAY).isoformat()
            self.borrowed[loan.borrower_allocation_id] = last_day
            one = (loan.span.lower, loan.span.upper, loan.borrower.short_name, last_day)
            known = self.lent.get(loan.lender_allocation_id, ())
            self.lent[loan.lender_allocation_id] = (*known, one)


def held(which: Q) -> list[Held]:
    """Blocks with what their allocations say."""
    promises = _Promises()
    rows = (
        SeatBlock.objects.filter(which)
        .annotate(
            lower=F("seats__startswith"),
            upper=F("seats__endswith"),
            start=F("period__startswith"),
            end=F("period__endswith"),
        )
        .order_by("lower", "start")
        .values_list(
            *("pk", "allocation_id", "enterprise_id", "enterprise__short_name", "floor_id"),
            *("floor__label", "kind", "lower", "upper", "start", "end"),
            *("allocation__expires_at", "allocation__reason", "allocation__kind"),
            "allocation__ended_at",
        )
    )
    return [
        Held(
            pk,
            allocation,
            enterprise,
            holder or "",
            floor,
            label,
            kind,
            Span(lower, upper),
            start,
            end,
            hold_until(expires_at) if expires_at and kind == "hold" else "",
            reason or "",
            kind == allocation_kind and ended_at is None,
            promises.requests.get(allocation, ""),
            promises.borrowed.get(allocation, ""),
            promises.lent.get(allocation, ()),
        )
        for (
            pk,
            allocation,
            enterprise,
            holder,
            floor,
            label,
            kind,
            lower,
            upper,
            start,
            end,
            expires_at,
            reason,
            allocation_kind,
            ended_at,
        ) in rows
    ]
