"""Figures quoted from sources: what others say of this place, never what Xiyuan counts."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from park.models import ReferenceFigure


class QuotedFigure:
    """A figure in the language of the page, as its source says it."""

    def __init__(self, figure: ReferenceFigure, language: str) -> None:
        self.figure = figure
        self.name = getattr(figure, f"name_{language}")
        self.value, self.unit = _said(figure.value, getattr(figure, f"unit_{language}"))
        self.scope = getattr(figure, f"scope_{language}")


# Large sums as people say them: 130 亿元, 13 billion yuan.
_LARGE: dict[str, tuple[tuple[int, str], ...]] = {
    "元": ((100_000_000, "亿元"), (10_000, "万元")),
    "yuan": ((1_000_000_000, "billion yuan"), (1_000_000, "million yuan")),
}


def _said(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A value and its unit in the words that people use for its size."""
    for size, word in _LARGE.get(unit, ()):
        if abs(value) >= size:
            return value / size, word
    return value, unit


@require_safe
@login_required
@permission_required("park.view_referencefigure", raise_exception=True)
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every quoted figure with its scope, day, source and words, the newest first."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    figures = ReferenceFigure.objects.order_by("-stated_on", "scope_zh", "code")
    context = {"figures": [QuotedFigure(figure, language) for figure in figures]}
    return render(request, "park/figure_list.html", context)
