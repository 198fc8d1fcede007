"""Writing what a list changes, and what is needed to undo it.

First blocks get their new form, then holds are confirmed, then new allocations get their seats:
so enterprises may change places. Call these only inside `planning_seats`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.translation import gettext_lazy

from accounts.models import User
from seats.imports.diff import Change, Outcome, rectangle_of
from seats.imports.fields import Field
from seats.imports.rules import is_same_holding, new_facts
from seats.models import Allocation, AllocationKind, SeatBlock, SeatRequest
from seats.rectangles import Rectangle
from seats.services.allocations import Placement, confirm_hold, place_all
from seats.services.holds import extend_hold
from seats.services.imports.keeping import end_of_hold, form_of
from seats.services.planning import MOST_BLOCKS
from seats.services.reshaping import Form, Reshape, reshape
from tenants.models import Enterprise
from tenants.services.tenancies import Beginning, begin_tenancies, stays_of
from web.refusals import Refusal

Images = dict[str, Any]


class CellRefused(Refusal):
    """A rule said no to what a cell of the list asks for."""

    code = "cell_refused"
    title = gettext_lazy("A cell is refused")

    def __init__(self, cell: str, refusal: Refusal) -> None:
        message = f"{cell} {refusal.message}"
        error = {"field": cell, "code": refusal.code, "message": str(refusal.message)}
        super().__init__(message, errors=[error])


class _Group(NamedTuple):
    """What the lines of one new allocation have in common."""

    enterprise: int | None
    kind: str
    hold_until: str
    reason: str
    start: date
    end: date | None
    number: int | None  # the allocation's, where the list gives one


@dataclass
class Written:
    """What was written: the form of each outcome's block, and how everything was before."""

    forms: dict[int, Form] = field(default_factory=dict)
    undo: Images = field(default_factory=dict)


@dataclass
class _Plan:
    outcomes: Sequence[Outcome]
    reshapes: list[Reshape] = field(default_factory=list)
    confirmed: set[int] = field(default_factory=set)  # allocations
    facts: dict[int, dict[str, str]] = field(default_factory=dict)  # by allocation
    cells: dict[int, str] = field(default_factory=dict)  # where the end of a hold stands
    groups: dict[_Group, list[int]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[int, Form] = field(default_factory=dict)

    @property
    def touched(self) -> set[int]:
        """The allocations that there are already and that change."""
        return {
            o.before.allocation
            for o in self.outcomes
            if o.change in {Change.CHANGED, Change.MISSING} and o.before and o.before.allocation
        }

    @property
    def tenants(self) -> set[int]:
        """Who may become a tenant, or for longer."""
        return {
            o.line.enterprise
            for o in self.outcomes
            if o.change in {Change.NEW, Change.CHANGED} and o.line and o.line.enterprise
        }


def write(
    outcomes: Sequence[Outcome], *, source: str, today: date, now: datetime, acting_user: User
) -> Written:
    """Write everything that `outcomes` change. Raises what giving and releasing seats raises."""
    plan = _planned(outcomes)
    before = _facts_of(plan.touched)
    stays = stays_of(plan.tenants)
    reshape(plan.reshapes, today=today, acting_user=acting_user)
    _lengthen_tenancies(plan.reshapes)
    for allocation in sorted(plan.confirmed):
        confirm_hold(allocation_id=allocation, today=today, now=now, acting_user=acting_user)
    _change_facts(plan, source=source, today=today, now=now, by=acting_user)
    created = _place(plan, source=source, today=today, now=now, acting_user=acting_user)
    _next_versions(plan.touched)
    images: dict[int, Images | None] = {**dict.fromkeys(created), **before}
    undo = {
        "allocations": _with_versions(images),
        "stays": _changed_stays(stays, stays_of(plan.tenants)),
    }
    return Written(plan.forms, undo)


def _planned(outcomes: Sequence[Outcome]) -> _Plan:
    plan = _Plan(outcomes)
    plan.confirmed = _confirmed(outcomes)
    for place, outcome in enumerate(outcomes):
        if outcome.change == Change.NEW:
            _plan_new(plan, place, outcome)
        elif outcome.change == Change.CHANGED:
            _plan_changed(plan, place, outcome)
        elif outcome.change == Change.MISSING and outcome.before:
            before = form_of(outcome.before)
            after = before._replace(rectangle=outcome.after) if outcome.after else None
            _plan_form(plan, place, before, after)
    return plan


def _plan_changed(plan: _Plan, place: int, outcome: Outcome) -> None:
    line, block = outcome.line, outcome.before
    assert line is not None  # noqa: S101 - what changes is a line …
    assert block is not None  # noqa: S101 - … and a block
    before = form_of(block)
    if is_same_holding(line, block) or before.allocation in plan.confirmed:
        after = before._replace(rectangle=rectangle_of(line), floor=line.floor)
        _plan_form(plan, place, before, after)
        if facts := new_facts(line, block):
            plan.facts.setdefault(before.allocation, {}).update(facts)
            plan.cells[before.allocation] = line.cell(Field.HOLD_UNTIL)
    else:
        plan.reshapes.append(Reshape(before, None))
        _plan_new(plan, place, outcome)


def _plan_form(plan: _Plan, place: int, before: Form, after: Form | None) -> None:
    if before != after:
        plan.reshapes.append(Reshape(before, after))
    if after is not None:
        is_confirmed = after.allocation in plan.confirmed
        plan.forms[place] = after._replace(kind="firm") if is_confirmed else after


def _plan_new(plan: _Plan, place: int, outcome: Outcome) -> None:
    line = outcome.line
    assert line is not None  # noqa: S101 - only a line gives seats
    known = outcome.before.reason if outcome.before and line.kind == outcome.before.kind else ""
    reason = known if line.reason is None else line.reason
    facts = (line.enterprise, line.kind, line.hold_until or "", reason, line.start, line.end)
    plan.groups[_Group(*facts, line.allocation)].append(place)


def _confirmed(outcomes: Sequence[Outcome]) -> set[int]:
    """The holds of which every block becomes its enterprise's, firm: they are confirmed."""
    firm: dict[int, set[int]] = defaultdict(set)
    for outcome in outcomes:
        line, block = outcome.line, outcome.before
        if outcome.change == Change.CHANGED and line and block and block.allocation:
            is_theirs = line.enterprise == block.enterprise and block.is_live
            if (block.kind, line.kind) == ("hold", "firm") and is_theirs:
                firm[block.allocation].add(block.pk)
    blocks: dict[int, set[int]] = defaultdict(set)
    rows = SeatBlock.objects.filter(allocation__in=firm).values_list("allocation_id", "pk")
    for allocation, block_id in rows:
        blocks[allocation].add(block_id)
    return {allocation for allocation in firm if firm[allocation] == blocks[allocation]}


def _lengthen_tenancies(changes: Iterable[Reshape]) -> None:
    """Who has seats on more days is a tenant on them."""
    gained: dict[int, list[Rectangle]] = defaultdict(list)
    for change in changes:
        if change.after and change.after.kind == "firm" and change.after.enterprise:
            gained[change.after.enterprise] += change.gained
    enterprises = Enterprise.objects.in_bulk(pk for pk, some in gained.items() if some)
    begin_tenancies(
        [
            Beginning(enterprise, one.start, one.end)
            for pk, enterprise in enterprises.items()
            for one in sorted(gained[pk], key=lambda rectangle: rectangle.start)
        ]
    )


def _change_facts(plan: _Plan, *, source: str, today: date, now: datetime, by: User) -> None:
    """The end of a hold and the reason, of each allocation for which the list says others."""
    for pk, facts in plan.facts.items():
        if "reason" in facts:
            Allocation.objects.filter(pk=pk).update(reason=facts["reason"])
        until = end_of_hold(facts.get("hold_until"))
        if until is None or pk in plan.confirmed:
            continue
        try:
            extend_hold(
                allocation_id=pk,
                expires_at=until,
                reason=source[:200],
                today=today,
                now=now,
                acting_user=by,
            )
        except Refusal as refusal:
            raise CellRefused(plan.cells[pk], refusal) from refusal


def _place(plan: _Plan, *, source: str, today: date, now: datetime, acting_user: User) -> list[int]:
    """Give seats to new allocations; return their numbers."""
    placements, places = [], []
    enterprises = Enterprise.objects.in_bulk({group.enterprise for group in plan.groups} - {None})
    for group, some in plan.groups.items():
        for first in range(0, len(some), MOST_BLOCKS):
            part = some[first : first + MOST_BLOCKS]
            allocation = Allocation(
                enterprise=enterprises.get(group.enterprise),
                kind=AllocationKind(group.kind),
                expires_at=end_of_hold(group.hold_until),
                reason=group.reason,
                source=source,
                created_by=acting_user,
                created_at=now,
            )
            lines = [plan.outcomes[place].line for place in part]
            placements.append(Placement(allocation, [rectangle_of(one) for one in lines if one]))
            places.append(part)
    if not placements:
        return []
    place_all(placements, today=today)
    created = [one.allocation.pk for one in placements]
    forms = {(form.allocation, form.rectangle): form for form in forms_of(allocation__in=created)}
    for placement, part in zip(placements, places, strict=True):
        for place, rectangle in zip(part, placement.rectangles, strict=True):
            plan.forms[place] = forms[placement.allocation.pk, rectangle]
    return created


def forms_of(**which: Any) -> Iterator[Form]:
    """The blocks of allocations as they are."""
    for block in SeatBlock.objects.filter(**which).order_by("pk"):
        rectangle = Rectangle(block.span, block.period.lower, block.period.upper)
        yield Form(
            block.pk,
            block.allocation_id,  # type: ignore[arg-type]
            block.enterprise_id,
            block.floor_id,
            block.kind,
            rectangle,
        )


def _next_versions(allocations: Iterable[int]) -> None:
    """They are other versions now, and the requests that show them."""
    rows = Allocation.objects.filter(pk__in=list(allocations))
    rows.update(version=F("version") + 1)
    requests = SeatRequest.objects.filter(pk__in=rows.exclude(request=None).values("request"))
    requests.update(version=F("version") + 1)


def _facts_of(allocations: Iterable[int]) -> dict[int, Images | None]:
    rows = Allocation.objects.filter(pk__in=list(allocations))
    return {
        row.pk: {
            "kind": row.kind,
            "expires_at": row.expires_at.isoformat() if row.expires_at else None,
            "reason": row.reason,
            "extended_because": row.extended_because,
        }
        for row in rows
    }


def _with_versions(images: Mapping[int, Images | None]) -> Images:
    after = _facts_of(images)
    rows = Allocation.objects.filter(pk__in=list(images)).values_list("pk", "version")
    return {
        str(pk): {"version": version, "before": images[pk], "after": after[pk]}
        for pk, version in rows
    }


def _changed_stays(before: Mapping[int, Any], after: Mapping[int, Any]) -> Images:
    return {
        str(pk): {"before": before.get(pk, []), "after": after.get(pk, [])}
        for pk in before.keys() | after.keys()
        if before.get(pk, []) != after.get(pk, [])
    }
