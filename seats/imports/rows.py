"""One row of a list of allocations, read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from foundation.spreadsheets import Formula
from park.axis import FIRST_DAY, LAST_DAY, Span, seat_at
from seats.imports.days import OPEN, NotADay, day_of, days_of, moment_of
from seats.imports.fields import NAMES, PLACES, Field, folded
from seats.imports.grid import Entry, Skipped, shown
from seats.imports.lines import Line, Names, Reading, SaidCount
from seats.imports.problems import Problem
from seats.imports.runs import NotARun, Place, Places, Said, number_of

LONGEST_REASON = 200
ONE_DAY = timedelta(days=1)

_KINDS = {
    "firm": "已签约 签约 已签 在租 已租 入驻 已入驻 在用 租用 firm contracted let leased occupied",
    "hold": "预留 预选 预定 预订 意向 保留 hold held reserved preselected",
    "closure": "停用 关闭 封闭 维修 检修 装修 closed closure",
    "vacant": "空闲 空置 待租 未租 可租 闲置 空 vacant free empty",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_DAYS = (Field.START, Field.PERIOD)


def read_lines(entries: Iterable[Entry], places: Places, usual_kind: str) -> Reading:
    """The lines of a table; rows that say no kind are of the `usual_kind`."""
    reading = Reading()
    counts: dict[str, SaidCount] = {}
    for entry in entries:
        row = _Row(entry, places, usual_kind)
        if row.kind == "vacant":
            words = " · ".join(shown(one) for one in entry.values.values() if one is not None)
            reading.skipped.append(Skipped(entry.row, "vacant", words[:120]))
            continue
        reading.rows += 1
        lines = row.lines()
        row.count_into(counts)
        reading.lines += lines
        if not lines:
            reading.unreadable.append(row.names_alone())
        reading.problems += row.problems
    reading.counts = list(counts.values())
    return reading


class _Row:
    """What is wrong with it is collected in `problems`."""

    def __init__(self, entry: Entry, places: Places, usual_kind: str) -> None:
        self.entry, self.places = entry, places
        self.problems: list[Problem] = []
        for name, value in entry.values.items():
            if isinstance(value, Formula):
                self._wrong("formula", name)
        self.kind = self._kind(usual_kind)
        self.runs = [] if self.kind == "vacant" else self._runs()

    def lines(self) -> list[Line]:
        """The lines of the row; none where something is wrong with it."""
        period = self._period()
        hold_until, reason = self._hold_until(), self._reason()
        allocation, block = self._number(Field.ALLOCATION), self._number(Field.BLOCK)
        if self.problems or period is None:
            return []
        return [
            Line(
                self.entry.row,
                self.entry.cells,
                floor.pk,
                span,
                *period,
                self.kind,
                self.names,
                None,
                hold_until,
                reason,
                allocation,
                block,
            )
            for floor, span in self.runs
        ]

    def names_alone(self) -> Line:
        """A row that is wrong, with nothing to be read but whose it is."""
        entry = self.entry
        return Line(entry.row, entry.cells, 0, Span(0, 0), FIRST_DAY, None, self.kind, self.names)

    def count_into(self, counts: dict[str, SaidCount]) -> None:
        """Add the runs of this row to the number of seats that is written for it."""
        said = self._value(Field.COUNT)
        if said is None:
            return
        row = self.entry.tops[Field.COUNT]
        cell = self.entry.cells[Field.COUNT].rstrip("0123456789") + str(row)
        number = number_of(said)
        if number is None:
            if row == self.entry.row:
                self._wrong("not_a_count", Field.COUNT)
            return
        count = counts.setdefault(cell, SaidCount(cell, number))
        count.rows.append(self.entry.row)
        count.runs += self.runs
        count.is_whole = count.is_whole and bool(self.runs)

    @property
    def names(self) -> Names:
        """How the row names the enterprise; a kind in that column (停用) names none."""
        said = Names(*(self._text(name) for name in NAMES))
        return Names() if folded(said) in _KIND_OF else said

    def _value(self, name: str) -> Any:
        value = self.entry.values.get(name)
        return None if isinstance(value, str) and not value.strip() else value

    def _text(self, name: str) -> str:
        value = self._value(name)
        if value is None or isinstance(value, Formula):
            return ""
        if isinstance(value, float) and value == int(value):
            value = int(value)
        return " ".join(str(value).split())

    def _wrong(self, code: str, *names: str, **parameters: Any) -> None:
        """Note what is wrong in the first of these cells that there is."""
        cells = self.entry.cells
        cell = next((cells[name] for name in names if name in cells), f"A{self.entry.row}")
        self.problems.append(Problem(self.entry.row, cell, code, parameters))

    def _kind(self, usual: str) -> str:
        word = self._text(Field.KIND)
        if not word:
            return "vacant" if _KIND_OF.get(folded(self._name)) == "vacant" else usual
        kind = _KIND_OF.get(folded(word))
        if kind is None:
            self._wrong("not_a_kind", Field.KIND, text=word[:40])
        return kind or usual

    @property
    def _name(self) -> str:
        return self._text(Field.ENTERPRISE) or self._text(Field.SHORT_NAME)

    def _runs(self) -> list[tuple[Place, Span]]:
        """The runs of seats of the row."""
        for name in PLACES:
            if isinstance(self._value(name), date):
                self._wrong("day_not_run", name)
                return []
        try:
            said = self._said()
        except NotARun as wrong:
            self._say_no_run(wrong)
            return []
        beside = self._floor_beside()
        return [run for one in said if (run := self._run(one, beside)) is not None]

    def _said(self) -> list[Said]:
        """What the cells of the run say; first and last may stand in two."""
        if run := self._text(Field.RUN):
            return self.places.read(run)
        first, last = self._text(Field.FIRST_SEAT), self._text(Field.LAST_SEAT)
        if not first:
            raise NotARun("")
        one = self.places.read(first)
        if not last or len(one) > 1:
            return one
        other = self.places.read(last)[0]
        if other.floor and one[0].floor and other.floor != one[0].floor:
            raise NotARun(last, floor=f"{one[0].floor.label} / {other.floor.label}")
        if one[0].last is None or other.last is None:
            raise NotARun(f"{first} {last}")
        return [Said(one[0].floor or other.floor, one[0].first, other.last)]

    def _wrong_run(self, code: str, **parameters: Any) -> None:
        self._wrong(code, Field.RUN, Field.FIRST_SEAT, Field.FLOOR, **parameters)

    def _say_no_run(self, wrong: NotARun) -> None:
        if " / " in wrong.floor:
            self._wrong_run("crosses_floors")
        elif wrong.floor:
            self._wrong_run("no_such_floor", label=wrong.floor)
        elif not str(wrong):
            self._wrong_run("no_seats")
        else:
            self._wrong_run("not_a_run", text=str(wrong)[:80])

    def _floor_beside(self) -> Place | None:
        """The floor that the columns of zone, building and floor name together."""
        parts = [self._text(name) for name in (Field.ZONE, Field.BUILDING, Field.FLOOR)]
        if not parts[-1]:
            return None
        floor = self.places.floor(*parts)
        if floor is None:
            label = "-".join(part for part in parts if part)
            self._wrong("no_such_floor", Field.FLOOR, label=label)
        return floor

    def _run(self, said: Said, beside: Place | None) -> tuple[Place, Span] | None:
        floor = said.floor or beside
        if floor is None:
            if not self.problems:
                self._wrong_run("no_floor_named")
            return None
        first, last = said.first or 1, floor.seat_count if said.last is None else said.last
        if beside and floor != beside:
            self._wrong_run("floors_differ", one=floor.label, other=beside.label)
        elif not 1 <= first <= last:
            self._wrong_run("seats_order")
        elif last > floor.seat_count:
            label = f"{floor.label}-{floor.seat_count:03d}"
            self._wrong_run("no_such_seat", floor=floor.label, last_label=label)
        else:
            return floor, Span(seat_at(floor.pk, first), seat_at(floor.pk, last) + 1)
        return None

    def _period(self) -> tuple[date, date | None] | None:
        """First day and the day after the last; None where they are wrong."""
        before = len(self.problems)
        start, end = self._days()
        if len(self.problems) > before:
            return None
        if start is None or start == OPEN:
            self._wrong("no_first_day", *_DAYS)
        elif not _can_be_used(start) or not (end in (None, OPEN) or _can_be_used(end)):
            self._wrong("day_range", *_DAYS)
        elif end is None or end >= LAST_DAY:
            return start, None
        elif end < start:
            self._wrong("days_order", Field.END, Field.PERIOD)
        else:
            return start, end + ONE_DAY
        return None

    def _days(self) -> tuple[date | None, date | None]:
        start, end = self._day(Field.START), self._day(Field.END)
        both = self._value(Field.PERIOD)
        if start is not None or end is not None or both is None:
            return start, end
        try:
            return days_of(both)
        except NotADay:
            self._wrong("not_a_period", Field.PERIOD)
            return None, None

    def _day(self, name: str) -> date | None:
        try:
            return day_of(self._value(name))
        except NotADay:
            self._wrong("not_a_day", name, text=self._text(name)[:40])
            return None

    def _hold_until(self) -> str | None:
        """As pages write it: the last day of the hold, or the moment."""
        if Field.HOLD_UNTIL not in self.entry.cells:
            return None
        try:
            moment = moment_of(self._value(Field.HOLD_UNTIL))
        except NotADay:
            self._wrong("not_a_day", Field.HOLD_UNTIL, text=self._text(Field.HOLD_UNTIL)[:40])
            return None
        if isinstance(moment, datetime):
            return f"{moment:%Y-%m-%d %H:%M}"
        return "" if moment in (None, OPEN) else f"{moment:%Y-%m-%d}"

    def _reason(self) -> str | None:
        if Field.REASON not in self.entry.cells:
            return None
        text = self._text(Field.REASON)
        if len(text) > LONGEST_REASON:
            self._wrong("too_long", Field.REASON)
        return text

    def _number(self, name: str) -> int | None:
        value = self._value(name)
        number = None if value is None else number_of(value)
        if value is not None and number is None:
            self._wrong("not_a_number", name)
        return number


def _can_be_used(day: date | None) -> bool:
    return day is not None and FIRST_DAY <= day <= LAST_DAY
