"""`manage.py verify_reports` computes every seal of the issued reports again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import MonthFile, MonthlyReport
from reports.services import verify_chain, verify_month_files


class Command(BaseCommand):
    help = (
        "Check that issued reports, the rows behind them and their files are as they were issued."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that all of them hold, or name what does not (exit code 1)."""
        found = [
            *(f"{one.report}: {one.part}" for one in verify_chain()),
            *(f"{one.file}: {one.part} ({one.file.file.name})" for one in verify_month_files()),
        ]
        if found:
            raise CommandError("\n".join(found))
        count = MonthlyReport.objects.issued().count()
        files = MonthFile.objects.issued().count()
        self.stdout.write(f"{count} issued editions and {files} files of months hold.")
