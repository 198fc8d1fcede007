"""Load a park's zones, buildings, floors and enterprises from a file (docs/loading.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from foundation import clock
from foundation.spreadsheets import Problems, SpreadsheetErrors
from seats.place_files import SHEETS, read_place_file
from seats.services.loading import load_park
from web.refusals import Refusal


class Command(BaseCommand):
    """Everything in the file is loaded, or nothing; then each error is shown with its cell."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and, where one wants it in the history, a person."""
        parser.add_argument("file", type=Path, help="a .yaml or .xlsx file (docs/loading.md)")
        parser.add_argument(
            "--as",
            dest="email",
            metavar="EMAIL",
            help="the person the history names; without it, Xiyuan itself",
        )

    def handle(self, *arguments: Any, file: Path, email: str | None, **options: Any) -> None:
        """Load the file and say what was new."""
        problems = Problems()
        acting_user = _person(email) if email else None
        try:
            rows = read_place_file(file.name, file.read_bytes(), problems)
            counts = load_park(
                file=rows, problems=problems, now=clock.now(), acting_user=acting_user
            )
        except FileNotFoundError:
            raise CommandError(_("There is no file %(path)s.") % {"path": file}) from None
        except OSError:
            message = _("%(path)s can't be read. Is it a file, and may you read it?")
            raise CommandError(message % {"path": file}) from None
        except SpreadsheetErrors as refusal:
            for error in refusal.errors:
                self.stderr.write(f"{error['field']}: {error['message']}")
            raise CommandError(str(refusal)) from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        is_chinese = (get_language() or "zh").startswith("zh")
        for noun, (new, known) in counts.items():
            chinese, english = SHEETS[noun][1]
            words = {"noun": chinese if is_chinese else english, "new": new, "known": known}
            self.stdout.write(_("%(noun)s: %(new)d new, %(known)d known already") % words)


def _person(email: str) -> User:
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise CommandError(_("Nobody signs in as %(email)s.") % {"email": email})
    return user
