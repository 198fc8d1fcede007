"""What the worker does for returns."""

from celery import shared_task

from foundation import clock
from returns.reminders import send_reminders as send_them


@shared_task
def send_reminders() -> None:
    """In the morning: tell enterprises and the park how the month stands, each once."""
    send_them(today=clock.today(), now=clock.now())
