"""What keeps a workbook from being saved, cell by cell; and what the checks ask of what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.spreadsheets import Place, Problems
from returns.checking import case_of
from returns.checks import Finding, findings
from returns.content import Content
from returns.desk import closed_among
from returns.figures import FIGURES, Part
from returns.models import MonthlyReturn
from returns.owing import shares_a_day
from returns.services.drafts import refuse_foreign_parts
from returns.services.entries import check_figures, check_lines, check_notes, sections_of
from returns.services.refusals import NotYourPart
from returns.services.steps import EDITABLE
from returns.workbooks.comparing import Compared
from returns.workbooks.layout import label
from returns.workbooks.remarks import changed_notes
from tenants.models import Tenancy
from web import formats
from web.refusals import Invalid

MISSING = "V0"  # a draft may have gaps


class Asked(NamedTuple):
    """What a check says of a return as the workbook has it, and in which cell."""

    place: Place
    finding: Finding

    @property
    def label(self) -> str:
        """The figure that it is about; "" for what is said of all lines."""
        return label(self.finding.place) if self.finding.place in FIGURES else ""


def asked_of(one: Compared) -> list[Asked]:
    """What the checks find in a return as the workbook says it, before it is submitted.

    A hard finding does not keep a draft from being saved, here as little as on its page.
    """
    row = one.row or MonthlyReturn(enterprise=one.enterprise, month=one.month)
    notes = {**one.before.notes, **notes_of(one)}
    content = Content({**one.after.filed, "notes": notes}, one.after.classes, one.after.markets)
    found = findings(case_of(row, content)).findings
    return [
        Asked(one.filled.at(finding.place), finding)
        for finding in found
        if finding.rule.code != MISSING
        and (finding.blocks or (finding.wants_note and not finding.is_explained))
    ]


def notes_of(one: Compared) -> dict[str, str]:
    """What the workbook changes of the notes, by check and figure; "" for one that is gone.

    Words that name no check are for those that ask about this figure as the workbook has it.
    """
    remarks = one.remarks
    if not remarks:
        return {}
    asking = _asking(one) if any(remarks.values()) else {}
    changed: dict[str, str] = {}
    for name, remark in remarks.items():
        changed |= changed_notes(remark, name, one.before.notes, asking.get(name, ()))
    return changed


def _asking(one: Compared) -> Mapping[str, list[str]]:
    """By figure, the keys of the notes that the checks ask for."""
    row = one.row or MonthlyReturn(enterprise=one.enterprise, month=one.month)
    content = Content({**one.after.filed, "notes": {}}, one.after.classes, one.after.markets)
    asking: dict[str, list[str]] = {}
    for finding in findings(case_of(row, content)).findings:
        if finding.wants_note:
            asking.setdefault(finding.place, []).append(finding.key)
    return asking


def judge(found: Sequence[Compared], user: User, today: date, problems: Problems) -> None:
    """Note, at its cell, all that a service would refuse of the changed returns."""
    changed = [one for one in found if one.is_changed]
    closed = closed_among({one.month for one in changed})
    tenancies = _tenancies(one.enterprise.pk for one in changed if one.row is None)
    for one in changed:
        if said := _stopped(one, closed, tenancies.get(one.enterprise.pk, ()), user, today):
            problems.add(one.changes[0].place, said, "not_open")
            continue
        _judge_values(one, problems)
        _judge_parts(one, user, problems)


def _stopped(
    one: Compared, closed: set[date], periods: Iterable[Any], user: User, today: date
) -> str | None:
    """Why the return cannot be saved at all, and what to do first."""
    words = {"enterprise": one.enterprise.short_name, "month": formats.month(one.month)}
    if one.month > today:
        return _("%(month)s has not begun.") % words
    if one.month in closed:
        if user.has_perm("returns.close_reportingmonth"):
            return _("%(month)s is closed: reopen it first, then upload again.") % words
        return _("%(month)s is closed: ask the park to reopen it, then upload again.") % words
    if one.row is None:
        is_tenant = any(shares_a_day(period, one.month) for period in periods)
        return None if is_tenant else _("%(enterprise)s was not a tenant in %(month)s.") % words
    if one.row.state not in EDITABLE:
        said = _(
            "%(enterprise)s, %(month)s: the return is “%(state)s”, and this would change it. "
            "Correct it first on its page, then upload again."
        )
        return said % {**words, "state": one.row.get_state_display()}
    return None


def _judge_values(one: Compared, problems: Problems) -> None:
    """The same checks as of what is typed on the page."""
    reason = str(one.after["reversal_reason"])
    figures = one.figures
    if "reversal_reason" in figures:  # then what is negative already needs it too
        figures = {name: one.after[name] for name in (*FIGURES, "reversal_reason")}
    checks = (
        lambda: check_figures(figures, reason),
        lambda: check_lines(one.month, _there(one.classes), _there(one.markets), reason),
        lambda: check_notes({key: text for key, text in notes_of(one).items() if text}),
    )
    for check in checks:
        try:
            check()
        except Invalid as refusal:
            for error in refusal.errors:
                problems.add(_place(one, str(error["field"])), str(error["message"]))


def _place(one: Compared, cell: str) -> Place:
    """Where a refused cell stands; a note at that of its figure."""
    rule, _colon, name = cell.partition(":")
    if name in FIGURES and rule.startswith("V"):
        return one.filled.at(f"note:{name}")
    return one.filled.at(cell)


def _there(lines: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: line for key, line in lines.items() if line is not None}


def _judge_parts(one: Compared, user: User, problems: Problems) -> None:
    """Who fills in a part that is somebody else's is told where it begins."""
    row = one.row or MonthlyReturn(enterprise=one.enterprise, month=one.month)
    sections = sections_of([*one.figures], one.classes, one.markets)
    for part in {section.part for section in sections}:
        try:
            refuse_foreign_parts(row, {part}, user)
        except NotYourPart as refusal:
            first = next(change for change in one.changes if _part(change.cell) == part)
            problems.add(first.place, str(refusal), refusal.code)


def _part(cell: str) -> Part:
    figure = FIGURES.get(cell)
    return figure.part if figure else Part.MONEY


def _tenancies(enterprises: Iterable[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = Tenancy.objects.filter(enterprise__in=set(enterprises))
    for enterprise, period in rows.values_list("enterprise", "period"):
        found.setdefault(enterprise, []).append(period)
    return found
