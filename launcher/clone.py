"""Making a bare clone ready: packages, front-end files, translations. Does only what is missing."""

from launcher import environment, frontend, homes, translations
from launcher.processes import Processes


def make_ready(processes: Processes, requirements: str = environment.DEVELOPMENT) -> None:
    """Bring what running (or building) needs. One launcher at a time does it in a project."""
    with homes.project_to_ourselves():
        fetching = frontend.start(processes)
        environment.prepare(processes, requirements)
        frontend.finish(processes, fetching)
        translations.compile_changed(processes)
