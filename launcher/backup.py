"""Backup and restore of the embedded database. One dump is everything: files are in it too."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from launcher import clone, environment, homes
from launcher.console import LaunchError, say, step
from launcher.postgres import NAME, Postgres, programs_for
from launcher.processes import Processes, Program

# The old database goes only when the new one is whole.
MAKE_ROOM = ("DROP DATABASE IF EXISTS restored", "CREATE DATABASE restored")
SWAP = (
    "DROP DATABASE IF EXISTS before_restore",
    f"ALTER DATABASE {NAME} RENAME TO before_restore",
    f"ALTER DATABASE restored RENAME TO {NAME}",
    "DROP DATABASE before_restore",
)


def backup(arguments: list[str]) -> int:
    """Dump the database, of a running launcher or of a stopped one."""
    home = _home()
    usual = home / "backups" / time.strftime("%Y%m%d-%H%M%S.dump")
    file = Path(arguments[0]) if arguments else usual
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.resolve().with_name(f".{file.name}.new")
    with _database(home) as (processes, url), step("Backup"):
        _must_run(processes, url, "pg_dump", "--format=custom", f"--file={new}", NAME)
    new.replace(file)
    say(f"\n{file}")
    return 0


def restore(arguments: list[str]) -> int:
    """Put a dump in the place of the database of a stopped launcher, wholly or not at all."""
    file = Path(arguments[0]).resolve() if arguments else None
    if not file or not file.is_file():
        raise LaunchError("Name the file to restore: make restore FILE=…")
    home = _home()
    homes.refuse_if_used(home)
    with _database(home) as (processes, url), step("Restore"):
        for statement in MAKE_ROOM:
            _must_run(processes, url, "psql", "--command", statement, "postgres")
        options = ("--exit-on-error", "--single-transaction", "--no-owner", "--dbname=restored")
        _must_run(processes, url, "pg_restore", *options, str(file))
        for statement in SWAP:
            _must_run(processes, url, "psql", "--command", statement, "postgres")
    return 0


def _home() -> Path:
    if os.environ.get("DATABASE_URL"):
        raise LaunchError(
            "DATABASE_URL names a server of your own: use its pg_dump and pg_restore."
        )
    return homes.chosen()


@contextlib.contextmanager
def _database(home: Path) -> Iterator[tuple[Processes, str]]:
    """The database's address: as it runs, or started for this alone."""
    if homes.user_of(home):
        url = json.loads((home / "endpoints.json").read_text())["DATABASE_URL"]
        with homes.temporary() as elsewhere, Processes(elsewhere / "logs") as processes:
            yield processes, url
        return
    with homes.held(home) as lock, Processes(home / "logs", lock) as processes:
        clone.make_ready(processes, environment.RUN)
        postgres = Postgres(home)
        postgres.start(processes)
        yield processes, postgres.url


def _must_run(processes: Processes, url: str, program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs. The password is not for everybody's `ps`."""
    address = urlsplit(url)
    environ = environment.variables(
        PGHOST=str(address.hostname),
        PGPORT=str(address.port),
        PGUSER=str(address.username),
        PGPASSWORD=str(address.password),
    )
    command: list[str | Path] = [programs_for(None) / program, *options]
    processes.must_run(Program(program, command, environ, private=True))
