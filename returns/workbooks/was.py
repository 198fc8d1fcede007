"""What each row of a workbook said when it was downloaded, in a hidden column beside it.

So only what a person changed in a workbook counts: what others saved since stays as they left it,
and one who fills in the money and one who fills in the people may each upload their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from returns.workbooks.remarks import same_text
from returns.workbooks.values import Sort

Was = Mapping[str, str]


def was_text(values: Mapping[str, Any]) -> str:
    """The values of a row in one text."""
    plain = {name: plainly(value) for name, value in values.items()}
    known = {name: text for name, text in plain.items() if text}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))


def was_in(text: str) -> Was | None:
    """What a row said; None where that is not known."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): str(value) for name, value in found.items()}


def plainly(value: Any) -> str:
    """A value in one form: 0 is "0", nothing and no are ""."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "1"
    if isinstance(value, (int, Decimal)):
        return f"{Decimal(value).normalize():f}"
    return str(value)


def is_untouched(was: Was | None, name: str, value: Any, sort: Sort) -> bool:
    """Whether a cell says what it said when it was downloaded."""
    if was is None:
        return False
    before, after = was.get(name, ""), plainly(value)
    return before == after if sort.is_number else same_text(before, after)
