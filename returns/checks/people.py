"""Checks of the staff: that it balances, that breakdowns add up, that its parts are plausible."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.models import Setting
from returns.checks.case import Case, Finding, find
from returns.checks.change import change_of, how_much, jump_in_words
from returns.figures import BREAKDOWNS
from web.formats import number, percent, signed


def breakdowns(case: Case) -> Iterator[Finding]:
    """Each breakdown adds up to the staff at the end, or is empty."""
    headcount = case.content["headcount"]
    for names in BREAKDOWNS.values():
        given = [case.content[name] for name in names if case.content[name] is not None]
        if headcount is None or not given or sum(given) == headcount:
            continue
        short = headcount - sum(given)
        message = (
            _("These must add up to %(headcount)s; %(short)s are missing.")
            if short > 0
            else _("These must add up to %(headcount)s; there are %(short)s too many.")
        )
        said = {"headcount": number(headcount), "short": number(abs(short))}
        yield find("V4", names[0], message % said)


def balance(case: Case) -> Iterator[Finding]:
    """Opening + joined − left is closing; opening is what the last month closed with."""
    opening, joined, left, closing = (
        case.content[name] for name in ("opening", "joined", "left", "headcount")
    )
    last = case.past.opening
    if last is not None and opening is not None and opening != last:
        said = {"last": number(last)}
        text = _("Write that here; or correct last month's return, and this one follows.")
        yield find("V5", "opening", _("Last month ended with %(last)s.") % said, text)
    opening = last if opening is None else opening
    if None in (opening, joined, left, closing):
        return
    should = opening + joined - left
    if should != closing:
        said = {
            "opening": number(opening),
            "joined": number(joined),
            "left": number(left),
            "should": number(should),
            "closing": number(closing),
        }
        title = _("%(opening)s + %(joined)s − %(left)s = %(should)s, not %(closing)s.") % said
        yield find("V5", "headcount", title, _("Please check the four figures."))


def flows(case: Case) -> Iterator[Finding]:
    """Who joined and left is said where the staff is another than at the start."""
    opening, closing = case.past.opening, case.content["headcount"]
    if opening is None or closing is None or opening == closing:
        return
    if case.content["joined"] is None or case.content["left"] is None:
        said = {"people": signed(closing - opening)}
        title = _("The staff changed by %(people)s: how many joined, how many left?") % said
        yield find("V17", "joined", title, _("Give both numbers, or say why you cannot."))


def jump(case: Case) -> Iterator[Finding]:
    """A staff that changed much on the month before."""
    opening, closing = case.past.opening, case.content["headcount"]
    most = case.thresholds.percent(Setting.Name.CHECK_CHANGE)
    change = change_of(closing, opening, most)
    if change is not None and change.is_big:
        title = jump_in_words(change, signed(closing - opening))
        yield find("V6", "headcount", title, how_much(most))


def parts(case: Case) -> Iterator[Finding]:
    """A part of the staff is no larger than the staff."""
    headcount = case.content["headcount"]
    for name in ("returnees", "graduates", "insured"):
        part = case.content[name]
        if part is not None and headcount is not None and part > headcount:
            said = {"headcount": number(headcount)}
            yield find("V16", name, _("More than the staff of %(headcount)s.") % said)


def insured(case: Case) -> Iterator[Finding]:
    """Few of the staff are insured."""
    people, headcount = case.content["insured"], case.content["headcount"]
    least = case.thresholds.percent(Setting.Name.CHECK_INSURED)
    if people is not None and headcount and people < headcount * least:
        title = _("Fewer than %(least)s of the staff.") % {"least": percent(least, 0)}
        yield find("V15", "insured", title, _("Please say why; you can still submit."))


def seats_in_use(case: Case) -> Iterator[Finding]:
    """More seats in use than are contracted on any day of the month.

    Seats and people differ: shifts share a seat.
    """
    used = case.content["peak_seats"]
    if used is not None and used > case.seats:
        said = {"seats": number(case.seats)}
        title = _("At most %(seats)s seats were contracted on a day of the month.") % said
        yield find("V8", "peak_seats", title, _("Please say why; you can still submit."))
