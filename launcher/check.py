"""`launcher test` and `launcher lint`: every check in sequence, and at the end what failed."""

import contextlib
import os
import shlex
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher import chromium, clone, environment, homes, postgres, servers, watch
from launcher.console import say, step
from launcher.environment import PYTHON, VENV
from launcher.processes import ROOT, Processes, Program

TEMPLATES = ROOT / "templates"
DJADE = [str(VENV / "bin" / "djade"), "--target-version", "5.2"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# Reading the settings needs addresses, even where nothing connects to them.
NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1"}
DEPLOYED = {
    "XIYUAN_PLAIN_HTTP": "0",
    "XIYUAN_HOSTS": "xiyuan.example",
    "XIYUAN_SECRET_KEY": "for this check only: more than fifty letters, many of them different",
}


@dataclass
class Checks:
    """Runs checks one after the other and remembers which failed."""

    processes: Processes
    environ: dict[str, str]
    failed: list[str] = field(default_factory=list)

    def check(self, name: str, command: Sequence[str | Path], **variables: str) -> None:
        """Run a check quietly; show all it said if it fails."""
        log = name.replace(" ", "-")
        with step(name):
            code = self.processes.run(Program(log, command, {**self.environ, **variables}))
        if code:
            self.failed.append(name)
            say((self.processes.logs / f"{log}.log").read_text(errors="replace"))

    def pytest(self, name: str, *arguments: str) -> None:
        """Run tests, on the terminal. No test at all is a failure too."""
        say(f"\n  {name}")
        command = [PYTHON, "-m", "pytest", *arguments]
        gently = signal.SIGINT  # fixtures are torn down, what failed so far is told
        program = Program("pytest", command, self.environ, stop_signal=gently, on_terminal=True)
        if self.processes.run(program):
            self.failed.append(name)

    def result(self) -> int:
        """Say what failed, and give the exit code."""
        say(f"\nFailed: {', '.join(self.failed)}." if self.failed else "\nAll is well.")
        return 1 if self.failed else 0


def test(arguments: list[str]) -> int:
    """Run every check and every test; or only pytest, with these arguments."""
    with _workshop() as (processes, home):
        browser = chromium.find() if arguments else chromium.provide(processes)
        clone.make_ready(processes)
        checks = Checks(processes, _test_variables(processes, home, browser))
        if arguments:
            checks.pytest("pytest", *arguments)
        else:
            _lint(checks)
            _check_project(checks)
            checks.pytest("tests", "-n", "2", "-m", "not browser and not worker")
            checks.pytest("tests with a worker", "-m", "worker and not browser")
            checks.pytest("browser tests", "-m", "browser")
        return checks.result()


def lint() -> int:
    """Run the checks that need no server."""
    with _workshop() as (processes, home):
        clone.make_ready(processes)
        checks = Checks(processes, environment.variables(XIYUAN_HOME=str(home), **NOWHERE))
        _lint(checks)
        return checks.result()


def keep_servers() -> int:
    """Keep test servers for a developer who runs pytest by hand, until Ctrl-C."""
    with _workshop() as (processes, home):
        clone.make_ready(processes)
        environ = _test_variables(processes, home, chromium.find())
        names = [name for name in environ if name.startswith("XIYUAN_") or name in servers.NAMES]
        say("\n" + "\n".join(f"export {name}={shlex.quote(environ[name])}" for name in names))
        say("\nPaste these lines into another shell, then: .venv/bin/python -m pytest")
        say("Ctrl-C stops the servers and forgets their data.")
        watch.keep_running(processes, [])


def templates() -> list[str]:
    """Every template of the project."""
    return sorted(map(str, TEMPLATES.rglob("*.html")))


def _lint(checks: Checks) -> None:
    checks.check("ruff check", [PYTHON, "-m", "ruff", "check", "."])
    checks.check("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."])
    checks.check("djade", [*DJADE, "--check", *templates()])
    checks.check(
        "djlint", [PYTHON, "-m", "djlint", "--lint", "--profile=django", "--quiet", TEMPLATES]
    )
    checks.check("mypy", [PYTHON, "-m", "mypy", "."])
    checks.check("import directions", [PYTHON, "-c", LINT_IMPORTS])


def _check_project(checks: Checks) -> None:
    manage = [PYTHON, "manage.py"]
    checks.check("migrations", [*manage, "makemigrations", "--check", "--dry-run"])
    checks.check("translations", [*manage, "messages", "--check"])
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    checks.check("deployment", deploy, **DEPLOYED)


@contextlib.contextmanager
def _workshop() -> Iterator[tuple[Processes, Path]]:
    """A data folder for this once.

    Nothing of the caller's own settings counts: least of all a database that is in use.
    """
    for name in [name for name in os.environ if name.startswith("XIYUAN_")]:
        del os.environ[name]
    for name in (*servers.NAMES, "EMAIL_URL"):
        os.environ.pop(name, None)
    with (
        homes.temporary() as home,
        homes.held(home) as lock,
        Processes(home / "logs", lock) as processes,
    ):
        yield processes, home


def _test_variables(processes: Processes, home: Path, browser: str | None) -> dict[str, str]:
    """Start the servers of a test run and give the variables that tests read."""
    addresses = servers.start(processes, home, postgres.THROWN_AWAY).addresses
    found = {"XIYUAN_CHROMIUM": browser} if browser else {}
    return environment.variables(XIYUAN_HOME=str(home), XIYUAN_PLAIN_HTTP="1", **addresses, **found)
