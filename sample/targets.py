"""The targets of the two articles, as they state them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from reports.services import load_targets
from sample import files


def add_targets(acting_user: User) -> None:
    """State everything of sample/data/targets.yaml, with the words of figures.yaml."""
    load_targets(rows=_rows(), acting_user=acting_user)


def _rows() -> Iterator[dict[str, Any]]:
    quoted = files.read("figures.yaml")
    for code, row in files.read("targets.yaml")["targets"].items():
        measured = {name: value for name, value in row.items() if name != "figure"}
        yield {"code": code, **_quoted(quoted, row["figure"]), **measured}


def _quoted(data: Mapping[str, Any], figure: str) -> dict[str, Any]:
    """A figure of figures.yaml: what it is, its words, its source."""
    source, scope, value, qualifier, _zh, _en, name_zh, name_en, quote = data["figures"][figure]
    article = data["sources"][source.rstrip("!")]
    scope_zh, scope_en = data["scopes"][scope]
    return {
        "name_zh": name_zh,
        "name_en": name_en,
        "value": Decimal(str(value)),
        "qualifier": qualifier,
        "scope_zh": scope_zh,
        "scope_en": scope_en,
        "stated_on": article["stated_on"],
        "quote": quote,
        "source": article["name"],
    }
