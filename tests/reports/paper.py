"""The month's tables worked out on paper: seat by seat, day by day, return by return.

No ORM, no SQL, no ranges, no pandas: what the product adds up from rectangles is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

DAY = timedelta(days=1)


class Cell(NamedTuple):
    """Why a seat is not free on a day."""

    kind: str
    enterprise: int | None
    allocation: int


Cells = dict[tuple[str, int, date], Cell]


@dataclass
class PaperFloor:
    label: str
    zone: str
    building: str
    seats: int
    lettable_m2: Decimal
    opens: date
    is_delivered: bool


class Return(NamedTuple):
    revenue: Decimal
    headcount: int


@dataclass
class Paper:
    """All that is known, and what was known at the end of each day on which something changed."""

    last: date
    floors: dict[str, PaperFloor] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)
    known: list[tuple[date, Cells]] = field(default_factory=list)
    returns: dict[tuple[int, date], Return] = field(default_factory=dict)
    tenants: dict[int, tuple[date, date | None]] = field(default_factory=dict)
    classes: dict[int, str] = field(default_factory=dict)

    def days(self, first: date, end: date | None) -> Iterable[date]:
        day = first
        while day <= self.last and (end is None or day < end):
            yield day
            day += DAY

    def put(self, cell: Cell, floor: str, seats: range, first: date, end: date | None) -> None:
        for day in self.days(first, end):
            for seat in seats:
                assert (floor, seat, day) not in self.cells
                self.cells[floor, seat, day] = cell

    def clear(self, allocation: int, first: date, seats: range | None = None) -> None:
        """Free what `allocation` has from `first` on."""
        gone = [
            place
            for place, cell in self.cells.items()
            if cell.allocation == allocation
            and place[2] >= first
            and (seats is None or place[1] in seats)
        ]
        for place in gone:
            del self.cells[place]

    def make_firm(self, allocation: int) -> None:
        for place, cell in self.cells.items():
            if cell.allocation == allocation:
                self.cells[place] = cell._replace(kind="firm")

    def remember(self, day: date) -> None:
        """What is on the paper now is what is known at the end of `day`."""
        self.known.append((day, dict(self.cells)))

    def known_on(self, day: date) -> Cells:
        return next((cells for noted, cells in reversed(self.known) if noted <= day), {})

    def is_there(self, floor: PaperFloor, day: date) -> bool:
        return floor.is_delivered and day >= floor.opens


def first_of(month: date, back: int = 0) -> date:
    """The month, or the one `back` months before it."""
    for _ in range(back):
        month = (month - DAY).replace(day=1)
    return month


def days_of(month: date) -> list[date]:
    days = [month]
    while (day := days[-1] + DAY).month == month.month:
        days.append(day)
    return days


def round_to(value: Fraction, places: int) -> Decimal:
    """Half up, from the exact fraction."""
    exact = Decimal(value.numerator * 10 ** (places + 4) // value.denominator).scaleb(-places - 4)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def rate(part: Any, whole: Any) -> Decimal | None:
    return round_to(Fraction(part) * 100 / Fraction(whole), 1) if whole else None


def difference(now: Any, before: Any) -> Any:
    return None if now is None or before is None else now - before


def growth(now: Any, before: Any) -> Decimal | None:
    if now is None or not before:
        return None
    share = (Fraction(now) - Fraction(before)) * 100 / Fraction(before)
    sign = -1 if share < 0 else 1
    return sign * round_to(abs(share), 1)


def compare(columns: dict[str, Any], code: str, base: str, now: Any, before: Any) -> None:
    columns[f"{code}.{base}"] = before
    columns[f"{code}.change.{base}"] = difference(now, before)
    columns[f"{code}.growth.{base}"] = growth(now, before)


_KINDS = ("seats", "firm", "hold", "closure", "free")


@dataclass
class SeatCounts:
    """What is counted for one row in one month."""

    seats: int = 0
    firm: int = 0
    held: int = 0
    closed: int = 0
    lettable: Decimal = Decimal(0)
    let: Decimal = Decimal(0)
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0))

    @property
    def available(self) -> int:
        return self.seats - self.closed

    @property
    def free(self) -> int:
        return self.available - self.firm - self.held

    def average(self, kind: str, month: date) -> Decimal:
        return round_to(Fraction(self.days[kind], len(days_of(month))), 1)


def count_seats(
    paper: Paper, month: date, of: Callable[[PaperFloor], bool] = lambda _floor: True
) -> SeatCounts:
    """Seat by seat on the last day, and on every day of the month."""
    counts = SeatCounts()
    days = days_of(month)
    for floor in filter(of, paper.floors.values()):
        firm = there = 0
        for day in days:
            if not paper.is_there(floor, day):
                continue
            for seat in range(1, floor.seats + 1):
                cell = paper.cells.get((floor.label, seat, day))
                kind = cell.kind if cell else "free"
                counts.days["seats"] += 1
                counts.days[kind] += 1
                if day == days[-1]:
                    there += 1
                    firm += kind == "firm"
                    counts.held += kind == "hold"
                    counts.closed += kind == "closure"
        counts.seats += there
        counts.firm += firm
        if there:
            counts.lettable += floor.lettable_m2
            counts.let += round_to(Fraction(floor.lettable_m2) * firm / there, 2)
    return counts


def place_tables(
    paper: Paper, month: date, of: Callable[[PaperFloor], bool]
) -> dict[str, dict[str, Any]]:
    """The cells of one row of every table by place."""
    now = count_seats(paper, month, of)
    columns: dict[str, Any] = {
        "seats": now.seats,
        "closed": now.closed,
        "available": now.available,
        "firm": now.firm,
        "held": now.held,
        "free": now.free,
        "contracted_rate": rate(now.firm, now.available),
        "lettable_m2": now.lettable,
        "let_m2": now.let,
        "letting_rate": rate(now.let, now.lettable),
    }
    for base, back in (("previous", 1), ("year_before", 12)):
        then = count_seats(paper, first_of(month, back), of)
        is_known = count_seats(paper, first_of(month, back)).seats > 0
        firm, available, let, lettable = (
            (then.firm, then.available, then.let, then.lettable) if is_known else (None,) * 4
        )
        for code in ("seats", "firm", "held", "closed", "free"):
            before = getattr(then, code) if is_known else None
            compare(columns, code, base, getattr(now, code), before)
        compare(columns, "let_m2", base, now.let, let)
        for kind in ("seats", "firm"):
            before = then.average(kind, first_of(month, back)) if is_known else None
            compare(columns, f"{kind}_average", base, now.average(kind, month), before)
        columns[f"available.{base}"], columns[f"lettable_m2.{base}"] = available, lettable
        for code, part, whole in (
            ("contracted_rate", firm, available),
            ("letting_rate", let, lettable),
        ):
            before = rate(part, whole) if is_known else None
            columns[f"{code}.{base}"] = before
            columns[f"{code}.change.{base}"] = difference(columns[code], before)
    for code, kind in (
        ("seat", "seats"),
        ("firm", "firm"),
        ("held", "hold"),
        ("closed", "closure"),
        ("free", "free"),
    ):
        columns[f"{code}_days"] = now.days[kind]
        average = "seats_average" if code == "seat" else f"{code}_average"
        columns[average] = now.average(kind, month)
    return columns


class Ahead(NamedTuple):
    enterprise: int
    kind: str
    floor: PaperFloor


def chosen_ahead(paper: Paper, month: date) -> list[Ahead]:
    """Seat by seat: where somebody's days begin after the month, as known at its end."""
    last = days_of(month)[-1]
    known = paper.known_on(last)
    return [
        Ahead(cell.enterprise, cell.kind, paper.floors[floor])
        for (floor, seat, day), cell in known.items()
        if day > last and cell.enterprise is not None
        if not (
            (before := known.get((floor, seat, day - DAY))) and before.enterprise == cell.enterprise
        )
    ]


def ahead_table(
    paper: Paper, month: date, of: Callable[[PaperFloor], bool]
) -> dict[str, int | Decimal | None]:
    """The cells of one row of what is chosen ahead."""
    chosen = [one for one in chosen_ahead(paper, month) if of(one.floor)]
    columns: dict[str, Any] = {
        "ahead_enterprises": len({one.enterprise for one in chosen}),
        "ahead_seats": len(chosen),
        "ahead_firm": sum(one.kind == "firm" for one in chosen),
        "ahead_held": sum(one.kind == "hold" for one in chosen),
    }
    for base, back in (("previous", 1), ("year_before", 12)):
        then = first_of(month, back)
        is_known = count_seats(paper, then).seats > 0
        before = sum(of(one.floor) for one in chosen_ahead(paper, then)) if is_known else None
        compare(columns, "ahead_seats", base, len(chosen), before)
    return columns


def enterprise_table(paper: Paper, month: date, enterprise: int) -> dict[str, Any]:
    """The whole cells of an enterprise's row; its let area is compared with its share."""

    def held_on(day: date, kind: str) -> int:
        return sum(
            cell.enterprise == enterprise and cell.kind == kind and paper.is_there(floor, day)
            for floor in paper.floors.values()
            for seat in range(1, floor.seats + 1)
            if (cell := paper.cells.get((floor.label, seat, day)))
        )

    days = days_of(month)
    columns: dict[str, Any] = {
        "firm": held_on(days[-1], "firm"),
        "held": held_on(days[-1], "hold"),
        "firm_days": sum(held_on(day, "firm") for day in days),
        "held_days": sum(held_on(day, "hold") for day in days),
        "ahead_seats": sum(one.enterprise == enterprise for one in chosen_ahead(paper, month)),
    }
    for code in ("firm", "held"):
        columns[f"{code}_average"] = round_to(Fraction(columns[f"{code}_days"], len(days)), 1)
    for base, back in (("previous", 1), ("year_before", 12)):
        then = first_of(month, back)
        is_known = count_seats(paper, then).seats > 0
        for code, kind in (("firm", "firm"), ("held", "hold")):
            before = held_on(days_of(then)[-1], kind) if is_known else None
            compare(columns, code, base, columns[code], before)
    return columns


def output_tables(paper: Paper, month: date, enterprises: set[int]) -> dict[str, Any]:
    """The cells of one row of the output tables: an enterprise, a class, or all of them."""

    def filed(months: list[date]) -> list[Return]:
        return [
            row
            for (who, when), row in paper.returns.items()
            if who in enterprises and when in months
        ]

    def revenue(months: list[date]) -> Decimal | None:
        rows = filed(months)
        return sum((row.revenue for row in rows), Decimal(0)) if rows else None

    def people(month: date) -> int | None:
        rows = filed([month])
        return sum(row.headcount for row in rows) if rows else None

    def per_head(month: date) -> Decimal | None:
        money, heads = revenue([month]), people(month)
        return round_to(Fraction(money) / heads, 2) if heads and money is not None else None

    def to_date(last: date) -> list[date]:
        return [last.replace(month=number) for number in range(1, last.month + 1)]

    owed = {
        who
        for who in enterprises
        if (who, month) in paper.returns or _is_tenant(paper.tenants.get(who), month)
    }
    year_before = first_of(month, 12)
    columns: dict[str, Any] = {
        "expected": len(owed),
        "filed": len(filed([month])),
        "filing_rate": rate(len(filed([month])), len(owed)),
        "revenue": revenue([month]),
        "headcount": people(month),
        "revenue_per_head": per_head(month),
        "revenue_to_date.to_date": revenue(to_date(month)),
    }
    for base, then in (("previous", first_of(month, 1)), ("year_before", year_before)):
        compare(columns, "revenue", base, columns["revenue"], revenue([then]))
        compare(columns, "headcount", base, columns["headcount"], people(then))
        compare(columns, "revenue_per_head", base, columns["revenue_per_head"], per_head(then))
    compare(
        columns,
        "revenue_to_date",
        "to_date_before",
        columns["revenue_to_date.to_date"],
        revenue(to_date(year_before)),
    )
    return columns


def _is_tenant(period: tuple[date, date | None] | None, month: date) -> bool:
    return period is not None and any(
        period[0] <= day and (period[1] is None or day < period[1]) for day in days_of(month)
    )
