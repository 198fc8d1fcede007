"""Bring the database up to date, in one process: every start waits for this."""

import os
from typing import Any

from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    """What a start needs of the database. Changes nothing where all is there already."""

    help = "Apply migrations, make the cache table, and load the sample park if XIYUAN_SAMPLE=1."
    requires_system_checks: list[str] = []  # they cost time, and `make test` runs them

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Apply what is missing."""
        if self._misses_migrations():
            call_command("migrate", interactive=False)
        call_command("createcachetable")
        if os.environ.get("XIYUAN_SAMPLE") == "1":
            call_command("load_sample")

    def _misses_migrations(self) -> bool:
        """Tell whether a migration is not yet applied. Much quicker than `migrate` itself."""
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
