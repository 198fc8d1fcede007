"""A chart as SVG, drawn without a browser: the same ECharts, in a small JavaScript engine."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import quickjs
from django.conf import settings

from reports.files.layout import line_width
from web.charts import Chart

ECHARTS = Path(settings.BASE_DIR) / "static" / "vendor" / "echarts.min.js"
FONT_FAMILY = "Noto Sans SC"
SIGN = 6.4  # pixels that half a Chinese sign takes at size 12
SCALE = 24  # pixels for the numbers below the bars
# What a browser has and the engine has not; ECharts asks for timers, and draws without them.
BROWSER = """
var module = {exports: {}}, exports = module.exports;
var setTimeout = function () { return 0 }, clearTimeout = function () {};
var setInterval = setTimeout, clearInterval = clearTimeout, requestAnimationFrame = setTimeout;
"""
DRAW = """
var echarts = module.exports;
function draw(option, width, height) {
  var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  chart.setOption(JSON.parse(option));
  var svg = chart.renderToSVGString();
  chart.dispose();
  return svg.split("").join("");  // a plain string: the engine's bridge takes no ropes
}
"""
_engines = threading.local()  # an engine belongs to the thread that made it


def svg_of(chart: Chart, *, width: int) -> str:
    """`chart` as an SVG `width` wide, with the fonts of the PDF."""
    option = {**chart.option, "animation": False, "textStyle": {"fontFamily": FONT_FAMILY}}
    del option["tooltip"]
    return _engine()(json.dumps({**option, "grid": _grid(chart)}), width, chart.height)


def _grid(chart: Chart) -> dict[str, Any]:
    """Where the drawing stands: without a browser ECharts can only guess how wide labels are."""
    grid = chart.option["grid"]
    if "data" not in chart.option["yAxis"]:
        return grid  # a line: its months stand below, its numbers at the right
    labels = [line_width(label) * SIGN for label in chart.option["yAxis"]["data"]]
    bottom = max(grid["bottom"], SCALE)
    return {**grid, "left": 12 + max(labels, default=0), "bottom": bottom, "containLabel": False}


def _engine() -> quickjs.Function:
    if not hasattr(_engines, "draw"):
        context = quickjs.Context()
        for script in (BROWSER, ECHARTS.read_text(encoding="utf-8"), DRAW):
            context.eval(script)
        _engines.draw = context.get("draw")
    return _engines.draw
