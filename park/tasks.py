"""What the worker does for the park's months."""

from celery import shared_task

from foundation import clock
from park import services


@shared_task
def close_due_month() -> None:
    """Close last month on the night after its closing day, unless somebody already has."""
    today = clock.today()
    if (month := services.month_to_close(today)) is not None:
        services.close_month(month=month, now=clock.now(), today=today, acting_user=None)
