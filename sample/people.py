"""The sample's people, who may sign in, and the enterprises that some of them act for."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.models import User
from audit.context import recorded
from sample import files
from sample.days import at
from tenants.models import Enterprise, Membership

People = dict[str, User]  # by the name before the @


def add_people(password: str) -> People:
    """Create everybody of sample/data/people.yaml, all with the same password."""
    secret = make_password(password)  # once: a hash takes its time on purpose
    people = {}
    with recorded(None):
        for row in files.read("people.yaml"):
            user = User(
                email=row["email"],
                name=row["name"],
                roles=row["roles"],
                area_code=row.get("area_code", ""),
                password=secret,
                sample_fields=["*"],
            )
            user.save()
            people[row["email"].partition("@")[0]] = user
    return people


def add_members(
    people: People, enterprises: dict[str, Enterprise], acting_user: User
) -> dict[str, User]:
    """Let people act for their enterprises, since they came; return who files for which."""
    signers: dict[str, User] = {}
    came: dict[str, date] = {}
    for decision in files.read("seats.yaml"):
        if isinstance(decision["decided"], date) and "who" in decision:
            came.setdefault(decision["who"], decision["decided"])
    with recorded(acting_user):
        for row in files.read("people.yaml"):
            if "enterprise" not in row:
                continue
            user = people[row["email"].partition("@")[0]]
            is_manager = "enterprise_manager" in row["roles"]
            Membership.objects.create(
                enterprise=enterprises[row["enterprise"]],
                user=user,
                is_manager=is_manager,
                started_at=at(came[row["enterprise"]], 9),
            )
            if is_manager:
                signers[row["enterprise"]] = user
    return signers
