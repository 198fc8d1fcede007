"""Up to five different ways to meet a need, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from park.axis import intersection
from seats.planner import facts, moving
from seats.planner.choices import choose, different, plan_of
from seats.planner.need import Free, Need, Plan, Take
from seats.planner.phases import plans_in_phases
from seats.planner.search import trimmed

MOST = 5


def find_plans(need: Need, *, today: date, most: int = MOST) -> list[Plan]:
    """Up to `most` different plans for `need`, best first; nothing where it does not fit.

    Best is: moving nobody; on floors handed over (a plan on others is a pre-selection; both
    together only where neither has enough); fewest buildings, floors, runs; then leaving the
    longest free run; then waiting for the fewest. The first is the best there is wherever there
    are few enough free runs to be sure (see `search`). Where it comes in phases: see `phases`.
    """
    if need.phases:
        plans = _with_waits(plans_in_phases(need, most), today)
        return sorted(plans, key=lambda plan: plan.rank)
    runs = facts.free(need.start, need.end, need.zones)
    plans = _with_waits(different(need, runs, most), today)
    if plans and plans[0].waits:
        plans = _with_one_that_waits_for_nobody(plans, runs, today, most)
    if need.moves_allowed and (not plans or plans[0].runs > 1):
        moved = _with_waits(moving.plans_with_moves(need, runs), today)
        plans = plans[: max(1, most - len(moved))] + moved
    return sorted(plans, key=lambda plan: plan.rank)[:most]


def _with_waits(plans: Sequence[Plan], today: date) -> list[Plan]:
    if not plans:
        return []
    found = facts.waits(plans, today)
    return [replace(plan, waits=waits) for plan, waits in zip(plans, found, strict=True)]


def _with_one_that_waits_for_nobody(
    plans: list[Plan], runs: Sequence[Free], today: date, most: int
) -> list[Plan]:
    """One of the plans begins with seats that are free today already, if there are enough."""
    need = plans[0].need
    if not all(plan.waits for plan in plans):
        return plans
    now = [run for run in facts.free(today, need.end, need.zones) if run.is_delivered]
    choice = choose(need, now, 1)
    if choice is None:
        return plans
    delivered = [run for run in runs if run.is_delivered]
    takes = [
        Take(seats, next(run for run in delivered if intersection(run.seats, seats)))
        for seats, _now in trimmed(choice, need.seats)
    ]
    return [*plans[: most - 1], plan_of(need, takes, delivered)]
