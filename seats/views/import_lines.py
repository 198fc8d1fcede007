"""The lines of an import as its pages show them: what each says, from what to what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from park.axis import Span, place_of, run_label
from park.models import Floor
from seats.holdings import glyph_of
from seats.imports.lines import Line
from seats.imports.matching import Held
from seats.imports.problems import Problem
from seats.imports.rules import is_same_holding, new_facts
from seats.models import AllocationImportLine, BlockKind
from seats.rectangles import last_included
from seats.services.imports.keeping import block_of, line_of, problems_of
from tenants.models import Enterprise
from web import formats

STATES = {
    "new": "",
    "changed": "look",
    "unchanged": "done",
    "conflicting": "stop",
    "wrong": "stop",
    "missing": "look",
}


class Step(NamedTuple):
    """One thing that changes: from what to what."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownLine:
    """A row of the table of changes."""

    row: int
    change: str
    word: str
    seats: str = ""
    count: int | None = None
    whose: str = ""
    glyph: str = ""
    kind: str = ""
    first_day: date | None = None
    last_day: date | None = None
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    allocation: int | None = None
    until: str = ""  # when a new hold ends
    floor_url: str = ""  # where one sees what is in the way

    @property
    def state(self) -> str:
        return STATES[self.change]


class _Names:
    """What floors and enterprises are called: two queries for a page of lines."""

    def __init__(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        floors = Floor.objects.in_bulk({line.floor for line in lines})
        self.floors = {pk: floor.label for pk, floor in floors.items()}
        enterprises = Enterprise.objects.in_bulk(
            {line.enterprise for line in lines if line.enterprise}
        )
        self.enterprises = {pk: one.short_name for pk, one in enterprises.items()}

    def run(self, floor: int, seats: Span) -> str:
        return run_label(self.floors.get(floor, "?"), seats)

    def whose(self, enterprise: int | None, reason: str | None) -> str:
        return self.enterprises.get(enterprise, "?") if enterprise else reason or ""


def shown_lines(rows: Sequence[AllocationImportLine]) -> list[ShownLine]:
    """`rows` as the page shows them."""
    lines = {row.pk: line_of(row.facts) for row in rows if row.facts}
    names = _Names(lines.values())
    return [_shown(row, lines.get(row.pk), names) for row in rows]


def _shown(row: AllocationImportLine, line: Line | None, names: _Names) -> ShownLine:
    problems = problems_of(row.problems)
    word = str(row.get_change_display())
    before = block_of(row.before) if row.before else None
    if line is not None:
        return ShownLine(
            row.row,
            row.change,
            word,
            names.run(line.floor, line.seats),
            line.seats.length,
            names.whose(line.enterprise, line.reason),
            glyph_of(line.kind),
            _kind(line.kind),
            line.start,
            last_included(line.end),
            list(_steps(line, before, names)) if row.change == "changed" and before else [],
            problems,
            row.allocation_id,
            _until(line) if row.change == "new" else "",
            _on_the_floor(line) if problems else "",
        )
    if before is None:
        return ShownLine(row.row, row.change, word, problems=problems)
    return _missing(row, before, word, problems)


def _on_the_floor(line: Line) -> str:
    """The floor on the first day, these seats chosen: who has them, how they are released."""
    query = {
        "first": place_of(line.seats.lower),
        "last": place_of(line.seats.upper - 1),
        "start": line.start.isoformat(),
        "end": formats.iso_day(last_included(line.end)) if line.end else "",
        "on": line.start.isoformat(),
    }
    page = reverse("place:floor-detail", args=[line.floor])
    return f"{page}?{urlencode(query)}#selection"


def _until(line: Line) -> str:
    """When a new hold ends, where the list says so or the setting does."""
    if line.kind != BlockKind.HOLD:
        return ""
    return line.hold_until or _("by the days that are set")


def _missing(
    row: AllocationImportLine, block: Held, word: str, problems: list[Problem]
) -> ShownLine:
    """A block that the list does not name: free from the day on which its form ends."""
    freed = row.allocation_import.from_day
    day = max(freed, block.start) if freed else None
    step = Step(
        pgettext("import", "Free from"),
        formats.period(block.start, last_included(block.end)),
        formats.iso_day(day),
    )
    return ShownLine(
        0,
        row.change,
        word,
        block.run,
        block.seats.length,
        block.holder or block.reason,
        glyph_of(block.kind),
        _kind(block.kind),
        block.start,
        last_included(block.end),
        [step],
        problems,
        row.allocation_id,
    )


def _steps(line: Line, block: Held, names: _Names) -> Iterator[Step]:
    """What the line changes of the block."""
    whose = names.whose(line.enterprise, line.reason)
    pairs = [
        Step(_("Seats"), block.run, names.run(line.floor, line.seats)),
        Step(_("First day"), formats.iso_day(block.start), formats.iso_day(line.start)),
        Step(_("Last day"), _end(block.end), _end(line.end)),
        Step(pgettext("allocation", "Kind"), _kind(block.kind), _kind(line.kind)),
    ]
    if line.enterprise != block.enterprise:
        pairs.append(Step(_("Enterprise"), block.holder, whose))
    if is_same_holding(line, block):
        facts = new_facts(line, block)
        until = facts.get("hold_until", block.hold_until)
        pairs.append(Step(_("Hold until"), block.hold_until, until))
        reason = facts.get("reason", block.reason)
        pairs.append(Step(pgettext("allocation", "Reason"), block.reason, reason))
    for label, before, after in pairs:
        if before != after:
            yield Step(label, before or formats.MISSING, after or formats.MISSING)


def _end(end: date | None) -> str:
    return _("until further notice") if end is None else formats.iso_day(last_included(end))


def _kind(kind: str) -> str:
    return str(BlockKind(kind).label)
