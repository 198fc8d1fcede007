"""The text of a month while it is written: each paragraph beside the figures that it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from reports.linking import column_words, linked, loose_numbers
from reports.models import MonthlyReport
from reports.services.telling import reports_of
from reports.words import row_label
from web.rfc9457 import Text

TITLES: dict[str, Text] = {
    "seats": pgettext_lazy("paragraph", "Seats"),
    "flows": pgettext_lazy("paragraph", "In and out"),
    "output": pgettext_lazy("paragraph", "Output"),
    "requests": pgettext_lazy("paragraph", "Requests"),
    "filing": pgettext_lazy("paragraph", "Filing"),
}


class Figure(NamedTuple):
    """A figure that a paragraph may say, where it stands, and whether the paragraph says it."""

    text: str
    what: str
    url: str
    is_said: bool


class Entry(NamedTuple):
    """A paragraph: its name, the field it is typed in, the figures, the numbers that are none."""

    code: str
    title: str
    figures: list[Figure]
    loose: list[str]
    is_edited: bool
    is_stale: bool
    drafted: str


class TextPage:
    def __init__(self, report: MonthlyReport) -> None:
        self.report = report

    @property
    def _stored(self) -> list[dict[str, Any]]:
        return self.report.content.get("paragraphs", [])

    @cached_property
    def _reports(self) -> dict[str, int]:
        return {kind: one.pk for kind, one in reports_of(self.report.month).items()}

    @property
    def entries(self) -> list[tuple[str, str, str]]:
        """Code, title and text of each paragraph, for the form."""
        return [(one["code"], _title(one), one["text"]) for one in self._stored]

    @cached_property
    def paragraphs(self) -> list[Entry]:
        return [
            Entry(
                one["code"],
                _title(one),
                list(self._figures(one)),
                loose_numbers(one),
                one["is_edited"],
                one["is_stale"],
                one["drafted"],
            )
            for one in self._stored
        ]

    @property
    def loose(self) -> list[str]:
        """Every number of the text that no cell says."""
        return [number for one in self.paragraphs for number in one.loose]

    def _figures(self, stored: Mapping[str, Any]) -> Iterator[Figure]:
        said = {id(cell) for _number, cell in linked(stored["text"], stored["cited"]) if cell}
        for cell in stored["cited"]:
            yield Figure(
                cell["text"],
                f"{row_label(cell['row'])} · {column_words(cell['column'])}",
                cell_url(self._reports, cell["kind"], cell["cell"]),
                id(cell) in said,
            )


def cell_url(reports: Mapping[str, int], kind: str, cell: str) -> str:
    """Where a cited cell stands with its rows; nowhere if its report is gone."""
    if kind not in reports:
        return ""
    address = reverse("reports:report-detail", args=[reports[kind]])
    return f"{address}?{urlencode({'cell': cell}, safe=':')}"


def _title(stored: Mapping[str, Any]) -> str:
    return str(TITLES.get(stored["code"], stored["code"]))
