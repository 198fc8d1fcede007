"""Sums over the months of a period.

A sum is given where every return gives the figure: a part of it would look like the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.months import format_month
from reports.exports.facts import Facts, Figures
from returns.figures import FIGURES

WAN = 10_000
CENT = Decimal("0.01")


def total(rows: Sequence[Figures], name: str) -> Any:
    """The sum of a figure over returns or lines; None where there is none, or one lacks it."""
    values = [row[name] for row in rows]
    return sum(values) if values and None not in values else None


def less(whole: Any, part: Any) -> Any:
    """What remains; None where one of them is not known."""
    return None if whole is None or part is None else whole - part


def share(part: Any, whole: Any) -> Decimal | None:
    """A part of one; None where it cannot be said."""
    return None if part is None or not whole else Decimal(part) / Decimal(whole)


def in_dollars(yuan: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """An amount in dollars, to the cent; None where the rate is not known."""
    if yuan is None or not rate:
        return None
    return (yuan / rate).quantize(CENT, ROUND_HALF_UP)


def remark(facts: Facts, firm: int, months: Sequence[date], names: Iterable[str]) -> str:
    """Which months are missing, and which figures some returns give and others do not."""
    missing = [
        month
        for month in months
        if (firm, month) in facts.owed and (firm, month) not in facts.filed
    ]
    said = [_("Missing: %(months)s") % {"months": _listed(missing)}] if missing else []
    filed = [month for month in months if (firm, month) in facts.filed]
    together: dict[tuple[date, ...], list[str]] = {}
    for name in names:
        without = tuple(month for month in filed if facts.filed[firm, month][name] is None)
        if without and len(without) < len(filed):
            together.setdefault(without, []).append(str(FIGURES[name].label))
    between = pgettext("between items of a list", ", ")
    for without, figures in together.items():
        words = {"figure": between.join(figures), "months": _listed(without)}
        said.append(_("%(figure)s not given: %(months)s") % words)
    return pgettext("between sentences of a list", "; ").join(said)


def _listed(months: Iterable[date]) -> str:
    between = pgettext("between items of a list", ", ")
    return between.join(format_month(month) for month in months)
