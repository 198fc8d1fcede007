"""A return while somebody types: what the checks say of it, and keeping what was typed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from bench.asking import statements
from bench.desk import Desk
from bench.filing import file_returns
from bench.timing import Figure, Wrong
from foundation.locks import Lock
from foundation.months import add_months, month_of
from returns.checking import case_of, checked
from returns.content import Content
from returns.models import MonthlyReturn
from returns.services import open_return, save_draft

# What the checks of one return are made of, read by hand.
_DRAFT = "SELECT * FROM returns_monthlyreturn WHERE id = %(id)s"
_CLASSES = "SELECT * FROM returns_returnclass WHERE monthly_return_id = %(id)s"
_MARKETS = "SELECT * FROM returns_returnmarket WHERE monthly_return_id = %(id)s"
_COUNTING = """
    FROM returns_returnrevision r JOIN returns_monthlyreturn m ON m.id = r.monthly_return_id
    WHERE r.number = m.revision_count AND m.state <> 'sent_back'
"""
_YEAR = f"""SELECT r.* {_COUNTING} AND m.enterprise_id = %(enterprise)s
    AND m.month >= %(year)s AND m.month < %(month)s"""
_CONTRACTS = f"""SELECT count(r.contract_value), sum(r.contract_value), sum(r.executed_value)
    {_COUNTING} AND m.enterprise_id = %(enterprise)s AND m.month < %(month)s"""
_PER_HEAD = f"""SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY r.revenue / r.headcount)
    {_COUNTING} AND m.month = %(last)s AND r.revenue > 0 AND r.headcount > 0"""
_SETTINGS = "SELECT name, value FROM foundation_setting WHERE name LIKE 'check%%'"
_SEATS = """
    SELECT coalesce(max(held), 0) FROM (
        SELECT sum(upper(seats) - lower(seats)) AS held
        FROM seats_seatblock
        JOIN generate_series(%(month)s::date, %(last_day)s::date, '1 day') AS days (day)
            ON period @> days.day::date
        WHERE enterprise_id = %(enterprise)s AND kind = 'firm'
        GROUP BY days.day
    ) each_day
"""
_READ = (_DRAFT, _CLASSES, _MARKETS, _YEAR, _CONTRACTS, _PER_HEAD, _SETTINGS, _SEATS)
_LOCKED = "SELECT version FROM returns_monthlyreturn WHERE id = %s FOR UPDATE"
_SAVE = """
    UPDATE returns_monthlyreturn SET revenue = %(revenue)s, version = version + 1,
           saved_at = %(now)s, saves = saves || '{"business": {"user": 1}}'
    WHERE id = %(id)s
"""


def measure(desk: Desk) -> Iterator[Figure]:
    """The checks of a return that goes back ten years; a figure of it saved."""
    file_returns(desk.park)
    month = month_of(desk.park.today)
    row = open_return(
        enterprise=desk.park.enterprises[9],
        month=month,
        figures={"revenue": Decimal(1_000_000), "joined": 1, "left": 1},
        now=desk.park.now,
        today=desk.park.today,
        acting_user=desk.park.operator,
        prefilled=True,
    )
    yield _checks(desk, row)
    yield _saving(desk, row)


def _checks(desk: Desk, row: MonthlyReturn) -> Figure:
    def product() -> None:
        checked(MonthlyReturn.objects.get(pk=row.pk))

    needs = _needs(row)

    def floor() -> list[Any]:
        return [desk.plain.execute(text.encode(), needs).fetchall() for text in _READ]

    _check_case(row, floor())
    if len(sent := statements(product)) > len(_READ):
        raise Wrong(f"the checks of a return take {len(sent)} statements")
    pair = desk.rounds.beside(product, floor)
    return Figure(area="checks of a return, while typing", **pair._asdict(), bar=None)


def _needs(row: MonthlyReturn) -> dict[str, Any]:
    month: date = row.month
    return {
        "id": row.pk,
        "enterprise": row.enterprise_id,
        "month": month,
        "year": add_months(month, -12),
        "last": add_months(month, -1),
        "last_day": add_months(month, 1) - timedelta(days=1),
    }


def _check_case(row: MonthlyReturn, read: list[Any]) -> None:
    """What the product checks against is what was read by hand."""
    case = case_of(row, Content.of(row))
    _draft, classes, markets, year, contracts, per_head, _settings, seats = read
    _count, signed, done = contracts[0]
    pairs = (
        (len(case.content.classes), len(classes)),
        (len(case.content.markets), len(markets)),
        (len(case.past.filed), len(year)),
        (case.past.contracts_left, signed - done),
        (round(case.usual_per_head or 0, 2), round(Decimal(per_head[0][0]), 2)),
        (case.seats, seats[0][0]),
    )
    for given, wanted in pairs:
        if given != wanted:
            raise Wrong(f"a return is checked against {given}, not {wanted}")


def _saving(desk: Desk, row: MonthlyReturn) -> Figure:
    park, amounts = desk.park, itertools.count(1_000_001)

    def product() -> None:
        save_draft(
            return_id=row.pk,
            figures={"revenue": Decimal(next(amounts))},
            now=park.now,
            acting_user=park.operator,
        )

    floor = _saved_by_hand(desk.plain, row, park.now, amounts)
    for save in (product, floor):
        before = MonthlyReturn.objects.get(pk=row.pk)
        save()
        after = MonthlyReturn.objects.get(pk=row.pk)
        if (after.version, after.revenue) != (before.version + 1, before.revenue + 1):
            raise Wrong(f"saving made {before.revenue} v{before.version} {after.revenue}")
        row.revenue = after.revenue
    pair = desk.rounds.beside(product, floor)
    return Figure(area="saving a figure of a return", **pair._asdict(), bar=None)


def _saved_by_hand(
    plain: psycopg.Connection[Any], row: MonthlyReturn, now: Any, amounts: Iterator[int]
) -> Callable[[], None]:
    """The lock of the park, the row, and the same columns written."""

    def save() -> None:
        with plain.transaction():
            plain.execute("SELECT pg_advisory_xact_lock_shared(%s)", [Lock.PARK.value])
            plain.execute(_LOCKED, [row.pk])
            plain.execute(_SAVE, {"id": row.pk, "revenue": next(amounts), "now": now})

    return save
