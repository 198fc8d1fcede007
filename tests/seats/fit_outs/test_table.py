"""Which step may follow which state: every pair, against a table written by hand."""

import pytest

from seats.models import FitOut, FitOutState
from seats.services.fit_outs import FIT_OUT_STEPS
from seats.services.refusals import WrongState
from tests.factories.fit_outs import ENTERPRISES, NEEDS, WAY, make_fit_out, take
from tests.undone import undone
from web.refusals import Forbidden

pytestmark = pytest.mark.django_db

# What the issue says, row by row; where nothing stands the step is refused.
ALLOWED = {
    ("planning", "submit"): "review",
    ("planning", "withdraw"): "cancelled",
    ("planning", "cancel"): "cancelled",
    ("review", "approve"): "deposit",
    ("review", "send_back"): "planning",
    ("review", "withdraw"): "cancelled",
    ("review", "cancel"): "cancelled",
    ("deposit", "take_deposit"): "ready",
    ("deposit", "withdraw"): "cancelled",
    ("deposit", "cancel"): "cancelled",
    ("ready", "start"): "working",
    ("ready", "cancel"): "cancelled",
    ("working", "ask_inspection"): "inspection",
    ("working", "cancel"): "cancelled",
    ("inspection", "pass_inspection"): "acceptance",
    ("inspection", "fail_inspection"): "rework",
    ("inspection", "cancel"): "cancelled",
    ("rework", "ask_inspection"): "inspection",
    ("rework", "cancel"): "cancelled",
    ("acceptance", "accept"): "accepted",
    ("acceptance", "cancel"): "cancelled",
    ("accepted", "return_deposit"): "accepted",
    ("cancelled", "return_deposit"): "cancelled",
}
STEPS = {step for _state, step in ALLOWED}


def test_the_table_of_these_tests_is_whole():
    assert set(FIT_OUT_STEPS) == STEPS
    assert {state for state, _step in ALLOWED} == set(FitOutState.values) == set(WAY)


@pytest.mark.parametrize("state", WAY)
def test_every_step_from_every_state(case_in, firm, staff, state):
    case = case_in(state)
    before = FitOut.objects.values().get(pk=case.pk)

    outcomes = {}
    for step in sorted(STEPS):
        with undone():
            who = firm if step in ENTERPRISES else staff
            if (state, step) not in ALLOWED:
                with pytest.raises(WrongState) as refusal:
                    take(case, step, who)
                assert refusal.value.extra == {"state": state}
                assert FitOut.objects.values().get(pk=case.pk) == before
                continue
            take(case, step, who)
            case.refresh_from_db()
            outcomes[state, step] = case.state
            assert case.version == before["version"] + 1
            change = case.changes.latest("pk")
            assert (change.step, change.from_state, change.to_state) == (step, state, case.state)
            assert (change.by, change.note) == (who, NEEDS.get(step, {}).get("note", ""))

    assert outcomes == {pair: to for pair, to in ALLOWED.items() if pair[0] == state}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_step_is_of_one_side_only(case_in, firm, staff, step):
    state = next(state for state, other in ALLOWED if other == step)
    case = case_in(state)
    other_side = staff if step in ENTERPRISES else firm

    with pytest.raises(Forbidden):
        take(case, step, other_side)

    case.refresh_from_db()
    assert case.state == state


@pytest.mark.parametrize("step", sorted(ENTERPRISES))
def test_where_the_park_opened_it_the_park_takes_the_enterprises_steps_too(
    allocation, staff, firm, step
):
    state = next(state for state, other in ALLOWED if other == step)
    for who in (staff, firm):
        case = make_fit_out(allocation, by=staff, park=staff, state=state)
        assert case.is_run_by_park
        case = take(case, step, who)
        assert case.state == ALLOWED[state, step]
        if case.is_running:
            take(case, "cancel", staff)
