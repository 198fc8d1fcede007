"""Packages of the system that only its own package manager can bring."""

import os
import shutil

from launcher.console import LaunchError, step
from launcher.processes import Processes, Program


def install(processes: Processes, *packages: str) -> None:
    """Install packages where we may (root on Debian or Ubuntu), else say what to type."""
    line = f"apt-get install --yes --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LaunchError(
            f"{packages[0]} is missing. On Debian or Ubuntu type\n    sudo {line}\n"
            "elsewhere install the package of that name, then try again."
        )
    with step(f"apt-get install {packages[0]}"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update", line):
            processes.must_run(Program("apt", [*command.split()], environment=environment))
