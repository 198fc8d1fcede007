"""Backup and restore: what comes back is what was there, to the last row, or nothing changes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from launcher import environment, homes
from launcher.check import NOWHERE
from launcher.postgres import THROWN_AWAY, Postgres
from launcher.processes import ROOT, Processes
from launcher.servers import NAMES

pytestmark = pytest.mark.worker  # seconds long, so beside nothing else

FILE_OF_ALL_BYTES = (
    "from django.core.files.base import ContentFile;"
    "from django.core.files.storage import default_storage;"
    "default_storage.save('a file', ContentFile(bytes(range(256)) * 400))"
)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The database of a data folder, by its address."""
    with Processes(home / "logs") as processes:
        postgres = Postgres(home, THROWN_AWAY)
        postgres.start(processes)
        yield postgres.url


@pytest.fixture
def filled(home: Path) -> Path:
    """A data folder with the sample park and a file."""
    folder = home / "filled"
    folder.mkdir()
    folder.chmod(0o711)
    with served(folder) as url:
        surroundings = environment.variables(
            **{**NOWHERE, "DATABASE_URL": url}, XIYUAN_HOME=str(folder), XIYUAN_SAMPLE="1"
        )
        for command in (["prepare"], ["shell", "-c", FILE_OF_ALL_BYTES]):
            subprocess.run(  # noqa: S603
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env={**surroundings, "XIYUAN_SAMPLE_PASSWORD": "tests-only-2026"},
                check=True,
                capture_output=True,
            )
    return folder


def launcher(home: Path, command: str, file: Path) -> "subprocess.CompletedProcess[str]":
    """What the launcher answers."""
    theirs = environment.variables(XIYUAN_HOME=str(home))
    for name in NAMES:
        theirs.pop(name, None)
    words = [sys.executable, "-m", "launcher", command, "--", str(file)]
    return subprocess.run(words, cwd=ROOT, env=theirs, capture_output=True, text=True)  # noqa: S603


def content(url: str) -> dict[str, Any]:
    """All that a database holds: every table's rows, the sequences, constraints and triggers."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        found: dict[str, Any] = {
            name: connection.execute(
                sql.SQL(
                    "SELECT count(*), md5(string_agg(row::text, E'\\n' ORDER BY row::text))"
                    " FROM {} AS row"
                ).format(sql.Identifier(name))
            ).fetchone()
            for (name,) in tables
        }
        found["sequences"] = connection.execute(
            "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"
        ).fetchall()
        found["constraints"] = connection.execute(
            "SELECT conrelid::regclass::text, conname, contype"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        ).fetchall()
        found["triggers"] = connection.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled, prosrc"
            " FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid"
            " WHERE NOT tgisinternal ORDER BY 1, 2"
        ).fetchall()
    return found


class TestBackupAndRestore:
    def test_what_comes_back_elsewhere_is_equal(self, filled: Path, home: Path) -> None:
        dump, elsewhere = home / "one.dump", home / "elsewhere"

        saved = launcher(filled, "backup", dump)
        restored = launcher(elsewhere, "restore", dump)

        assert (saved.returncode, restored.returncode) == (0, 0), saved.stderr + restored.stderr
        assert dump.stat().st_mode & 0o077 == 0
        with served(filled) as before, served(elsewhere) as after:
            was = content(before)
            assert content(after) == was
        assert was["seats_seatblock"][0] > 100
        assert was["foundation_storedfile"][0] == 1 + was["seats_fitoutfile"][0] > 1
        assert len(was["triggers"]) > 20

    def test_a_file_that_is_no_dump_leaves_everything_as_it_was(self, home: Path) -> None:
        folder, broken = home / "kept", home / "broken.dump"
        folder.mkdir()
        folder.chmod(0o711)
        broken.write_bytes(b"PGDMP and nothing that follows")
        with served(folder) as url, psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS row")

        answer = launcher(folder, "restore", broken)

        assert answer.returncode == 1
        assert "pg_restore failed" in answer.stderr
        with served(folder) as url:
            assert content(url)["kept"][0] == 1

    def test_is_refused_where_something_runs(self, home: Path) -> None:
        (home / "any.dump").touch()
        with homes.held(home):
            answer = launcher(home, "restore", home / "any.dump")

        assert answer.returncode == 1
        assert "runs already" in answer.stderr
