"""What the worker does for the seats."""

from celery import shared_task

from foundation import clock
from seats.services.expiry import end_expired_holds as end_them


@shared_task
def end_expired_holds() -> None:
    end_them(now=clock.now())
