"""Work in the background: asked for, sent, claimed, finished once.

The row comes first and is committed with what caused it; the queue is told afterwards, once, and
may be gone: beat sends again what waits. A worker that dies in the middle is recognised by its
silence; who takes the job over counts one attempt up, and only the last attempt may write a result.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from accounts.models import User
from foundation import clock
from foundation.models import Job
from foundation.services.messages import tell

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=10)
LAST_ATTEMPT = 5


class JobLostError(Exception):
    """Another worker has taken this job over: what this one did must not be written."""


class Progress:
    """A running job, as its handler sees it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: dict[str, Any] = job.arguments

    def tell(self, done: int, total: int, message: str = "", **parameters: int | str) -> None:
        """Show the person who waits that `done` of `total` steps are done.

        `message` is marked for translation (`gettext_noop`) and takes `parameters`.
        """
        self._mine().update(
            done=done,
            total=total,
            message=message,
            parameters=parameters,
            heartbeat_at=clock.now(),
        )

    def confirm(self) -> None:
        """Lock the job in the caller's transaction; raise `JobLostError` if it is another's.

        Call this in the transaction that writes the result: two attempts then write it once.
        """
        if not self._mine().select_for_update().exists():
            raise JobLostError

    def end(self, result: dict[str, Any]) -> None:
        """Write that the job is done, in the transaction that writes what it made."""
        _finish(self.job, Job.State.DONE, clock.now(), result=result)

    def _mine(self):  # type: ignore[no-untyped-def]
        return Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state=Job.State.RUNNING)


Handler = Callable[[Progress], dict[str, Any]]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of jobs of `kind`. It returns the job's result."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue(*, kind: str, key: str, arguments: dict[str, Any], owner: User | None) -> Job:
    """Ask for work; while the same work is unfinished, return that job instead."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, key=key, arguments=arguments, owner=owner, created_at=clock.now()
            )
    except IntegrityError:
        unfinished = Job.objects.unfinished().filter(kind=kind, key=key).first()
        if unfinished is None:  # it has ended since: what is asked for now is new work
            return enqueue(kind=kind, key=key, arguments=arguments, owner=owner)
        job = unfinished
    transaction.on_commit(lambda: publish(job.pk))
    return job


def publish(job_id: int) -> bool:
    """Tell the queue that there is work. One try: if the queue is gone, beat tells it later."""
    try:
        current_app.send_task("foundation.tasks.run_job", [job_id], retry=False)
    except (OperationalError, OSError):
        log.warning("queue unreachable; job stays queued", extra={"job": job_id})
        return False
    Job.objects.filter(pk=job_id).update(sent_at=clock.now())
    return True


def resend(now: datetime) -> int:
    """Send again what waits although it was sent a while ago, or never. Returns how many."""
    stale = now - timedelta(seconds=15)
    jobs = (
        Job.objects.waiting(now)
        .exclude(sent_at__gt=stale)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(publish(job_id) for job_id in jobs[:200])


def claim(job_id: int, now: datetime) -> Job | None:
    """Take a job that waits; None if it is finished, unknown, or a living worker has it."""
    with transaction.atomic():
        job = Job.objects.waiting(now).select_for_update(skip_locked=True).filter(pk=job_id).first()
        if job is None:
            return None
        if job.attempt >= LAST_ATTEMPT:
            _fail(job, now, error="given up after repeated attempts")
            return None
        job.state = Job.State.RUNNING
        job.attempt += 1
        job.started_at = job.heartbeat_at = now
        job.done = 0
        job.save(update_fields=["state", "attempt", "started_at", "heartbeat_at", "done"])
        return job


def run(job_id: int) -> None:
    """Claim a job and do it, showing all the while that this worker lives."""
    job = claim(job_id, clock.now())
    if job is None:
        return
    progress = Progress(job)
    try:
        with _heartbeats(job):
            result = _handlers[job.kind](progress)
    except JobLostError:
        log.warning("job was taken over by another worker", extra={"job": job.pk})
    except Exception as error:
        log.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        _fail(job, clock.now(), error=repr(error)[:2000])
    else:
        _finish(job, Job.State.DONE, clock.now(), result=result)


def _fail(job: Job, now: datetime, error: str) -> None:
    """Write that the job has failed, and tell who asked for it."""
    with transaction.atomic():
        if not _finish(job, Job.State.FAILED, now, error=error) or job.owner is None:
            return
        tell(
            people=[job.owner],
            subject=gettext_noop("Work that you asked for has failed"),
            body=gettext_noop(
                "Nothing was changed by it. Ask for it once more; if it fails again, tell the "
                "system administrator the number %(number)d."
            ),
            url=reverse("foundation:job-detail", args=[job.pk]),
            parameters={"number": job.pk},
        )


def _finish(job: Job, state: Job.State, now: datetime, **fields: Any) -> bool:
    """Write how the job ended, if it is still this attempt's to end; give whether it was."""
    if state == Job.State.DONE:
        fields["done"] = F("total")
    mine = Job.objects.unfinished().filter(pk=job.pk, attempt=job.attempt)
    return bool(mine.update(state=state, finished_at=now, **fields))


@contextmanager
def _heartbeats(job: Job) -> Iterator[None]:
    """Write the job's heartbeat from a thread of its own, so that long steps do not look dead."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT.total_seconds()):
                close_old_connections()
                Job.objects.filter(pk=job.pk, attempt=job.attempt).update(heartbeat_at=clock.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
