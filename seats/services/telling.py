"""Whom a step concerns, and what people are told of a request: at every step, what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from foundation.services.messages import tell
from seats.models import SeatRequest
from tenants.models import Enterprise
from web import formats


def operators() -> QuerySet[User]:
    """The people of the park who deal with what enterprises hand in."""
    roles = [Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF]
    return User.objects.filter(roles__overlap=roles, is_active=True).order_by("name", "pk")


def people_of(enterprise: Enterprise) -> QuerySet[User]:
    """Who acts for the enterprise now."""
    return User.objects.filter(
        memberships__enterprise=enterprise, memberships__ended_at=None, is_active=True
    )


def other_side(enterprise: Enterprise, acting_user: User) -> QuerySet[User]:
    """Those who are to hear of what `acting_user` did."""
    of_park = acting_user.has_perm("seats.view_every_allocation")
    return people_of(enterprise) if of_park else operators()


def tell_enterprise(subject: str, body: str, request: SeatRequest, **words: str) -> None:
    """Tell the people of the enterprise; `words` are what `body` says beside the request."""
    tell_people(people_of(request.enterprise), subject, body, request, **words)


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
