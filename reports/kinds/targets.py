"""Y10 目标进度表: every target with what is reached of it, its scope and its source.

Its rows are made by `reports.services.target_rows`. There is no "behind plan" in it: most targets
have no year, and those that have say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from foundation.months import parse_month
from reports.forecast import forecast
from reports.indicators import indicator
from reports.kinds.kind import Kind, WordList
from reports.models import ReportKind
from reports.units import Unit, written
from web import formats
from web.rfc9457 import Text

# Why nothing is compared with a target
_WHY: dict[str, Text] = {
    "elsewhere": pgettext_lazy("target", "Speaks of a larger area than the park"),
    "wider": pgettext_lazy("target", "Counts more than the park does"),
    "uncounted": pgettext_lazy("target", "No indicator counts it"),
    "unknown": pgettext_lazy("target", "Not known for this month"),
    "secret": pgettext_lazy("target", "Too few enterprises filed to say it"),
}


def _words(row: Mapping[str, Any]) -> tuple[str, ...]:
    unit = Unit(row["unit"])
    is_chinese = not (get_language() or "").startswith("en")
    reached = _amount(row["actual"], unit) if row["actual"] is not None else str(_WHY[row["why"]])
    as_of = parse_month(row["as_of"])
    return (
        row["name_zh"] if is_chinese else row["name_en"] or row["name_zh"],
        _wanted(row, unit),
        f"{reached}{_counted(row)}",
        f"{row['share']}%" if row["share"] is not None else formats.MISSING,
        _forecast(row, unit),
        str(row["year"]) if row["year"] else formats.MISSING,
        row["scope_zh"] if is_chinese else row["scope_en"] or row["scope_zh"],
        formats.month(as_of) if row["actual"] is not None else formats.MISSING,
        row["source"] or formats.MISSING,
    )


def _counted(row: Mapping[str, Any]) -> str:
    """Which figure is put beside the target, and of how many months: 产值 could be three."""
    if row["actual"] is None or not row.get("indicator"):
        return ""
    months, known = row["months"], row["months_known"]
    span = ""
    if known < months:
        span = _("%(known)d of the last %(months)d months") % {"known": known, "months": months}
    elif months > 1:
        span = _("the last %(months)d months") % {"months": months}
    what = str(indicator(row["indicator"], row["version"]).name)
    if span:
        what = pgettext("target", "%(figure)s, %(span)s") % {"figure": what, "span": span}
    return pgettext("target", " (%(what)s)") % {"what": what}


def _forecast(row: Mapping[str, Any], unit: Unit) -> str:
    """When it will be reached, or how much there will be by its year's end, at today's pace."""
    month = parse_month(row["as_of"])
    if row["actual"] is None or row.get("before") is None or month is None:
        return formats.MISSING
    found = forecast(
        actual=Decimal(row["actual"]),
        before=Decimal(row["before"]),
        wanted=Decimal(row["value"]),
        month=month,
        year=row["year"],
    )
    if found is None:
        return formats.MISSING
    words = {"month": formats.month(found.month)}
    if found.amount is None:
        return pgettext("target", "reached in %(month)s") % words
    words["amount"] = _amount(str(found.amount), unit)
    return pgettext("target", "%(month)s: %(amount)s") % words


def _wanted(row: Mapping[str, Any], unit: Unit) -> str:
    least = _amount(row["value"], unit)
    if row["value_to"] is None:
        return least
    return _("%(first)s to %(last)s") % {"first": least, "last": _amount(row["value_to"], unit)}


def _amount(value: str, unit: Unit) -> str:
    text = written(Decimal(value), unit, places=unit.places)
    return text if unit == Unit.PERCENT else f"{text} {unit.label}"


TARGETS = WordList(
    code="targets",
    title=pgettext_lazy("title", "Targets and what is reached of them"),
    heads=(
        pgettext_lazy("head", "Target"),
        pgettext_lazy("head", "To be reached"),
        pgettext_lazy("head", "Reached"),
        pgettext_lazy("target", "Share reached"),
        pgettext_lazy("target", "Forecast"),
        pgettext_lazy("head", "By the end of"),
        pgettext_lazy("head", "Scope"),
        pgettext_lazy("head", "As of"),
        pgettext_lazy("head", "Source"),
    ),
    rows=lambda _month, _facts: [],
    words=_words,
    counted=lambda n: ngettext("%(n)d target", "%(n)d targets", n) % {"n": n},
)


def _notes(_month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "Share = reached ÷ to be reached, only where both count the same. A target without a year "
        "has none by which it could be late."
    )
    yield _(
        "Forecast: were each month to come to add a twelfth of what the last twelve added; only "
        "where the figure of a year before is known. It is no promise, and no plan."
    )


KIND = Kind(
    code=ReportKind.TARGETS,
    number="Y10",
    title=pgettext_lazy("title", "Progress towards targets"),
    short_title=pgettext_lazy("file", "targets"),
    waits_for_closing=True,
    counts_returns=True,
    notes=_notes,
    lists=(TARGETS,),
)
