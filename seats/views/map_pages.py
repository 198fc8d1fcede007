"""What the park map shows beside its canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from foundation.months import last_day, month_of
from park.models import Floor
from seats.changes import What, changes_between
from seats.day_strip import strip_around
from seats.forms.days import ChosenDay
from seats.models import BlockKind
from seats.naming import named_to
from seats.place import floors_on
from seats.views import place_tables as tables
from seats.wording import vacant_title

Grouping = tuple[Callable[[Floor], tables.Part], str, str, str]


def _groups() -> dict[str, Grouping]:
    """How the table below the map can be grouped: by what, and its head, chip and noun."""
    return {
        "zone": (tables.zone_of, _("Seats by zone"), _("By zone"), _("Zone")),
        "building": (tables.building_of, _("Seats by building"), _("By building"), _("Building")),
        "floor": (tables.itself, _("Seats by floor"), _("By floor"), _("Floor")),
    }


def map_page(on: ChosenDay, user: User, *, by: str) -> dict[str, Any]:
    """What the park map needs, for its day and its table by zone, building or floor."""
    groups, named = _groups(), named_to(user)
    by = by if by in groups else "zone"
    part_of, heading, _chip, noun = groups[by]
    context = tables.table(floors_on(on.day, today=on.today), on, part_of)
    seats = context["total"].occupancy
    compared = None
    if on.since is not None:
        found = changes_between(on.since, on.day, today=on.today, named=named)
        compared = found.seats_by_what()
    return context | {
        "title": vacant_title(_("The park"), seats, on.day, on.today),
        "strip": strip_around(on.day, today=on.today, named=named),
        "room": "map",
        "heading": heading,
        "noun": noun,
        "by": by,
        "groups": [(code, chip) for code, (_part, _head, chip, _noun) in groups.items()],
        "compared": compared,
        "is_last_of_month": on.is_past and on.day == last_day(month_of(on.day)),
        "words": _words(),
    }


def _words() -> dict[str, Any]:
    """What the script says: {0} and {1} are filled in there."""
    return {
        "kinds": [
            pgettext("seats", "Vacant"),
            *(str(kind.label) for kind in (BlockKind.FIRM, BlockKind.HOLD, BlockKind.CLOSURE)),
            str(BlockKind.VOID.label),
        ],
        "what": {what.value: str(what.label) for what in What},
        "was": pgettext("seat: was, is", "{0} → {1}"),
        "seats": _("{0} seats"),
        "zone": _("Zone {0}"),
        "building": _("Building {0}"),
        "absent": _("Not handed over"),
        "changed": _("{0} changed"),
        "between": pgettext("between items of a list", ", "),
        "today": _("Today"),
        "past": _("As known today"),
        "planned": _("As planned today"),
    }
