"""/styleguide/: every part of the language, drawn, with the lines that draw it. Development only.

A sample is one file in templates/web/styleguide/: its first line is a comment with the title, the
rest is drawn and printed. So the usage shown is the usage that works.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web import charts
from web.forms import CountField, DayField, MoneyField, MonthField
from web.htmx import page_or_fragment
from web.pagination import Page

SAMPLES = "web/styleguide"
NOW = datetime(2024, 2, 22, 10, 42, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Sample:
    name: str
    title: str
    source: str
    drawn: SafeString


@dataclass(frozen=True)
class Job:
    """What {% progress %} needs to know of background work."""

    state: str
    done: int
    total: int
    words: str = ""


@dataclass(frozen=True)
class DayRange:
    lower: date
    upper: date | None = None


@dataclass
class Words:
    """Texts of the sample forms, in the language of the request."""

    chinese: bool = field(default_factory=lambda: (get_language() or "").startswith("zh"))

    def __call__(self, chinese: str, english: str) -> str:
        return chinese if self.chinese else english


def styleguide(request: HttpRequest) -> HttpResponse:
    """All samples on one page."""
    _development_only()
    context = _sample_context(request)
    samples = [_sample(request, path, context) for path in _sample_files()]
    return render(request, "web/styleguide.html", {"samples": samples, **context})


def work_in_progress(request: HttpRequest, done: int) -> HttpResponse:
    """Background work that gets on by one each time somebody looks."""
    _development_only()
    job = Job("done" if done >= 28 else "running", done, 28)
    url = reverse("web:work-in-progress", args=[min(done + 1, 28)])
    context = {"job": job, "url": url, "result_url": "#", "result": Words()("看报表", "See it")}
    return page_or_fragment(
        request, "web/styleguide/progress_page.html", "web/_progress.html", context
    )


def _development_only() -> None:
    if not settings.DEBUG:
        raise Http404


def _sample_files() -> list[str]:
    first = get_template(f"{SAMPLES}/01_head.html")
    folder = Path(str(first.origin)).parent  # type: ignore[attr-defined]
    return sorted(path.name for path in folder.glob("[0-9]*.html"))


def _sample(request: HttpRequest, file: str, context: dict[str, Any]) -> Sample:
    template = get_template(f"{SAMPLES}/{file}")
    source: str = template.template.source  # type: ignore[attr-defined]
    title, _, usage = source.partition("\n")
    # The page is not to jump to the form with errors, as a real page does.
    drawn = SafeString(template.render(context, request).replace(" autofocus", ""))
    return Sample(file.removesuffix(".html"), title.strip("{}# "), usage.strip(), drawn)


def _sample_context(request: HttpRequest) -> dict[str, Any]:
    words = Words()
    return {
        "now": NOW,
        "today": NOW.date(),
        "earlier": NOW - timedelta(days=2),
        "revenue": Decimal("21600000"),
        "open_range": DayRange(date(2024, 3, 1)),
        "year_range": DayRange(date(2024, 3, 1), date(2025, 3, 1)),
        "zones": _zones(words),
        "people_form": _people_form(words),
        "request_form": _request_form(words, None),
        "wrong_form": _request_form(words, {"seats": "98,75", "start": "2024-13-01"}),
        "search_form": _search_form(words),
        "rows": Page(request, range(1, 813)),
        "queued": Job("queued", 0, 0),
        "running": Job("running", 12, 28),
        "finished": Job("done", 28, 28),
        "failed": Job("failed", 12, 28, words("数据库没有应答。", "The database did not answer.")),
        "contracted": _contracted(words),
        "by_class": _by_class(words),
    }


def _zones(words: Words) -> list[dict[str, Any]]:
    counts = [
        ("A", 1200, 1038, 40, 24, 98),
        ("B", 1500, 1266, 60, 36, 138),
        ("B1", 1300, 962, 120, 0, 218),
        ("C", 3000, 2316, 210, 64, 410),
        ("", 7000, 5582, 430, 124, 864),
    ]
    return [
        {
            "name": words(f"{code} 区", f"Zone {code}") if code else words("合计", "Total"),
            "sum": not code,
            "seats": seats,
            "firm": firm,
            "hold": hold,
            "closed": closed,
            "free": free,
            "available": seats - closed,
            "rate": firm / (seats - closed),
            "last_month": firm if code else firm - 42,
        }
        for code, seats, firm, hold, closed, free in counts
    ]


def _request_form(words: Words, data: dict[str, str] | None) -> forms.Form:
    class RequestForm(forms.Form):
        seats = CountField(label=words("席位数", "Seats"), unit=words("席", "seats"), min_value=1)
        start = DayField(label=words("从哪天起", "First day"))
        end = DayField(label=words("末日", "Last day"), required=False)
        month = MonthField(label=words("报告月", "Month"), required=False)
        revenue = MoneyField(
            label=words("营业收入", "Revenue"),
            required=False,
            help_text=words("本月，不含税。", "This month, without tax."),
        )
        zone = forms.ChoiceField(
            label=words("区", "Zone"), choices=[(c, c) for c in ("A", "B", "B1", "C")]
        )
        kind = forms.ChoiceField(
            label=words("种类", "Kind"),
            choices=[("new", words("新租", "New")), ("expand", words("扩租", "More seats"))],
            widget=forms.RadioSelect,
        )
        contiguous = forms.BooleanField(label=words("须连续", "In one run"), required=False)
        note = forms.CharField(
            label=words("说明", "Note"), widget=forms.Textarea({"rows": 3}), required=False
        )

    initial = {"seats": 300, "start": date(2024, 5, 1), "revenue": Decimal("21600000")}
    initial |= {"month": date(2024, 1, 1), "kind": "new", "zone": "C"}
    prefix = "request" if data is None else "wrong"
    typed = {f"{prefix}-{name}": value for name, value in data.items()} if data else None
    return RequestForm(typed, initial=initial, prefix=prefix)


def _people_form(words: Words) -> forms.Form:
    class PeopleForm(forms.Form):
        headcount = CountField(label=words("期末从业", "Headcount"), unit=words("人", "people"))
        graduate = CountField(label=words("研究生", "Graduate"))
        bachelor = CountField(label=words("本科", "Bachelor"))
        college = CountField(label=words("大专", "College"))
        school = CountField(label=words("中专及以下", "School"))
        young = CountField(label=words("18–26 岁", "18 to 26"))
        middle = CountField(label=words("27–35 岁", "27 to 35"))
        older = CountField(label=words("36 岁以上", "36 and over"))

    known = {"headcount": 716, "young": 430, "middle": 270, "older": 16, "bachelor": 120}
    return PeopleForm(initial=known, prefix="people")


def _search_form(words: Words) -> forms.Form:
    class SearchForm(forms.Form):
        name = forms.CharField(label=words("企业", "Enterprise"))
        zone = forms.ChoiceField(
            label=words("区", "Zone"), choices=[("", words("全部", "All")), ("C", "C")]
        )

    return SearchForm(prefix="search")


def _contracted(words: Words) -> charts.Chart:
    months = [f"{(1 + n) % 12 + 1:02d}" for n in range(12)]
    seats = [4520, 4610, 4700, 4780, 4850, 4925, 5005, 5160, 5280, 5400, 5525, 5582]
    return charts.line(
        words("已签约席位", "Contracted seats"), months, seats, head=words("月份", "Month")
    )


def _by_class(words: Words) -> charts.Chart:
    rows = [
        (words("客服服务", "Customer care"), 7820),
        (words("内容审核", "Content review"), 4160),
        (words("金融服务", "Finance"), 2940),
        (words("电子商务", "E-commerce"), 1510),
        (words("其他", "Other"), 1290),
    ]
    head = words("业务类", "Business class")
    return charts.bars(words("营业收入", "Revenue"), rows, head=head, other=rows[-1][0])
