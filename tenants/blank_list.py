"""The empty list of enterprises that people download, fill in and upload."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.rows import Column, WordField, YesField
from tenants.models import BusinessClass, RegistrationType
from tenants.services.imports import COLUMNS, SHEET_NAMES

ROWS = 1000
# Where a row comes from is for loading a whole park, not for people with a list.
LEFT_OUT = {"source", "sample_fields"}
REQUIRED = {"name", "credit_code"}


def blank_list() -> bytes:
    """A workbook with the heads of every column in the reader's language, and no row."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(SHEET_NAMES[0] if _is_chinese() else SHEET_NAMES[1])
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = workbook.add_format({"num_format": "@"})
        columns = [(name, column) for name, column in COLUMNS.items() if name not in LEFT_OUT]
        for place, (name, column) in enumerate(columns):
            sheet.set_column(place, place, 32 if name in REQUIRED else 18, text)
            sheet.write_string(0, place, _head(column), head)
            if choices := _choices(name, column):
                rule = {"validate": "list", "source": choices, "ignore_blank": True}
                sheet.data_validation(1, place, ROWS, place, rule)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _head(column: Column) -> str:
    """The usual head in the reader's language."""
    latin = [head for head in column.heads if head.isascii()]
    return column.heads[0] if _is_chinese() or not latin else latin[0]


def _choices(name: str, column: Column) -> list[str]:
    if name == "registration_type":
        return [str(one.label) if _is_chinese() else one.value for one in RegistrationType]
    if isinstance(column.field, YesField):
        return [_("yes"), _("no")]
    if isinstance(column.field, WordField):
        return [_business(business) for business in BusinessClass]
    return []


def _business(business: BusinessClass) -> str:
    """A word for it that the import knows."""
    if _is_chinese():
        return str(business.label)
    return business.value.replace("_", " ").capitalize()


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
