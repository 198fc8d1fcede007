"""The data folder (XIYUAN_HOME): whose it is, who uses it now, and what a dead launcher left."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from launcher.console import LaunchError, step
from launcher.guard import PATIENCE, is_alive
from launcher.processes import ROOT


def chosen() -> Path:
    """The data folder: XIYUAN_HOME, else var/ in the project."""
    return Path(os.environ.get("XIYUAN_HOME") or ROOT / "var").resolve()


def refuse_if_used(home: Path) -> None:
    """Refuse when a launcher runs with this folder. Makes nothing."""
    if holder := user_of(home):
        raise LaunchError(
            f"Xiyuan runs already with the data folder {home} (process {holder}).\n"
            "Stop it with Ctrl-C there, or set XIYUAN_HOME and PORT for a second one."
        )


def user_of(home: Path) -> int | None:
    """The process id of the launcher that runs with this folder, if one does."""
    with contextlib.suppress(FileNotFoundError), open(home / "lock", "r+b") as lock:
        if not _can_take(lock.fileno()):
            holder = int(lock.read() or 0)
            return holder if holder and is_alive(holder) else None
    return None


@contextlib.contextmanager
def held(home: Path) -> Iterator[int]:
    """Hold the data folder for one launcher and give its lock. It falls when all is stopped."""
    _make(home)
    lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, home)
        end_leftovers(home / "logs")
        yield lock
    finally:
        os.close(lock)


@contextlib.contextmanager
def temporary() -> Iterator[Path]:
    """A data folder for one test run. PostgreSQL's user must get through it, so it is not 0700."""
    with tempfile.TemporaryDirectory(prefix="xiyuan-", ignore_cleanup_errors=True) as folder:
        home = Path(folder).resolve()
        home.chmod(0o711)
        try:
            yield home
        finally:
            # PostgreSQL's data had to lie elsewhere if the folder for such folders is closed.
            for link in filter(Path.is_symlink, home.iterdir()):
                shutil.rmtree(link.resolve().parent, ignore_errors=True)


@contextlib.contextmanager
def project_to_ourselves() -> Iterator[None]:
    """Let one launcher at a time change the project's packages and files. Needs no lock file."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        if not _can_take(folder):
            with step("Waiting for another launcher here"):
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def secret(path: Path, length: int = 24, given: str | None = None) -> str:
    """A secret that is given or made once, and then kept in a file for its owner only."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    value = given or secrets.token_urlsafe(length)
    write_private(path, value)
    return value


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner only, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def end_leftovers(logs: Path) -> None:
    """Kill what a launcher and a guard that were both killed have left running.

    Whatever writes to one of these logs (a folder, or one file) was started by a launcher, and we
    hold the lock: nobody waits for it. Sessions of our own are spared. Linux only.
    """
    left = [pid for pid in _processes() if _writes_to(pid, logs)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while any(map(is_alive, left)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _processes() -> list[int]:
    ours = os.getsid(0)
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getsid(int(entry.name)) != ours:
                found.append(int(entry.name))
    return found


def _writes_to(pid: int, logs: Path) -> bool:
    try:
        output = Path(f"/proc/{pid}/fd/1").readlink()
    except OSError:  # ended meanwhile, or another user's
        return False
    return output.is_relative_to(logs)


def _make(home: Path) -> None:
    """Make the folder. Root's is passable, because PostgreSQL runs as another user."""
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    lock = home / "lock"
    if lock.exists() and lock.stat().st_uid != os.geteuid():
        raise LaunchError(
            f"{home} belongs to {lock.owner()}, who started Xiyuan there first.\n"
            "Start it as that user, or set XIYUAN_HOME to a folder of your own."
        )


def _take(lock: int, home: Path) -> None:
    """Take the lock. Wait for the guard of a launcher that was killed; refuse beside a live one."""
    deadline = time.monotonic() + 5 * PATIENCE
    while not _can_take(lock):
        refuse_if_used(home)
        if time.monotonic() > deadline:
            raise LaunchError(f"A process that does not end still holds {home / 'lock'}.")
        time.sleep(0.1)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _can_take(lock: int) -> bool:
    """Take the lock, and tell whether that went well."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
