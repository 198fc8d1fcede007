"""The embedded PostgreSQL: awkward folders, passwords, kills, and root's closed folders."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from launcher import postgres as module
from launcher.console import LaunchError
from launcher.postgres import THROWN_AWAY, Postgres
from launcher.processes import Processes


def start(home: Path, processes: Processes) -> Postgres:
    """A running server."""
    server = Postgres(home, THROWN_AWAY)
    server.start(processes)
    return server


def note(server: Postgres) -> int:
    """Commit a row and give the number of rows."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        connection.execute("INSERT INTO notes VALUES ('席园')")
        row = connection.execute("SELECT count(*) FROM notes").fetchone()
    assert row is not None
    return int(row[0])


class TestPostgres:
    def test_serves_utf8_whatever_the_locale(
        self, home: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LC_ALL", "zh_CN.GB18030")
        server = start(home, processes)

        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT lower('ÄÉ'), length('席园')").fetchone()

        assert row == ("äé", 2)

    def test_lets_nobody_in_without_the_password(self, home: Path, processes: Processes) -> None:
        server = start(home, processes)
        password = (home / "postgres_password").read_text()

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url.replace(password, "wrong"))

    def test_a_killed_server_loses_nothing_that_was_committed(
        self, home: Path, processes: Processes
    ) -> None:
        server = Postgres(home)
        child = server.start(processes)
        note(server)

        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        processes.end(child)
        again = start(home, processes)

        assert note(again) == 2

    def test_the_mark_of_a_dead_server_is_no_obstacle(
        self, home: Path, processes: Processes
    ) -> None:
        server = Postgres(home, THROWN_AWAY)
        processes.end(server.start(processes))
        # Somebody else has its process id by now: this very test.
        mark = home / "postgres18" / "postmaster.pid"
        mark.write_text(f"{os.getppid()}\n{home}/postgres18\n0\n0\n\n127.0.0.1\n")

        assert note(start(home, processes)) == 1

    def test_a_lost_password_is_made_anew(self, home: Path, processes: Processes) -> None:
        server = Postgres(home, THROWN_AWAY)
        processes.end(server.start(processes))
        (home / "postgres_password").unlink()

        assert note(start(home, processes)) == 1

    def test_a_failure_shows_the_end_of_the_log(self, home: Path, processes: Processes) -> None:
        server = Postgres(home, {**THROWN_AWAY, "no_such_setting": "on"})

        with pytest.raises(LaunchError, match="no_such_setting"):
            server.start(processes)


if os.geteuid() == 0:  # nobody else can run it as another user

    class TestPostgresOfRoot:
        def test_runs_as_somebody_else(self, home: Path, processes: Processes) -> None:
            child = Postgres(home, THROWN_AWAY).start(processes)

            assert Path(f"/proc/{child.process.pid}").stat().st_uid != 0

        def test_below_a_closed_folder_data_lies_elsewhere_and_no_mode_is_changed(
            self, home: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
        ) -> None:
            monkeypatch.setattr(module, "SHARED", home / "shared")
            closed = home / "closed"
            inner = closed / "home"
            inner.mkdir(parents=True)
            closed.chmod(0o700)

            assert note(start(inner, processes)) == 1

            assert closed.stat().st_mode & 0o777 == 0o700
            assert (inner / "postgres18").resolve().is_relative_to(home / "shared")

        def test_data_whose_folder_has_become_closed_is_not_forgotten(
            self, home: Path, processes: Processes
        ) -> None:
            processes.end(Postgres(home, THROWN_AWAY).start(processes))
            home.chmod(0o700)

            with pytest.raises(LaunchError, match="can no longer reach its data"):
                Postgres(home, THROWN_AWAY)

        def test_data_of_a_removed_home_is_put_aside(
            self, home: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
        ) -> None:
            monkeypatch.setattr(module, "SHARED", home / "shared")
            closed = home / "closed"
            closed.mkdir(mode=0o700)
            processes.end(Postgres(closed, THROWN_AWAY).start(processes))
            (closed / "postgres18").unlink()
            (closed / "postgres_password").unlink()

            assert note(start(closed, processes)) == 1
            assert len(list((home / "shared").iterdir())) == 2
