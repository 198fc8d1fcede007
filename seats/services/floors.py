"""The floors and their void blocks: the only place that writes either.

Void says which numbers of a floor's slot are no seats: those beyond its last seat, always, and all
of them before it is handed over (or planned to be). So capacity over time is guarded by the same
constraint as everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.models import Setting
from foundation.services.settings import setting
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, SLOT, Span, level_name, slot_of
from park.models import Building, Floor
from park.services import first_open_day, plan_phases_of, refuse_closed_months
from seats.models import (
    Allocation,
    AllocationKind,
    BlockKind,
    BrokenPromise,
    RequestState,
    SeatBlock,
    SeatRequest,
)
from seats.services.blocks import delete, start_later
from seats.services.handing_over import promise_handing_over
from seats.services.planning import planning_seats
from seats.services.promise_messages import tell_of_broken_promises
from seats.services.refusals import PromisesChanged, WrongState
from web.refusals import Invalid


class NewFloor(NamedTuple):
    """A floor to be opened. Without a day it has no seats yet: not even holds are possible."""

    building: Building
    level: int
    seat_count: int
    lettable_m2: Decimal
    planned_on: date | None = None
    delivered_on: date | None = None
    source: str = ""
    sample_fields: Sequence[str] = ()


def open_floor(*, floor: NewFloor, now: datetime, acting_user: User) -> Floor:
    """Open one floor; see `open_floors`."""
    return open_floors(floors=[floor], now=now, acting_user=acting_user)[0]


def open_floors(
    *, floors: Iterable[NewFloor], now: datetime, acting_user: User | None
) -> list[Floor]:
    """Put floors on the seat axis, each in a slot of its own, all or none.

    Seats of a floor that was delivered in a closed month count from the first open day: figures
    that were closed stay. Raises `Invalid` or `Busy`.
    """
    floors = list(floors)
    for floor in floors:
        _check_new(floor)
    today = timezone.localdate(now)
    with planning_seats(acting_user, now=now):
        rows = [_row(floor) for floor in floors]
        _refuse_twins(rows)
        opened = Floor.objects.bulk_create(rows)
        open_day = first_open_day(FIRST_DAY)
        SeatBlock.objects.bulk_create(
            void for floor in opened for void in _voids_of_new(floor, open_day, today)
        )
    return opened


def _check_new(floor: NewFloor) -> None:
    if not 1 <= floor.seat_count <= SLOT:
        raise Invalid({"seats": _("A floor has 1 to 4,096 seats.")})
    if floor.level == 0 or not -9 <= floor.level <= 200:
        raise Invalid({"level": _("Storeys are numbered from -9 to 200, without 0.")})
    if floor.lettable_m2 <= 0:
        raise Invalid({"lettable_m2": _("A floor has a lettable area of more than 0 m².")})


def _refuse_twins(floors: Iterable[Floor]) -> None:
    labels = [floor.label for floor in floors]
    known = set(Floor.objects.filter(label__in=labels).values_list("label", flat=True))
    for label in labels:
        if label in known:
            raise Invalid({"level": _("%(floor)s is there already.") % {"floor": label}})
        known.add(label)


def _row(floor: NewFloor) -> Floor:
    return Floor(
        building=floor.building,
        level=floor.level,
        label=f"{floor.building.label}-{level_name(floor.level)}",
        seat_count=floor.seat_count,
        lettable_m2=floor.lettable_m2,
        planned_on=floor.planned_on or floor.delivered_on,
        delivered_on=floor.delivered_on,
        source=floor.source,
        sample_fields=list(floor.sample_fields),
    )


def _voids_of_new(floor: Floor, open_day: date, today: date) -> Iterable[SeatBlock]:
    beyond = Span(floor.seats.upper, slot_of(floor.pk).upper)
    if beyond.length:
        yield _void(floor, beyond, FIRST_DAY, None, today)
    opens = max(floor.delivered_on, open_day) if floor.delivered_on else floor.planned_on
    yield from _void_until(opens, floor, floor.seats, today)


def extend_floor(
    *, floor_id: int, seat_count: int, first_day: date, now: datetime, acting_user: User
) -> Floor:
    """Let a floor grow to `seat_count` seats from `first_day` on.

    The seats of a floor that is not handed over come with the others, on its planned day.

    Raises `Invalid` unless it grows, `MonthClosed` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        floor = locked(Floor.objects, floor_id)
        if not floor.seat_count < seat_count <= SLOT:
            raise Invalid({"seats": _("A floor can only grow, to 4,096 seats at most.")})
        refuse_closed_months(first_day, None)
        today = timezone.localdate(now)
        added = Span(floor.seats.upper, floor.seats.lower + seat_count)
        rest = Span(added.upper, slot_of(floor.pk).upper)
        beyond = _voids(floor).filter(seats__startswith=added.lower, period__upper_inf=True)
        delete(list(beyond.values_list("pk", flat=True)), today)
        floor.seat_count = seat_count
        save_next_version(floor, ["seat_count"])
        voids = [_void(floor, rest, FIRST_DAY, None, today)] if rest.length else []
        there_since = floor.delivered_on
        opens = max(first_day, there_since) if there_since else floor.planned_on
        voids += _void_until(opens, floor, added, today)
        SeatBlock.objects.bulk_create(voids)
    return floor


def deliver_floor(
    *,
    floor_id: int,
    day: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
    seen: Collection[int] | None = None,
) -> Floor:
    """Hand a floor over as of `day`: firm allocations are possible from then on.

    Holds that waited for it expire after the days that are set. Where `day` is later than planned,
    it is a delay first. Raises `Invalid`, `WrongState`, `MonthClosed`, `PromisesChanged`, `Stale`
    or `Busy`.
    """
    _check_handover(day, now)
    with planning_seats(acting_user, now=now):
        floor = _locked_undelivered(floor_id, expected_version)
        _refuse_unseen([floor], day, seen)
        _hand_over([floor], day, now)
    return floor


def deliver_floors(
    *, floor_ids: Sequence[int], day: date, now: datetime, acting_user: User
) -> list[Floor]:
    """Hand several floors over as of `day`, all or none, such as a phase; see `deliver_floor`."""
    _check_handover(day, now)
    with planning_seats(acting_user, now=now):
        rows = Floor.objects.filter(pk__in=floor_ids).order_by("pk")
        floors = list(rows.select_for_update(of=("self",), no_key=True))
        for floor in floors:
            _refuse_delivered(floor)
        _hand_over(floors, day, now)
    return floors


def _check_handover(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise Invalid({"day": _("A floor cannot be handed over on a day to come.")})


def _hand_over(floors: Sequence[Floor], day: date, now: datetime) -> None:
    """Let locked floors be there from `day` on; where that is the planned day, no void changes."""
    refuse_closed_months(day, None)
    today = timezone.localdate(now)
    broken: list[BrokenPromise] = []
    for floor in floors:
        if floor.planned_on != day:
            broken += _move_opening(floor, day, today)
        floor.planned_on = floor.planned_on or day
        floor.delivered_on = day
        floor.version += 1
    Floor.objects.bulk_update(floors, ["planned_on", "delivered_on", "version"])
    tell_of_broken_promises(broken)
    _let_waiting_holds_expire(floors, day, today)
    promise_handing_over(floors, now)


def delay_floor(
    *,
    floor_id: int,
    planned_on: date | None,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
    seen: Collection[int] | None = None,
) -> list[BrokenPromise]:
    """Move a floor's planned day (None: unknown). Returns the promises that this breaks.

    Held days before the new day are given up, each kept as a broken promise, and the enterprises
    are told. `seen`: the blocks that were shown as broken by it. No closed month is touched: until
    it is handed over, a floor counts on days to come only.
    Raises `Invalid`, `WrongState`, `PromisesChanged`, `Stale` or `Busy`.
    """
    today = _check_planned(planned_on, now)
    with planning_seats(acting_user, now=now):
        floor = _locked_undelivered(floor_id, expected_version)
        _refuse_unseen([floor], planned_on, seen)
        return _delay([floor], planned_on, today)


def delay_floors(
    *,
    floor_ids: Sequence[int],
    planned_on: date | None,
    now: datetime,
    acting_user: User,
    seen: Collection[int] | None = None,
) -> list[BrokenPromise]:
    """Move several floors' planned day, all or none, such as a phase; see `delay_floor`."""
    today = _check_planned(planned_on, now)
    with planning_seats(acting_user, now=now):
        rows = Floor.objects.filter(pk__in=floor_ids).order_by("pk")
        floors = list(rows.select_for_update(of=("self",), no_key=True))
        if not floors:
            raise Invalid({"floors": _("Choose at least one floor.")})
        for floor in floors:
            _refuse_delivered(floor)
        _refuse_unseen(floors, planned_on, seen)
        return _delay(floors, planned_on, today)


def _check_planned(planned_on: date | None, now: datetime) -> date:
    today = timezone.localdate(now)
    if planned_on is not None and planned_on <= today:
        raise Invalid({"planned_on": _("The planned day must be a day to come.")})
    return today


def _refuse_unseen(
    floors: Sequence[Floor], planned_on: date | None, seen: Collection[int] | None
) -> None:
    """Nobody breaks a promise that they did not see; `seen` None: they did not look."""
    if seen is not None and set(seen) != {
        block.pk for block in promises_broken_by(floors, planned_on)
    }:
        raise PromisesChanged(
            _("What was promised has changed since you looked. Look again, then send again."),
            field="seen",
        )


def _delay(floors: Sequence[Floor], planned_on: date | None, today: date) -> list[BrokenPromise]:
    """Put off locked floors, and tell each enterprise which of its seats come when."""
    broken: list[BrokenPromise] = []
    for floor in floors:
        broken += _move_opening(floor, planned_on, today)
        floor.planned_on = planned_on
        floor.version += 1
    Floor.objects.bulk_update(floors, ["planned_on", "version"])
    plan_phases_of(floors, planned_on)
    tell_of_broken_promises(broken)
    return broken


def promises_broken_by(floors: Iterable[Floor], planned_on: date | None) -> list[SeatBlock]:
    """The held blocks that would lose days if `floors` opened on `planned_on` only."""
    blocks = SeatBlock.objects.real().filter(floor__in=[floor.pk for floor in floors])
    if planned_on is not None:
        blocks = blocks.filter(period__startswith__lt=planned_on)
    rows = blocks.select_related("enterprise", "allocation__enterprise", "allocation__request")
    return list(rows.select_related("floor").order_by("seats", "period"))


def _locked_undelivered(floor_id: int, expected_version: int | None) -> Floor:
    floor = locked(Floor.objects, floor_id, expected_version)
    _refuse_delivered(floor)
    return floor


def _refuse_delivered(floor: Floor) -> None:
    if floor.delivered_on is not None:
        raise WrongState(_("%(floor)s is handed over already.") % {"floor": floor.label})


def _move_opening(floor: Floor, day: date | None, today: date) -> list[BrokenPromise]:
    """Let the floor's seats exist from `day` on (None: not yet); promises give way first."""
    broken = _break_promises(floor, day, today)
    early = _voids(floor).filter(seats__startswith__lt=floor.seats.upper)
    delete(list(early.values_list("pk", flat=True)), today)
    SeatBlock.objects.bulk_create(_void_until(day, floor, floor.seats, today))
    return broken


def _break_promises(floor: Floor, day: date | None, today: date) -> list[BrokenPromise]:
    blocks = promises_broken_by([floor], day)
    broken = BrokenPromise.objects.bulk_create(
        BrokenPromise(
            allocation=block.allocation,
            floor=floor,
            seats=block.seats,
            period=block.period,
            new_day=day,
            recorded_on=today,
        )
        for block in blocks
    )
    allocations = {block.allocation_id for block in blocks if block.allocation_id}
    Allocation.objects.filter(pk__in=allocations).update(version=F("version") + 1)
    SeatRequest.objects.filter(offer__in=allocations).update(version=F("version") + 1)
    kept = [block.pk for block in blocks if _reaches_beyond(block, day)]
    delete([block.pk for block in blocks if block.pk not in kept], today)
    if day is not None:
        start_later(kept, day, today)
    return broken


def _reaches_beyond(block: SeatBlock, day: date | None) -> bool:
    return day is not None and (block.period.upper is None or block.period.upper > day)


def _let_waiting_holds_expire(floors: Sequence[Floor], day: date, today: date) -> None:
    """Set when holds expire that waited for these floors, and for no other one any more.

    Seats that an enterprise has accepted it does not lose by waiting for the park.
    """
    still_waiting = SeatBlock.objects.real().filter(floor__delivered_on__isnull=True)
    first_day = max(day, today)  # a handover recorded late leaves the days all the same
    last_day = first_day + timedelta(days=setting(Setting.Name.PRESELECTION_DAYS))
    Allocation.objects.filter(
        kind=AllocationKind.HOLD,
        expires_at__isnull=True,
        pk__in=SeatBlock.objects.real().filter(floor__in=floors).values("allocation"),
    ).exclude(pk__in=still_waiting.values("allocation")).exclude(
        pk__in=SeatRequest.objects.filter(state=RequestState.ACCEPTED).values("offer")
    ).update(
        expires_at=timezone.make_aware(datetime.combine(last_day, time(18))),
        version=F("version") + 1,
    )


def _voids(floor: Floor):  # type: ignore[no-untyped-def]
    return floor.blocks.filter(kind=BlockKind.VOID)


def _void_until(day: date | None, floor: Floor, seats: Span, today: date) -> list[SeatBlock]:
    """Void before `seats` appear on `day` (None: without end); none if they were always there."""
    if day is not None and day <= FIRST_DAY:
        return []
    return [_void(floor, seats, FIRST_DAY, day, today)]


def _void(floor: Floor, seats: Span, start: date, end: date | None, today: date) -> SeatBlock:
    return SeatBlock(
        floor=floor,
        kind=BlockKind.VOID,
        seats=tuple(seats),
        period=(start, end),
        recorded_on=today,
    )
