"""The chart of a report in its workbook: a chart that stays one, beside the numbers it draws."""

from __future__ import annotations

from typing import Any

from reports.charts import label_places
from reports.document import BarChart, Document, with_unit
from reports.files.book import FONT, QUIET, Book
from reports.files.cells import INK, RULE, digits_of
from reports.files.head import write_head

FILLS: dict[str, dict[str, Any]] = {
    "firm": {"fill": {"color": "#3f6f9d"}},
    "hold": {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#8a5a00",
            "bg_color": "#f2dca6",
        }
    },
    "closed": {"fill": {"color": "#cfccc4"}},
    "free": {"fill": {"color": "#ffffff"}},
}
PLAIN: dict[str, Any] = {"fill": {"color": "#1f4f7d"}}  # the bars of a single series


def write_chart(book: Book, document: Document, name: str) -> None:
    """A sheet with the numbers of the chart, and the chart below them."""
    drawn = document.chart
    if drawn is None or not drawn.labels:
        return
    sheet = book.sheet(document, name, widths=[24, *[16] * len(drawn.series)], repeat=(4, 4))
    write_head(book, sheet, document, drawn.title)
    heads = {"top": 2, "bottom": 1, "bottom_color": INK, "font_color": QUIET}
    names = (with_unit(series.name, drawn.unit) for series in drawn.series)
    book.line(sheet, 4, (drawn.head, *names), **heads)
    for offset, label in enumerate(drawn.labels):
        at = 5 + offset
        sheet.write_string(at, 0, label, book.style(bottom=1, bottom_color=RULE))
        for number, series in enumerate(drawn.series, start=1):
            style = book.style(bottom=1, bottom_color=RULE, num_format=digits_of(series.places))
            sheet.write_number(at, number, float(series.values[offset]), style)
    sheet.insert_chart(6 + len(drawn.labels), 0, _bars(book, drawn, sheet.get_name()))


def _bars(book: Book, drawn: BarChart, sheet_name: str) -> Any:
    """Bars across, the first label on top; several series are stacked."""
    is_stacked = len(drawn.series) > 1
    kind = {"subtype": "stacked"} if is_stacked else {}
    chart = book.book.add_chart({"type": "bar", **kind})
    last = 4 + len(drawn.labels)
    label_format = digits_of(max(map(label_places, drawn.series)))
    for number, series in enumerate(drawn.series, start=1):
        chart.add_series(
            {
                "name": series.name,
                "categories": [sheet_name, 5, 0, last, 0],
                "values": [sheet_name, 5, number, last, number],
                # What previews draw before anything has read the cells
                "categories_data": list(drawn.labels),
                "values_data": [float(value) for value in series.values],
                "border": {"color": "#85847d", "width": 0.5},
                "gap": 60,
                "data_labels": {
                    "value": not is_stacked,
                    "num_format": label_format,
                    "font": {"size": 9, "color": INK},
                },
                **FILLS.get(series.code, PLAIN),
            }
        )
    text = {"name": FONT["font_name"], "size": 9, "bold": False, "color": INK}
    chart.set_title({"name": drawn.caption, "name_font": {**text, "size": 10}, "overlay": False})
    chart.set_y_axis(
        {
            "reverse": True,
            "crossing": "max",
            "num_font": text,
            "line": {"color": "#8d8b84"},
        }
    )
    chart.set_x_axis(
        {
            "num_font": text,
            "num_format": label_format,
            "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}},
            "line": {"none": True},
        }
    )
    chart.set_legend({"position": "bottom", "font": text} if is_stacked else {"none": True})
    chart.set_size({"width": 820, "height": 130 + 34 * len(drawn.labels)})
    return chart
