"""Lines and blocks as JSON, in which an import keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from park.axis import Span
from seats.imports.diff import Change, Outcome
from seats.imports.lines import Line
from seats.imports.matching import Held
from seats.imports.problems import Problem
from seats.models import AllocationImport, AllocationImportLine
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.reshaping import Form


def kept(row: AllocationImport, position: int, outcome: Outcome) -> AllocationImportLine:
    """An outcome as a row of the import."""
    line, before, after = outcome.line, outcome.before, outcome.after
    return AllocationImportLine(
        allocation_import=row,
        position=position,
        row=line.row if line else 0,
        change=outcome.change.value,
        facts=_plain(line._asdict()) if line else None,
        before=_plain(before._asdict()) if before else None,
        after=_plain(after._asdict()) if after and outcome.change == Change.MISSING else None,
        problems=[list(problem) for problem in outcome.problems],
    )


def wrong_line(row: AllocationImport, number: int) -> AllocationImportLine:
    """A row of the sheet of which no line could be made."""
    return AllocationImportLine(
        allocation_import=row, position=0, row=number, change=Change.WRONG.value, problems=[]
    )


def line_of(facts: Mapping[str, Any]) -> Line:
    """The line that was kept."""
    known = {name: facts[name] for name in Line._fields if name not in {"names"}}
    known["seats"] = Span(*known["seats"])
    return Line(**{**known, "start": _day(known["start"]), "end": _day(known["end"])})


def block_of(facts: Mapping[str, Any]) -> Held:
    """The block that was kept."""
    seats = Span(*facts["seats"])
    days = {"start": _day(facts["start"]), "end": _day(facts["end"])}
    return Held(**{**facts, "seats": seats, **days})


def problems_of(rows: Iterable[list[Any]]) -> list[Problem]:
    return [Problem(*row) for row in rows]


def form_of(block: Held) -> Form:
    """A block that somebody decided, as it is."""
    assert block.allocation is not None  # noqa: S101 - void is nobody's
    return Form(
        block.pk, block.allocation, block.enterprise, block.floor, block.kind, block.rectangle
    )


def kept_form(form: Form | None) -> dict[str, Any] | None:
    """The form of a block as JSON."""
    if form is None:
        return None
    return {**form._asdict(), "rectangle": _plain(form.rectangle._asdict())}


def form_kept(facts: Mapping[str, Any] | None) -> Form | None:
    """The form that was kept."""
    if facts is None:
        return None
    rectangle = facts["rectangle"]
    shape = Rectangle(Span(*rectangle["seats"]), _day(rectangle["start"]), _day(rectangle["end"]))  # type: ignore[arg-type]
    return Form(**{**facts, "rectangle": shape})


def end_of_hold(said: str | None) -> datetime | None:
    """The moment at which a hold ends that lasts until a day, or until a moment."""
    if not said:
        return None
    if len(said) > 10:
        return timezone.make_aware(datetime.strptime(said, "%Y-%m-%d %H:%M"))  # noqa: DTZ007
    return timezone.make_aware(datetime.combine(date.fromisoformat(said) + ONE_DAY, time.min))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
