"""What a kind of report is: everything that differs between one and another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from reports import document
from reports.document import BarChart, WordTable
from reports.indicators import Facts, Indicator
from reports.models import ReportKind
from reports.tables import Period, Table
from web import formats
from web.rfc9457 import Text


@dataclass(frozen=True, kw_only=True)
class WordList:
    """A list beside the tables, such as whose returns are missing.

    `rows` are taken from the facts and frozen in the content under `code`, without any language;
    `words` says one of them. What is `secret` is left empty for everybody else.
    """

    code: str
    title: Text
    heads: tuple[Text, ...]
    rows: Callable[[date, Facts], list[dict[str, Any]]]
    words: Callable[[Mapping[str, Any]], tuple[str, ...]]
    secret: tuple[str, ...] = ()  # what of a row only the park reads
    counted: Callable[[int], str] | None = None  # how many rows, where these are no enterprises

    def table(self, rows: Iterable[Mapping[str, Any]]) -> WordTable:
        """The list in the language that is active."""
        worded = tuple(self.words(row) for row in rows)
        return WordTable(
            title=str(self.title),
            heads=tuple(str(head) for head in self.heads),
            rows=worded,
            counted=self.counted(len(worded)) if self.counted else "",
        )


def _no_notes(_month: date, _content: Mapping[str, Any]) -> Iterable[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of report. Number, titles and tables are enough; the rest is for what needs more.

    Its tables and heads have codes that no other kind uses for something else, and keep them:
    issued reports hold codes, and are read with the words that stand here.
    """

    code: ReportKind
    number: str  # of its form: Y1
    title: Text
    short_title: Text  # in the names of its files
    tables: tuple[Table, ...] = ()
    # A text that is drafted from the figures of the other kinds (`reports.telling`), no tables
    is_text: bool = False
    # Figures that its form has and that nobody can know yet, by code: 尚待建设
    to_come: Mapping[str, Text] = field(default_factory=dict)
    # Heads over several columns, where that is no indicator's name
    heads: Mapping[str, Text] = field(default_factory=dict)
    # What it is the first to count: listed under its name on the page of definitions
    indicators: tuple[Indicator, ...] = ()

    # When it is drafted, and who is told of it. Subjects take `month` and `report`
    waits_for_closing: bool = False  # due once its month is closed, otherwise when that is over
    announces_itself: bool = False  # those who issue are told when beat has had it drafted
    draft_subject: str = gettext_noop("%(month)s %(report)s: draft")
    restatement_subject: str = gettext_noop("%(month)s %(report)s: to be restated")

    # Returns: whether a draft is out of date once others have filed, and the periods for which
    # the report says how many were filed, beside its month
    counts_returns: bool = False
    filing_compared: tuple[Period, ...] = ()

    # What is read beside the tables
    period: Callable[[date], str] = formats.month
    notes: Callable[[date, Mapping[str, Any]], Iterable[str]] = _no_notes
    chart: Callable[[date, Sequence[document.Table]], BarChart] | None = None
    lists: tuple[WordList, ...] = ()

    def table_title(self, code: str) -> str:
        """What one of its tables is called."""
        return next(str(table.title) for table in self.tables if table.code == code)
