"""The data folder: one launcher at a time, secrets for its owner only, nothing left of the dead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import homes
from launcher.console import LaunchError
from launcher.guard import is_alive
from launcher.processes import ROOT, Processes, Program

HOLD = """
import pathlib, sys
from launcher import homes
with homes.held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


class TestHeld:
    def test_makes_a_folder_for_its_owner_that_postgresql_may_pass(self, home: Path) -> None:
        new = home / "new"

        with homes.held(new):
            assert new.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
            assert (new / "lock").stat().st_mode & 0o777 == 0o600

    def test_refuses_a_second_launcher_and_names_the_first(self, home: Path) -> None:
        command = [sys.executable, "-c", HOLD, str(home)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as first:  # noqa: S603
            assert first.stdout
            first.stdout.readline()

            with pytest.raises(LaunchError, match=f"runs already .*process {first.pid}"):
                homes.held(home).__enter__()

            assert homes.user_of(home) == first.pid
        assert homes.user_of(home) is None

    def test_refuses_the_folder_of_another_user(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (home / "lock").touch()
        monkeypatch.setattr(os, "geteuid", lambda: (home / "lock").stat().st_uid + 1)

        with pytest.raises(LaunchError, match="belongs to"):
            homes.held(home).__enter__()

    def test_ends_what_a_launcher_and_its_guard_have_left(
        self, home: Path, processes: Processes
    ) -> None:
        sleeper: list[str | Path] = [sys.executable, "-c", "import time; time.sleep(60)"]
        left = processes.start(Program("left", sleeper)).process.pid

        with homes.held(home):
            assert not is_alive(left)


class TestSecret:
    def test_is_made_once_and_kept_for_its_owner_only(self, home: Path) -> None:
        first = homes.secret(home / "password")

        assert len(first) >= 32
        assert homes.secret(home / "password") == first
        assert (home / "password").stat().st_mode & 0o777 == 0o600

    def test_that_is_given_later_changes_nothing(self, home: Path) -> None:
        assert homes.secret(home / "password", given="first") == "first"
        assert homes.secret(home / "password", given="second") == "first"


class TestChosen:
    def test_is_var_in_the_project_unless_told_otherwise(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("XIYUAN_HOME", str(tmp_path))
        assert homes.chosen() == tmp_path

        monkeypatch.delenv("XIYUAN_HOME")
        assert homes.chosen() == ROOT / "var"
