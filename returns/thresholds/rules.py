"""The threshold of an industry: versioned data (returns/data/thresholds.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from returns.catalogue import version_of
from tenants.industries import section_of

FILE = "thresholds.yaml"


def threshold(industry_code: str, month: date) -> Decimal | None:
    """The revenue of a year, in 元, from which a firm of this industry is 规上; None: has none."""
    known = _by_industry(month)
    digits = [industry_code[:length] for length in range(len(industry_code), 1, -1)]
    for prefix in [*digits, section_of(industry_code)]:
        if prefix in known:
            return known[prefix]
    return None


def threshold_source(month: date) -> str:
    """Where the thresholds of `month` are from."""
    return version_of(FILE, month)["source"]


@cache
def _by_industry(month: date) -> Mapping[str, Decimal]:
    rows: list[Mapping[str, Any]] = version_of(FILE, month)["thresholds"]
    return {industry: Decimal(row["yuan"]) for row in rows for industry in row["industries"]}
