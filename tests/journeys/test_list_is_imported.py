"""The operator brings in the park's own spreadsheet: a name is asked, the changes shown, undone."""

import re
from datetime import date
from typing import Any

import pytest

from seats.models import SeatBlock
from tenants.models import Enterprise
from tests.factories.workbooks import written
from tests.journeys.counting import free_from

START = date(2027, 1, 1)


def ledger(known: str, floor: str, first: int) -> bytes:
    """A ledger as parks keep them: title, heads of two rows, merged cells, sums, a note."""

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("C区台账")
        sheet.merge_range("A1:G1", "外包产业园 C 区席位台账")
        for cells, head in {"A3:A4": "入驻企业", "B3:C3": "席位", "E3:F3": "租期"}.items():
            sheet.merge_range(cells, head)
        sheet.write_row("D3", ["席位数"])
        sheet.write_row("G3", ["状态"])
        sheet.write_row("B4", ["起", "止", None, "起", "止"])
        sheet.write_row("A5", [known, f"{floor}-{first:03d}", f"{first + 9:03d}", 10])
        sheet.write_row("E5", ["2027年1月1日", "长期", "预留"])
        sheet.write_row("A7", ["沱江湾语音技术", f"{floor}-{first + 10:03d}", first + 14, 5])
        sheet.write_row("E7", ["2027.1.1", "2027/6/30", "预留"])
        sheet.write_row("A8", ["合计", None, None, 15])
        sheet.write_row("A9", ["制表人：张敏"])

    return written(fill)


@pytest.mark.parametrize("options", [{}, {"has_scripts": False}], ids=["scripts", "none"])
def test_the_park_s_own_spreadsheet_is_brought_in_and_taken_back(enter, options):
    operator = enter("operator", **options)
    known, meant = Enterprise.objects.order_by("pk")[:2]
    floor, first, last = free_from(START, "C-")[0]
    assert last - first >= 14
    before, data = _blocks(), ledger(known.name, floor, first)
    name = "C区台账（无脚本）.xlsx" if options else "C区台账.xlsx"

    operator.goes_to("席位")
    operator.follows(re.compile("^分配$"))
    operator.follows("导入表格")
    operator.hands_in("工作簿（.xlsx）", name, data)
    operator.presses("读取表格")

    operator.reads_title("各列是什么")
    operator.finds_typed({"A 列": "enterprise", "B 列": "first_seat", "F 列": "end"})
    operator.presses("与园区现状核对")

    operator.reads_title("1 个企业名称不明确")
    operator.sees("第 7 行")
    operator.ticks("另一家，在下面填写")
    operator.types("另一家企业 （可空）", meant.name)
    operator.presses("按此继续")

    operator.reads_title("2 项变更")
    operator.sees("共读取 9 行：表内 2 行，表外 5 行，空白 2 行。")
    operator.sees(f"{floor}-{first:03d} — {first + 9:03d}")
    operator.presses("导入 2 项变更")

    operator.reads_title(f"{name}：已导入")
    assert len(_blocks() - before) == 2

    operator.follows("整体撤销")
    operator.sees("收回导入的 15 席")
    operator.presses("整体撤销")
    operator.reads_title(f"{name}：导入后已撤销")
    assert _blocks() == before

    operator.follows(re.compile("^导入$"))
    assert operator.row(name, "已撤销").count() >= 1
    operator.hands_in("工作簿（.xlsx）", name, data)
    operator.presses("读取表格")
    operator.sees(re.compile("同一个文件已在 .* 由.*导入。"))


def _blocks() -> set[tuple[Any, ...]]:
    rows = SeatBlock.objects.real().values_list("pk", "allocation", "kind", "seats", "period")
    return {
        (pk, allocation, kind, str(seats), str(days)) for pk, allocation, kind, seats, days in rows
    }
