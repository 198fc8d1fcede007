"""The lines of a handover list: what a run starts with, what became of it, the sums of each kind.

Plain arithmetic over lines; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from park.axis import Span
from seats.models import HandoverLine, Item

# A seat that is ready to move in has one of each (拎包入驻); the operator corrects what differs.
KIT = (Item.DESK, Item.CHAIR, Item.COMPUTER, Item.PORT)

Key = tuple[Span, str, str]


@dataclass(frozen=True)
class NewLine:
    """A line that is to be written: so many things of a kind, and how many are not good."""

    seats: Span
    item: Item
    count: int
    name: str = ""
    worn: int = 0
    damaged: int = 0
    missing: int = 0
    note: str = ""

    @property
    def key(self) -> Key:
        return self.seats, self.item, self.name


def key_of(line: HandoverLine) -> Key:
    """What makes two lines lines about the same things."""
    return line.span, line.item, line.name


def kit(spans: Iterable[Span]) -> list[NewLine]:
    """One desk, chair, computer and port for each seat."""
    return [NewLine(span, item, span.length) for span in spans for item in KIT]


def given_back(spans: Sequence[Span], moved_in: Iterable[HandoverLine]) -> list[NewLine]:
    """What should come back with `spans`: what was there at move-in, in the condition of then.

    A run of which only a part comes back, or that has no move-in list, starts from its seats.
    """
    lines: dict[Span, list[NewLine]] = {span: [] for span in spans}
    for line in moved_in:
        if line.span in lines:
            there = line.count - line.missing
            lines[line.span].append(
                NewLine(line.span, Item(line.item), there, line.name, line.worn, line.damaged)
            )
    return [line for span, known in lines.items() for line in known or kit([span])]


@dataclass(frozen=True)
class Total:
    """All lines of one kind of thing. `then…`: at move-in, as far as the lines know."""

    item: str
    name: str
    then_count: int | None
    then_damaged: int | None
    count: int
    good: int
    worn: int
    damaged: int
    missing: int

    @property
    def label(self) -> str:
        return self.name or str(Item(self.item).label)

    @property
    def newly_damaged(self) -> int:
        """How many are damaged that were not at move-in; all where nothing is known of then."""
        return max(self.damaged - (self.then_damaged or 0), 0)


def totals(lines: Iterable[HandoverLine]) -> list[Total]:
    """The sums of each kind, in the order of the list; other things by their names."""
    groups: dict[tuple[str, str], list[HandoverLine]] = {}
    for line in lines:
        groups.setdefault((line.item, line.name), []).append(line)
    order = list(Item.values)
    return [
        _total(*kind, group)
        for kind, group in sorted(groups.items(), key=lambda one: (order.index(one[0][0]), one[0]))
    ]


def _total(item: str, name: str, lines: Sequence[HandoverLine]) -> Total:
    known = [line for line in lines if line.then_count is not None]
    return Total(
        item,
        name,
        sum(line.then_count or 0 for line in known) if known else None,
        sum(line.then_damaged or 0 for line in known) if known else None,
        sum(line.count for line in lines),
        sum(line.good for line in lines),
        sum(line.worn for line in lines),
        sum(line.damaged for line in lines),
        sum(line.missing for line in lines),
    )


def is_doubtful(line: HandoverLine | NewLine) -> bool:
    """Whether there are more of a seat's things than seats, and no word why."""
    span = line.seats if isinstance(line, NewLine) else line.span
    return line.item != Item.OTHER and line.count > span.length and not line.note.strip()
