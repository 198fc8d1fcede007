"""`manage.py verify_reports` computes every seal of the issued reports again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import MonthlyReport
from reports.services import verify_chain


class Command(BaseCommand):
    help = (
        "Check that issued reports, the rows behind them and their files are as they were issued."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that all of them hold, or name what does not (exit code 1)."""
        breaks = verify_chain()
        if breaks:
            raise CommandError("\n".join(f"{one.report}: {one.part}" for one in breaks))
        count = MonthlyReport.objects.issued().count()
        self.stdout.write(f"{count} issued editions hold.")
