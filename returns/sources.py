"""Where the figures on a return's page come from, as long as nobody typed another."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from returns.checks import Case
from returns.content import Content
from returns.figures import FIGURES
from returns.following import FOLLOWING
from returns.past import Past
from web.formats import number, short_day


class Source(NamedTuple):
    """Where a figure comes from, or what helps to find it; "" where nothing is to be said."""

    text: str = ""
    is_prefilled: bool = False


def source_of(name: str, case: Case) -> Source:
    """What stands beside the entry of a figure."""
    return _from_others(name, case.content) or _from_before(name, case) or Source(_help(name, case))


def _from_others(name: str, content: Content) -> Source | None:
    """It follows from other entries."""
    value = content[name]
    if name not in FOLLOWING or value is None or value != FOLLOWING[name](content.filed):
        return None
    if name == "onshore_executed_value":
        return Source(_("executed value less offshore"), is_prefilled=True)
    said = {part: number(content[part]) for part in ("opening", "joined", "left")}
    return Source(_("%(opening)s + %(joined)s − %(left)s") % said, is_prefilled=True)


def _from_before(name: str, case: Case) -> Source | None:
    """It is what the month before knew."""
    value, past = case.content[name], case.past
    if name == "opening":
        return _opening(value, past)
    if value is None or value != past.before[name]:
        return None
    if FIGURES[name].is_carried:
        return Source(_("as last month"), is_prefilled=True)
    if name.startswith("offshore") and value == 0:
        return Source(_("0 last month"), is_prefilled=True)
    return None


def _opening(value: Any, past: Past) -> Source:
    if past.opening is None:
        return Source(_("Nothing was filed for last month."))
    if value == past.opening:
        return Source(_end_of(past), is_prefilled=True)
    return Source(_("last month's end: %(people)s") % {"people": number(past.opening)})


def _end_of(past: Past) -> str:
    """What the month ended with; and that this was corrected, which the draft has followed."""
    last = past.last_month
    if last is None or last.number == 1:
        return _("last month's end")
    day = short_day(localtime(last.submitted_at).date())
    return _("last month's end, as corrected on %(day)s") % {"day": day}


def _help(name: str, case: Case) -> str:
    if name == "peak_seats":
        said = {"seats": number(case.seats)}
        return _("At most %(seats)s seats were contracted on a day of the month.") % said
    if name == "internal_settlement" and not case.is_cost_centre:
        return _("Not a cost centre: nothing to fill in.")
    return str(FIGURES[name].help)
