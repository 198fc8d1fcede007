"""What the worker does for every room."""

from celery import shared_task
from celery.signals import worker_ready

from foundation import clock
from foundation.models import Heartbeat
from foundation.services import jobs, messages


@shared_task
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task
def resend_jobs() -> None:
    jobs.resend(clock.now())


@shared_task
def send_mail() -> None:
    messages.send_mail(clock.now())


@shared_task
def heartbeat() -> None:
    Heartbeat.objects.update_or_create(name="worker", defaults={"heard_at": clock.now()})


@worker_ready.connect
def say_hello(**_signal: object) -> None:
    """Say so at once when the worker is up, not only at beat's first round; send what waits."""
    heartbeat.delay()
    resend_jobs.delay()
