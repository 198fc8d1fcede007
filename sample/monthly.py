"""The sample's monthly figures: computed without chance, so that every load gives the same ones.

People follow seats: an enterprise comes a step nearer each month to as many people as its seats and
shifts take. What the articles say of November 2021 is not computed but stands in the data file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from foundation.months import add_months, format_month
from returns.models import BREAKDOWNS
from sample import files

NOVEMBER_2021 = date(2021, 11, 1)
Figures = dict[str, Decimal | int | None]


class Stay(NamedTuple):
    """An enterprise in the park: its seats at the end of each month from its first to its last."""

    key: str
    business: str
    seats: Mapping[date, int]
    first_day: date
    left_in: date | None


class Months:
    """Computes figures from the parameters of sample/data/returns.yaml."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = files.read("returns.yaml")
        fixed = self.data["november_2021"]
        self.november: dict[str, dict[str, int]] = {
            key: dict(zip(fixed["columns"], row, strict=True)) for key, row in fixed["rows"].items()
        }
        year, month = map(int, self.data["first_month"].split("-"))
        self.first_month = date(year, month, 1)

    def of(self, stay: Stay) -> dict[date, Figures]:
        """The figures of every month of `stay` that is reported."""
        people = self._people(stay)
        figures = {}
        for month, headcount in people.items():
            before = people.get(add_months(month, -1), self._opening(stay, headcount))
            figures[month] = self._month(stay, month, before, headcount)
        return figures

    def _opening(self, stay: Stay, headcount: int) -> int:
        """The people before the first month that is reported."""
        return round(headcount * 0.97) if stay.first_day < self.first_month else 0

    def _people(self, stay: Stay) -> dict[date, int]:
        """The headcount at the end of each month."""
        people = dict(self._until_november_2021(stay))
        headcount: float | None = people.get(NOVEMBER_2021)
        for month, seats in stay.seats.items():
            if month in people:
                continue
            headcount = self._next(stay, month, seats, headcount)
            people[month] = 0 if month == stay.left_in else round(headcount)
        return people

    def _next(self, stay: Stay, month: date, seats: int, before: float | None) -> float:
        luck = chance("people", stay.key, month)
        if before is None:
            return max(1.0, seats * 0.04)
        target = seats * self._people_per_seat(stay.key)
        step = self.data["monthly_step"] * luck.uniform(0.6, 1.4)
        return max(1.0, before + step * (target - before) + before * luck.uniform(-0.006, 0.006))

    def _people_per_seat(self, key: str) -> float:
        given = self.data["people_per_seat"]
        usual = chance("people per seat", key).uniform(*given["usual"])
        return given["shifts"].get(key, usual)

    def _until_november_2021(self, stay: Stay) -> dict[date, int]:
        """From the first month to the fixed one: straight up, or as the data file says."""
        if stay.key not in self.november:
            return {}
        fixed = self.november[stay.key]
        october = fixed["headcount"] - fixed["joined"] + fixed["left"]
        given = self.data["growth"].get(stay.key, {}).get("headcount", {})
        months = [month for month in stay.seats if month < NOVEMBER_2021]
        base = 0.84 if stay.first_day < self.first_month else 0.0
        people = {
            month: given.get(format_month(month))
            or round(october * (base + (1 - base) * (position / len(months)) ** 0.8))
            for position, month in enumerate(months, start=1)
        }
        return {**people, NOVEMBER_2021: fixed["headcount"]}

    def _month(self, stay: Stay, month: date, before: int, headcount: int) -> Figures:
        fixed = self.november.get(stay.key, {}) if month == NOVEMBER_2021 else {}
        figures: Figures = {
            "revenue": self._revenue(stay, month, before, headcount),
            "headcount": headcount,
        }
        if fixed:
            return {**figures, **fixed}
        figures["joined"], figures["left"] = self._flow(stay, month, before, headcount)
        for breakdown, names in BREAKDOWNS.items():
            shares = self._shares(stay.key, month, breakdown, names)
            figures.update(zip(names, apportioned(headcount, shares), strict=True))
        return figures

    def _flow(self, stay: Stay, month: date, before: int, headcount: int) -> tuple[int, int]:
        luck = chance("left", stay.key, month)
        left = max(round(before * luck.uniform(0.015, 0.04)), before - headcount)
        return headcount - before + left, left

    def _shares(self, key: str, month: date, breakdown: str, names: Sequence[str]) -> list[float]:
        """The enterprise's own shares, a little different each month."""
        fixed = self.november.get(key)
        usual = self.data["structure"][breakdown]
        own = chance(breakdown, key)
        now = chance(breakdown, key, month)
        return [
            (fixed[name] if fixed else usual[name] * own.uniform(0.9, 1.1))
            * now.uniform(0.985, 1.015)
            for name in names
        ]

    def _revenue(self, stay: Stay, month: date, before: int, headcount: int) -> Decimal:
        given = self.data["growth"].get(stay.key, {}).get("revenue", {}).get(format_month(month))
        if given:
            return Decimal(given)
        years = (month.year - 2021) + (month.month - 3) / 12
        own = chance("revenue", stay.key).uniform(0.9, 1.1)
        now = chance("revenue", stay.key, month).uniform(0.98, 1.02)
        per_head = self.data["revenue_per_head"][stay.business] * own * now
        per_head *= self.data["yearly_growth"] ** years * self.data["season"][month.month - 1]
        return Decimal(round(per_head * (before + headcount) / 2 / 100)) * 100


def chance(*words: object) -> Random:
    """Numbers that look like chance and are the same for the same words on every load."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - nothing secret hangs on it


def apportioned(total: int, shares: Sequence[float]) -> list[int]:
    """`total` in whole parts by `shares`; what rounding leaves goes to the largest fractions."""
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(value) for value in exact]
    by_fraction = sorted(range(len(parts)), key=lambda i: exact[i] - parts[i], reverse=True)
    for position in by_fraction[: total - sum(parts)]:
        parts[position] += 1
    return parts
