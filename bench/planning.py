"""The planner: 3,000 seats in the whole park, five plans; and how long choosing takes alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bench.asking import statements
from bench.desk import Desk
from bench.timing import Figure, Wrong
from park.axis import Span, intersection
from seats.planner import Need, Plan, find_plans, nearest_alternatives
from seats.planner.facts import free
from seats.planner.search import best_choice

TWO_MONTHS = timedelta(days=60)
# Choosing was given 10 ms where the floor took 4.
CHOOSING = 2.5


def measure(desk: Desk) -> Iterator[Figure]:
    """Five plans; one choice; and what would do where nothing fits."""
    today = desk.park.today
    need = Need(desk.park.size.seats_given, today + TWO_MONTHS)
    bounds = """
        SELECT lower(seats), upper(seats) FROM seats_seatblock
        WHERE period && daterange(%s, NULL)
    """

    def floor() -> None:
        desk.plain.execute(bounds, [need.start]).fetchall()

    def plan() -> list[Plan]:
        return find_plans(need, today=today)

    _check(desk, plan(), need, today)
    if len(sent := statements(plan)) > 3:
        raise Wrong(f"planning takes {len(sent)} statements")
    pair = desk.rounds.beside(plan, floor)
    yield Figure(area="the planner: five plans", **pair._asdict(), bar=None, growth_bar=12)
    runs = free(need.start, need.end, need.zones)
    pair = desk.rounds.beside(lambda: best_choice(runs, need.seats, spared=2), floor)
    yield Figure(
        area="... one choice among the free runs", **pair._asdict(), bar=CHOOSING, growth_bar=12
    )
    too_many = need._replace(seats=sum(run.seats.length for run in runs) + 1)
    pair = desk.rounds.beside(lambda: nearest_alternatives(too_many), floor)
    yield Figure(area="... the nearest that would fit", **pair._asdict(), bar=None, growth_bar=12)


def _check(desk: Desk, plans: Sequence[Plan], need: Need, today: date) -> None:
    """Every plan is different, as large as asked for, and nobody has any of its seats."""
    if len({plan.blocks for plan in plans}) != 5:
        raise Wrong(f"{len(plans)} plans instead of five different ones")
    taken: dict[int, list[Span]] = {}
    for block in desk.blocks():
        if block.end > need.start:
            taken.setdefault(block.floor, []).append(Span(block.lower, block.upper))
    for plan in plans:
        if sum(block.seats.length for block in plan.blocks) != need.seats:
            raise Wrong("a plan has another number of seats")
        for run in plan.blocks:
            if any(intersection(other, run.seats) for other in taken.get(run.floor, [])):
                raise Wrong("a plan has seats that somebody has")
