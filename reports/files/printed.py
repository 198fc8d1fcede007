"""PDF: the form as it is printed and signed, set by typst, with its fonts embedded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from reports.charts import chart_of
from reports.document import BarChart, Definition, Document, Table, WordTable
from reports.files.drawing import svg_of
from reports.files.layout import line_width, restated_mark, said
from web.formats import MISSING

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(settings.BASE_DIR) / "vendor" / "fonts"
LONG = 14  # rows; a longer table may break over pages
SIGN = 1.45  # mm that half a Chinese sign takes


class TypesettingError(Exception):
    """The form cannot be set as it should be: a font is missing, the template is broken."""


def pdf_of(document: Document) -> bytes:
    """The PDF of a report. Raises `TypesettingError` rather than print boxes for letters."""
    made_at = timezone.localtime(document.made_at)
    pdf, warnings = typst.compile_with_warnings(
        str(TEMPLATE),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    if warnings:
        raise TypesettingError("; ".join(str(warning.message) for warning in warnings))
    if not isinstance(pdf, bytes):
        raise TypesettingError("no PDF")
    return pdf


def _data(document: Document) -> dict[str, Any]:
    language, _dash, script = (get_language() or "zh-hans").partition("-")
    return {
        "lang": language,
        "region": "cn" if script else None,
        "name": f"{document.park} {document.title}".strip(),
        "author": document.park,
        "form": document.form,
        "facts": [said(*fact) for fact in document.facts],
        "edition": document.edition,
        "is_draft": document.is_draft,
        "draft": pgettext("report", "Draft"),
        "has_sample": document.has_sample,
        "sample": _("with sample figures"),
        "missing": MISSING,
        "mark": restated_mark(),
        "tables": [_table(table) for table in document.tables],
        "lists": [_words(listed) for listed in document.lists],
        "notes": list(document.notes),
        "signatures": [said(*who) for who in document.signatures],
        "definitions": _definitions(document.definitions),
        "chart": _chart(document.chart),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": f"{table.number}　{table.title}",
        "units": said(_("Units"), table.units),
        "label_head": table.label_head,
        "label_width": min(58, 6 + max(line_width(row.label) for row in table.rows) * SIGN),
        "is_long": len(table.rows) > LONG,
        "groups": [{"head": group.head, "span": len(group.columns)} for group in table.groups],
        "columns": [
            {"head": column.head, "under": column.under, "starts": column.starts_group}
            for column in table.columns
        ],
        "rows": [
            {
                "label": row.label,
                "is_part": row.is_part,
                "cells": [
                    {"text": column.text(cell), "is_restated": column.code in row.before}
                    for column, cell in zip(table.columns, row.cells, strict=True)
                ],
            }
            for row in table.rows
        ],
    }


def _words(listed: WordTable) -> dict[str, Any]:
    return {"title": listed.title, "heads": list(listed.heads), "rows": listed.rows}


def _definitions(definitions: tuple[Definition, ...]) -> dict[str, Any]:
    return {
        "title": _("Definitions"),
        "heads": [
            pgettext("definition", "Indicator"),
            pgettext("definition", "Unit"),
            pgettext("definition", "What is counted"),
            pgettext("definition", "Divided by"),
            pgettext("definition", "Version"),
        ],
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
