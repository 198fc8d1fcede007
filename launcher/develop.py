"""What developers do now and then: lock packages, format, collect texts to translate, measure."""

import contextlib
from collections.abc import Iterator

from launcher import check, clone, environment, frontend, homes, servers
from launcher.console import step
from launcher.environment import PYTHON, VENV
from launcher.processes import Processes, Program

LOCKS = ("requirements", "requirements-dev", "requirements-servers", "requirements-node")
ALONE = LOCKS[2:]  # programs in wheels: what their Python would need is not installed


def install() -> int:
    """Bring what the run needs and start nothing. The image is built with this."""
    with homes.temporary() as home, Processes(home / "logs") as processes:
        clone.make_ready(processes, environment.RUN)
    return 0


def lock(arguments: list[str]) -> int:
    """Lock what the .in files and package.json ask for. Keeps versions, unless told --upgrade."""
    with _at_work() as processes:
        uv = [str(VENV / "bin" / "uv"), "pip", "compile", "--quiet", *arguments]
        uv += ["--generate-hashes", "--universal", "--python-version", "3.11"]
        uv += ["--custom-compile-command", "make lock"]
        for name in LOCKS:
            # Development and run must agree: they share one virtual environment.
            same = ["-c", f"{LOCKS[0]}.txt"] if name == LOCKS[1] else []
            alone = ["--no-deps"] if name in ALONE else []
            command = [*uv, *same, *alone, f"{name}.in", "-o", f"{name}.txt"]
            with step(f"{name}.txt"):
                processes.must_run(Program("uv", command, environment.variables()))
        with step("package-lock.json"):
            npm = [*frontend.npm(processes), "install", "--package-lock-only", "--ignore-scripts"]
            processes.must_run(Program("npm", npm, environment.variables()))
    return 0


def tidy() -> int:
    """Format code and templates, and mend what ruff can mend safely."""
    with _at_work() as processes:
        ruff = [PYTHON, "-m", "ruff"]
        commands = [
            [*ruff, "check", "--fix", "--quiet", "."],
            [*ruff, "format", "."],
            [*check.DJADE, *check.templates()],
        ]
        for command in commands:  # what they can't mend is the business of `make lint`
            processes.run(Program("format", command, environment.variables(), on_terminal=True))
    return 0


def messages() -> int:
    """Bring the catalogue of translations up to date with what code and templates say."""
    with _at_work() as processes:
        environ = environment.variables(XIYUAN_HOME=str(processes.logs.parent), **check.NOWHERE)
        command = [PYTHON, "manage.py", "messages"]
        return processes.run(Program("messages", command, environ, on_terminal=True))


def bench(arguments: list[str]) -> int:
    """Measure, on servers as durable as those of a run, in a data folder of its own."""
    with (
        homes.temporary() as home,
        homes.held(home) as held,
        Processes(home / "logs", held) as processes,
    ):
        clone.make_ready(processes)
        addresses = servers.start(processes, home).addresses
        environ = environment.variables(XIYUAN_HOME=str(home), XIYUAN_PLAIN_HTTP="1", **addresses)
        command = [PYTHON, "-m", "bench", *arguments]
        return processes.run(Program("bench", command, environ, on_terminal=True))


@contextlib.contextmanager
def _at_work() -> Iterator[Processes]:
    with homes.temporary() as home, Processes(home / "logs") as processes:
        clone.make_ready(processes)
        yield processes
