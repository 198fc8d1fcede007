"""The launcher's command line: `python3 -m launcher COMMAND`."""

import argparse
import sys
from collections.abc import Callable

if sys.platform == "win32":
    sys.exit("Xiyuan does not run on Windows. Use Linux, WSL 2, or the containers.")
if sys.version_info < (3, 11):  # noqa: UP036 - said to those who have an older one
    sys.exit(f"Xiyuan needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

from launcher import backup, check, develop, run
from launcher.console import LaunchError, warn
from launcher.processes import Stopped

COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "run": (run.run, "start everything, until Ctrl-C"),
    "servers": (check.keep_servers, "keep test servers for running pytest by hand"),
    "install": (develop.install, "bring packages and files, start nothing"),
    "lint": (check.lint, "run the checks that need no server"),
    "format": (develop.tidy, "format code and templates"),
    "messages": (develop.messages, "bring the translations up to date"),
}
WITH_ARGUMENTS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "test": (check.test, "run every check and test; after --, arguments for pytest alone"),
    "bench": (develop.bench, "measure; after --, arguments for the measurement"),
    "backup": (backup.backup, "dump the database; after --, the file"),
    "restore": (backup.restore, "put a dump in the place of the database; after --, the file"),
    "lock": (develop.lock, "lock packages; after --, arguments for uv (--upgrade)"),
}
UNTIL_STOPPED = {"run", "servers"}  # Ctrl-C is how they are meant to end


def main() -> int:
    """Run one command; show its problems without a traceback."""
    words = {name: what for name, (_, what) in (*COMMANDS.items(), *WITH_ARGUMENTS.items())}
    parser = argparse.ArgumentParser(
        "python3 -m launcher",
        description="\n".join(f"  {name:<10}{what}" for name, what in words.items()),
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("command", choices=words, metavar="COMMAND")
    parser.add_argument("arguments", nargs="*", metavar="-- ARGUMENT")
    chosen = parser.parse_args()
    if chosen.arguments and chosen.command in COMMANDS:
        parser.error(f"{chosen.command} takes no arguments")
    try:
        if chosen.command in COMMANDS:
            return COMMANDS[chosen.command][0]()
        return WITH_ARGUMENTS[chosen.command][0](chosen.arguments)
    except Stopped:
        return 0 if chosen.command in UNTIL_STOPPED else 130
    except (LaunchError, PermissionError) as problem:
        warn("\n".join([str(problem), *getattr(problem, "__notes__", [])]))
        return 1


if __name__ == "__main__":
    sys.exit(main())
