"""Who is told what becomes of seats."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Role
from seats.models import Allocation

OPERATORS = [Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF]


def people_of(enterprise_id: int | None) -> QuerySet[User]:
    """The people who act for an enterprise."""
    return User.objects.filter(
        memberships__enterprise=enterprise_id, memberships__ended_at=None, is_active=True
    ).distinct()


def operators_of(allocation: Allocation) -> QuerySet[User]:
    """Who made it and who has its request; every operator where neither is one any more."""
    operators = User.objects.filter(roles__overlap=OPERATORS, is_active=True)
    named = operators.filter(
        Q(pk=allocation.created_by_id) | Q(owned_requests__allocations=allocation)
    ).distinct()
    return named if named.exists() else operators
