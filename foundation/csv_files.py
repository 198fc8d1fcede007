"""CSV for other programs, and for Excel: UTF-8 with a mark, every line of the same width."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from web.formats import MISSING, Number

# What Excel and others take for the beginning of a formula; the wide signs as East Asian editions
# do. Source: OWASP, CSV Injection.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def encoded(lines: Iterable[Sequence[str | Number | None]]) -> bytes:
    """Lines as a CSV file that Excel reads: texts are quoted and never formulas."""
    lines = list(lines)
    width = max((len(line) for line in lines), default=0)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    for line in lines:
        cells = [_cell(cell) for cell in line]
        writer.writerow([*cells, *[""] * (width - len(cells))])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: str | Number | None) -> str | Number:
    """Numbers stay numbers, unquoted and to the last digit."""
    if cell is None:
        return MISSING
    if isinstance(cell, str) and cell.startswith(STARTS_FORMULA):
        return f"'{cell}"
    return cell
