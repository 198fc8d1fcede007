"""The text of a month, drafted in Chinese from the figures of its tables.

The sentences stand in `data/text.yaml`. Every number that is written is the printed figure of a
cell, and is cited with it; what nobody knows is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import translation

from foundation.months import last_day, parse_month
from reports.display import value_of
from reports.indicators.facts import TOTAL
from reports.linking import linked
from reports.tables import Period
from reports.units import Number, Unit, written
from reports.words import row_label
from web import formats

SENTENCES = Path(__file__).with_name("data") / "text.yaml"
LANGUAGE = "zh-hans"
_SLOT = re.compile(r"\{([a-z0-9_.]+)(?::(trend|points))?\}")
_TRENDS = {"trend": ("增长", "下降"), "points": ("上升", "下降")}
LEVEL = "持平"
AND, END = "，", "。"
Cited = dict[str, Any]


@cache
def _described() -> list[dict[str, Any]]:
    with SENTENCES.open(encoding="utf-8") as file:
        return yaml.safe_load(file)["paragraphs"]


def draft(contents: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The paragraphs of a month, from the stored contents of its reports by kind."""
    paragraphs = []
    with translation.override(LANGUAGE):
        for described in _described():
            content = contents.get(described["kind"])
            if content is None:
                continue
            teller = _Teller(described["kind"], content)
            text = "".join(
                sentence
                for one in described["sentences"]
                if (sentence := teller.sentence(one)) is not None
            )
            if text:
                paragraphs.append(
                    {
                        "code": described["code"],
                        "text": text,
                        "drafted": text,
                        "is_edited": False,
                        "is_stale": False,
                        "cited": teller.cited,
                    }
                )
    return paragraphs


def kept(
    drafted: Iterable[Mapping[str, Any]], former: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The new draft with what people wrote: their words stay, the figures in them are today's.

    Where a figure changed under somebody's words, the paragraph asks to be read again.
    """
    before = {one["code"]: one for one in former}
    paragraphs = []
    for one in drafted:
        written_by_hand = before.get(one["code"])
        if written_by_hand is None or not written_by_hand["is_edited"]:
            paragraphs.append(dict(one))
            continue
        text = _brought_up_to_date(written_by_hand, one["cited"])
        is_stale = written_by_hand["is_stale"] or text != written_by_hand["text"]
        paragraphs.append({**one, "text": text, "is_edited": True, "is_stale": is_stale})
    return paragraphs


def _brought_up_to_date(stored: Mapping[str, Any], cited: Sequence[Cited]) -> str:
    now = {(one["kind"], one["cell"]): one["text"] for one in cited}
    text, at, parts = stored["text"], 0, []
    for number, cell in linked(text, stored["cited"]):
        said = now.get((cell["kind"], cell["cell"])) if cell else None
        parts += [text[at : number.start()], said or number.group()]
        at = number.end()
    return "".join([*parts, text[at:]])


class _Teller:
    """Says sentences from one report, and keeps what it cites."""

    def __init__(self, kind: str, content: Mapping[str, Any]) -> None:
        self.kind = kind
        self.content = content
        self.cited: list[Cited] = []
        month = parse_month(content["month"])
        assert month is not None  # noqa: S101 — it was written by `format_month`
        self.month = month
        filed, expected = content["filing"][Period.MONTH.value]
        self.state = "complete" if filed >= expected else "provisional"

    def sentence(self, described: Mapping[str, Any]) -> str | None:
        if described.get("when", self.state) != self.state:
            return None
        clauses = list(self._clauses(described))
        if not clauses:
            return None
        subject = described["subject"].replace("{last_day}", _in_words(last_day(self.month)))
        return f"{subject}{AND.join(clauses)}{END}"

    def _clauses(self, described: Mapping[str, Any]) -> Iterator[str]:
        for pattern in described["clauses"]:
            if "largest" in described:
                yield from self._largest(pattern, **described["largest"])
            elif (clause := self._filled(pattern)) is not None:
                yield clause

    def _filled(self, pattern: str) -> str | None:
        """The pattern with its figures; None where one of them is unknown."""
        found = [self._figure(*slot) for slot in _SLOT.findall(pattern)]
        if any(one is None for one in found):
            return None
        for one in found:
            if one is not None and one[1] is not None:
                self.cited.append(one[1])
        texts = iter(one[0] for one in found if one is not None)
        return _SLOT.sub(lambda _slot: next(texts), pattern)

    def _figure(self, code: str, way: str) -> tuple[str, Cited | None] | None:
        """What is written for a column of the total row, and the cell that it is."""
        for table in self.content["tables"]:
            row = next((row for row in table["rows"] if row["key"] == TOTAL), None)
            for column, cell in zip(table["columns"], row["cells"] if row else (), strict=False):
                if column["code"] == code and row is not None:
                    return self._written(table, row, column, value_of(cell), way)
        return None

    def _written(
        self,
        table: Mapping[str, Any],
        row: Mapping[str, Any],
        column: Mapping[str, Any],
        value: Number | None,
        way: str,
    ) -> tuple[str, Cited | None] | None:
        if value is None:
            return None
        if not way:
            text = _printed(column, value)
            return text, self._cite(table, row, column, value, text)
        if not value:
            return LEVEL, None
        text = _printed(column, value if value > 0 else -value)
        more, less = _TRENDS[way]
        unit = "个百分点" if way == "points" else ""
        said = f"{more if value > 0 else less}{text}{unit}"
        return said, self._cite(table, row, column, value, text)

    def _cite(
        self,
        table: Mapping[str, Any],
        row: Mapping[str, Any],
        column: Mapping[str, Any],
        value: Number,
        text: str,
    ) -> Cited:
        return {
            "kind": self.kind,
            "cell": f"{table['code']}:{row['key']}:{column['code']}",
            "text": text,
            "value": str(value),
            "number": table["number"],
            "row": {name: said for name, said in row.items() if name != "cells"},
            "column": dict(column),
        }

    def _largest(self, pattern: str, *, level: str, column: str, count: int) -> Iterator[str]:
        """The largest rows of a level, by a column of the first table that has both."""
        for table in self.content["tables"]:
            codes = [one["code"] for one in table["columns"]]
            if level in table["levels"] and column in codes:
                at = codes.index(column)
                rows = [
                    (value, row)
                    for row in table["rows"]
                    if row["level"] == level and (value := value_of(row["cells"][at]))
                ]
                rows.sort(key=lambda pair: -pair[0])
                for value, row in rows[:count]:
                    text = _printed(table["columns"][at], value)
                    self.cited.append(self._cite(table, row, table["columns"][at], value, text))
                    yield pattern.format(name=row_label(row), figure=text)
                return


def _printed(column: Mapping[str, Any], value: Number) -> str:
    return written(value, Unit(column["unit"]), places=column["places"])


def _in_words(day: date) -> str:
    return formats.day(day)


def told_otherwise(
    content: Mapping[str, Any], contents: Mapping[str, Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The citations of a text whose cells are others in `contents`, or no longer there."""
    now: dict[tuple[str, str], str] = {}
    for kind, one in contents.items():
        for table in one["tables"]:
            for row in table["rows"]:
                for column, cell in zip(table["columns"], row["cells"], strict=True):
                    now[kind, f"{table['code']}:{row['key']}:{column['code']}"] = str(cell)
    return [
        cell
        for paragraph in content.get("paragraphs", ())
        for _number, cell in linked(paragraph["text"], paragraph["cited"])
        if cell is not None and now.get((cell["kind"], cell["cell"])) != cell["value"]
    ]
