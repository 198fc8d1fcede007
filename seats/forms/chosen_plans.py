"""A plan as the button of a request's page sends it, and as ticks beside the free runs."""

from __future__ import annotations

import re

from django.http import QueryDict

from park.axis import place_of
from seats.planner import Plan

# the number of the phase, first and last seat
_RUN = re.compile(r"([0-9]{1,2}):([0-9]{1,10})-([0-9]{1,10})")
MOST_RUNS = 1000


def sent(plan: Plan) -> str:
    """The runs of `plan`, each with the number of its phase."""
    runs = ((take.phase, take.seats.lower, take.seats.upper - 1) for take in plan.takes)
    return " ".join(f"{phase}:{first}-{last}" for phase, first, last in runs)


def choice_name(phase: int) -> str:
    """How the fields of the runs for a phase begin, counted from 0."""
    return f"take{phase or ''}"


def with_plan_ticked(posted: QueryDict) -> QueryDict:
    """`posted` as if the runs of the plan whose button was pressed had been ticked and typed."""
    text = posted.get("plan", "")
    runs = [_RUN.fullmatch(run) for run in text.split()[: MOST_RUNS + 1]]
    if not runs or len(runs) > MOST_RUNS:
        return posted
    ticked = posted.copy()
    for phase, first, last in (run.groups() for run in runs if run):
        name = choice_name(int(phase))
        ticked.appendlist(name, first)
        ticked[f"{name}_first_{first}"] = str(place_of(int(first)))
        ticked[f"{name}_last_{first}"] = str(place_of(int(last)))
    return ticked
