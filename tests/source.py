"""The product's own files, for tests that read the code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "config",
    "launcher",
    *sorted(config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT),
)


def product_files() -> Iterator[Path]:
    """Every Python file of the product but migrations and tests."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def templates() -> Iterator[Path]:
    yield from sorted((ROOT / "templates").rglob("*.html"))
