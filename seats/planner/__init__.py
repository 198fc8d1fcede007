"""The planner: up to five ways to seat a need, each with its why; else the nearest that would do.

`need` has the nouns, `search` and `choices` choose among free runs, `phases` does so for needs in
phases, `moving` asks tenants to move, `facts` reads, `plans` and `nearest` put it together,
`wording` says it.
"""

from seats.planner.nearest import Alternatives, nearest_alternatives
from seats.planner.need import Move, Need, Phase, Plan, Take, Wait
from seats.planner.plans import find_plans

__all__ = [
    "Alternatives",
    "Move",
    "Need",
    "Phase",
    "Plan",
    "Take",
    "Wait",
    "find_plans",
    "nearest_alternatives",
]
