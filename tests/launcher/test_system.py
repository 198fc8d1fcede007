"""What only the system's package manager can bring: installed where we may, else said."""

import os
import shutil
from pathlib import Path

import pytest

from launcher import chromium, debian
from launcher.console import LaunchError
from launcher.processes import Processes


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, text: str) -> None:
    """A program of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


class TestInstall:
    def test_others_than_root_are_told_what_to_type(
        self, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)

        with pytest.raises(LaunchError, match=r"sudo apt-get install .* chromium fonts-wqy"):
            debian.install(processes, "chromium", "fonts-wqy-microhei")

    def test_so_is_root_where_there_is_no_apt(self, processes: Processes, path: Path) -> None:
        with pytest.raises(LaunchError, match=r"python3\.11-venv is missing"):
            debian.install(processes, "python3.11-venv")

    def test_root_installs_with_apt(
        self, processes: Processes, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        program(path / "apt-get", f"echo $* >> {path}/asked")

        debian.install(processes, "chromium")

        install = "install --yes --no-install-recommends chromium"
        assert (path / "asked").read_text().splitlines() == ["update", install]


class TestChromium:
    @pytest.mark.parametrize("name", chromium.NAMES)
    def test_is_found_under_each_of_its_names(self, path: Path, name: str) -> None:
        assert chromium.find() is None

        program(path / name, "true")

        assert chromium.find() == shutil.which(name)
