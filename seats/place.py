"""The place on a day: seats, area and rates of every floor, and of what floors add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeVar

from park.models import Floor
from seats.occupancy import Occupancy, floors_during
from seats.rectangles import ONE_DAY

Key = TypeVar("Key")

NO_SEATS, NO_AREA = Occupancy(), Decimal(0)
CENT = Decimal("0.01")  # of a square metre


@dataclass(frozen=True)
class Figures:
    """Seats by what they are on a day, and the area that they stand for (m²)."""

    occupancy: Occupancy = NO_SEATS
    lettable_m2: Decimal = NO_AREA
    let_m2: Decimal = NO_AREA

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.occupancy + other.occupancy,
            self.lettable_m2 + other.lettable_m2,
            self.let_m2 + other.let_m2,
        )

    @property
    def let_rate(self) -> Decimal | None:
        """出租率: let ÷ lettable area; None where nothing can be let."""
        return self.let_m2 / self.lettable_m2 if self.lettable_m2 else None


def figures_of(floor: Floor, occupancy: Occupancy) -> Figures:
    """A floor's figures. Let m² = contracted seats ÷ its seats × its lettable m², to 0.01 m².

    A floor that has no seats on that day has nothing to let either.
    """
    if not occupancy.seats:
        return Figures(occupancy)
    let = (floor.lettable_m2 * occupancy.firm / occupancy.seats).quantize(CENT, ROUND_HALF_UP)
    return Figures(occupancy, floor.lettable_m2, let)


class FloorOn(NamedTuple):
    """A floor and its figures at the end of a day."""

    floor: Floor
    figures: Figures

    @property
    def zone(self) -> str:
        return self.floor.building.zone.code

    @property
    def is_there(self) -> bool:
        """Whether it has seats on the day: handed over by then, or planned to be."""
        return self.figures.occupancy.seats > 0


def every_floor() -> dict[str, Floor]:
    """All floors by their labels, each with its building and zone."""
    return {floor.label: floor for floor in Floor.objects.select_related("building__zone")}


def floors_on(
    day: date, *, today: date, floors: Mapping[str, Floor] | None = None
) -> list[FloorOn]:
    """Every floor at the end of `day`, as one walks: zone by zone, building by building, up.

    `floors`: what `every_floor` gave, where several days are asked for.
    """
    floors = every_floor() if floors is None else floors
    return [
        FloorOn(floors[row.floor], figures_of(floors[row.floor], row.occupancy))
        for row in floors_during(day, day + ONE_DAY, today=today)
    ]


def together(floors: Iterable[FloorOn]) -> Figures:
    """What floors add up to."""
    return sum((floor.figures for floor in floors), Figures())


def grouped(floors: Iterable[FloorOn], key: Callable[[Floor], Key]) -> dict[Key, list[FloorOn]]:
    """`floors` by what `key` says of each, in their order."""
    groups: dict[Key, list[FloorOn]] = {}
    for floor in floors:
        groups.setdefault(key(floor.floor), []).append(floor)
    return groups
