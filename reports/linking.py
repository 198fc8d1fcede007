"""Numbers of a text and the cells that they are: found by what is written, so edits keep them.

A text is kept as people typed it, with the list of the cells that it cites. Each number in it that
is written as one of these cells is that cell; any other number is *loose*, and is shown as such.
Days, years, numbers of forms and seats are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import pgettext

from reports.document import Cited, Paragraph, Span
from reports.indicators import indicator
from reports.tables import Measure, Period
from reports.words import GROWTH, row_label

# A number, unless it is part of a code (Y1-2, C-1-3F) or of a day (2024年1月31日, 2024-01-31)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.,:\-])\d[\d,]*(?:\.\d+)?%?(?![\d,]|\.\d|[A-Za-z\-]|\s?[年月日号时版]|天内|[:：]\d)"
)


def numbers_in(text: str) -> list[re.Match[str]]:
    """The numbers of a text that are figures, in their order."""
    return list(_NUMBER.finditer(text))


def linked(
    text: str, cited: Sequence[Mapping[str, Any]]
) -> list[tuple[re.Match[str], Mapping[str, Any] | None]]:
    """Each number of a text with the cell that it is; None: it is that of none.

    Cells are given out in the order in which they are cited; one may be said more than once.
    """
    unused = list(cited)
    found: list[tuple[re.Match[str], Mapping[str, Any] | None]] = []
    for number in numbers_in(text):
        same = [one for one in unused if one["text"] == number.group()]
        if same:
            unused.remove(same[0])
        else:
            same = [one for one in cited if one["text"] == number.group()]
        found.append((number, same[0] if same else None))
    return found


def paragraphs_of(content: Mapping[str, Any]) -> Iterator[Paragraph]:
    """The text that a stored report holds, its numbers with their cells."""
    for stored in content.get("paragraphs", ()):
        if stored["text"].strip():
            yield Paragraph(stored["code"], tuple(_spans(stored["text"], stored["cited"])))


def _spans(text: str, cited: Sequence[Mapping[str, Any]]) -> Iterator[Span]:
    at = 0
    for number, cell in linked(text, cited):
        if number.start() > at:
            yield Span(text[at : number.start()])
        if cell is None:
            yield Span(number.group(), is_number=True)
        else:
            yield Span(number.group(), cell["kind"], cell["cell"], is_number=True)
        at = number.end()
    if at < len(text):
        yield Span(text[at:])


def loose_numbers(stored: Mapping[str, Any]) -> list[str]:
    """The numbers of a stored paragraph that no cell says."""
    pairs = linked(stored["text"], stored["cited"])
    return [number.group() for number, cell in pairs if cell is None]


def cited_of(content: Mapping[str, Any]) -> Iterator[Cited]:
    """Every number of the text with what it is, in the order of the text."""
    for stored in content.get("paragraphs", ()):
        for number, cell in linked(stored["text"], stored["cited"]):
            if cell is not None:
                yield Cited(
                    text=number.group(),
                    table=cell["number"],
                    row=row_label(cell["row"]),
                    column=column_words(cell["column"]),
                    address=f"{cell['kind']}/{cell['cell']}",
                )


def column_words(column: Mapping[str, Any]) -> str:
    """What a column shows, said alone: 已签约席位，本月."""
    name = str(indicator(column["indicator"], column["version"]).name)
    period = Period(column["period"])
    if column["measure"] == Measure.GROWTH:
        what = str(GROWTH[period])
    elif column["measure"] == Measure.CHANGE:
        what = pgettext("head", "Change from %(period)s") % {"period": period.label.lower()}
    else:
        what = str(period.label)
    return pgettext("figure and period", "%(figure)s, %(period)s") % {
        "figure": name,
        "period": what,
    }
