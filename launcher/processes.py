"""Starting, watching and stopping other programs, so that none is ever left behind.

Every program is the leader of a session of its own: Ctrl-C in the terminal reaches only the
launcher, which then stops the others in order. Each announces itself to the guard before it runs.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

from launcher import guard
from launcher.console import LaunchError

ROOT = Path(__file__).resolve().parent.parent
LOG_LIMIT = 20 * 1024 * 1024  # bytes; one earlier part of each log is kept

# What is stopped first. Steps (pip, migrations) come before all services.
STEP, WEB, WORKER, QUEUE, DATABASE = range(5)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: stop everything, in order."""


@dataclass(frozen=True)
class Program:
    """What to run, and how. Its output goes to NAME.log unless it is `on_terminal`."""

    name: str
    command: Sequence[str | Path]
    environment: dict[str, str] | None = None
    folder: Path = ROOT
    rank: int = STEP
    stop_signal: signal.Signals = signal.SIGTERM
    user: pwd.struct_passwd | None = None  # who it runs as, where the launcher is root
    private: bool = False  # what it writes is for its user only
    given: bytes = b""  # what it reads from its standard input
    on_terminal: bool = False


@dataclass(frozen=True)
class Child:
    """A running program: leader of its own session and process group."""

    program: Program
    process: "subprocess.Popen[bytes]"

    def has_ended(self) -> bool:
        """Tell whether the program has ended, without waiting."""
        return self.process.poll() is not None

    def end(self, patience: float) -> None:
        """Ask it to end, give it time, then kill whatever is left of its group."""
        if not self.has_ended():
            self.process.send_signal(self.program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Processes:
    """All programs of one launcher, with their guard. Leaving the context stops them in order."""

    def __init__(self, logs: Path, lock: int | None = None) -> None:
        """Keep logs in this folder. The guard holds the lock of the data folder too."""
        self.logs = logs
        self._lock = lock
        self._children: list[Child] = []
        self._files: list[Path] = []

    def __enter__(self) -> Self:
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".log.1"))
        # Who says nohup means it. An ignored SIGINT is only what shells do to background jobs.
        ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        numbers = [number for number in SIGNALS if not (ignored and number == signal.SIGHUP)]
        self._handlers = {number: signal.signal(number, _stop) for number in numbers}
        self._start_guard()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number in self._handlers:
            signal.signal(number, self._hurry)
        for child in sorted(self._children, key=lambda child: child.program.rank):
            self.end(child)
        for path in self._files:
            path.unlink(missing_ok=True)
        os.close(self._voice)  # the guard ends whatever an interruption hid from us
        self._guard.wait()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, program: Program) -> Child:
        """Start a program. It tells the guard itself, before it runs, so none can slip by."""
        user = program.user

        def announce() -> None:
            self._tell(_description(os.getpid(), program))

        with self._output_of(program) as output:
            process = subprocess.Popen(
                [str(part) for part in program.command],
                cwd=program.folder,
                env=program.environment,
                stdin=_input_of(program),
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=announce,
                umask=0o077 if program.private else -1,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        child = Child(program, process)
        self._children.append(child)
        if process.stdin:
            with process.stdin as stream:
                stream.write(program.given)
        return child

    def run(self, program: Program) -> int:
        """Run a program to its end and give its exit code."""
        child = self.start(program)
        code = child.process.wait()
        self.end(child)
        return code

    def must_run(self, program: Program) -> None:
        """Run a program to its end. A failure is a problem that shows the end of its log."""
        self.finish(self.start(program))

    def finish(self, child: Child) -> None:
        """Wait for the end of a program that was started. A failure is a problem."""
        code = child.process.wait()
        self.end(child)
        if code:
            name = child.program.name
            raise LaunchError(f"{name} failed (exit code {code}):\n{self.last_words(name)}")

    def end(self, child: Child) -> None:
        """Stop a program and everything it started."""
        child.end(guard.PATIENCE)
        if child in self._children:
            self._children.remove(child)
            self._tell(f"done {child.process.pid}")

    def remove_at_end(self, path: Path) -> None:
        """Remove this file when the launcher ends, in whatever way."""
        self._files.append(path)
        self._tell(f"remove {path}")

    def last_words(self, name: str, lines: int = 30) -> str:
        """The end of a program's log, for a message that says what went wrong."""
        log = self.logs / f"{name}.log"
        tail = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
        return "\n".join(f"    {line}" for line in tail)

    def look_after(self) -> None:
        """Keep the logs within bounds and the guard alive. Called now and then."""
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_LIMIT:  # writers append, so they go on at its start
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)
        if self._guard.poll() is not None:
            os.close(self._voice)
            self._start_guard()

    def _start_guard(self) -> None:
        """Start the guard, and tell it what runs already if it replaces one that was killed."""
        ear, self._voice = os.pipe()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", guard.__file__],
            cwd="/",
            stdin=ear,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[] if self._lock is None else [self._lock],
        )
        os.close(ear)
        for child in self._children:
            self._tell(_description(child.process.pid, child.program))
        for path in self._files:
            self._tell(f"remove {path}")

    def _tell(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # a guard that was killed is replaced soon
            os.write(self._voice, f"{line}\n".encode())

    @contextlib.contextmanager
    def _output_of(self, program: Program) -> Iterator[IO[bytes] | None]:
        if program.on_terminal:
            yield None
        else:
            with open(self.logs / f"{program.name}.log", "ab") as log:
                yield log

    def _hurry(self, number: int, frame: FrameType | None) -> None:
        """A second Ctrl-C: wait for nothing but the database."""
        for child in self._children:
            if child.program.rank != DATABASE:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.process.pid, signal.SIGKILL)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _description(pid: int, program: Program) -> str:
    return f"add {pid} {program.rank} {int(program.stop_signal)}"


def _input_of(program: Program) -> int | None:
    if program.on_terminal:
        return None
    return subprocess.PIPE if program.given else subprocess.DEVNULL
