"""Requests on the waiting list, made by the services that people use."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from seats.models import SeatRequest, WaitingEntry
from seats.services.requests import submit_request
from seats.services.waiting import put_on_waiting_list
from tests.conftest import NOW
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member


def make_submitted(*, now: datetime = NOW, **wish: Any) -> SeatRequest:
    """A submitted request of an enterprise with a manager who reads English."""
    enterprise = wish.pop("enterprise", None) or EnterpriseFactory()
    manager = make_member(enterprise, language="en")
    request = make_request(enterprise=enterprise, acting_user=manager, **wish)
    return submit_request(request_id=request.pk, now=now, acting_user=manager)


def make_waiting(operator: User, *, minutes: int = 0, **wish: Any) -> WaitingEntry:
    """A request on the list, put there so many minutes before `NOW`."""
    request = make_submitted(**wish)
    return put_on_waiting_list(
        request_id=request.pk, now=NOW - timedelta(minutes=minutes), acting_user=operator
    )
