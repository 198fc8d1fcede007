"""What the person at the terminal sees: one calm line per step; problems without a traceback."""

import contextlib
import sys
import time
from collections.abc import Iterator


class LaunchError(Exception):
    """Something that the person at the terminal must know. Shown as it is, exit code 1."""


def say(text: str = "") -> None:
    """Print a line. A terminal that is gone must not keep us from stopping in order."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Name a step while it runs, then add how long it took."""
    started = time.monotonic()
    with contextlib.suppress(OSError):
        print(f"  {name:<36}", end="", flush=True)
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"{time.monotonic() - started:6.1f} s")


def warn(text: str) -> None:
    """Print a problem to the error stream."""
    with contextlib.suppress(OSError):
        print(f"\n{text}", file=sys.stderr, flush=True)
