"""Plans in words: what each is, why it is so, what it waits for; and what would do instead.

`named`: whether the reader may know who has seats.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from park.axis import run_label
from seats.models import BlockKind
from seats.planner.nearest import Alternatives, without_wishes
from seats.planner.need import Move, Need, Plan, Wait
from seats.wording import building_name, zones_named
from web import formats
from web.sentences import in_one_paragraph

MOST_WAITS = 3


def plan_title(plan: Plan) -> str:
    """C-1 栋 2 层 3 段, 共 300 席; C-1-3F 一段 300 席."""
    words = {
        "seats": formats.number(plan.need.seats),
        "place": _place(plan),
        "runs": formats.number(plan.runs),
        "floors": formats.number(len(plan.floors)),
    }
    if plan.runs == 1:
        return _("%(place)s: one run of %(seats)s seats") % words
    if len(plan.floors) == 1:
        return _("%(place)s: %(seats)s seats in %(runs)s runs") % words
    return _("%(place)s, %(floors)s floors: %(seats)s seats in %(runs)s runs") % words


def _place(plan: Plan) -> str:
    if len(plan.floors) == 1:
        return plan.floors[0]
    if len(plan.buildings) == 1:
        return building_name(plan.buildings[0])
    labels = pgettext("between items of a list", ", ").join(plan.buildings)
    return _("Buildings %(labels)s") % {"labels": labels}


def why(plan: Plan, *, named: bool) -> list[str]:
    """The reasons, sentence by sentence."""
    return [
        _together(plan),
        _cut(plan),
        *_preselected(plan),
        *waits_said(plan, named=named),
        *(move_said(move, named=named) for move in plan.moves),
        *_held_for_movers(plan),
        left_behind(plan),
    ]


def _together(plan: Plan) -> str:
    if plan.moves:
        return _("All seats side by side, once the moves are made.")
    if plan.runs == 1:
        return _("All seats side by side.")
    words = {"runs": formats.number(plan.runs), "longest": formats.number(plan.longest)}
    if len(plan.floors) == 1:
        return _("One floor; %(runs)s runs, the longest of %(longest)s seats.") % words
    words["floors"] = formats.number(len(plan.floors))
    words["buildings"] = formats.number(len(plan.buildings))
    if len(plan.buildings) == 1:
        sentence = _(
            "One building, %(floors)s floors; %(runs)s runs, the longest of %(longest)s seats."
        )
    else:
        sentence = _(
            "%(buildings)s buildings, %(floors)s floors; %(runs)s runs, the longest of "
            "%(longest)s seats."
        )
    return sentence % words


def _cut(plan: Plan) -> str:
    if not plan.cut:
        return _("No vacant run is cut: each is taken whole.")
    run, seats = plan.cut[-1]
    words = {
        "seats": formats.number(seats),
        "length": formats.number(run.seats.length),
        "run": run_label(run.label, run.seats),
        "count": len(plan.cut),
    }
    if len(plan.cut) == 1:
        return _("Cuts one vacant run: %(seats)s of the %(length)s seats of %(run)s.") % words
    return _("Cuts %(count)d vacant runs.") % words


def _preselected(plan: Plan) -> Iterable[str]:
    if plan.preselected == plan.seats:
        yield _("Not handed over yet: these seats can only be held, as a pre-selection.")
    elif plan.preselected:
        yield ngettext(
            "%(seats)s seat of it is on a floor that is not handed over yet: a pre-selection.",
            "%(seats)s seats of it are on floors that are not handed over yet: a pre-selection.",
            plan.preselected,
        ) % {"seats": formats.number(plan.preselected)}


def waits_said(plan: Plan, *, named: bool) -> list[str]:
    """Whom it waits for; that it waits for nobody."""
    if not plan.waits:
        return [] if plan.moves else [_("Waits for nobody: all of it is vacant today.")]
    said = [wait_said(wait, named=named) for wait in plan.waits[:MOST_WAITS]]
    if more := len(plan.waits) - len(said):
        said.append(
            ngettext(
                "%(count)d more run comes free until then.",
                "%(count)d more runs come free until then.",
                more,
            )
            % {"count": more}
        )
    return said


def wait_said(wait: Wait, *, named: bool) -> str:
    """等京阿唯 C-1-3F-001 — 080 至 2024-04-30 到期."""
    words = {"holder": holder(wait, named=named), "run": wait.label}
    words["day"] = formats.iso_day(wait.until)
    if wait.kind == BlockKind.VOID:
        return _("Waits for the handover: %(run)s exists after %(day)s only.") % words
    if wait.kind == BlockKind.CLOSURE:
        return _("Waits for %(run)s: closed until %(day)s.") % words
    if wait.by_expiry:
        return (
            _("Waits for %(holder)s: the hold on %(run)s runs out on %(day)s, unless confirmed.")
            % words
        )
    if wait.kind == BlockKind.HOLD:
        return _("Waits for %(holder)s: %(run)s is held until %(day)s.") % words
    return _("Waits for %(holder)s: has %(run)s until %(day)s.") % words


def wait_note(wait: Wait, *, named: bool) -> str:
    """Beside a run: 京阿唯 04-30 到期后."""
    words = {"holder": holder(wait, named=named), "day": formats.iso_day(wait.until)}
    if wait.kind == BlockKind.VOID:
        return _("handed over after %(day)s") % words
    if wait.kind == BlockKind.CLOSURE:
        return _("closed until %(day)s") % words
    if wait.kind == BlockKind.HOLD:
        return _("held for %(holder)s until %(day)s") % words
    return _("%(holder)s until %(day)s") % words


def holder(one: Wait | Move, *, named: bool) -> str:
    """Whose seats they are, to those who may know."""
    return one.holder if named and one.holder else _("another enterprise")


def move_said(move: Move, *, named: bool) -> str:
    """迈睿 60 席 C-1-3F-101 — 160 迁往 C-1-5F-001 — 060."""
    words = {
        "holder": holder(move, named=named),
        "run": move.label,
        "to": move.to_label,
        "seats": formats.number(move.seats.length),
    }
    return _("%(holder)s moves with %(seats)s seats from %(run)s to %(to)s.") % words


def left_behind(plan: Plan) -> str:
    """之后最长连续空席 124 → 88 席."""
    words = {
        "before": formats.number(plan.longest_before),
        "after": formats.number(plan.longest_after),
        "where": zones_named(plan.need.zones) if plan.need.zones else _("the park"),
    }
    return _("Longest vacant run of %(where)s: %(before)s seats before, %(after)s after.") % words


def _held_for_movers(plan: Plan) -> Iterable[str]:
    if plan.moves:
        yield _("Where they move to is held with it; their seats come free by the move.")


def waits_short(plan: Plan) -> str:
    """What a table says of it: 2 处到期; 1 户同意迁移; –."""
    if plan.moves:
        return ngettext("%(count)d move", "%(count)d moves", len(plan.moves)) % {
            "count": len(plan.moves)
        }
    if plan.waits:
        return ngettext("%(count)d ending", "%(count)d endings", len(plan.waits)) % {
            "count": len(plan.waits)
        }
    if plan.preselected:
        return pgettext("what a plan waits for", "handover")
    return pgettext("what a plan waits for", "nothing")


class Suggestion(NamedTuple):
    """What would do instead, in words, and as a need to plan with (None: nothing to plan yet)."""

    code: str
    text: str
    need: Need | None = None


def suggestions(given: Alternatives, *, named: bool) -> list[Suggestion]:
    """The nearest that would do, what changes least first."""
    return [
        *_fewer(given),
        *_later(given, named=named),
        *_elsewhere(given),
        *_one_wish_less(given),
        *_given_back(given, named=named),
    ]


def _fewer(given: Alternatives) -> Iterable[Suggestion]:
    words = {"seats": formats.number(given.most)}
    if not given.most:
        yield Suggestion("fewer", _("No seat at all is vacant all the time under these wishes."))
    else:
        sentence = ngettext(
            "%(seats)s seat would fit under the same wishes.",
            "%(seats)s seats would fit under the same wishes.",
            given.most,
        )
        yield Suggestion("fewer", sentence % words, given.fewer)


def _later(given: Alternatives, *, named: bool) -> Iterable[Suggestion]:
    if given.later is not None:
        sentence = _("All of it fits from %(day)s on.") % {"day": formats.day(given.later)}
        endings = [wait_said(wait, named=named) for wait in given.endings[:MOST_WAITS]]
        need = given.need._replace(start=given.later)
        yield Suggestion("later", in_one_paragraph([sentence, *endings]), need)
    if given.if_unconfirmed is not None:
        sentence = _("It may fit from %(day)s on, if holds run out that nobody confirms.") % {
            "day": formats.day(given.if_unconfirmed)
        }
        expiries = [wait_said(wait, named=named) for wait in given.expiries[:MOST_WAITS]]
        yield Suggestion("expiry", in_one_paragraph([sentence, *expiries]))


def _elsewhere(given: Alternatives) -> Iterable[Suggestion]:
    for zone in given.zones:
        sentence = _("It fits in zone %(zone)s.") % {"zone": zone}
        yield Suggestion("zone", sentence, given.need._replace(zones=(zone,)))
    if given.any_zone and not given.zones:
        sentence = _("It fits if any zone will do.")
        yield Suggestion("zone", sentence, given.need._replace(zones=()))


def _one_wish_less(given: Alternatives) -> Iterable[Suggestion]:
    if given.not_contiguous:
        sentence = _("It fits in several runs.")
        yield Suggestion("not_contiguous", sentence, given.need._replace(contiguous=False))
    elif given.several_buildings:
        sentence = _("It fits in several buildings.")
        need = given.need._replace(contiguous=False, same_building=False)
        yield Suggestion("several_buildings", sentence, need)
    elif given.without_wishes and not given.any_zone:
        sentence = _("It fits in several runs, if any zone will do.")
        yield Suggestion("without_wishes", sentence, without_wishes(given.need))


def _given_back(given: Alternatives, *, named: bool) -> Iterable[Suggestion]:
    if (wait := given.given_back) is None:
        return
    words = {
        "holder": holder(wait, named=named),
        "run": wait.label,
        "seats": formats.number(wait.seats.length),
        "day": formats.iso_day(wait.until),
    }
    if wait.until is None:
        sentence = _(
            "It would fit if %(holder)s gave back %(seats)s seats, %(run)s: no end is agreed."
        )
    else:
        sentence = _(
            "It would fit if %(holder)s gave back %(seats)s seats, %(run)s, before %(day)s."
        )
    yield Suggestion("given_back", sentence % words)
