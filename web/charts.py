"""Charts in our language: no legend where a label fits, four grid lines at most, values printed.

Each function gives a `Chart`: the ECharts option for the browser and for files, and the table that
says the same. In a page: `{% chart "contracted" chart caption=… %}`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from web import formats
from web.rfc9457 import Text

INK, INK_2, RULE, FIRST, OTHER = "#1c2126", "#4d545b", "#dcd8cd", "#1f4f7d", "#cfccc4"
SMALL = {"fontSize": 12, "color": INK_2}
ROW = 28  # pixels a bar takes with the space around it
LINES = 4


class Cell(NamedTuple):
    """A figure of the table, a link where it has somewhere to lead to."""

    value: Any
    url: str


@dataclass(frozen=True)
class Chart:
    """`urls` are where the figures of each row lead to; what is drawn of them leads there too."""

    option: dict[str, Any]
    columns: list[str]
    rows: list[list[Any]]
    text: str  # read aloud instead of the drawing
    height: int = 150
    urls: list[list[str]] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[Any, list[Cell]]]:
        """The rows as they stand in the table: what each is called, then its cells."""
        nowhere = [""] * len(self.columns)
        urls = self.urls or [nowhere] * len(self.rows)
        return [
            (label, [Cell(*cell) for cell in zip(values, [*leading, *nowhere], strict=False)])
            for (label, *values), leading in zip(self.rows, urls, strict=True)
        ]


def line(
    title: Text,
    labels: Sequence[str],
    values: Sequence[formats.Number | None],
    *,
    head: Text,
    from_zero: bool = False,
    urls: Sequence[str] = (),
) -> Chart:
    """One series over time; the last value is printed, the axis need not start at nought.

    `title` names the series, `head` the column of labels (月份). `urls`: where each value leads to.
    """
    known = [
        (label, value) for label, value in zip(labels, values, strict=True) if value is not None
    ]
    lowest, highest, step = _axis([float(value) for _, value in known], from_zero=from_zero)
    points = _points(values, urls)
    option = {
        "grid": {"left": 12, "right": 56, "top": 24, "bottom": 24},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": list(labels),
            "boundaryGap": False,
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": SMALL,
        },
        "yAxis": {
            "type": "value",
            "position": "right",
            "min": lowest,
            "max": highest,
            "interval": step,
            "splitLine": {"lineStyle": {"color": RULE}},
            "axisLabel": SMALL,
        },
        "series": [
            {
                "type": "line",
                "name": str(title),
                "data": points,
                "symbol": "none",
                "lineStyle": {"width": 2, "color": FIRST},
                "itemStyle": {"color": FIRST},
            }
        ],
    }
    ends = ", ".join(
        f"{label} {formats.number(value)}" for label, value in (known[:1] + known[-1:])
    )
    rows = [[label, value] for label, value in zip(labels, values, strict=True)]
    leading = [[url] for url in urls]
    return Chart(option, [str(head), str(title)], rows, f"{title}: {ends}", urls=leading)


def _points(values: Sequence[formats.Number | None], urls: Sequence[str]) -> list[Any]:
    """Each value where it is known: a dot where it leads somewhere, the last with its number."""
    leading = [*urls, *[""] * len(values)]
    points: list[Any] = [
        value if value is None else _point(float(value), url)
        for value, url in zip(values, leading, strict=False)
    ]
    if points and values[-1] is not None:
        last = points[-1] if isinstance(points[-1], dict) else {"value": points[-1]}
        points[-1] = {
            **last,
            "symbol": "circle",
            "symbolSize": 8,
            "label": {
                "show": True,
                "position": "top",
                "align": "right",
                "formatter": formats.number(values[-1]),
                "color": INK,
            },
        }
    return points


def _point(value: float, url: str) -> Any:
    return {"value": value, "url": url, "symbol": "circle", "symbolSize": 5} if url else value


def bars(
    title: Text,
    rows: Sequence[tuple[str, formats.Number]],
    *,
    head: Text,
    other: str | None = None,
    urls: Sequence[str] = (),
) -> Chart:
    """Parts of a whole from the largest down, each with its label and value; `other` in grey.

    `urls`: where each bar leads to.
    """
    leading = [*urls, *[""] * len(rows)][: len(rows)]
    option = {
        "grid": {"left": 0, "right": 64, "top": 0, "bottom": 0, "containLabel": True},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [label for label, _ in rows],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {**SMALL, "color": INK},
        },
        "series": [
            {
                "type": "bar",
                "name": str(title),
                "barWidth": 16,
                "data": [
                    {
                        "value": float(value),
                        "itemStyle": {"color": OTHER if label == other else FIRST},
                        "label": {"formatter": formats.number(value)},
                        **({"url": url} if url else {}),
                    }
                    for (label, value), url in zip(rows, leading, strict=True)
                ],
                "label": {"show": True, "position": "right", "color": INK, "fontSize": 12},
            }
        ],
    }
    spoken = "; ".join(f"{label} {formats.number(value)}" for label, value in rows)
    table = [[label, value] for label, value in rows]
    return Chart(
        option,
        [str(head), str(title)],
        table,
        f"{title}: {spoken}",
        max(1, len(rows)) * ROW,
        [[url] for url in leading],
    )


def _axis(values: Sequence[float], *, from_zero: bool) -> tuple[float, float, float]:
    """Lowest and highest mark and the step between, round, with four grid lines at most."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if from_zero or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    size = 10.0 ** math.floor(math.log10((high - low) / LINES))
    steps = (size * factor for factor in (1, 2, 2.5, 5, 10, 20, 25))
    step = next(step for step in steps if _lines(low, high, step) <= LINES)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def _lines(low: float, high: float, step: float) -> int:
    return math.ceil(high / step) - math.floor(low / step) + 1
