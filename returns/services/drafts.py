"""Writing into a draft: figures, classes, markets, notes; or that there was nothing to report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.versions import save_next_version
from park.lock import park_locked
from returns.content import Value
from returns.figures import FIGURES, Part, Section, Unit
from returns.models import MonthlyReturn, PartAssignment
from returns.past import Past, past_of
from returns.services.entries import (
    ClassLines,
    Figures,
    MarketLines,
    check_figures,
    check_lines,
    check_notes,
    sections_of,
)
from returns.services.refusals import NotYourPart
from returns.services.steps import EDITABLE, locked_in
from tenants.models import Membership

NONE: Mapping[Any, Any] = MappingProxyType({})


def save_draft(
    *,
    return_id: int,
    figures: Figures,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
    classes: ClassLines = NONE,
    markets: MarketLines = NONE,
    notes: Mapping[str, str] = NONE,
    replacing: Collection[str] = (),
) -> MonthlyReturn:
    """Keep what was typed; what is not named stays as it is.

    `figures` by the names of `ReturnFigures.FILED`; `classes` by code and `markets` by country and
    currency, each with the measures that are written, or None to take the line out; `notes` by
    check and cell, "" to take one out. Of what is in `replacing` (classes, markets) the lines that
    are not named are taken out. Raises `Invalid`, `NotYourPart`, `WrongState`, `MonthClosed`
    or `Stale`.
    """
    check_notes(notes)
    with park_locked(acting_user, shared=True):
        row = locked_in(EDITABLE, return_id, expected_version)
        reason = str(figures.get("reversal_reason", row.reversal_reason)).strip()
        check_figures(figures, reason)
        check_lines(row.month, classes, markets, reason)
        sections = sections_of([*figures, *replacing], classes, markets)
        refuse_foreign_parts(row, {section.part for section in sections}, acting_user)
        write_lines(row, classes, markets, replacing)
        told = (figures, classes, markets, notes, replacing)
        save_next_version(row, fill(row, *told, now=now, acting_user=acting_user))
    return row


def fill(
    row: MonthlyReturn,
    figures: Figures,
    classes: ClassLines,
    markets: MarketLines,
    notes: Mapping[str, str],
    replacing: Collection[str] = (),
    *,
    now: datetime,
    acting_user: User,
) -> list[str]:
    """Put what was checked into a locked row, without saving it: the columns that it changes.

    The lines are written elsewhere.
    """
    _write(row, {**figures, **_no_longer_nil(figures, classes, markets)}, now)
    _write_notes(row, notes)
    who = {"user": acting_user.pk, "name": str(acting_user), "at": now.isoformat()}
    sections = sections_of([*figures, *replacing], classes, markets)
    row.saves = row.saves | {section.value: who for section in sections}
    return [*figures, "is_nil", "notes", "saves", "saved_at"]


def report_nothing(
    *, return_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> MonthlyReturn:
    """Make the draft a nil return (零报告): no money moved, nobody joined or left.

    The staff is as the last month ended with it; 0 where nothing was filed. It is still to be
    signed and submitted. Raises `NotYourPart`, `WrongState`, `MonthClosed` or `Stale`.
    """
    with park_locked(acting_user, shared=True):
        row = locked_in(EDITABLE, return_id, expected_version)
        refuse_foreign_parts(row, set(Part), acting_user)
        for name, value in nil_figures(past_of(row.enterprise_id, row.month)).items():
            setattr(row, name, value)
        row.is_nil, row.reversal_reason, row.notes, row.saved_at = True, "", {}, now
        row.classes.all().delete()
        row.markets.all().delete()
        save_next_version(row, [*FIGURES, "is_nil", "reversal_reason", "notes", "saved_at"])
    return row


def nil_figures(past: Past) -> dict[str, Value]:
    """What a nil return says: of money and movements 0, of people what the last month said."""
    before = past.before
    figures = {
        name: before[name] if figure.is_carried else _nothing(name)
        for name, figure in FIGURES.items()
    }
    people = before["headcount"] or 0
    return figures | {"opening": people, "headcount": people}


def refuse_foreign_parts(row: MonthlyReturn, parts: set[Part], user: User) -> None:
    """Who fills in a part that is assigned to somebody else manages the enterprise, or is the park.

    Raises `NotYourPart`.
    """
    if user.has_perm("returns.view_every_monthlyreturn"):
        return
    others = (
        PartAssignment.objects.filter(enterprise=row.enterprise_id, part__in=parts)
        .exclude(user=user)
        .select_related("user")
        .order_by("part")
        .first()
    )
    if others is None:
        return
    own = Membership.objects.current().filter(user=user, enterprise=row.enterprise_id)
    if not own.filter(is_manager=True).exists():
        said = {"part": others.get_part_display(), "person": others.user}
        raise NotYourPart(_("%(person)s fills in this part: %(part)s.") % said)


def _no_longer_nil(figures: Figures, classes: ClassLines, markets: MarketLines) -> dict[str, bool]:
    """A return in which something happened is no nil return."""
    lines = [line for line in (*classes.values(), *markets.values()) if line]
    happened = any(value for name, value in figures.items() if _is_flow(name)) or any(
        value for line in lines for name, value in line.items() if name != "rate"
    )
    return {"is_nil": False} if happened else {}


def _is_flow(name: str) -> bool:
    return name in FIGURES and not FIGURES[name].is_carried and name != "headcount"


def _nothing(name: str) -> int | None:
    """What a nil return says of a figure that does not carry on: 0; of pay and results nothing."""
    figure = FIGURES[name]
    says_nothing = figure.unit == Unit.PAY or figure.section == Section.FINANCE
    return None if says_nothing else 0


def _write(row: MonthlyReturn, figures: Mapping[str, Any], now: datetime) -> None:
    for name, value in figures.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.saved_at = now


def write_lines(
    row: MonthlyReturn,
    classes: ClassLines,
    markets: MarketLines,
    replacing: Collection[str] = (),
) -> None:
    """Write lines into a draft, in the caller's transaction."""
    if "classes" in replacing:
        row.classes.exclude(service_class__in=list(classes)).delete()
    if "markets" in replacing:
        kept = [line.pk for line in row.markets.all() if (line.market, line.currency) in markets]
        row.markets.exclude(pk__in=kept).delete()
    for code, measures in classes.items():
        _write_line(row.classes, measures, service_class=code)
    for (market, currency), measures in markets.items():
        _write_line(row.markets, measures, market=market, currency=currency)


def _write_line(lines: Any, measures: Mapping[str, Any] | None, **key: str) -> None:
    if measures is None:
        lines.filter(**key).delete()
    else:
        lines.update_or_create(defaults=dict(measures), **key)


def _write_notes(row: MonthlyReturn, notes: Mapping[str, str]) -> None:
    kept = {**row.notes, **{key: text.strip() for key, text in notes.items()}}
    row.notes = {key: text for key, text in kept.items() if text}
