"""The command line, and the Makefile that has a target for each command."""

import re
import subprocess
import sys

from launcher.__main__ import COMMANDS, WITH_ARGUMENTS
from launcher.processes import ROOT

ALL = {*COMMANDS, *WITH_ARGUMENTS}


def launcher(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """What the launcher answers."""
    command = [sys.executable, "-m", "launcher", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603


class TestCommandLine:
    def test_help_names_every_command(self) -> None:
        answer = launcher("--help")

        assert answer.returncode == 0
        assert all(f"\n  {name} " in answer.stdout for name in ALL)

    def test_an_unknown_command_is_refused(self) -> None:
        assert launcher("fly").returncode == 2

    def test_arguments_that_mean_nothing_are_refused(self) -> None:
        assert "run takes no arguments" in launcher("run", "faster").stderr


class TestMakefile:
    def test_calls_commands_that_exist_and_explains_every_target(self) -> None:
        text = (ROOT / "Makefile").read_text()
        called = set(re.findall(r"\$\(LAUNCHER\) (\w+)", text))
        targets = set(re.findall(r"^(\w+):", text, re.MULTILINE))

        assert called <= ALL
        assert targets == set(re.findall(r"^(\w+):.*## ", text, re.MULTILINE))
        assert called == targets - {"help", "clean"}
