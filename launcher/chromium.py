"""The browser that the browser tests drive: Chromium of the system, never a download of its own."""

import shutil

from launcher import debian
from launcher.console import LaunchError
from launcher.processes import Processes

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Where Chromium is, if anywhere."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def provide(processes: Processes) -> str:
    """Give Chromium's path. Installs it, with a Chinese font, where that is possible."""
    if not find():
        debian.install(processes, "chromium", "fonts-wqy-microhei")
    path = find()
    if not path:
        raise LaunchError("Chromium was installed, but it is not on PATH.")
    return path
