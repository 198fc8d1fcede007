"""What the worker does for the park's months."""

from celery import shared_task

from foundation import clock
from park import services


@shared_task
def close_due_month() -> None:
    """Close last month on the night after its closing day; make up for nights that were missed."""
    today = clock.today()
    for month in services.months_to_close(today):
        services.close_month(month=month, now=clock.now(), today=today, acting_user=None)
