"""A service that ends by itself is started again, unless it keeps ending."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from launcher import watch
from launcher.console import LaunchError
from launcher.processes import Child, Processes, Program


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look and start again without waiting."""
    pause = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: pause(0.01))


def start_sleeper(processes: Processes) -> Child:
    """A service that does nothing for a minute."""
    command: list[str | Path] = [sys.executable, "-c", "import time; time.sleep(60)"]
    return processes.start(Program("sleeper", command))


class TestService:
    def test_is_started_again_after_a_kill(self, processes: Processes) -> None:
        service = watch.start(processes, start_sleeper)
        first = service.child.process
        os.kill(first.pid, signal.SIGKILL)
        first.wait()

        service.revive(processes)

        assert not service.child.has_ended()
        assert service.child.process.pid != first.pid

    def test_that_keeps_ending_is_given_up_with_its_last_words(self, processes: Processes) -> None:
        def start(processes: Processes) -> Child:
            command: list[str | Path] = [sys.executable, "-c", "raise SystemExit('no luck')"]
            return processes.start(Program("unlucky", command))

        service = watch.start(processes, start)

        with pytest.raises(LaunchError, match=r"unlucky ends again and again .*\n +no luck"):
            watch.keep_running(processes, [service])
        assert service.ends == watch.TRIES + 1

    def test_that_ran_long_enough_starts_with_a_clean_slate(self, processes: Processes) -> None:
        service = watch.start(processes, start_sleeper)
        service.ends, service.since = watch.TRIES, service.since - watch.CALM - 1
        processes.end(service.child)

        service.revive(processes)

        assert service.ends == 1
