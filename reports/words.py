"""What the codes of a frozen report are called, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from reports.document import Column
from reports.indicators import Indicator, indicator
from reports.indicators.facts import TOTAL
from reports.indicators.levels import LEVELS
from reports.kinds import KINDS
from reports.tables import Measure, Period
from reports.units import Unit
from web.rfc9457 import Text

# Heads over several columns, where that is no indicator's name
HEADS: dict[str, Text] = {
    code: head for kind in KINDS.values() for code, head in kind.heads.items()
}
GROWTH: dict[str, Text] = {
    Period.PREVIOUS: pgettext_lazy("head", "Month on month"),
    Period.YEAR_BEFORE: pgettext_lazy("head", "Year on year"),
    Period.TO_DATE_BEFORE: pgettext_lazy("head", "Year on year"),
}


def row_label(row: Mapping[str, Any]) -> str:
    """What a row is called; enterprises by the name that was frozen."""
    return LEVELS[row["level"]].label(row)


def label_head(levels: Sequence[str]) -> str:
    """What stands over the labels of a table's rows: 区 / 栋."""
    smaller = [level for level in levels if level != TOTAL]
    return str(LEVELS[smaller[-1]].head) if smaller else ""


def indicator_of(column: Mapping[str, Any]) -> Indicator:
    """The indicator of a stored column, as it was defined when that was frozen."""
    return indicator(column["indicator"], column["version"])


def columns_of(stored: Sequence[Mapping[str, Any]]) -> list[Column]:
    """The columns of a table with their heads."""
    columns = []
    for _head_code, columns_of_group in groupby(stored, key=lambda column: column["head"]):
        group = list(columns_of_group)
        columns += [_column(column, group, starts_group=column is group[0]) for column in group]
    return columns


def _column(
    column: Mapping[str, Any], group: Sequence[Mapping[str, Any]], *, starts_group: bool
) -> Column:
    unit = Unit(column["unit"])
    group_unit = _unit_of_group(column["head"], group)
    return Column(
        code=column["code"],
        group=_group_title(column["head"], group),
        group_unit=group_unit,
        head=_head(column, group),
        long_head=_long_head(column, group),
        under=_under(column, unit, group_unit),
        unit=unit,
        places=column["places"],
        is_change=column["measure"] != Measure.VALUE,
        starts_group=starts_group,
    )


def _is_series(head: str, group: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the group is one indicator in several periods."""
    return all(column["indicator"] == head for column in group)


def _group_title(head: str, group: Sequence[Mapping[str, Any]]) -> str:
    if head in HEADS:
        return str(HEADS[head])
    code, _dot, period = head.partition(".")
    named = next((column for column in group if column["indicator"] == code), None)
    if named is None:
        return ""
    title = str(indicator_of(named).short)
    if _is_series(head, group):
        return title
    return pgettext("head", "%(indicator)s, %(period)s") % {
        "indicator": title,
        "period": Period(period or Period.MONTH).label.lower(),
    }


def _unit_of_group(head: str, group: Sequence[Mapping[str, Any]]) -> str:
    """The unit that stands in the group's head, where it is that of all its numbers."""
    units = {column["unit"] for column in group} - {Unit.PERCENT}
    speaks_for_all = head in HEADS or (head and _is_series(head, group))
    return str(Unit(units.pop()).label) if speaks_for_all and len(units) == 1 else ""


def _head(column: Mapping[str, Any], group: Sequence[Mapping[str, Any]]) -> str:
    if column["measure"] == Measure.GROWTH:
        return f"{GROWTH[column['period']]} %"
    if column["measure"] == Measure.CHANGE:
        return pgettext("head", "Change")
    if _is_series(column["head"], group):
        return str(Period(column["period"]).label)
    short = str(indicator_of(column).short)
    if _says_its_period(column, group):
        short = pgettext("head", "%(period)s: %(indicator)s") % {
            "period": Period(column["period"]).label,
            "indicator": short,
        }
    return f"{short} %" if column["unit"] == Unit.PERCENT else short


def _says_its_period(column: Mapping[str, Any], group: Sequence[Mapping[str, Any]]) -> bool:
    """Whether its period must be said: it stands alone, or beside that of the month."""
    periods = {one["period"] for one in group if one["indicator"] == column["indicator"]}
    is_alone = not column["head"] or len(periods) > 1
    return is_alone and column["period"] != Period.MONTH


def _long_head(column: Mapping[str, Any], group: Sequence[Mapping[str, Any]]) -> str:
    if column["measure"] != Measure.CHANGE:
        return _head(column, group)
    return pgettext("head", "Change from %(period)s") % {
        "period": Period(column["period"]).label.lower()
    }


def _under(column: Mapping[str, Any], unit: Unit, group_unit: str) -> str:
    if column["divisor"] and unit == Unit.PERCENT:
        divisor = indicator(column["divisor"], _version_of_divisor(column)).short
        return pgettext("head", "÷ %(divisor)s") % {"divisor": divisor}
    return "" if unit == Unit.PERCENT or unit.label == group_unit else str(unit.label)


def _version_of_divisor(column: Mapping[str, Any]) -> int:
    divisor = indicator_of(column).divisor
    return divisor.version if divisor else 1
