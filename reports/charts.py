"""The chart of a report: one option for the page, drawn there by ECharts, and for the PDF."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.document import BarChart, Series
from reports.units import rounded
from web import formats
from web.charts import FIRST, INK, RULE, SMALL, Chart, bars

MANY = 100  # bars are labelled without decimals where the longest is at least as many
BAR = 18
ROW = 34  # a bar and the space around it
HEAD = 30  # the legend above
AXIS = 36  # the scale below
FILLS: dict[str, dict[str, Any]] = {
    "firm": {"color": "#3f6f9d"},
    "hold": {
        "color": "#f2dca6",
        "borderColor": "#8a5a00",
        "borderWidth": 0.5,
        "decal": {
            "color": "#8a5a00",
            "dashArrayX": [1, 0],
            "dashArrayY": [1.6, 3.4],
            "rotation": -0.785,
        },
    },
    "closed": {"color": "#cfccc4", "borderColor": "#5c5a55", "borderWidth": 0.5},
    "free": {"color": "#fffefb", "borderColor": "#85847d", "borderWidth": 0.5},
    "filed": {"color": FIRST},
    "missing": {"color": "#fffefb", "borderColor": "#85847d", "borderWidth": 0.5},
}


def chart_of(drawn: BarChart) -> Chart:
    """The option, and the table that says the same."""
    if len(drawn.series) == 1:
        (series,) = drawn.series
        places = label_places(series)
        values = (rounded(Decimal(value), places) for value in series.values)
        rows = list(zip(drawn.labels, values, strict=True))
        return bars(drawn.title, rows, head=drawn.head, urls=series.urls)
    return _stacked(drawn)


def label_places(series: Series) -> int:
    """How many decimals the labels of its bars show."""
    return 0 if max(series.values, default=0) >= MANY else series.places


def _stacked(drawn: BarChart) -> Chart:
    option = {
        "grid": {"left": 0, "right": 24, "top": HEAD, "bottom": 4, "containLabel": True},
        "legend": {
            "top": 0,
            "left": 0,
            "icon": "rect",
            "itemWidth": 14,
            "itemHeight": 14,
            "itemGap": 24,
            "textStyle": {**SMALL, "color": INK},
        },
        "tooltip": {"trigger": "item"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "splitNumber": 4,
            "splitLine": {"lineStyle": {"color": RULE}},
            "axisLabel": SMALL,
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(drawn.labels),
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {**SMALL, "color": INK},
        },
        "series": [
            {
                "type": "bar",
                "stack": "seats",
                "name": series.name,
                "barWidth": BAR,
                "itemStyle": FILLS[series.code],
                "data": _values(series),
            }
            for series in drawn.series
        ],
    }
    rows: list[list[Any]] = [
        [label, *(series.values[place] for series in drawn.series)]
        for place, label in enumerate(drawn.labels)
    ]
    names = [series.name for series in drawn.series]
    return Chart(
        option=option,
        columns=[drawn.head, *names],
        rows=rows,
        text=f"{drawn.title}: {'; '.join(_spoken(row, names) for row in rows)}",
        height=HEAD + AXIS + ROW * len(rows),
        urls=[
            [series.urls[place] if series.urls else "" for series in drawn.series]
            for place in range(len(rows))
        ],
    )


def _values(series: Series) -> list[Any]:
    """The lengths of its bars, each with where it leads to."""
    if not series.urls:
        return [float(value) for value in series.values]
    return [
        {"value": float(value), "url": url}
        for value, url in zip(series.values, series.urls, strict=True)
    ]


def _spoken(row: list[Any], names: list[str]) -> str:
    figures = (
        f"{name} {formats.number(value)}" for name, value in zip(names, row[1:], strict=True)
    )
    return f"{row[0]} {', '.join(figures)}"
