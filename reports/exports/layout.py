"""The workbooks as data: which sheets, which columns, where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `kind` says how its values are written (workbook.FORMATS)."""

    key: str
    head: str
    source: str
    kind: str
    unit: str = ""
    width: float = 13


@dataclass(frozen=True)
class Sheet:
    """A sheet with its columns and what is to be known of them."""

    code: str
    zh: str
    en: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """In the language of whoever reads the page; in the file it is always Chinese."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Workbook:
    """One version of a workbook."""

    code: str
    version: str
    source: str
    zh: str
    en: str
    sheets: tuple[Sheet, ...]

    @property
    def name(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def workbook(code: str) -> Workbook:
    """The workbook of that code as it is now."""
    data = yaml.safe_load((DATA / f"{code}.yaml").read_text(encoding="utf-8"))
    sheets = tuple(_sheet(one) for one in data.pop("sheets"))
    return Workbook(**data, sheets=sheets)


def _sheet(data: Mapping[str, Any]) -> Sheet:
    columns = tuple(Column(**column) for column in data["columns"])
    return Sheet(data["code"], data["zh"], data["en"], tuple(data["notes"]), columns)
