"""Translations: compiled by Babel, so that gettext need not be installed."""

from pathlib import Path

from launcher import environment
from launcher.console import step
from launcher.processes import ROOT, Processes, Program

BABEL = [environment.PYTHON, "-m", "babel.messages.frontend"]


def compile_changed(processes: Processes) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for catalogue in changed(ROOT / "locale"):
        with step(f"Translation {catalogue.parent.parent.name}"):
            compiled = catalogue.with_suffix(".mo")
            files = ["-i", str(catalogue), "-o", str(compiled)]
            command = [*BABEL, "compile", *files, "-l", catalogue.parent.parent.name]
            processes.must_run(Program("babel", command, environment.variables()))


def changed(locale: Path) -> list[Path]:
    """The catalogues whose compiled form is missing or older."""
    return [
        catalogue
        for catalogue in sorted(locale.glob("*/LC_MESSAGES/*.po"))
        if _age(catalogue.with_suffix(".mo")) <= _age(catalogue)
    ]


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
