"""Checks of a return, V1–V15 of the park's 审核关系 and some more: while one types, and at the end.

A hard one keeps the return from being submitted; a soft one asks for a sentence. Both are said
beside the cell. `rules.py` has them as data; `money.py` and `people.py` find what breaks them.
"""

from returns.checks import money, people
from returns.checks.case import Case, Check, Finding, Found, found_by, note_key
from returns.checks.change import Change, change_of
from returns.checks.money import in_ten_thousands
from returns.checks.rules import RULES, Rule, Thresholds

__all__ = [
    "RULES",
    "Case",
    "Change",
    "Finding",
    "Found",
    "Rule",
    "Thresholds",
    "change_of",
    "findings",
    "in_ten_thousands",
    "note_key",
]

# In the order in which they are read: the unit guard before all else.
CHECKS: tuple[Check, ...] = (
    money.unit_guard,
    money.missing,
    money.reversals,
    money.cost_centre,
    money.executed_value,
    money.classes,
    money.markets,
    people.balance,
    people.breakdowns,
    people.parts,
    money.jumps,
    money.per_head,
    money.balance_of_contracts,
    money.taxes,
    money.no_revenue,
    people.jump,
    people.flows,
    people.insured,
    people.seats_in_use,
)


def findings(case: Case) -> Found:
    """All that the checks say of a return."""
    return found_by(CHECKS, case)
