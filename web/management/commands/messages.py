"""`manage.py messages`: bring the catalogue of translations up to date, or check it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from web import catalogue


class Command(BaseCommand):
    help = "Write what the code says into locale/zh_Hans; --check: say what lacks its Chinese."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            catalogue.update()
        if faults := catalogue.faults():
            raise CommandError("\n".join(faults))
        self.stdout.write("The catalogue is complete.")
