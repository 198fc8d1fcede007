"""What requests and allocations are called, as whole sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from park.models import Floor
from seats.models import (
    Allocation,
    AllocationKind,
    BlockKind,
    Equipment,
    RequestKind,
    SeatBlock,
    SeatRequest,
)
from seats.occupancy import Occupancy
from seats.rectangles import ONE_DAY
from web import formats
from web.rfc9457 import Text


class Phased(Protocol):
    """A part of the seats, from a day of its own: a row, or what was typed."""

    @property
    def seats(self) -> int: ...

    @property
    def start(self) -> date: ...


def request_title(request: SeatRequest) -> str:
    """鸿联九五：自 2024年5月1日起新租 300 席."""
    count = request.seats
    words = {
        "enterprise": request.enterprise.short_name,
        "seats": formats.number(count),
        "day": formats.day(request.start),
    }
    match request.kind:
        case RequestKind.NEW:
            sentence = ngettext(
                "%(enterprise)s: %(seats)s new seat from %(day)s",
                "%(enterprise)s: %(seats)s new seats from %(day)s",
                count,
            )
        case RequestKind.EXPAND:
            sentence = ngettext(
                "%(enterprise)s: %(seats)s more seat from %(day)s",
                "%(enterprise)s: %(seats)s more seats from %(day)s",
                count,
            )
        case RequestKind.RELOCATE:
            sentence = ngettext(
                "%(enterprise)s: move of %(seats)s seat on %(day)s",
                "%(enterprise)s: move of %(seats)s seats on %(day)s",
                count,
            )
        case _other:
            sentence = ngettext(
                "%(enterprise)s: gives back %(seats)s seat from %(day)s",
                "%(enterprise)s: gives back %(seats)s seats from %(day)s",
                count,
            )
    return sentence % words


def request_what(request: SeatRequest) -> str:
    """新租 300 席."""
    count = request.seats
    match request.kind:
        case RequestKind.NEW:
            sentence = ngettext("%(seats)s new seat", "%(seats)s new seats", count)
        case RequestKind.EXPAND:
            sentence = ngettext("%(seats)s more seat", "%(seats)s more seats", count)
        case RequestKind.RELOCATE:
            sentence = ngettext("Move of %(seats)s seat", "Move of %(seats)s seats", count)
        case _other:
            sentence = ngettext("Give back %(seats)s seat", "Give back %(seats)s seats", count)
    return sentence % {"seats": formats.number(count)}


def request_name(request: SeatRequest) -> str:
    """鸿联九五：新租 300 席."""
    return pgettext("enterprise: what it asks for", "%(enterprise)s: %(what)s") % {
        "enterprise": request.enterprise.short_name,
        "what": request_what(request),
    }


def zones_named(codes: Sequence[str]) -> str:
    """C 区; A 区、B 区; or that any zone will do."""
    if not codes:
        return _("Any zone")
    if len(codes) == 1:
        return zone_name(codes[0])
    return _("Zones %(zones)s") % {"zones": pgettext("between items of a list", ", ").join(codes)}


def zone_name(code: str) -> str:
    """C 区."""
    return _("Zone %(code)s") % {"code": code}


def building_name(label: str) -> str:
    """C-1 栋."""
    return _("Building %(label)s") % {"label": label}


def request_facts(request: SeatRequest) -> list[str]:
    """Where and when, in short: C 区, 须连续, 2024-05-01 起."""
    facts = [zones_named(request.zones)]
    if request.contiguous:
        facts.append(_("in one run"))
    facts.append(formats.period(request.start, request.end))
    return facts


def phases_in_words(phases: Iterable[Phased]) -> str:
    """2026-06-01 起 500 席；2026-12-01 起 1,000 席."""
    return pgettext("between phases", "; ").join(
        ngettext("%(seats)s seat from %(day)s", "%(seats)s seats from %(day)s", phase.seats)
        % {"seats": formats.number(phase.seats), "day": formats.iso_day(phase.start)}
        for phase in phases
    )


def needs_in_words(request: SeatRequest) -> list[str]:
    """What the space needs, each in a few words: 24 小时出入，园区电脑 300 台，网口 300."""
    words = []
    if request.needs_closed_room:
        words.append(_("closed workspace"))
    if request.needs_all_hours:
        words.append(_("access 24 hours a day"))
    if request.equipment:
        words.append(
            _("the park's equipment") if request.equipment == Equipment.PARK else _("own equipment")
        )
    if request.computers is not None:
        words.append(_("computers: %(count)s") % {"count": formats.number(request.computers)})
    if request.network_ports is not None:
        words.append(
            _("network ports: %(count)s") % {"count": formats.number(request.network_ports)}
        )
    if request.needs_fit_out:
        words.append(_("fitted out by the park"))
    return words


def allocation_title(allocation: Allocation, seats: int) -> str:
    """诚伯信息：已签约 222 席."""
    words = {"seats": formats.number(seats), "reason": allocation.reason}
    if allocation.enterprise is not None:
        words["enterprise"] = allocation.enterprise.short_name
    return _allocation(allocation, seats) % words


def _allocation(allocation: Allocation, seats: int) -> str:
    if allocation.ended_at is not None:
        if allocation.expires_at is None or allocation.ended_at < allocation.expires_at:
            return _("%(enterprise)s: the hold has ended")
        return _("%(enterprise)s: the hold has expired")
    if allocation.kind == AllocationKind.FIRM:
        return ngettext(
            "%(enterprise)s: %(seats)s seat contracted",
            "%(enterprise)s: %(seats)s seats contracted",
            seats,
        )
    if allocation.kind == AllocationKind.HOLD:
        return ngettext(
            "%(enterprise)s: %(seats)s seat held", "%(enterprise)s: %(seats)s seats held", seats
        )
    if allocation.reason:
        return ngettext(
            "%(seats)s seat closed: %(reason)s", "%(seats)s seats closed: %(reason)s", seats
        )
    return ngettext("%(seats)s seat closed", "%(seats)s seats closed", seats)


def hold_until(expires_at: datetime) -> str:
    """The last day of a hold that ends with it, else the moment: 2026-12-30; 2026-12-30 15:00."""
    at = timezone.localtime(expires_at)
    is_midnight = at.time() == time.min
    return formats.iso_day(at.date() - ONE_DAY) if is_midnight else formats.full_moment(at)


def vacant_title(place: str, occupancy: Occupancy, day: date, today: date) -> str:
    """C 区：今天空闲 410 席; where no seats exist on that day, that."""
    vacant = occupancy.free
    words = {"place": place, "seats": formats.number(vacant), "day": formats.day(day)}
    if not occupancy.seats:
        sentence = _("%(place)s: no seats exist on %(day)s")
    elif day == today:
        sentence = ngettext(
            "%(place)s: %(seats)s seat vacant today",
            "%(place)s: %(seats)s seats vacant today",
            vacant,
        )
    elif day < today:
        sentence = ngettext(
            "%(place)s: %(seats)s seat was vacant on %(day)s",
            "%(place)s: %(seats)s seats were vacant on %(day)s",
            vacant,
        )
    else:
        sentence = ngettext(
            "%(place)s: %(seats)s seat will be vacant on %(day)s",
            "%(place)s: %(seats)s seats will be vacant on %(day)s",
            vacant,
        )
    return sentence % words


def floor_title(floor: Floor, occupancy: Occupancy, day: date, today: date) -> str:
    """C-1-3F：今天空闲 124 席; for a floor that has no seats then, why."""
    if occupancy.seats:
        return vacant_title(floor.label, occupancy, day, today)
    words = {"floor": floor.label, "day": formats.day(floor.delivered_on or floor.planned_on)}
    if floor.delivered_on is not None:
        return _("%(floor)s: handed over on %(day)s, no seats before") % words
    if floor.planned_on is None:
        return _("%(floor)s: not handed over, no day planned yet") % words
    return _("%(floor)s: not handed over, planned for %(day)s") % words


def kind_word(block: SeatBlock) -> Text:
    """已签约, 预留, 停用; 预选 on a floor that is not handed over. Its floor is loaded."""
    if block.kind == BlockKind.HOLD and block.floor.delivered_on is None:
        return pgettext("seats", "Pre-selected")
    return block.get_kind_display()
