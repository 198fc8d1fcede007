"""Who of an enterprise answers for which part of its returns, and what that leaves to others."""

from __future__ import annotations

from typing import NamedTuple

from accounts.models import User
from returns.figures import Part
from returns.models import PartAssignment
from tenants.models import Membership


class Answering(NamedTuple):
    """Who fills in what; `foreign`: the parts that a person only reads."""

    assigned: dict[Part, User]
    foreign: frozenset[Part]

    @classmethod
    def of(cls, enterprise_id: int, user: User) -> Answering:
        """As it is for `user`: one query, two where somebody else answers for a part."""
        rows = PartAssignment.objects.filter(enterprise=enterprise_id).select_related("user")
        assigned = {Part(row.part): row.user for row in rows}
        others = {part for part, person in assigned.items() if person.pk != user.pk}
        if others and _may_always(enterprise_id, user):
            others = set()
        return cls(assigned, frozenset(others))


def _may_always(enterprise_id: int, user: User) -> bool:
    """Managers of the enterprise and the park fill in every part."""
    if user.has_perm("returns.view_every_monthlyreturn"):
        return True
    own = Membership.objects.current().filter(user=user, enterprise=enterprise_id)
    return own.filter(is_manager=True).exists()
