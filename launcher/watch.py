"""Keeping services running: one that ends by itself is started again, unless it keeps ending."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from launcher.console import LaunchError, say
from launcher.processes import Child, Processes, Stopped

Starter = Callable[[Processes], Child]
CALM = 60.0  # seconds that a service must run before its earlier ends are forgotten
TRIES = 5


@dataclass
class Service:
    """A running program, and how to start it again (on the same port, so others find it)."""

    child: Child
    start: Starter
    since: float
    ends: int = 0

    def revive(self, processes: Processes) -> None:
        """Start it again after a pause that grows. Give up when it ends again and again."""
        name = self.child.program.name
        code = self.child.process.returncode
        processes.end(self.child)
        self.ends = self.ends + 1 if time.monotonic() - self.since < CALM else 1
        if self.ends > TRIES:
            raise LaunchError(
                f"{name} ends again and again (exit code {code}):\n{processes.last_words(name)}"
            )
        say(f"  {name} ended (exit code {code}); starting it again.")
        time.sleep(min(0.5 * 2**self.ends, 8))
        self.since = time.monotonic()
        try:
            self.child = self.start(processes)
        except LaunchError as problem:  # it ended while starting: the next look counts that
            say(str(problem))


def start(processes: Processes, starter: Starter) -> Service:
    """Start a service for the first time; a failure then is for the caller to show."""
    return Service(starter(processes), starter, time.monotonic())


def keep_running(processes: Processes, services: list[Service]) -> NoReturn:
    """Watch until the person stops us or a service can't be kept. Databases come first."""
    had_terminal = sys.stdout.isatty()
    while True:
        time.sleep(0.5)
        if had_terminal and not sys.stdout.isatty():
            raise Stopped  # the terminal was closed, and `make` may keep the signal to itself
        processes.look_after()
        for service in services:
            if service.child.has_ended():
                service.revive(processes)
