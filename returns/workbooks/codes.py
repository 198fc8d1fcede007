"""Codes as people choose them from a list: the code, then its name; and how they are read again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from foundation.months import format_month, month_of, parse_month
from foundation.rows import folded
from foundation.spreadsheets import Value
from returns.catalogue import (
    Catalogue,
    Entry,
    ServiceClasses,
    currencies,
    markets,
    service_classes,
)
from returns.figures import FIGURES
from returns.workbooks.layout import STATED, label
from tenants.models import Enterprise
from web.forms import MonthField

_CODE = re.compile(r"[A-Z]{3}(-\d{1,2}){0,3}(?![A-Za-z0-9-])")
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")


class Codes(NamedTuple):
    """The lists of codes that count for a month."""

    classes: ServiceClasses
    markets: Catalogue
    currencies: Catalogue


@cache
def codes_of(month: date) -> Codes:
    """Those of `month`, made once."""
    return Codes(service_classes(month), markets(month), currencies(month))


def listed(entry: Entry) -> str:
    """An entry as it stands in a list: BPO-2-3 客户服务."""
    return f"{entry.code} {entry.name}"


def listed_code(catalogue: Catalogue, code: str) -> str:
    """A code with its name; alone where the month's list does not know it."""
    return listed(catalogue[code]) if code in catalogue else code


def listed_enterprise(enterprise: Enterprise) -> str:
    """An enterprise as it stands in a list; its code is what counts."""
    return f"{enterprise.credit_code} {enterprise.short_name}"


def code_lists(month: date) -> dict[str, list[str]]:
    """What may be chosen in lines of a month."""
    codes = codes_of(month)
    return {
        "classes": [listed(entry) for entry in codes.classes.leaves],
        "markets": [listed(entry) for entry in codes.markets],
        "currencies": [listed(entry) for entry in codes.currencies],
    }


def code_of(text: str, entries: Iterable[Entry]) -> str:
    """The code that stands at the beginning of a cell, or whose name it is; else the text."""
    upper = text.strip().upper()
    if found := _CODE.match(upper):
        return found[0]
    wanted = folded(text)
    named = {entry.code for entry in entries if wanted in {folded(entry.zh), folded(entry.en)}}
    return named.pop() if len(named) == 1 else text.strip()


def credit_code_of(text: str) -> str:
    """The credit code in a cell; "" where there is none. A name says nothing for sure."""
    found = _CREDIT_CODE.search(text.upper())
    return found[0] if found else ""


def month_in(value: Value) -> date | None:
    """The month that a cell says, whatever the program has made of it."""
    if isinstance(value, date):
        return month_of(value)
    text = str(value).strip() if value is not None else ""
    if day := re.fullmatch(r"(\d{4}-\d{2})-\d{2}", text):
        return parse_month(day[1])
    try:
        return MonthField(required=False).clean(text.removesuffix(".0"))
    except ValidationError:
        return None


def month_text(month: date) -> str:
    """A month as it stands in a cell."""
    return format_month(month)


def figure_of(text: str, names: Mapping[str, str]) -> str:
    """The name of the figure that a cell calls; "" where there is none."""
    return names.get(folded(text), "")


@cache
def figure_names() -> dict[str, str]:
    """The names of the figures by what they are called in either language, folded."""
    found = {folded(name): name for name in FIGURES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update({folded(label(name)): name for name in (*FIGURES, *STATED)})
    return found
