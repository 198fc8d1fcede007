"""Seats counted one by one, from the rows alone: what the pages of the place must say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from park.axis import place_of
from park.models import Floor
from seats.models import SeatBlock
from tests.reports.paper import rate

KINDS = {"firm": "已签约", "hold": "预留", "closure": "停用", "free": "空闲"}


@dataclass
class Counted:
    """Seats of some floors on a day."""

    exist: int = 0
    firm: int = 0
    held: int = 0
    closed: int = 0
    lettable_m2: Decimal = Decimal(0)
    let_m2: Decimal = Decimal(0)

    @property
    def free(self) -> int:
        return self.exist - self.firm - self.held - self.closed

    @property
    def rate(self) -> Decimal:
        return rate(self.firm, self.exist - self.closed)

    @property
    def letting_rate(self) -> Decimal:
        return rate(self.let_m2, self.lettable_m2)


def count(day: date, label: str = "") -> Counted:
    """The seats of the floors whose label begins so."""
    counted = Counted()
    for floor in Floor.objects.filter(label__startswith=label, delivered_on__lte=day):
        seats = seats_of(floor, day)
        firm = sum(kind == "firm" for kind in seats.values())
        counted.exist += floor.seat_count
        counted.firm += firm
        counted.held += sum(kind == "hold" for kind in seats.values())
        counted.closed += sum(kind == "closure" for kind in seats.values())
        counted.lettable_m2 += floor.lettable_m2
        counted.let_m2 += floor.lettable_m2 * firm / floor.seat_count
    return counted


def seats_of(floor: Floor, day: date) -> dict[int, str]:
    """Every seat of a floor that exists, by its number there, with what it is on that day."""
    seats = dict.fromkeys(range(1, floor.seat_count + 1), "free")
    for block in SeatBlock.objects.filter(floor=floor).exclude(kind="void"):
        if block.period.lower <= day and (block.period.upper is None or day < block.period.upper):
            first = place_of(block.seats.lower)
            for seat in range(first, first + block.seats.upper - block.seats.lower):
                assert seats[seat] == "free"
                seats[seat] = block.kind
    return seats


def free_from(day: date, label: str) -> list[tuple[str, int, int]]:
    """Seats side by side that nobody has from that day on: floor, first, last; longest first."""
    runs = []
    floors = Floor.objects.filter(label__startswith=label, delivered_on__lte=day)
    for floor in floors.order_by("pk"):
        seats = dict.fromkeys(range(1, floor.seat_count + 1), True)
        for block in SeatBlock.objects.filter(floor=floor).exclude(kind="void"):
            if block.period.upper is None or day < block.period.upper:
                first = place_of(block.seats.lower)
                for seat in range(first, first + block.seats.upper - block.seats.lower):
                    seats[seat] = False
        for is_free, run in groupby(seats, key=seats.get):
            places = list(run)
            if is_free:
                runs.append((floor.label, places[0], places[-1]))
    return sorted(runs, key=lambda run: run[1] - run[2])


def named(floor: str, first: int, last: int) -> str:
    """What pages call a run of seats."""
    return f"{floor}-{first:03d} — {last:03d}"


def runs_of(label: str, day: date) -> Iterator[tuple[str, int, str]]:
    """The seats of a floor that lie side by side and are of one kind: label, number, kind."""
    seats = seats_of(Floor.objects.get(label=label), day)
    for kind, run in groupby(seats, key=seats.get):
        places = list(run)
        yield named(label, places[0], places[-1]), len(places), KINDS[kind]
