"""Undoing an import as one, within a day, where nothing was built on it.

What it gave is taken back and what it changed is brought back: changes of their own, so that the
history tells of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from foundation.versions import locked, save_next_version
from park.axis import run_label
from park.models import Floor
from seats.models import (
    Allocation,
    AllocationImport,
    AllocationImportLine,
    ImportState,
    SeatBlock,
)
from seats.services.imports.keeping import block_of, form_kept, form_of
from seats.services.imports.writing import forms_of
from seats.services.planning import planning_seats
from seats.services.refusals import WrongState
from seats.services.reshaping import Reshape, reshape
from tenants.models import Enterprise
from tenants.services.tenancies import restore_stays, stays_of
from web import formats
from web.refusals import Refusal
from web.sentences import in_one_paragraph

MOST_SAID = 3


class UndoTooLate(Refusal):
    """An import can be undone as one for a day."""

    code = "undo_too_late"
    title = gettext_lazy("Too late to undo")


class BuiltOn(Refusal):
    """What the import changed was changed again since."""

    code = "built_on"
    title = gettext_lazy("Changed since")


def undo_import(
    *, import_id: int, today: date, now: datetime, acting_user: User
) -> AllocationImport:
    """Take back everything that an import changed, as one.

    Raises `UndoTooLate`, `BuiltOn` (naming what and by whom), `WrongState`, `MonthClosed`,
    `SeatsTaken` (naming who has seats that would come back) or `Busy`; nothing is changed then.
    """
    with planning_seats(acting_user, now=now):
        row = locked(AllocationImport.objects, import_id)
        refuse_undo(row, now)
        lines = list(row.lines.exclude(change="unchanged").order_by("position"))
        refuse_built_on(row, lines)
        reshape(_back(lines), today=today, acting_user=acting_user)
        _restore_facts(row)
        for enterprise, stays in row.undo["stays"].items():
            restore_stays(enterprise_id=int(enterprise), stays=stays["before"])
        row.state, row.undone_by, row.undone_at = ImportState.UNDONE, acting_user, now
        save_next_version(row, ["state", "undone_by", "undone_at"])
    return row


def refuse_undo(row: AllocationImport, now: datetime) -> None:
    """Raise `WrongState` or `UndoTooLate` unless the import may still be undone."""
    if row.state == ImportState.UNDONE:
        raise WrongState(_("This was undone already."))
    if row.state != ImportState.APPLIED or row.applied_at is None:
        raise WrongState(_("This was never applied: there is nothing to undo."))
    if now > row.applied_at + AllocationImport.UNDO_WITHIN:
        raise UndoTooLate(
            _(
                "An import can be undone for 24 hours; this one was applied on %(at)s. Change what "
                "is wrong on the pages of its allocations."
            )
            % {"at": formats.full_moment(row.applied_at)}
        )


def refuse_built_on(row: AllocationImport, lines: Sequence[AllocationImportLine]) -> None:
    """Raise `BuiltOn` where anything that the import made or changed is another by now."""
    said = list(dict.fromkeys(_built_on(row, lines)))
    if said:
        more = [_("And more.")] if len(said) > MOST_SAID else []
        how = _("So it can't be undone as one. Change what is wrong on the pages themselves.")
        raise BuiltOn(in_one_paragraph([*said[:MOST_SAID], *more, how]))


def _back(lines: Iterable[AllocationImportLine]) -> list[Reshape]:
    """From every block as the import left it to the block as it was."""
    changes = []
    for line in lines:
        before = form_of(block_of(line.before)) if line.before else None
        after = form_kept(line.after)
        if before and after and before.block != after.block:
            changes += [Reshape(after, None), Reshape(None, before)]
        elif before != after:
            changes.append(Reshape(after, before))
    return changes


def _restore_facts(row: AllocationImport) -> None:
    """Kind, end of the hold and reason of allocations that were there before."""
    images: dict[str, Any] = row.undo["allocations"]
    for pk, image in images.items():
        if (before := image["before"]) and before != image["after"]:
            expires_at = before["expires_at"] and datetime.fromisoformat(before["expires_at"])
            Allocation.objects.filter(pk=pk).update(**{**before, "expires_at": expires_at})
    Allocation.objects.filter(pk__in=images).update(version=F("version") + 1)


def _built_on(row: AllocationImport, lines: Sequence[AllocationImportLine]) -> Iterator[str]:
    """A sentence for each thing that is another by now."""
    images: dict[str, Any] = row.undo["allocations"]
    allocations = Allocation.objects.select_related("enterprise").in_bulk(map(int, images))
    for pk, image in images.items():
        allocation = allocations[int(pk)]
        if allocation.version != image["version"]:
            yield _changed(Allocation, allocation.pk, _named(allocation))
    yield from _other_blocks(lines)
    made = [int(pk) for pk, image in images.items() if image["before"] is None]
    yield from _attached(made)
    now = stays_of(int(pk) for pk in row.undo["stays"])
    for enterprise, stays in row.undo["stays"].items():
        found = [list(stay) for stay in now.get(int(enterprise), [])]
        if found != [list(stay) for stay in stays["after"]]:
            name = Enterprise.objects.get(pk=enterprise).short_name
            yield _("The tenancy of %(enterprise)s was changed since.") % {"enterprise": name}


def _other_blocks(lines: Sequence[AllocationImportLine]) -> Iterator[str]:
    """Blocks that are not as the import left them, whatever changed them."""
    left = {form.block: form for line in lines if (form := form_kept(line.after))}
    there = {form.block: form for form in forms_of(pk__in=left)}
    labels = Floor.objects.in_bulk({form.floor for form in left.values()})
    for pk, form in left.items():
        if there.get(pk) != form:
            label = labels[form.floor].label
            yield _changed(SeatBlock, pk, run_label(label, form.rectangle.seats))


def _attached(allocations: Sequence[int]) -> Iterator[str]:
    """What other rooms have written about allocations that the import made."""
    blocks = list(SeatBlock.objects.filter(allocation__in=allocations).values_list("pk", flat=True))
    for model, pks in ((Allocation, list(allocations)), (SeatBlock, blocks)):
        for relation in model._meta.related_objects:
            other: Any = relation.related_model
            if other in {SeatBlock, AllocationImportLine} or hasattr(other, "pgh_tracked_model"):
                continue
            if other._base_manager.filter(**{f"{relation.field.name}__in": pks}).exists():
                what = str(other._meta.verbose_name)
                yield _("There is a %(what)s that belongs to its seats.") % {"what": what}


def _changed(model: type[Model], pk: int, name: str) -> str:
    """What was changed by whom and when, as the history of the row tells."""
    events: Any = model.pgh_event_model  # type: ignore[attr-defined]
    event = events.objects.filter(pgh_obj=pk).select_related("pgh_context").latest("pgh_id")
    person = None
    if event.pgh_context and event.pgh_context.metadata.get("user"):
        person = User.objects.filter(pk=event.pgh_context.metadata["user"]).first()
    return _("%(what)s was changed by %(person)s on %(at)s.") % {
        "what": name,
        "person": str(person) if person else pgettext("who did it", "Xiyuan itself"),
        "at": formats.full_moment(event.pgh_created_at),
    }


def _named(allocation: Allocation) -> str:
    """诚伯信息（分配 No. 12）."""
    name = str(allocation.enterprise) if allocation.enterprise else allocation.reason
    return _("%(name)s, allocation No. %(number)d,") % {"name": name, "number": allocation.pk}
