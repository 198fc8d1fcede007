"""What people are told of a request: the other side, at every step, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from foundation.services.messages import tell
from seats.models import SeatRequest
from web import formats


def operators() -> list[User]:
    """The people of the park who deal with requests."""
    roles = [Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF]
    return list(User.objects.filter(roles__overlap=roles, is_active=True).order_by("name", "pk"))


def tell_enterprise(subject: str, body: str, request: SeatRequest, **words: str) -> None:
    """Tell the people of the enterprise; `words` are what `body` says beside the request."""
    people = User.objects.filter(
        memberships__enterprise=request.enterprise, memberships__ended_at=None, is_active=True
    )
    tell_people(people, subject, body, request, **words)


def tell_park(subject: str, body: str, request: SeatRequest, **words: str) -> None:
    """Tell whoever of the park has the request; where nobody has it, all who deal with requests."""
    everybody = operators()
    owner = [person for person in everybody if person.pk == request.owner_id]
    tell_people(owner or everybody, subject, body, request, **words)


def tell_people(
    people: Iterable[User], subject: str, body: str, request: SeatRequest, **words: str
) -> None:
    """Tell `people`; both texts may name the request, its enterprise, its seats, its promise."""
    tell(
        people=people,
        subject=subject,
        body=body,
        url=reverse("seats:request-detail", args=[request.pk]),
        parameters={
            "enterprise": request.enterprise.short_name,
            "number": request.number,
            "seats": f"{request.seats:,}",
            "due": formats.full_moment(request.promised_at),
            **words,
        },
    )
