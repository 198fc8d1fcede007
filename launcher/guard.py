"""The guard: a tiny process that cleans up when the launcher itself is killed (kill -9).

It reads what the launcher has started from its standard input. The end of that stream means that
the launcher is gone, for whatever reason; then the guard stops what is left, in order. After an
orderly end nothing is left and it just ends. It holds the lock of the data folder while it works,
so that the next start waits for it.

    add PID RANK SIGNAL     a process, leader of its own group; low ranks are stopped first
    done PID                it has ended and its group is gone
    remove PATH             a file that is true only while the launcher runs

Run as a script (`python -I guard.py`), so it imports nothing from the launcher.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PATIENCE = 8.0  # seconds for an orderly end, as long as the launcher itself waits


def is_alive(pid: int) -> bool:
    """Tell whether a process runs. One that has ended and was not yet waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):  # no /proc outside Linux: believe the signal
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return True


def end_group(pid: int, stop_signal: int) -> None:
    """Ask the leader to end, give it time, then kill whatever is left of its group."""
    with contextlib.suppress(OSError):
        os.kill(pid, stop_signal)
    deadline = time.monotonic() + PATIENCE
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def watch(lines: Iterable[str]) -> None:
    """Follow what the launcher says until it falls silent, then clean up."""
    running: dict[int, tuple[int, int]] = {}
    files: set[str] = set()
    for line in lines:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "add":
            pid, rank, stop_signal = map(int, rest.split())
            running[pid] = (rank, stop_signal)
        elif verb == "done":
            running.pop(int(rest), None)
        elif verb == "remove":
            files.add(rest)
    for pid, (_, stop_signal) in sorted(running.items(), key=lambda entry: entry[1]):
        end_group(pid, stop_signal)
    for path in files:
        Path(path).unlink(missing_ok=True)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watch(sys.stdin)
