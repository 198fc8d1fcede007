"""Two people at once: one gets what both want, the other is told who has it, and goes on."""

from contextlib import ExitStack

from django.db import connection

from foundation.locks import Lock
from tests.foundation.test_worker import wait_until
from tests.journeys.counting import count, free_from, named
from tests.journeys.steps import asks_for_seats, chooses_only, in_days, opens_request

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_two_operators_approve_overlapping_seats_and_one_of_them_gets_them(enter):
    start = in_days(70)
    [(floor, first, last), *_others] = free_from(start, "D-")
    run, before = named(floor, first, last), count(start, "D-").firm
    wishes = {"鸿联九五": first, "知道创宇": first + 60}
    for writer in ("honglian", "zhidao"):
        asks_for_seats(enter(writer), seats=110, zone="D", start=start)
    operators = {enter("operator"): "鸿联九五", enter("litao"): "知道创宇"}
    for operator, firm in operators.items():
        opens_request(operator, f"{firm}：新租 110 席")
        chooses_only(operator, run, wishes[firm], wishes[firm] + 109)

    answers = press_together(operators, "批准 110 席")

    assert sorted(answers.values()) == [200, 409]
    winner, loser = sorted(operators, key=answers.get)
    holder = operators[winner]
    winner.sees(f"已批准：{holder}得到 110 席。")
    both_wanted = named(floor, first + 60, first + 109)
    loser.sees(f"{both_wanted} 已由{holder}签约，尚无末日。")
    loser.looks(allowed=loser.page.url)
    assert count(start, "D-").firm == before + 110

    [(floor, first, last), *_others] = free_from(start, "D-")
    chooses_only(loser, named(floor, first, last), first, first + 109)
    loser.presses("批准 110 席")
    loser.sees(f"已批准：{operators[loser]}得到 110 席。")
    assert count(start, "D-").firm == before + 220


def press_together(people, button):
    """All press, and nobody goes on before all wait at the park's lock. How each was answered."""
    with ExitStack() as arriving:
        arrivals = [arriving.enter_context(one.page.expect_navigation()) for one in people]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [int(Lock.PARK)])
            try:
                for one in people:
                    one.page.get_by_role("button", name=button).click(no_wait_after=True)
                wait_until(lambda: waiting(cursor) == len(people))
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [int(Lock.PARK)])
    answers = [arrival.value.status for arrival in arrivals]
    return dict(zip(people, answers, strict=True))


def waiting(cursor):
    cursor.execute(WAITING)
    return cursor.fetchone()[0]
