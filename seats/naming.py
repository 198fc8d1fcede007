"""Whose seats somebody may call by name: the park's people everybody's, an enterprise's its own."""

from __future__ import annotations

from accounts.models import User
from tenants.models import Membership


def named_to(user: User) -> frozenset[int] | None:
    """The enterprises that `user` may be told as holders of seats; None: every one of them.

    That seats are taken, and how, everybody may know who sees the place.
    """
    if user.has_perm("seats.view_every_allocation"):
        return None
    own = Membership.objects.enterprises_of(user)
    return frozenset(own.values_list("enterprise", flat=True))
