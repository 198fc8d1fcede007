"""A park lives through whatever comes: every operation on seats, in any order, beside the paper.

One random sequence of all of them. After each step every seat is on every day whose the squared
paper says (one cell for a seat and a day, counted without any of the product's own means), and
occupancy, free runs and the seat-days of every enterprise are what is counted there; nothing of a
closed month has changed. What the paper has no room for is refused, for a reason that it gives.

Short here. To let it run long, with other parks each time:

    python3 -m launcher test -- tests/seats/test_life.py -n0 -s --lives 500
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from tests.seats.life.allocations import decisions
from tests.seats.life.changes import ChangeRules
from tests.seats.life.fit_outs import FitOutRules
from tests.seats.life.floors import FloorRules
from tests.seats.life.lists import ListRules
from tests.seats.life.loans import LoanRules
from tests.seats.life.park import MONTHS, lengths, numbers
from tests.seats.life.plans import PlanRules
from tests.seats.life.requests import wishes
from tests.seats.life.services import rules_of, writers
from tests.seats.life.waiting import WaitingRules

SHORT, STEPS = 8, 40


class Life(FloorRules, ChangeRules, LoanRules, WaitingRules, PlanRules, FitOutRules, ListRules):
    @initialize(
        decisions=st.lists(st.tuples(numbers, lengths, decisions), min_size=4, max_size=8),
        wishes=st.lists(wishes, min_size=2, max_size=3),
        closes=st.booleans(),
    )
    def begin_with_some_floors_and_tenants(
        self, decisions: list, wishes: list, closes: bool
    ) -> None:
        self.open_floor(6, "delivered", -60)
        self.open_floor(4, "delivered", -20)
        self.open_floor(4, "planned", 10)
        self.open_floor(3, "planned", 20)
        for number, length, decision in decisions:
            self.allocate_where_seats_are_free(number, length, decision)
        for wish in wishes:
            self.ask(wish)
        if closes:
            self.close_month(MONTHS[1])


@pytest.mark.django_db
def test_a_park_lives_through_whatever_comes(request):
    lives = request.config.getoption("lives")
    Life.done.clear()
    Life.refused.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives or SHORT,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not lives,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(_table())  # noqa: T201
    if lives:
        idle = {service.__name__ for service in writers() if not Life.done[service]}
        assert idle == set(), "what is refused each time proves little"


def test_every_service_that_writes_blocks_takes_part():
    asked = rules_of(Life)
    forgotten = {f"{one.__module__}.{one.__name__}" for one in writers() if not asked.get(one)}
    assert forgotten == set(), "give each a rule in tests/seats/life"
    assert len(writers()) > 30


def _table() -> str:
    """How often each service did what it was asked, and how often it rightly refused."""
    services = sorted({*Life.done, *Life.refused}, key=lambda one: one.__name__)
    lines = [f"{one.__name__:28}{Life.done[one]:8}{Life.refused[one]:8}" for one in services]
    return "\n".join([f"{'service':28}{'done':>8}{'refused':>8}", *lines])
