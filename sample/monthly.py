"""The sample's monthly figures: computed without chance, so that every load gives the same ones.

People follow seats: an enterprise comes a step nearer each month to as many people as its seats and
shifts take; money follows people. What the articles say of November 2021 is not computed but stands
in the data file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from foundation.months import add_months, format_month
from returns.content import MarketKey
from returns.models import BREAKDOWNS
from sample import files
from sample.business import Book, Earned, Line, Work, is_near, results, taxes_of
from sample.chance import apportioned, chance, hundreds
from sample.notes import notes_on
from sample.staff import People, average_pay, planned_hires, seats_in_use, staff

NOVEMBER_2021 = date(2021, 11, 1)
Figures = dict[str, Any]


class Stay(NamedTuple):
    """An enterprise in the park: its seats at the end of each month from its first to its last."""

    key: str
    business: str
    seats: Mapping[date, int]
    first_day: date
    left_in: date | None


class Said(NamedTuple):
    """All that a return says."""

    figures: Figures
    classes: Mapping[str, Line]
    markets: Mapping[MarketKey, Line]
    notes: Mapping[str, str]


@dataclass
class Firm:
    """What is known of an enterprise while its months are computed one after the other."""

    stay: Stay
    book: Book
    earned: list[Decimal]

    @property
    def last_year(self) -> list[Decimal]:
        return self.earned[-12:]


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

    def of(
        self, stay: Stay, is_open: Callable[[date], bool] = lambda _month: False
    ) -> Iterator[tuple[date, Said]]:
        """What is said of every month of `stay` that is reported; `is_open`: not closed yet."""
        people = self._people(stay)
        offshore = self.data["offshore"].get(stay.key, {})
        book = Book(stay.key, self.data["classes"][stay.business], offshore)
        firm = Firm(stay, book, [])
        last: Figures = {}
        for month, headcount in people.items():
            before = people.get(add_months(month, -1), self._opening(stay, headcount))
            odd = self.data["odd_while_open"].get(stay.key, {}) if is_open(month) else {}
            figures, work = self._month(firm, month, (before, headcount), odd)
            notes = notes_on(self.data["notes"], figures, last, stay.seats[month])
            said = {key: text for key, text in notes.items() if not _is_odd(key, odd)}
            yield month, Said(figures, work.classes, work.markets, said)
            last = figures

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
            if headcount is None or not self._is_nil(stay.key, month):
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

    def _month(
        self, firm: Firm, month: date, people: tuple[int, int], odd: Mapping[str, float]
    ) -> tuple[Figures, Work]:
        stay, (before, headcount) = firm.stay, people
        if self._is_nil(stay.key, month):
            return self._nothing(stay, month, headcount), Work({}, {}, {})
        amount = hundreds(float(self._revenue(stay, month, *people)) * odd.get("revenue", 1))
        earned = Earned(month, amount, (before + headcount) / 2)
        firm.earned.append(earned.amount)
        seated = People(
            *(stay.key, month, before, headcount),
            *(stay.seats[month], self._people_per_seat(stay.key)),
        )
        pay = average_pay(seated, self.data["pay"][stay.business], self.data["yearly_growth"])
        work = firm.book.month(earned)
        figures: Figures = {
            **self._income(firm, earned, pay),
            **work.figures,
            **self._staff(stay, month, before, headcount),
            **staff(seated, self.data["staff"]),
            "average_pay": pay if headcount else None,
            **seats_in_use(seated),
            "planned_hires": planned_hires(seated, self.data["monthly_step"]),
        }
        return {**figures, **_odd(odd, figures, seated)}, work

    def _is_nil(self, key: str, month: date) -> bool:
        return format_month(month) in self.data["nil"].get(key, [])

    def _nothing(self, stay: Stay, month: date, headcount: int) -> Figures:
        """A nil return: nothing but the people who are there."""
        flows = (
            *("revenue", "taxes", "internal_settlement", "contracts", "contract_value"),
            *("offshore_contract_value", "executed_value", "offshore_executed_value"),
            *("onshore_executed_value", "peak_seats", "planned_hires"),
        )
        people = self._staff(stay, month, headcount, headcount)
        seated = People(stay.key, month, headcount, headcount, 0, 1.0)
        return {
            **dict.fromkeys(flows, 0),
            **people,
            **staff(seated, self.data["staff"]),
            **dict.fromkeys(("joined", "left"), 0),
            "shifts": 1,
            "is_nil": True,
        }

    def _income(self, firm: Firm, earned: Earned, pay: Decimal) -> Figures:
        """Revenue, of a cost centre what its parent settles; taxes; of larger firms the results."""
        key = firm.stay.key
        found = results(key, earned, pay)
        figures: Figures = {"revenue": earned.amount, "taxes": taxes_of(found)}
        if key in self.data["cost_centres"]:
            settled = {"internal_settlement": earned.amount, "is_cost_centre": True}
            return {**figures, **settled, "revenue": Decimal(0)}
        threshold = self.data["larger_firms_from"][firm.stay.business]
        return {**figures, **(found if is_near(firm.last_year, threshold) else {})}

    def _staff(self, stay: Stay, month: date, before: int, headcount: int) -> Figures:
        fixed = self.november.get(stay.key, {}) if month == NOVEMBER_2021 else {}
        figures: Figures = {"opening": before, "headcount": headcount}
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
        return hundreds(per_head * (before + headcount) / 2)


def _is_odd(key: str, odd: Mapping[str, float]) -> bool:
    """Whether a note would explain what is odd on purpose."""
    place = key.partition(":")[2]
    return place in odd or (place == "executed_value" and "revenue" in odd)


def _odd(odd: Mapping[str, float], figures: Figures, people: People) -> Figures:
    """What catches the eye in a month that is still open."""
    return {
        name: round(whole * odd[name])
        for name, whole in (
            ("insured", people.headcount),
            ("peak_seats", people.seats),
            ("taxes", int(figures["revenue"])),
        )
        if name in odd
    }
