"""What the worker does for the seats."""

from celery import shared_task

from foundation import clock
from seats.services.expiry import end_expired_holds as end_them
from seats.services.holds import warn_of_ending_holds as warn_of_them
from seats.services.lending import mind_loans as mind_them
from seats.services.serving import serve_waiting_list as serve_it


@shared_task
def end_expired_holds() -> None:
    end_them(now=clock.now())


@shared_task
def warn_of_ending_holds() -> None:
    warn_of_them(now=clock.now())


@shared_task
def serve_waiting_list() -> None:
    serve_it(now=clock.now(), today=clock.today())


def mind_loans() -> None:
    mind_them(today=clock.today(), now=clock.now())
