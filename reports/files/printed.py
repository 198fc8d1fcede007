"""PDF: the form as it is printed and signed, set by typst, with its fonts embedded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from reports.charts import chart_of
from reports.document import BarChart, Definition, Document, Table, WordTable
from reports.files.contents import Contents
from reports.files.drawing import svg_of
from reports.files.fitting import Part, parts_of
from reports.files.layout import definition_heads, line_width, restated_mark, said
from web.formats import MISSING

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(settings.BASE_DIR) / "vendor" / "fonts"
_CHILD = Path(__file__).with_name("setting_child.py")
PATIENCE = 600  # seconds; 200 pages take twelve of a processor
LONG = 14  # rows; a longer table may break over pages
SIGN = 1.45  # mm that half a Chinese sign takes


class TypesettingError(Exception):
    """The form cannot be set as it should be: a font is missing, the template is broken."""


def pdf_of(document: Document) -> bytes:
    """The PDF of a report. Raises `TypesettingError` rather than print boxes for letters."""
    return _set({"documents": [_data(document)], "contents": None}, document, document.made_at)


def pdf_of_month(documents: Sequence[Document], contents: Contents) -> bytes:
    """The PDF of a whole month: what is in it, then each report; pages counted through."""
    data = {
        "documents": [_data(document) for document in documents],
        "contents": {
            "title": contents.title,
            "heads": list(contents.heads),
            "page": pgettext("head", "Page"),
            "rows": [list(row) for row in contents.rows],
            "notes": list(contents.notes),
        },
    }
    made_at = max(document.made_at for document in documents)
    return _set(data, documents[0], made_at, name=contents.title)


def _set(data: dict[str, Any], document: Document, made_at: datetime, *, name: str = "") -> bytes:
    language, _dash, script = (get_language() or "zh-hans").partition("-")
    data |= {
        "lang": language,
        "region": "cn" if script else None,
        "name": name or document.name,
        "author": document.park,
        "draft": pgettext("report", "Draft"),
        "sample": _("with sample figures"),
        "missing": MISSING,
        "mark": restated_mark(),
    }
    asked = {
        "template": str(TEMPLATE),
        "fonts": str(FONTS),
        "data": json.dumps(data, ensure_ascii=False),
        "timestamp": int(timezone.localtime(made_at).timestamp()),
    }
    return _set_apart(json.dumps(asked).encode())


def _set_apart(asked: bytes) -> bytes:
    """The PDF, set in a process of its own, which takes with it what typst keeps in memory."""
    child = subprocess.run(  # noqa: S603 - our own file, with this Python
        [sys.executable, "-I", str(_CHILD)],
        input=asked,
        capture_output=True,
        timeout=PATIENCE,
        env={},
        check=False,
    )
    if child.returncode != 0:
        raise TypesettingError(child.stderr.decode(errors="replace").strip())
    return child.stdout


def _data(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "form": document.form,
        "facts": [said(*fact) for fact in document.facts],
        "edition": document.edition,
        "is_draft": document.is_draft,
        "has_sample": document.has_sample,
        "paragraphs": [paragraph.text for paragraph in document.paragraphs],
        "tables": [
            _table(table, part, is_continued=number > 0)
            for table in document.tables
            for number, part in enumerate(parts_of(table))
        ],
        "lists": [_words(listed) for listed in document.lists],
        "notes": list(document.notes),
        "signatures": [said(*who) for who in document.signatures],
        "definitions": _definitions(document.definitions),
        "chart": _chart(document.chart),
    }


def _table(table: Table, part: Part, *, is_continued: bool) -> dict[str, Any]:
    """A table, or those of its columns that fit on a page beside each other."""
    columns = part.columns
    shown = [(table.place(column.code), column) for column in columns]
    title = f"{table.number}　{table.title}"
    return {
        "title": _("%(title)s (continued)") % {"title": title} if is_continued else title,
        "is_continued": is_continued,
        "units": said(_("Units"), table.units),
        "size": part.size,
        "label_head": table.label_head,
        "label_width": part.label_width,
        "widths": list(part.widths),
        "is_long": len(table.rows) > LONG,
        "groups": [{"head": group.head, "span": len(group.columns)} for group in part.groups],
        "columns": [
            {"head": column.head, "under": column.under, "starts": column.starts_group}
            for column in columns
        ],
        "rows": [
            {
                "label": row.label,
                "depth": row.depth,
                "cells": [
                    {"text": column.text(row.cells[at]), "is_restated": column.code in row.before}
                    for at, column in shown
                ],
            }
            for row in table.rows
        ],
    }


def _words(listed: WordTable) -> dict[str, Any]:
    widths = [
        max(line_width(text) for text in column)
        for column in zip(listed.heads, *listed.rows, strict=True)
    ]
    return {
        "title": listed.title,
        "heads": list(listed.heads),
        "rows": listed.rows,
        "widths": [min(40, 5 + width * SIGN) for width in widths],
    }


def _definitions(definitions: tuple[Definition, ...]) -> dict[str, Any]:
    return {
        "title": _("Definitions"),
        "heads": list(definition_heads()),
        "rows": [
            [one.name, one.unit, one.definition, one.divisor or MISSING, str(one.version)]
            for one in definitions
        ],
    }


def _chart(drawn: BarChart | None) -> dict[str, str] | None:
    if drawn is None or not drawn.labels:
        return None
    chart = chart_of(drawn)
    return {
        "svg": svg_of(chart, width=640),
        "caption": drawn.caption,
        "text": chart.text,
    }
