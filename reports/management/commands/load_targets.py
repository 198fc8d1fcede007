"""State the targets of a file (docs/loading.md): those whose code is not known yet."""

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.spreadsheets import Problems
from foundation.yaml_files import read_yaml
from reports.services.targets import load_targets
from web.refusals import Refusal


class Command(BaseCommand):
    """Everything in the file is stated, or nothing; then each error is shown with its target."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and, where one wants it in the history, a person."""
        parser.add_argument("file", type=Path, help="a .yaml file (docs/loading.md)")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="whom the history names")

    def handle(self, *arguments: Any, file: Path, email: str | None, **options: Any) -> None:
        """Load the file and say what was new."""
        person = None
        if email:
            person = User.objects.filter(email=email.lower(), is_active=True).first()
            if person is None:
                raise CommandError(_("Nobody signs in as %(email)s.") % {"email": email})
        try:
            new, known = load_targets(rows=_rows(file), acting_user=person)
        except OSError:
            message = _("%(path)s can't be read. Is it a file, and may you read it?")
            raise CommandError(message % {"path": file}) from None
        except Refusal as refusal:
            for error in refusal.errors:
                self.stderr.write(f"{error['field']}: {error['message']}")
            raise CommandError(str(refusal)) from None
        words = {"new": new, "known": known}
        self.stdout.write(_("Targets: %(new)d new, %(known)d known already") % words)


def _rows(file: Path) -> list[dict[str, Any]]:
    read = read_yaml(file.read_bytes(), Problems()).plain()
    rows = read.get("targets") if isinstance(read, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CommandError(_("The file holds no list “targets”."))
    return [{**row, **_numbers(row)} for row in rows]


def _numbers(row: dict[str, Any]) -> dict[str, Decimal | None]:
    """Its values as exact numbers."""
    return {
        name: Decimal(str(row[name]))
        for name in ("value", "value_to")
        if isinstance(row.get(name), int | float)
    }
