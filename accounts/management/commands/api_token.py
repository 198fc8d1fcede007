"""`manage.py api_token EMAIL` prints a new token, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.services import make_api_token


class Command(BaseCommand):
    help = "Make an API token for a person, valid for 90 days, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody with the address {email} may sign in.")
        self.stdout.write(make_api_token(user=user, name="manage.py", now=timezone.now()))
