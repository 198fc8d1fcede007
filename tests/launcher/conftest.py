"""A data folder with an awkward name, and programs that are surely stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import homes
from launcher.processes import Processes


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder with spaces, Chinese and a quote in its path."""
    with homes.temporary() as folder:
        home = folder / '园区 "项目"'
        home.mkdir()
        home.chmod(0o711)
        yield home


@pytest.fixture
def processes(home: Path) -> Iterator[Processes]:
    """A launcher's programs, stopped in order at the end."""
    with Processes(home / "logs") as processes:
        yield processes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let our tests start programs beside pytest-xdist's thread; the launcher has but one."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"))
