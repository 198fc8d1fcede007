"""The rows of the report on targets: what is reached of each, as the data of the month say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from foundation.months import add_months, format_month
from reports.indicators import INDICATORS, SOURCES
from reports.indicators.returns import count_returns
from reports.models import MonthlyReport, ReportKind, Scope
from reports.suppression import LEAST_ENTERPRISES
from reports.targets import TargetLine, targets_in


def target_rows(kind: ReportKind, month: date, filed: int) -> dict[str, Any]:
    """What the content of a report on targets has beside its head; nothing for other kinds.

    Reads in the transaction of the caller.
    """
    if kind != ReportKind.TARGETS:
        return {}
    lines = targets_in(month)
    year_before = add_months(month, -12)
    filed_before, _expected = count_returns([year_before])[year_before]
    rows = [_row(line, filed, filed_before) for line in lines]
    return {
        "targets": rows,
        "has_sample": any(
            line.target.sample_fields or (row["actual"] is not None and line.has_sample)
            for line, row in zip(lines, rows, strict=True)
        ),
    }


def has_other_targets(report: MonthlyReport, filed: int) -> bool:
    """Whether the rows of a report on targets would be others today."""
    now = target_rows(ReportKind(report.kind), report.month, filed)
    rows = now.pop("targets", [])
    others = any(report.content.get(name) != value for name, value in now.items())
    return others or _differ(report.content.get("targets", []), rows)


def _differ(issued: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> bool:
    """Whether any of what was said then is another; what later releases add, it never said."""
    if len(issued) != len(now):
        return True
    return any(
        then != {name: row.get(name) for name in then}
        for then, row in zip(issued, now, strict=True)
    )


def _row(line: TargetLine, filed: int, filed_before: int) -> dict[str, Any]:
    target, why = line.target, _why(line, filed)
    progress = None if why else line.progress
    return {
        "code": target.code,
        "name_zh": target.name_zh,
        "name_en": target.name_en,
        "value": str(target.value),
        "value_to": None if target.value_to is None else str(target.value_to),
        "unit": target.unit,
        "year": target.year,
        "scope_zh": target.scope_zh,
        "scope_en": target.scope_en,
        "source": target.source,
        "as_of": format_month(line.month),
        "actual": str(progress.actual) if progress else None,
        "share": str(progress.share) if progress else None,
        "indicator": target.indicator if progress else "",
        "version": INDICATORS[target.indicator].version if progress else None,
        "months": progress.months if progress else None,
        "months_known": progress.known if progress else None,
        "before": _before(line, filed_before) if progress else None,
        "why": why,
    }


def _why(line: TargetLine, filed: int) -> str:
    """Why nothing is compared with it, as a code; empty where something is."""
    target = line.target
    if target.scope in {Scope.DISTRICT, Scope.CITY}:
        return "elsewhere"
    if target.differs_zh:
        return "wider"
    if target.indicator not in INDICATORS:
        return "uncounted"
    if line.progress is None:
        return "unknown"
    return "secret" if _is_secret(line, filed) else ""


def _before(line: TargetLine, filed_before: int) -> str | None:
    """The figure of a year ago, if it is known and could be told."""
    before = line.progress.before if line.progress else None
    return None if before is None or _is_secret(line, filed_before) else str(before)


def _is_secret(line: TargetLine, filed: int) -> bool:
    """Whether the figure would tell of single enterprises, where so few filed."""
    parts = INDICATORS[line.target.indicator].parts()
    tells = any(SOURCES[part.source].names_enterprises for part in parts)
    return tells and filed < LEAST_ENTERPRISES
