"""The tables of returns worked out on paper: return by return, line by line, row by row.

No ORM, no SQL, no pandas, nothing of `reports`. A return is taken apart into `Atom`s: amounts of an
enterprise in a month, each with the codes that say in which rows they count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from tests.reports.paper import days_of, difference, first_of, growth, round_to

EDUCATION = ("postgraduate", "bachelor", "junior_college", "below_college")
AGE = ("age_18_26", "age_27_35", "age_36_up")
ORIGIN = ("local", "same_province", "elsewhere")
EUROPE, PACIFIC = {"DEU", "FRA"}, {"JPN", "SGP"}  # of those that the tests use
UNKNOWN = object()  # something counts, and nobody knows how much


class Filed(NamedTuple):
    """A return as it counts."""

    figures: Mapping[str, Any]
    classes: Mapping[str, Mapping[str, Any]]
    markets: Mapping[tuple[str, str], Mapping[str, Any]]


class Atom(NamedTuple):
    who: int
    month: date
    codes: Mapping[str, str]
    groups: frozenset[str]
    values: Mapping[str, Any]


@dataclass
class Books:
    """All that is known: returns that count, who owed one, seats by contract, rates."""

    filed: dict[tuple[int, date], Filed] = field(default_factory=dict)
    tenants: dict[int, tuple[date, date | None]] = field(default_factory=dict)
    classes: dict[int, str] = field(default_factory=dict)
    standings: dict[int, str] = field(default_factory=dict)
    seats: list[tuple[int, int, date, date | None]] = field(default_factory=list)
    dollars: dict[date, Decimal] = field(default_factory=dict)
    thresholds: dict[int, int] = field(default_factory=dict)
    month: date = date(2024, 2, 1)

    def size(self, who: int) -> str:
        """By the revenue of the twelve months that end with the month of the report."""
        if who not in self.thresholds:
            return "unclassified"
        revenue = sum(
            filed.figures["revenue"]
            for (enterprise, month), filed in self.filed.items()
            if enterprise == who and first_of(self.month, 11) <= month <= self.month
        )
        return "above" if revenue >= self.thresholds[who] else "below"

    def contracted(self, who: int, month: date) -> int:
        last = days_of(month)[-1]
        return sum(
            count
            for holder, count, first, end in self.seats
            if holder == who and first <= last and (end is None or last < end)
        )

    def atoms(self) -> list[Atom]:
        found = []
        for (who, month), filed in self.filed.items():
            mine = {
                "enterprise": str(who),
                "class": self.classes[who],
                "standing": self.standings[who],
                "size": self.size(who),
            }
            for codes, groups, values in self._taken_apart(who, month, filed):
                found.append(Atom(who, month, {**mine, **codes}, frozenset(groups), values))
        return found

    def _taken_apart(self, who: int, month: date, filed: Filed) -> Iterable[Any]:
        yield {}, (), self._of_the_return(who, month, filed.figures)
        for code, line in filed.classes.items():
            steps = code.split("-")
            places = {f"service_{n}": "-".join(steps[:n]) for n in range(1, len(steps) + 1)}
            executed, offshore = line.get("executed_value"), line.get("offshore_executed_value")
            onshore = None
            if executed is not None or offshore is not None:
                onshore = (executed or 0) - (offshore or 0)
            amounts = {
                "contracts": line.get("contracts"),
                "contract_value": line.get("contract_value"),
                "service_executed": executed,
                "offshore_executed": offshore,
                "onshore_executed": onshore,
                "outsourcing_firms": 1 if executed else None,
            }
            yield places, (), amounts
        for (market, currency), line in filed.markets.items():
            groups = [
                name for name, members in (("EU", EUROPE), ("RCEP", PACIFIC)) if market in members
            ]
            yield {"market": market}, groups, self._of_a_market(month, currency, line)
        for level, names in (("education", EDUCATION), ("age", AGE), ("origin", ORIGIN)):
            for name in names:
                people = filed.figures.get(name)
                amounts = {f"{level}_people": people, f"{level}_given": people}
                yield {level: name}, (), amounts

    def _of_the_return(self, who: int, month: date, said: Mapping[str, Any]) -> dict[str, Any]:
        get, staff = said.get, said["headcount"]
        values = {
            name: get(name)
            for name in (
                *("revenue", "taxes", "executed_value", "internal_settlement", "headcount"),
                *("joined", "left", "returnees", "graduates", "insured"),
                *("dispatched", "interns", "trainees"),
            )
        }
        values |= {"filed": 1}
        for name in ("returnees", "graduates", "insured"):
            values[f"{name}_of"] = None if get(name) is None else staff
        if any(get(name) is not None for name in EDUCATION):
            values["college_of"] = staff
            values["college"] = sum(get(name) or 0 for name in EDUCATION[:3])
        if get("opening") is not None and get("left") is not None:
            values["average_staff"] = Fraction(get("opening") + staff, 2)
            values["left_of_average"] = get("left")
        if get("average_pay") is not None:
            values["pay"], values["pay_of"] = get("average_pay") * staff, staff
        if get("peak_seats") is not None:
            values["in_use"] = get("peak_seats")
            values["in_use_of"] = self.contracted(who, month)
        return values

    def _of_a_market(self, month: date, currency: str, line: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for measure, amount in (
            ("market_executed", line.get("executed_amount")),
            ("market_contract", line.get("contract_amount")),
        ):
            if amount is None:
                continue
            yuan = (amount * line["rate"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
            values[measure] = yuan
            if currency == "USD":
                values[f"{measure}_usd"] = amount
            elif month in self.dollars:
                dollars = yuan / self.dollars[month]
                values[f"{measure}_usd"] = dollars.quantize(Decimal("0.01"), ROUND_HALF_UP)
            else:
                values[f"{measure}_usd"] = UNKNOWN if yuan else Decimal(0)
        return values


class Rate(NamedTuple):
    part: str
    whole: str
    factor: int
    places: int
    of_all: bool = False


RATES = {
    "filing_rate": Rate("filed", "expected", 100, 1),
    "revenue_per_head": Rate("revenue", "headcount", 1, 2),
    "use_rate": Rate("in_use", "in_use_of", 100, 1),
    "offshore_share": Rate("offshore_executed", "service_executed", 100, 1),
    "turnover": Rate("left_of_average", "average_staff", 100, 1),
    "average_pay": Rate("pay", "pay_of", 1, 2),
    "college_share": Rate("college", "college_of", 100, 2),
    "returnees_share": Rate("returnees", "returnees_of", 100, 1),
    "graduates_share": Rate("graduates", "graduates_of", 100, 1),
    "insured_share": Rate("insured", "insured_of", 100, 1),
    "education_share": Rate("education_people", "education_given", 100, 2, True),
    "age_share": Rate("age_people", "age_given", 100, 2, True),
    "origin_share": Rate("origin_people", "origin_given", 100, 2, True),
}
NEVER_UNKNOWN = {"filed", "expected", "firm"}
OF_ALL = {"education_given", "age_given", "origin_given"}
COUNTED_ONCE = {"outsourcing_firms"}
PEOPLE = {
    *("headcount", "joined", "left", "left_of_average", "average_staff", "pay_of"),
    *("college", "college_of", "returnees", "returnees_of", "graduates", "graduates_of"),
    *("insured", "insured_of", "dispatched", "interns", "trainees"),
    *("education_people", "age_people", "origin_people"),
}


def months_of(period: str, month: date) -> list[date]:
    """The months that a column is of."""
    year_before = first_of(month, 12)
    if period == "previous":
        return [first_of(month, 1)]
    if period == "year_before":
        return [year_before]
    if period in {"to_date", "to_date_before"}:
        last = month if period == "to_date" else year_before
        return [last.replace(month=number) for number in range(1, last.month + 1)]
    return [month]


Row = Callable[[Atom], bool]


class Sheet:
    """The figures of one month."""

    def __init__(self, books: Books, month: date) -> None:
        self.books = books
        self.month = month
        self.atoms = books.atoms()

    def row(self, key: str) -> Row:
        """Which atoms count in the row that is known by `key`."""
        level, _dot, code = key.partition(".")
        if level == "total":
            return lambda _atom: True
        if level == "market_group":
            return lambda atom: code in atom.groups
        return lambda atom: atom.codes.get(level) == code

    def rows(self, keys: Iterable[str]) -> Row:
        every = [self.row(key) for key in keys]
        return lambda atom: any(is_in(atom) for is_in in every)

    def amounts(self, measure: str, months: Iterable[date], row: Row) -> list[tuple[int, Any]]:
        measure = measure.removesuffix("_to_date")
        wanted = set(months)
        if measure == "expected":
            return self._expected(wanted, row)
        if measure == "firm":
            return self._firm(wanted, row)
        return [
            (atom.who, value)
            for atom in self.atoms
            if atom.month in wanted
            and (value := atom.values.get(measure)) is not None
            and row(atom)
        ]

    def _bare(self, who: int, month: date) -> Atom:
        books = self.books
        codes = {
            "enterprise": str(who),
            "class": books.classes[who],
            "standing": books.standings[who],
            "size": books.size(who),
        }
        return Atom(who, month, codes, frozenset(), {})

    def _expected(self, months: set[date], row: Row) -> list[tuple[int, Any]]:
        owed = []
        for who, (first, end) in self.books.tenants.items():
            for month in months:
                is_there = any(
                    first <= day and (end is None or day < end) for day in days_of(month)
                )
                if (is_there or (who, month) in self.books.filed) and row(self._bare(who, month)):
                    owed.append((who, 1))
        return owed

    def _firm(self, months: set[date], row: Row) -> list[tuple[int, Any]]:
        return [
            (who, seats)
            for who in self.books.tenants
            for month in months
            if row(self._bare(who, month)) and (seats := self.books.contracted(who, month))
        ]

    def figure(self, indicator: str, months: list[date], row: Row) -> Any:
        """An indicator of a row; None where nothing is known."""
        if indicator in RATES:
            rate = RATES[indicator]
            whole = self.figure(rate.whole, months, (lambda _atom: True) if rate.of_all else row)
            part = self.figure(rate.part, months, row)
            if part is None or not whole:
                return None
            return round_to(Fraction(part) * rate.factor / Fraction(whole), rate.places)
        amounts = self.amounts(
            indicator, months, (lambda _atom: True) if indicator in OF_ALL else row
        )
        if any(amount is UNKNOWN for _who, amount in amounts):
            return None
        if indicator in COUNTED_ONCE:
            return len({who for who, amount in amounts if amount})
        if not amounts:
            return 0 if indicator in NEVER_UNKNOWN else None
        return sum(amount for _who, amount in amounts)

    def cell(self, column: Mapping[str, Any], row: Row) -> Any:
        """A cell of a column as it is printed: a figure, a difference, or one in percent."""
        indicator, period = column["indicator"], column["period"]
        then = self.figure(indicator, months_of(period, self.month), row)
        if column["measure"] == "value":
            return then
        compared = "to_date" if period == "to_date_before" else "month"
        now = self.figure(indicator, months_of(compared, self.month), row)
        return difference(now, then) if column["measure"] == "change" else growth(now, then)


class Check(NamedTuple):
    """A measure that a table shows, and the months that it shows it of."""

    measure: str
    months: frozenset[date]


class Censor:
    """Which rows of some tables are hidden, and why: worked out row by row."""

    def __init__(self, sheet: Sheet, columns: Iterable[Mapping[str, Any]]) -> None:
        self.sheet = sheet
        shown: dict[str, set[date]] = {}
        for column in columns:
            checks = self.checks_of(column)
            if not any(self.tells(check, ["total"]) for check in checks):
                for check in checks:
                    shown.setdefault(check.measure, set()).update(check.months)
        self.checks = [Check(name, frozenset(months)) for name, months in shown.items()]

    def checks_of(self, column: Mapping[str, Any]) -> list[Check]:
        indicator, period = column["indicator"], column["period"]
        periods = [period]
        if column["measure"] != "value":
            periods.append("to_date" if period == "to_date_before" else "month")
        months = frozenset(month for one in periods for month in months_of(one, self.sheet.month))
        rate = RATES.get(indicator)
        measures = [rate.part, rate.whole] if rate else [indicator]
        no_secret = NEVER_UNKNOWN | OF_ALL | COUNTED_ONCE | {"gross_output"}
        return [Check(name, months) for name in measures if name not in no_secret]

    def is_blank(self, column: Mapping[str, Any]) -> bool:
        return any(self.tells(check, ["total"]) for check in self.checks_of(column))

    def tells(self, check: Check, keys: Iterable[str]) -> bool:
        row = self.sheet.rows(list(keys))
        for month in check.months:
            amounts = [
                (who, amount)
                for who, amount in self.sheet.amounts(check.measure, [month], row)
                if amount and amount is not UNKNOWN
            ]
            if len({who for who, _amount in amounts}) in {1, 2}:
                return True
            counts_people = check.measure.removesuffix("_to_date") in PEOPLE
            if counts_people and 0 < sum(amount for _who, amount in amounts) < 5:
                return True
        return False

    def tells_any(self, keys: Iterable[str]) -> bool:
        keys = list(keys)
        return any(self.tells(check, keys) for check in self.checks)

    def size(self, key: str) -> Any:
        first = self.checks[0].measure
        return abs(self.sheet.figure(first, [self.sheet.month], self.sheet.row(key)) or 0)

    def hidden(self, siblings: list[str]) -> set[str]:
        """Which of rows that make up one larger row do not stand for themselves."""
        gone = [key for key in siblings if self.tells_any([key])]
        rest = [key for key in siblings if key not in gone]
        while gone and rest and (len(gone) < 2 or self.tells_any(gone)):
            smallest = min(rest, key=lambda key: (self.size(key), siblings.index(key)))
            rest.remove(smallest)
            gone.append(smallest)
        return set(gone)
