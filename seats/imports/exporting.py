"""Allocations as a list that people open in Excel and that an import reads back without change.

One line a block, with the numbers of its allocation and of the block itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.csv_files import encoded
from park.axis import level_name, place_of, seat_label
from seats.imports.fields import Field
from seats.models import AllocationKind
from seats.models.allocations import SeatBlockQuerySet
from seats.rectangles import last_included
from seats.wording import hold_until

Cell = str | int | date | None
ROWS_OF_TEMPLATE = 1_000


class Head(NamedTuple):
    """A column of the list: its heads in Chinese and English, both known to the import."""

    field: Field
    zh: str
    en: str
    width: int


HEADS = (
    Head(Field.FIRST_SEAT, "首席", "First seat", 14),
    Head(Field.LAST_SEAT, "末席", "Last seat", 8),
    Head(Field.ZONE, "区", "Zone", 6),
    Head(Field.BUILDING, "栋", "Building", 8),
    Head(Field.FLOOR, "层", "Floor", 6),
    Head(Field.COUNT, "席位数", "Number of seats", 9),
    Head(Field.SHORT_NAME, "企业简称", "Short name", 18),
    Head(Field.ENTERPRISE, "企业全称", "Enterprise", 34),
    Head(Field.CREDIT_CODE, "统一社会信用代码", "Credit code", 22),
    Head(Field.KIND, "种类", "Kind", 11),
    Head(Field.START, "首日", "First day", 12),
    Head(Field.END, "末日", "Last day", 12),
    Head(Field.HOLD_UNTIL, "预留至", "Hold until", 17),
    Head(Field.REASON, "原因或备注", "Reason or note", 30),
    Head(Field.ALLOCATION, "分配编号", "Allocation number", 10),
    Head(Field.BLOCK, "块编号", "Block number", 10),
)
_IN_TEMPLATE = tuple(head for head in HEADS if head.field not in {Field.ALLOCATION, Field.BLOCK})


def lines_of(blocks: SeatBlockQuerySet) -> Iterator[list[Cell]]:
    """A line for each block, as one walks. One query."""
    kinds = {kind.value: str(kind.label) for kind in AllocationKind}
    rows = (
        blocks.annotate(
            lower=F("seats__startswith"),
            upper=F("seats__endswith"),
            start=F("period__startswith"),
            after=F("period__endswith"),
        )
        .order_by(
            *("floor__building__zone__code", "floor__building__code", "floor__level"),
            *("lower", "start"),
        )
        .values_list(
            *("lower", "upper", "floor__label", "floor__building__zone__code"),
            *("floor__building__code", "floor__level", "enterprise__short_name"),
            *("enterprise__name", "enterprise__credit_code", "kind", "start", "after"),
            *("allocation__expires_at", "allocation__reason", "allocation_id", "pk"),
        )
    )
    return (_line(row, kinds) for row in rows.iterator(chunk_size=2_000))


def _line(row: Sequence[Any], kinds: dict[str, str]) -> list[Cell]:
    lower, upper, label, zone, building, level, *whose, kind, start, after = row[:12]
    expires_at, reason, allocation, block = row[12:]
    until = hold_until(expires_at) if expires_at and kind == AllocationKind.HOLD else None
    return [
        *(seat_label(label, lower), f"{place_of(upper - 1):03d}"),
        *(zone, building, level_name(level), upper - lower, *whose),
        *(kinds[kind], start, last_included(after), until, reason, allocation, block),
    ]


def heads_of(columns: Sequence[Head]) -> list[str]:
    """The heads in the reader's language."""
    return [head.zh if _is_chinese() else head.en for head in columns]


def csv_of(lines: Iterable[Sequence[Cell]]) -> bytes:
    """As CSV; what is empty stays empty."""
    return encoded([heads_of(HEADS), *([_plain(cell) for cell in line] for line in lines)])


def xlsx_of(lines: Iterable[Sequence[Cell]]) -> bytes:
    """As a workbook of one sheet. Texts are texts: never formulas, never links."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet, day, last = _sheet(book, HEADS), book.add_format({"num_format": "yyyy-mm-dd"}), 0
        for last, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(last, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell)
        sheet.autofilter(0, 0, last, len(HEADS) - 1)
    return target.getvalue()


def template() -> bytes:
    """The empty list: the heads, and the kinds to choose from."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = _sheet(book, _IN_TEMPLATE)
        for column, head in enumerate(_IN_TEMPLATE):
            if head.field == Field.KIND:
                kinds = [str(kind.label) for kind in AllocationKind]
                rule = {"validate": "list", "source": kinds, "ignore_blank": True}
                sheet.data_validation(1, column, ROWS_OF_TEMPLATE, column, rule)
    return target.getvalue()


def _sheet(book: xlsxwriter.Workbook, columns: Sequence[Head]) -> xlsxwriter.worksheet.Worksheet:
    """A sheet whose columns are wide enough, and text where digits would be lost."""
    sheet = book.add_worksheet(_("Allocations"))
    text = book.add_format({"num_format": "@"})
    sheet.write_row(0, 0, heads_of(columns), book.add_format({"bold": True, "bottom": 1}))
    for place, head in enumerate(columns):
        is_text = head.field in {Field.FIRST_SEAT, Field.LAST_SEAT, Field.CREDIT_CODE}
        sheet.set_column(place, place, head.width, text if is_text else None)
    sheet.freeze_panes(1, 0)
    return sheet


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
