"""The sample's people beyond the headcount: who of them is what, their pay, seats and shifts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sample.chance import chance


class People(NamedTuple):
    """The people of an enterprise in a month, and where they sit."""

    key: str
    month: date
    before: int
    headcount: int
    seats: int
    per_seat: float  # how many people a seat takes

    @property
    def shifts(self) -> int:
        """Who has more people than seats works in shifts."""
        return 2 if self.per_seat > 0.93 else 1


def staff(people: People, shares: dict[str, list[float]]) -> dict[str, int]:
    """Parts of the staff, and those beside it: dispatched workers, interns, trainees."""
    return {name: _part(people, name, *bounds) for name, bounds in shares.items()}


def average_pay(people: People, usual: float, yearly_growth: float) -> Decimal:
    """元 a month, in whole tens."""
    years = people.month.year - 2021 + (people.month.month - 3) / 12
    own = chance("pay", people.key).uniform(0.94, 1.07)
    now = chance("pay", people.key, people.month).uniform(0.985, 1.015)
    return Decimal(round(usual * own * now * yearly_growth**years / 10)) * 10


def seats_in_use(people: People) -> dict[str, Any]:
    """The most seats in use at once: of two shifts, the larger one's; never more than there are."""
    luck = chance("seats", people.key, people.month)
    there = max(people.before, people.headcount)
    share = luck.uniform(0.62, 0.7) if people.shifts > 1 else luck.uniform(0.88, 0.96)
    used = round(there * share)
    return {
        "peak_seats": min(used, people.seats) if people.headcount else used,
        "shifts": people.shifts,
    }


def planned_hires(people: People, step: float) -> int:
    """What is missing of the people that the seats take, and who is going to leave."""
    luck = chance("hires", people.key, people.month)
    missing = people.seats * people.per_seat - people.headcount
    return max(0, round(step * missing + people.headcount * luck.uniform(0.01, 0.04)))


def _part(people: People, name: str, low: float, high: float) -> int:
    own = chance(name, people.key).uniform(low, high)
    now = chance(name, people.key, people.month).uniform(0.97, 1.03)
    return min(people.headcount, round(people.headcount * own * now))
