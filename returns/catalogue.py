"""Versioned data of returns: classes of services, markets, levels of education, currencies.

Each file of `returns/data/` holds one or more versions, the oldest first. The one that counts for a
month is the last whose `valid_from` is not after it, so a new version never changes an old month;
for months before the first version that one counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from foundation.months import parse_month

DATA = Path(__file__).with_name("data")
ROOT_CLASSES = ("ITO", "BPO", "KPO")
USD = "USD"
MONTHS_KEPT = 240  # of each list, built once


@dataclass(frozen=True)
class Entry:
    """A code with its names."""

    code: str
    zh: str
    en: str
    groups: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """In the language that is active."""
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def level(self) -> int:
        """Of a class: 1 大类, 2 中类, 3 小类."""
        return self.code.count("-") + 1

    @property
    def parent(self) -> str:
        """Of a class: the code of the one that holds it; "" of a 大类."""
        return self.code.rpartition("-")[0]


@dataclass(frozen=True)
class Catalogue:
    """One version of a list of codes, in its order."""

    version: str
    source: str
    entries: Mapping[str, Entry]

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def __getitem__(self, code: str) -> Entry:
        return self.entries[code]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def name(self, code: str) -> str:
        """What the code is called; the code itself, where this version does not know it."""
        return self.entries[code].name if code in self.entries else code


@dataclass(frozen=True)
class ServiceClasses(Catalogue):
    """ITO, BPO, KPO and what is in them. Figures are filed by those that hold no others."""

    usual: Mapping[str, str]

    @property
    def leaves(self) -> list[Entry]:
        parents = {entry.parent for entry in self}
        return [entry for entry in self if entry.code not in parents]

    def is_leaf(self, code: str) -> bool:
        return code in self and all(entry.parent != code for entry in self)


def ancestors(code: str) -> list[str]:
    """The classes that hold `code`, from the 大类 down to itself: ITO, ITO-1, ITO-1-2."""
    parts = code.split("-")
    return ["-".join(parts[: number + 1]) for number in range(len(parts))]


@lru_cache(MONTHS_KEPT)
def service_classes(month: date) -> ServiceClasses:
    """The classes of services as they count in `month`."""
    found = version_of("service_classes.yaml", month)
    return ServiceClasses(
        found["version"], found["source"], _entries(found["classes"]), found["usual"]
    )


@lru_cache(MONTHS_KEPT)
def markets(month: date) -> Catalogue:
    """Countries and regions outside the mainland, the usual ones first."""
    found = version_of("markets.yaml", month)
    return Catalogue(found["version"], found["source"], _entries(found["markets"]))


@lru_cache(MONTHS_KEPT)
def currencies(month: date) -> Catalogue:
    """Currencies in which work is paid for."""
    found = version_of("currencies.yaml", month)
    return Catalogue(found["version"], found["source"], _entries(found["currencies"]))


def education_levels(month: date) -> list[Mapping[str, Any]]:
    """Levels of education, each with the figure that counts it and its codes (GB/T 4658)."""
    return version_of("education.yaml", month)["levels"]


def versions_of(month: date) -> str:
    """Which versions count for `month`, as a return keeps it: 2024/2024/2006/2024."""
    names = ("service_classes.yaml", "markets.yaml", "education.yaml", "currencies.yaml")
    return "/".join(version_of(name, month)["version"] for name in names)


def _entries(rows: list[Mapping[str, Any]]) -> dict[str, Entry]:
    return {
        row["code"]: Entry(row["code"], row["zh"], row["en"], tuple(row.get("groups", ())))
        for row in rows
    }


def version_of(name: str, month: date) -> Mapping[str, Any]:
    """The version of a file of `returns/data/` that counts for `month`."""
    known = _versions(name)
    fitting = [one for valid_from, one in known if valid_from <= month]
    return fitting[-1] if fitting else known[0][1]


@cache
def _versions(name: str) -> list[tuple[date, Mapping[str, Any]]]:
    text = (DATA / name).read_text(encoding="utf-8")
    found = []
    for document in yaml.safe_load_all(text):
        valid_from = parse_month(str(document["valid_from"]))
        if valid_from is None:
            raise ValueError(f"{name}: {document['valid_from']} is no month")
        found.append((valid_from, document))
    return found
