"""A real worker killed in the middle of telling and offering: each is told and offered once."""

import signal
from datetime import timedelta

import pytest
from django.db import connection, transaction

from foundation import clock
from foundation.models import Message
from foundation.services import jobs
from seats.models import AllocationKind, RequestState, SeatBlock, SeatRequest
from seats.services.waiting import put_on_waiting_list
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.factories.waiting import make_submitted
from tests.foundation.test_worker import queue, redis, start_and_hear, wait_until, worker

__all__ = ["queue", "redis", "worker"]

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

NOBODY_WRITES = "LOCK TABLE foundation_message IN SHARE MODE"
WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE relation = 'foundation_message'::regclass AND NOT granted
"""


def ask(task):
    jobs.current_app.send_task(f"seats.tasks.{task}")


def somebody_waits_to_write():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


def killed_in_the_middle(worker, task):
    """Start the task, and kill its worker as it writes the first message."""
    start_and_hear(worker)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NOBODY_WRITES)
        ask(task)
        wait_until(somebody_waits_to_write, seconds=60)
        worker.end(signal.SIGKILL)


def test_a_worker_killed_while_it_warns_of_a_hold_lets_the_next_tell_each_once(worker, operator):
    enterprise, floor = EnterpriseFactory(), make_floor(seats=100)
    person = make_member(enterprise)
    today, now = clock.today(), clock.now()
    make_allocation(
        floor,
        (1, 20),
        kind=AllocationKind.HOLD,
        to=enterprise,
        start=today,
        today=today,
        now=now,
        expires_at=now + timedelta(days=2),
        acting_user=operator,
    )

    killed_in_the_middle(worker, "warn_of_ending_holds")
    assert not Message.objects.exists()

    start_and_hear(worker)
    ask("warn_of_ending_holds")
    ask("warn_of_ending_holds")
    wait_until(lambda: Message.objects.count() == 2, seconds=60)
    assert set(Message.objects.values_list("recipient", flat=True)) == {operator.pk, person.pk}


def test_a_worker_killed_while_it_offers_lets_the_next_offer_once(worker, operator):
    make_floor(seats=100)
    request = make_submitted(seats=20, start=clock.today(), now=clock.now())
    put_on_waiting_list(request_id=request.pk, now=clock.now(), acting_user=operator)

    killed_in_the_middle(worker, "serve_waiting_list")
    assert not SeatBlock.objects.real().exists()

    start_and_hear(worker)
    ask("serve_waiting_list")
    ask("serve_waiting_list")

    def state():
        return SeatRequest.objects.get(pk=request.pk).state

    wait_until(lambda: state() == RequestState.OFFERED, seconds=60)
    assert SeatBlock.objects.real().count() == 1
    assert (
        Message.objects.filter(recipient=request.created_by, subject__contains="offers").count()
        == 1
    )
