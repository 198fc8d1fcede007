"""The sample's data files, sample/data/*.yaml."""

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).with_name("data")


def read(name: str) -> Any:
    """The content of one of the data files."""
    return yaml.safe_load((DATA / name).read_bytes())
