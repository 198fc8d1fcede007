"""What enterprises filed: every figure of a return, and what is worked out of them.

A figure is taken where an indicator counts it. One that was not given is None, never 0.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count

from foundation.months import format_month
from reports.indicators.facts import invented
from reports.indicators.registry import Source
from returns.figures import BREAKDOWNS, FIGURES
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.owing import owing

NOT_BEGUN = "none"
FILED = "filed"

Row = Mapping[str, Any]


class Derived(NamedTuple):
    """A column that is worked out of figures of the same return: of which, and how."""

    of: tuple[str, ...]
    make: Callable[[Row], Any]


def _staff_where(*given: str) -> Derived:
    """The staff of those who gave one of these figures: what its share is a share of."""
    return Derived(
        ("headcount", *given),
        lambda row: row["headcount"] if any(row[name] is not None for name in given) else None,
    )


_COLLEGE = ("postgraduate", "bachelor", "junior_college")


def _college(row: Row) -> int | None:
    if all(row[name] is None for name in BREAKDOWNS["education"]):
        return None
    return sum(row[name] or 0 for name in _COLLEGE)


def _average_staff(row: Row) -> Decimal | None:
    if row["opening"] is None or row["left"] is None:
        return None
    return Decimal(row["opening"] + row["headcount"]) / 2


def _pay(row: Row) -> Decimal | None:
    return None if row["average_pay"] is None else row["average_pay"] * row["headcount"]


# The numerators and denominators of rates are of the same returns: those that gave both.
DERIVED: dict[str, Derived] = {
    "college": Derived(BREAKDOWNS["education"], _college),
    "college_of": _staff_where(*BREAKDOWNS["education"]),
    "returnees_of": _staff_where("returnees"),
    "graduates_of": _staff_where("graduates"),
    "insured_of": _staff_where("insured"),
    "average_staff": Derived(("opening", "headcount", "left"), _average_staff),
    "left_of_average": Derived(
        ("opening", "left"), lambda row: None if row["opening"] is None else row["left"]
    ),
    "pay": Derived(("average_pay", "headcount"), _pay),
    "pay_of": _staff_where("average_pay"),
}

_KEY = ("month", "enterprise", "state", "expected", "filed", "is_cost_centre", "sample_fields")
_OPTIONAL = (*FIGURES, *DERIVED)
_namedtuple: Any = namedtuple  # its fields are those of `FIGURES`, which no type can say

# What an enterprise filed for a month, or that it has not: `state` is filed, or where its return
# is (draft, sent_back, none). Money in 元.
ReturnFact: Any = _namedtuple(
    "ReturnFact", (*_KEY, *_OPTIONAL), defaults=(False, (), *(None for _name in _OPTIONAL))
)


_SAMPLE = _KEY.index("sample_fields")
_NOTHING = [None] * (1 + len(_OPTIONAL))


def take_returns(months: Sequence[date], columns: Collection[str]) -> list[Any]:
    """One fact for each enterprise that owed a return for a month, or filed one all the same."""
    facts = {
        (format_month(month), enterprise): _unfiled(format_month(month), enterprise, NOT_BEGUN)
        for month, enterprises in owing(months).items()
        for enterprise in enterprises
    }
    for month, enterprise, state in _begun(months):
        if (month, enterprise) in facts:
            facts[month, enterprise] = _unfiled(month, enterprise, state)
    for fact in _filed(months, [name for name in _OPTIONAL if name in columns]):
        facts[fact.month, fact.enterprise] = fact
    return [facts[place] for place in sorted(facts)]


def count_returns(months: Sequence[date]) -> dict[date, tuple[int, int]]:
    """For each month how many returns are filed, and how many are owed: as `take_returns` has it.

    Without taking them: a report says it of months whose returns it does not need.
    """
    filed = dict(
        counting(months).values_list("monthly_return__month").annotate(Count("pk")).order_by()
    )
    owed = owing(months)
    return {month: (filed.get(month, 0), len(owed[month])) for month in months}


def _unfiled(month: str, enterprise: int, state: str) -> Any:
    return ReturnFact(month, enterprise, state, 1, 0, sample_fields=[])


def _begun(months: Sequence[date]) -> list[tuple[str, int, str]]:
    begun = MonthlyReturn.objects.filter(
        month__in=months, state__in=[ReturnState.DRAFT, ReturnState.SENT_BACK]
    )
    return [
        (format_month(month), enterprise, state)
        for month, enterprise, state in begun.values_list("month", "enterprise", "state")
    ]


def counting(months: Sequence[date]) -> Any:
    """The revisions that count in `months`: a return that is corrected, as it was last filed."""
    return ReturnRevision.objects.counting().filter(monthly_return__month__in=months)


def figures_needed(columns: Iterable[str]) -> list[str]:
    """The figures that `columns` are made of."""
    needed = (DERIVED[name].of if name in DERIVED else (name,) for name in columns)
    return list(dict.fromkeys(name for names in needed for name in names))


def _filed(months: Sequence[date], wanted: Sequence[str]) -> list[Any]:
    figures = figures_needed(wanted)
    made_of = {
        "expected": (),
        "filed": (),
        **{name: DERIVED[name].of if name in DERIVED else (name,) for name in wanted},
    }
    rows = counting(months).values_list(
        *("monthly_return__month", "monthly_return__enterprise", "is_cost_centre"),
        *("monthly_return__sample_fields", *figures),
    )
    plain = [
        (ReturnFact._fields.index(name), figures.index(name)) for name in wanted if name in FIGURES
    ]
    derived = [
        (ReturnFact._fields.index(name), DERIVED[name].make) for name in wanted if name in DERIVED
    ]
    facts = []
    for month, enterprise, is_cost_centre, sample_fields, *values in rows:
        row = [*(format_month(month), enterprise, FILED, 1, 1, is_cost_centre), *_NOTHING]
        row[_SAMPLE] = invented(sample_fields, made_of)
        for place, at in plain:
            row[place] = values[at]
        if derived:
            said = dict(zip(figures, values, strict=True))
            for place, make in derived:
                row[place] = make(said)
        facts.append(ReturnFact._make(row))
    return facts


RETURNS = Source(
    "returns",
    ReturnFact,
    take_returns,
    decimals=(
        *(figure.name for figure in FIGURES.values() if figure.unit.is_money),
        *("average_staff", "pay"),
    ),
    optional=_OPTIONAL,
    names_enterprises=True,
)
