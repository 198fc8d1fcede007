"""The industry of an enterprise: a class (小类) of GB/T 4754-2017, four digits, in its section."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from web.refusals import Invalid

DATA = Path(__file__).with_name("data") / "industries.yaml"


@dataclass(frozen=True)
class Industry:
    """A code with its names: of a section by its letter, of a class by its four digits."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> str:
        """In the language that is active."""
        return self.en if (get_language() or "").startswith("en") else self.zh

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@cache
def industries() -> dict[str, Industry]:
    """The classes that have a name here, by their codes."""
    return {row["code"]: Industry(**row) for row in _data()["classes"]}


@cache
def sections() -> dict[str, Industry]:
    """The sections (门类) by their letters."""
    rows = _data()["sections"]
    return {row["code"]: Industry(row["code"], row["zh"], row["en"]) for row in rows}


def section_of(code: str) -> str:
    """The letter of the section that a code stands in; "" where it stands in none."""
    return _divisions().get(code[:2], "")


def industry_name(code: str) -> str:
    """What a code is called: its class, or its section where the class has no name here."""
    if code in industries():
        return industries()[code].name
    section = section_of(code)
    return sections()[section].name if section else ""


def clean_industry_code(text: str) -> str:
    """The four digits of what was typed: a code, or a code and its name; "" where nothing was.

    Raises `Invalid` on `industry_code`.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return ""
    match = re.match(r"[A-Ta-t]?([0-9]{4})(?![0-9])", typed)
    if match is None:
        raise _invalid(_("Give the four digits of GB/T 4754, such as 6591."))
    code = match[1]
    if not section_of(code):
        message = _("GB/T 4754 has no division %(division)s.") % {"division": code[:2]}
        raise _invalid(message)
    return code


@cache
def _divisions() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in _data()["sections"]:
        first, _dash, last = row["divisions"].partition("-")
        found |= {f"{number:02d}": row["code"] for number in range(int(first), int(last) + 1)}
    return found


@cache
def _data() -> Mapping[str, Any]:
    return yaml.safe_load(DATA.read_text(encoding="utf-8"))


def _invalid(message: str) -> Invalid:
    return Invalid([{"field": "industry_code", "code": "invalid", "message": message}], message)
