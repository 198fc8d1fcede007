"""Programs are started, watched and stopped, and none is ever left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher import processes as module
from launcher.console import LaunchError
from launcher.guard import is_alive
from launcher.processes import DATABASE, ROOT, WEB, Processes, Program

# A program that starts another in its group, and writes both process ids.
FAMILY = (
    "import os, subprocess, sys, time;"
    "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(os.getpid(), other.pid, flush=True); time.sleep(60)"
)
# A launcher that starts such a family, leaves a file that must not outlive it, and waits.
LAUNCHER = f"""
import pathlib, sys, time
from launcher.processes import Processes, Program
home = pathlib.Path(sys.argv[1])
with Processes(home / "logs") as processes:
    (home / "endpoints.json").touch()
    processes.remove_at_end(home / "endpoints.json")
    processes.start(Program("family", [sys.executable, "-c", {FAMILY!r}]))
    time.sleep(60)
"""


def python(name: str, code: str, **options: object) -> Program:
    """A program in Python."""
    return Program(name, [sys.executable, "-c", code], **options)  # type: ignore[arg-type]


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that must become true soon."""
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def family_in(log: Path) -> list[int]:
    """The process ids that the program FAMILY has written, once it has."""
    wait_until(lambda: log.exists() and log.read_text().endswith("\n"))
    return [int(pid) for pid in log.read_text().split()]


class TestProcesses:
    def test_a_failing_step_shows_the_end_of_its_log(self, processes: Processes) -> None:
        step = python("step", "print('what went wrong'); raise SystemExit(3)")

        with pytest.raises(LaunchError, match=r"step failed \(exit code 3\):\n +what went wrong"):
            processes.must_run(step)

    def test_a_program_reads_what_it_is_given(self, processes: Processes) -> None:
        processes.must_run(python("reader", "print(input() * 2)", given="席园".encode()))

        assert (processes.logs / "reader.log").read_text() == "席园席园\n"

    def test_stopping_ends_what_a_program_has_started_itself(self, home: Path) -> None:
        with Processes(home / "logs") as processes:
            processes.start(python("family", FAMILY))
            family = family_in(home / "logs" / "family.log")

        assert not any(map(is_alive, family))

    def test_stops_the_web_server_before_the_database(self, home: Path) -> None:
        code = (
            "import signal, sys, time;"
            "signal.signal(15, lambda *_: (open('order', 'a').write(sys.argv[1]), sys.exit()));"
            "print('ready', flush=True); time.sleep(60)"
        )
        with Processes(home / "logs") as processes:
            for name, rank in (("database", DATABASE), ("web", WEB)):
                command: list[str | Path] = [sys.executable, "-c", code, f"{name} "]
                processes.start(Program(name, command, folder=home, rank=rank))
            logs = [home / "logs" / f"{name}.log" for name in ("database", "web")]
            wait_until(lambda: all(log.read_text() == "ready\n" for log in logs))

        assert (home / "order").read_text() == "web database "

    def test_ctrl_c_does_not_reach_programs(self, processes: Processes) -> None:
        child = processes.start(python("sleeper", "import time; time.sleep(60)"))

        assert os.getsid(child.process.pid) == child.process.pid

    def test_a_private_program_writes_for_its_user_only(
        self, processes: Processes, home: Path
    ) -> None:
        processes.must_run(python("writer", "open('secret', 'w')", folder=home, private=True))

        assert (home / "secret").stat().st_mode & 0o777 == 0o600

    def test_a_log_that_has_grown_is_cut_and_goes_on(
        self, processes: Processes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LOG_LIMIT", 3)
        code = "import sys; print('before', flush=True); input(); print('after', flush=True)"
        log = processes.logs / "talker.log"
        with log.open("ab") as output:
            talker = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=output
            )
        wait_until(lambda: log.read_text() == "before\n")

        processes.look_after()
        talker.communicate(b"\n")

        assert log.read_text() == "after\n"
        assert log.with_suffix(".log.1").read_text() == "before\n"


class TestGuard:
    def test_a_launcher_that_is_killed_leaves_nothing(self, home: Path) -> None:
        launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, home], cwd=ROOT)  # noqa: S603
        family = family_in(home / "logs" / "family.log")

        launcher.kill()
        launcher.wait()

        wait_until(lambda: not any(map(is_alive, family)))
        wait_until(lambda: not (home / "endpoints.json").exists())

    def test_a_guard_that_is_killed_is_replaced(self, home: Path) -> None:
        with Processes(home / "logs") as processes:
            family = processes.start(python("family", FAMILY)).process.pid
            first = processes._guard.pid
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: processes._guard.poll() is not None)

            processes.look_after()

            assert is_alive(processes._guard.pid)
            assert processes._guard.pid != first
        assert not is_alive(family)
