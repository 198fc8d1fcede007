"""A real Celery worker in its own process, and a Redis of its own: killed, stopped, back again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import Celery
from django.db import connection

from config.celery import app
from foundation import clock
from foundation.models import Heartbeat, Job, StoredFile
from foundation.services import jobs
from foundation.services.jobs import enqueue, resend
from launcher import redis as embedded
from tests.foundation.slow_jobs import KIND

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def wait_until(condition: Callable[[], object], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


class Server:
    """A program in a process group of its own. What it says is shown where a test fails."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.command, self.environment = command, environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(20)
            self.process = None


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = Server([str(embedded.program()), *options])
    server.url = f"redis://127.0.0.1:{port}/0"
    server.start()
    yield server
    server.end()


@pytest.fixture
def worker(redis: Server) -> Iterator[Server]:
    database = connection.settings_dict
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    where = f"{database['HOST']}:{database['PORT']}/{quote(database['NAME'])}"
    options = [
        "-c",
        "1",
        "-I",
        "tests.foundation.slow_jobs",
        "--without-mingle",
        "--without-gossip",
    ]
    server = Server(
        [sys.executable, "-m", "celery", "-A", "config", "worker", *options],
        DATABASE_URL=f"postgres://{who}@{where}",
        REDIS_URL=redis.url,
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    yield server
    server.end()


@pytest.fixture(autouse=True)
def queue(redis: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process publishes goes to the same Redis, with the manners of the real queue."""
    queue = Celery("test", broker=redis.url, set_as_current=False)
    queue.conf.broker_transport_options = app.conf.broker_transport_options
    queue.conf.task_publish_retry = app.conf.task_publish_retry
    monkeypatch.setattr(jobs, "current_app", queue)
    yield
    queue.close()


@pytest.fixture
def job(tmp_path: Path) -> Callable[[], Job]:
    gate = tmp_path / "gate"
    made = []

    def ask_or_look() -> Job:
        if not made:
            made.append(enqueue(kind=KIND, key="1", arguments={"gate": str(gate)}, owner=None))
        return Job.objects.get(pk=made[0].pk)

    ask_or_look.let_go_on = gate.touch
    return ask_or_look


def start_and_hear(worker: Server) -> None:
    Heartbeat.objects.all().delete()
    worker.start()
    wait_until(Heartbeat.objects.exists)


def test_a_job_whose_worker_is_killed_is_finished_once_by_the_next(worker, job):
    start_and_hear(worker)
    wait_until(lambda: job().done == 1)

    worker.end(signal.SIGKILL)
    assert job().state == Job.State.RUNNING
    job.let_go_on()
    long_ago = clock.now() - Job.SILENCE - timedelta(seconds=5)
    Job.objects.update(heartbeat_at=long_ago, sent_at=long_ago)
    start_and_hear(worker)  # says hello, and with it sends again what waits

    wait_until(lambda: job().is_finished)
    assert (job().state, job().result) == (Job.State.DONE, {"attempt": 2})
    assert StoredFile.objects.count() == 1


def test_work_asked_for_while_the_queue_is_gone_is_done_when_it_is_back(redis, worker, job):
    start_and_hear(worker)
    redis.end(signal.SIGTERM)

    asked_at = time.monotonic()
    assert (job().state, job().sent_at) == (Job.State.QUEUED, None)
    assert time.monotonic() - asked_at < 2, "a page would hang"

    job.let_go_on()
    redis.start()
    wait_until(lambda: resend(clock.now()))
    wait_until(lambda: job().is_finished)
    assert (job().state, job().result) == (Job.State.DONE, {"attempt": 1})
    assert StoredFile.objects.count() == 1
