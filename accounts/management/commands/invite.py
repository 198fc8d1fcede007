"""`manage.py invite EMAIL` lets the first person of a park in, where nobody can yet at /admin/."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.permissions import ENTERPRISE_ROLES, Role
from accounts.services import password_url, save_user

OF_THE_PARK = [role.value for role in Role if role not in ENTERPRISE_ROLES]
USUAL = [Role.OPERATOR_MANAGER.value, Role.SYSTEM_ADMINISTRATOR.value]


class Command(BaseCommand):
    help = (
        "Add somebody of the park and print the link to choose a password, good once and for three "
        "days. For somebody who is known already: a new link, and nothing else changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="without it, what stands before the @")
        parser.add_argument(
            "--role",
            dest="roles",
            action="append",
            choices=OF_THE_PARK,
            help=f"may be given several times; without it: {' and '.join(USUAL)}",
        )

    def handle(
        self, *args: Any, email: str, name: str | None, roles: list[str] | None, **options: Any
    ) -> None:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            user = User(email=email.lower(), name=name or email.partition("@")[0])
            user.roles = roles or USUAL
            try:
                user.clean_fields(exclude=["password"])
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from None
            save_user(user=user, now=timezone.now(), acting_user=None)
        elif not user.is_active:
            raise CommandError(f"The access of {email} was ended. Give it back at /admin/.")
        elif roles:
            raise CommandError(f"{email} is known already. Roles are changed at /admin/.")
        self.stdout.write(password_url(user))
