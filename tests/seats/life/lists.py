"""Allocations come from a list, and go back as one within a day.

One list gives seats that are new. Another is the download of the whole park with lines cut short
or left out: what it does not name is released.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from openpyxl import load_workbook

from park.services import MonthClosed
from seats.imports.exporting import lines_of, xlsx_of
from seats.models import Allocation, AllocationImport, SeatBlock
from seats.services.imports import apply_import, check_import, open_import, undo_import
from seats.services.imports.applying import ImportNotReady
from seats.services.imports.undoing import BuiltOn, UndoTooLate
from seats.services.refusals import SeatsTaken
from tests.seats.imports.sheets import table
from tests.seats.life.allocations import AllocationRules, decisions
from tests.seats.life.paper import ONE_DAY
from tests.seats.life.park import Reasons, lengths, numbers
from tests.seats.squared_paper import Cell

KINDS = {"firm": "已签约", "hold": "预留", "closure": "停用"}
START, END, BLOCK = 11, 12, 16  # columns of the download

Cells = dict[tuple[int, date], Cell | None]


@dataclass
class PaperList:
    """A list that was applied: each cell that it changed, before and after."""

    pk: int
    at: datetime
    before: Cells
    after: Cells
    changes: int  # how much had happened in the park by then


class ListRules(AllocationRules):
    def __init__(self) -> None:
        super().__init__()
        self.lists: list[PaperList] = []

    @rule(number=numbers, length=lengths, decision=decisions)
    def give_by_list(self, number: int, length: int, decision: dict[str, Any]) -> None:
        self.beat()
        kind, first = decision["kind"], self.day(decision["start"])
        duration = decision["duration"]
        last = None if duration is None else first + timedelta(days=duration - 1)
        on_days = self.paper.days(first, last and last + ONE_DAY)
        run = self.vacant_run(number, length, on_days)
        who = None if kind == "closure" else self.enterprises[decision["enterprise"]]
        cells = [(seat, day) for seat in run for day in on_days]
        taken = [self.paper.cells[cell] for cell in cells if cell in self.paper.cells]
        if any(cell.enterprise == (who and who.pk) for cell in taken):
            return  # it could be told as another form of what they have
        reasons = self.reasons_not_to_take(kind, cells)
        floor = self.paper.floors[run.start // 4096]
        label = f"{floor.label}-{run.start % 4096 + 1}-{(run.stop - 1) % 4096 + 1}"
        note = "消防检修" if who is None else None
        data = table([who and who.name, label, None, KINDS[kind], first, last, note])
        row = self._apply(data, {ImportNotReady} if reasons else set())
        if row:
            line = row.lines.get()
            allocation = Allocation.objects.get(pk=line.allocation_id)
            self.gets(allocation, run, on_days)
            self._note(row, dict.fromkeys(cells))

    @rule(number=numbers, what=st.sampled_from(["gone", "shorter"]), day=st.integers(0, 40))
    def cut_by_list(self, number: int, what: str, day: int) -> None:
        """Download the park, leave out or cut short the line of one block, apply the rest."""
        self.beat()
        book = load_workbook(io.BytesIO(xlsx_of(lines_of(SeatBlock.objects.real()))))
        sheet = book.active
        rows = [row for row in range(2, sheet.max_row + 1) if self._lasts(sheet, row)]
        if not rows:
            return
        row = rows[number % len(rows)]
        block = SeatBlock.objects.get(pk=sheet.cell(row, BLOCK).value)
        if what == "gone":
            lost = max(self.today, block.period.lower)
            sheet.delete_rows(row)
        else:
            last = max(self.day(day), block.period.lower)
            lost = last + ONE_DAY
            sheet.cell(row, END).value = last
        gone = [
            (seat, on)
            for seat in range(block.seats.lower, block.seats.upper)
            for on in self.paper.days(lost, block.period.upper)
        ]
        if not gone:
            return  # it ended before anyway
        self._cut(book, block, gone, lost)

    def _cut(self, book: Any, block: SeatBlock, gone: list[tuple[int, date]], lost: date) -> None:
        file = io.BytesIO()
        book.save(file)
        seats = set(range(block.seats.lower, block.seats.upper))
        reasons = self.promised(block.allocation_id, lost, seats)
        before = {cell: self.paper.cells[cell] for cell in gone}
        row = self._apply(
            file.getvalue(),
            {ImportNotReady} if reasons else set(),
            whole_zones=["C"],
            from_day=self.today,
        )
        if row:
            self.free(block.allocation_id, gone)
            self._note(row, before)

    def _lasts(self, sheet: Any, row: int) -> bool:
        end = sheet.cell(row, END).value
        return end is None or end.date() >= self.today

    def _apply(self, data: bytes, reasons: Reasons, **chosen: Any) -> AllocationImport | None:
        by = {"now": self.now, "acting_user": self.operator}
        row = open_import(file_name="台账.xlsx", data=data, **by)
        AllocationImport.objects.filter(pk=row.pk).update(**chosen)
        row = check_import(import_id=row.pk, **by)
        return self.try_to(
            apply_import,
            reasons,
            import_id=row.pk,
            expected_version=row.version,
            today=self.today,
        )

    def _note(self, row: AllocationImport, before: Cells) -> None:
        after = {cell: self.paper.cells.get(cell) for cell in before}
        self.lists.append(PaperList(row.pk, self.now, before, after, self.changes))

    @precondition(lambda self: self.lists)
    @rule(number=numbers)
    def undo_list(self, number: int) -> None:
        """All of it, if nothing was built on it; whatever happened since may have been."""
        self.let_holds_expire()
        one = self.lists[number % len(self.lists)]
        now = {cell: self.paper.cells.get(cell) for cell in one.before}
        reasons: Reasons = set()
        if self.now > one.at + timedelta(hours=24):
            reasons = {UndoTooLate}
        elif now != one.after:
            reasons = {BuiltOn, SeatsTaken}
        elif self.meets_closed_month(min(d for _, d in now), max(d for _, d in now) + ONE_DAY):
            reasons = {MonthClosed, BuiltOn}
        is_untouched = self.changes == one.changes
        undone = self.try_to(
            undo_import,
            reasons,
            perhaps=set() if is_untouched else {BuiltOn, SeatsTaken},
            import_id=one.pk,
            today=self.today,
        )
        if undone:
            self.lists.remove(one)
            for cell, was in one.before.items():
                self.paper.cells.pop(cell, None)
                if was is not None:
                    self.paper.cells[cell] = was
