"""The drawings of the dashboard, each from the same `Chart` that pages and files draw.

Every bar and point leads to its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.charts import chart_of
from reports.document import BarChart, Series
from reports.indicators import staffing
from reports.indicators.facts import TOTAL
from reports.indicators.levels import HIDDEN
from reports.indicators.registry import Indicator
from reports.shown import Edition, Shown, ShownFigures
from reports.units import Number, Unit, printed, rounded
from reports.words import row_label
from returns.figures import BREAKDOWNS
from web import charts, formats, seat_kinds
from web.charts import Chart

SEATS = (("firm", "firm"), ("hold", "held"), ("closed", "closed"), ("free", "free"))


class Panel(NamedTuple):
    """A drawing with its head; without a chart there is nothing that may be seen."""

    id: str
    title: str
    chart: Chart | None
    caption: str
    edition: Edition | None
    has_sample: bool

    @property
    def chart_id(self) -> str:
        return f"{self.id}-chart"


def label_of(key: str) -> str:
    """What a key is called: Zone A, Building A-1, Customer service."""
    level, _dot, code = key.partition(".")
    return row_label({"level": level, "label": code})


def seats_by_place(shown: ShownFigures, month: date, zone: str) -> Panel:
    """Seats by what they are: zone by zone, or building by building of one."""
    level = "building" if zone else "zone"
    keys = [
        key
        for key in _in_order(shown, "firm", month, level)
        if not zone or key.partition(".")[2].startswith(f"{zone}-")
    ]
    drawn = BarChart(
        title=_("Seats by building") if zone else _("Seats by zone"),
        caption=_("Seats at the end of %(month)s.") % {"month": formats.month(month)},
        head=pgettext("head", "Building") if zone else pgettext("head", "Zone"),
        unit=str(Unit.SEAT.label),
        labels=tuple(label_of(key) for key in keys),
        series=tuple(
            _series(shown, column, month, keys, code=kind, name=str(seat_kinds.WORDS[kind]))
            for kind, column in SEATS
        ),
    )
    return _panel(shown, "seats", drawn, ("firm", month, level))


def revenue_by_class(shown: ShownFigures, month: date) -> Panel:
    """Revenue of the classes of business, the largest first."""
    keys = [
        key for key in shown.keys("revenue", month, "class") if shown.value("revenue", month, key)
    ]
    keys.sort(key=lambda key: -Decimal(shown.value("revenue", month, key) or 0))
    keys += _hidden_of(shown, "revenue", month)
    name = pgettext("head", "Revenue")
    drawn = BarChart(
        title=_("Revenue by business class"),
        caption=_("Revenue of %(month)s, 10,000 yuan.") % {"month": formats.month(month)},
        head=pgettext("head", "Business class"),
        unit=str(Unit.YUAN.label),
        labels=tuple(label_of(key) for key in keys),
        series=(
            _series(
                shown, "revenue", month, keys, code="revenue", name=name, places=Unit.YUAN.places
            ),
        ),
    )
    return _panel(shown, "revenue", drawn, ("revenue", month, "class"))


def filing_by_class(shown: ShownFigures, month: date) -> Panel:
    """Of the returns that each class of business owes, those filed and those missing."""
    keys = [
        key for key in shown.keys("expected", month, "class") if shown.value("expected", month, key)
    ]
    keys += _hidden_of(shown, "expected", month)
    filed = _series(shown, "filed", month, keys, code="filed", name=_("Filed"))
    owed = _series(shown, "expected", month, keys, code="missing", name=_("Not filed yet"))
    missing: tuple[Number, ...] = tuple(
        max(Decimal(0), Decimal(all_) - Decimal(done))
        for all_, done in zip(owed.values, filed.values, strict=True)
    )
    drawn = BarChart(
        title=_("Returns by business class"),
        caption=_("Returns of %(month)s, filed and not filed yet.")
        % {"month": formats.month(month)},
        head=pgettext("head", "Business class"),
        unit=str(Unit.ENTERPRISE.label),
        labels=tuple(label_of(key) for key in keys),
        series=(filed, replace(owed, values=missing)),
    )
    return _panel(shown, "filing", drawn, ("expected", month, "class"))


def breakdown(shown: ShownFigures, month: date, level: str, title: str) -> Panel:
    """The staff by one of its breakdowns, in the order of its categories."""
    people = staffing.BREAKDOWNS[level].code
    known = set(shown.keys(people, month, level))
    keys = [key for name in BREAKDOWNS[level] if (key := f"{level}.{name}") in known]
    figures = [(key, figure) for key in keys if (figure := shown.at(people, month, key))]
    of = shown.value(people, month)
    chart = None
    if any(figure.value is not None for _key, figure in figures):
        rows = [(label_of(key), figure.value or 0) for key, figure in figures]
        urls = [figure.url for _key, figure in figures]
        drawn = charts.bars(pgettext("head", "Staff"), rows, head=title, urls=urls)
        chart = _with_shares(drawn, of)
    caption = _("Of %(people)s staff in returns that say so, end of %(month)s.") % {
        "people": formats.number(of),
        "month": formats.month(month),
    }
    edition, has_sample = shown.edition(people, month, level), shown.has_sample(people, month)
    return Panel(f"staff-{level}", title, chart, caption, edition, has_sample)


def _with_shares(chart: Chart, of: Number | None) -> Chart:
    """The same with the share of each bar beside it in the table."""
    if not of:
        return chart
    rows = [
        [label, value, formats.percent(Decimal(value) / Decimal(of), 2)]
        for label, value in chart.rows
    ]
    return replace(chart, rows=rows, columns=[*chart.columns, pgettext("head", "Share")])


def over_months(
    shown: ShownFigures,
    one: Indicator,
    months: Sequence[date],
    id: str,
    title: str,
    key: str = TOTAL,
) -> Panel:
    """An indicator month by month, from the first that is known; provisional ones told apart."""
    figures = [shown.at(one.code, month, key) for month in months]
    known = [place for place, figure in enumerate(figures) if figure and figure.value is not None]
    months, figures = months[min(known, default=0) :], figures[min(known, default=0) :]
    places = 0 if one.unit == Unit.YUAN else one.places
    values = [
        _rounded(printed(figure.value, one.unit), places) if figure else None for figure in figures
    ]
    chart = None
    if any(value is not None for value in values):
        labels = [formats.iso_month(month) for month in months]
        urls = [figure.url if figure else "" for figure in figures]
        drawn = charts.line(one.name, labels, values, head=pgettext("head", "Month"), urls=urls)
        rows = [[*row, _said_by(figure)] for row, figure in zip(drawn.rows, figures, strict=True)]
        columns = [*drawn.columns, pgettext("head", "Edition")]
        chart = replace(drawn, rows=rows, columns=columns, option=_told_apart(drawn, figures))
    level = key.partition(".")[0]
    said = {
        "first": formats.month(months[0]),
        "last": formats.month(months[-1]),
        "unit": one.unit.label,
    }
    caption = _("%(first)s to %(last)s, %(unit)s.") % said
    if any(figure is not None and figure.url and figure.edition is None for figure in figures):
        caption = _("%(first)s to %(last)s, %(unit)s. Hollow points are provisional.") % said
    edition = shown.edition(one.code, months[-1], level)
    return Panel(id, title, chart, caption, edition, shown.has_sample(one.code, months[-1], level))


def _told_apart(chart: Chart, figures: Sequence[Shown | None]) -> dict[str, Any]:
    """The drawing with hollow points for what no edition says."""
    (series,) = chart.option["series"]
    points = [
        {**point, "symbol": "emptyCircle"}
        if isinstance(point, dict) and figure is not None and figure.edition is None
        else point
        for point, figure in zip(series["data"], figures, strict=True)
    ]
    return {**chart.option, "series": [{**series, "data": points}]}


def _said_by(figure: Any) -> str:
    if figure is None or figure.value is None:
        return formats.MISSING
    if figure.edition is None:
        return _("provisional")
    return _("edition %(n)d") % {"n": figure.edition.revision}


def _in_order(shown: ShownFigures, code: str, month: date, level: str) -> Iterator[str]:
    """The places of a month as one walks: B1 after B, building 10 after building 2."""
    keys = set(shown.keys(code, month, level)) | set(shown.keys("free", month, level))
    yield from sorted(keys, key=_walk)


def _walk(key: str) -> tuple[str, int, str]:
    zone, _dash, building = key.partition(".")[2].rpartition("-")
    return (zone or building, len(building) if zone else 0, building)


def _hidden_of(shown: ShownFigures, column: str, month: date) -> list[str]:
    """The bar of the classes that not everybody may read, so that the bars add up to the total."""
    hidden = shown.hidden(column, month, "class")
    return [HIDDEN] if hidden is not None and hidden.value else []


def _series(
    shown: ShownFigures,
    column: str,
    month: date,
    keys: Sequence[str],
    *,
    code: str,
    name: str,
    places: int = 0,
) -> Series:
    figures = [
        shown.hidden(column, month, "class") if key == HIDDEN else shown.at(column, month, key)
        for key in keys
    ]
    scale = Unit.YUAN.scale if column == "revenue" else 1
    return Series(
        code=code,
        name=name,
        places=places,
        values=tuple(
            _rounded(Decimal(figure.value) / scale, places) or 0
            if figure and figure.value is not None
            else 0
            for figure in figures
        ),
        urls=tuple(figure.url if figure else "" for figure in figures),
    )


def _rounded(value: Number | None, places: int) -> Number | None:
    return None if value is None else rounded(Decimal(value), places)


def _panel(shown: ShownFigures, id: str, drawn: BarChart, said: tuple[str, date, str]) -> Panel:
    chart = chart_of(drawn) if drawn.labels else None
    edition, has_sample = shown.edition(*said), shown.has_sample(*said)
    return Panel(id, drawn.title, chart, drawn.caption, edition, has_sample)
