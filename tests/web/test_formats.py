"""How numbers, money and days are written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.utils.translation import override

from web import formats
from web.browsers import browser

DAY = date(2024, 2, 20)
AT = datetime(2024, 2, 20, 1, 12, tzinfo=UTC)  # 09:12 in Neijiang


@dataclass
class Range:
    lower: date | None
    upper: date | None


@pytest.mark.parametrize(
    ("form", "value", "written"),
    [
        (formats.number, 1038, "1,038"),
        (formats.number, 0, "0"),
        (formats.number, -24, "−24"),
        (formats.number, 1200, "1,200"),
        (formats.number, Decimal("1038.50"), "1,038.5"),
        (formats.number, Decimal("100"), "100"),
        (formats.number, 0.1, "0.1"),
        (formats.number, None, "–"),
        (formats.signed, 60, "+60"),
        (formats.signed, -24, "−24"),
        (formats.signed, 0, "0"),
        (formats.signed, None, "–"),
        (formats.percent, 1038 / 1176, "88.3%"),
        (formats.percent, Decimal("0.81175"), "81.2%"),
        (formats.percent, 1, "100.0%"),
        (formats.percent, 0, "0.0%"),
        (formats.percent, None, "–"),
        (formats.signed_percent, 0.0665, "+6.7%"),
        (formats.signed_percent, -0.0103, "−1.0%"),
        (formats.signed_percent, 0, "0.0%"),
        (formats.signed_percent, -0.0001, "0.0%"),
        (formats.wan, Decimal(21_600_000), "2,160.00"),
        (formats.wan, Decimal("50"), "0.01"),
        (formats.wan, Decimal("-49"), "0.00"),
        (formats.wan, 177_200_000, "17,720.00"),
        (formats.wan, None, "–"),
        (formats.area, Decimal("3339.5"), "3,340"),
        (formats.area, None, "–"),
        (formats.iso_day, DAY, "2024-02-20"),
        (formats.iso_day, None, "–"),
        (formats.short_day, DAY, "02-20"),
        (formats.moment, AT, "02-20 09:12"),
        (formats.moment, None, "–"),
        (formats.full_moment, AT, "2024-02-20 09:12"),
        (formats.iso_month, DAY, "2024-02"),
        (formats.masked_phone, "13812345678", "138 **** 5678"),
        (formats.masked_phone, "+8613812345678", "+86 138 **** 5678"),
        (formats.masked_phone, "12345", "****"),
        (formats.masked_phone, None, "–"),
        (formats.masked_email, "zhou.ting@example.com", "z***@example.com"),
        (formats.masked_email, "", "–"),
    ],
)
def test_same_in_both_languages(form: Callable[[Any], str], value: Any, written: str) -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert form(value) == written


@pytest.mark.parametrize(
    ("form", "arguments", "chinese", "english"),
    [
        (formats.day, [DAY], "2024年2月20日", "20 February 2024"),
        (formats.day, [AT.replace(hour=20)], "2024年2月21日", "21 February 2024"),
        (formats.day, [None], "–", "–"),
        (formats.weekday, [DAY], "星期二", "Tuesday"),
        (formats.month, [DAY], "2024年2月", "February 2024"),
        (formats.month, [date(2023, 12, 1)], "2023年12月", "December 2023"),
        (formats.short_month, [date(2023, 12, 1)], "12 月", "Dec"),
        (formats.short_month, [None], "–", "–"),
        (
            formats.period,
            [date(2024, 3, 1), date(2025, 2, 28)],
            "2024-03-01 至 2025-02-28",
            "2024-03-01 to 2025-02-28",
        ),
        (formats.period, [date(2024, 3, 1), None], "2024-03-01 起", "from 2024-03-01"),
        (formats.period, [None, date(2024, 3, 1)], "至 2024-03-01", "until 2024-03-01"),
        (formats.period, [DAY, DAY], "2024-02-20", "2024-02-20"),
        (formats.period, [None, None], "–", "–"),
        (
            formats.days_of,
            [Range(date(2024, 3, 1), date(2025, 3, 1))],
            "2024-03-01 至 2025-02-28",
            "2024-03-01 to 2025-02-28",
        ),
        (formats.days_of, [Range(DAY, None)], "2024-02-20 起", "from 2024-02-20"),
        (formats.days_of, [Range(DAY, DAY + timedelta(1))], "2024-02-20", "2024-02-20"),
        (formats.elapsed, [AT, AT + timedelta(minutes=59)], "不到 1 小时", "less than an hour"),
        (formats.elapsed, [AT, AT + timedelta(hours=1)], "1 小时", "1 hour"),
        (formats.elapsed, [AT, AT + timedelta(hours=23)], "23 小时", "23 hours"),
        (formats.elapsed, [AT, AT + timedelta(days=1)], "1 天", "1 day"),
        (formats.elapsed, [AT, AT + timedelta(days=2, hours=5)], "2 天", "2 days"),
        (formats.elapsed, [AT, AT - timedelta(days=2)], "不到 1 小时", "less than an hour"),
    ],
)
def test_in_the_language_of_the_reader(
    form: Callable[..., str], arguments: list[Any], chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert form(*arguments) == chinese
    with override("en"):
        assert form(*arguments) == english


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("C-1-3F-345", "C-1-3F-404", "C-1-3F-345 — 404"),
        ("C-1-3F-345", "C-1-3F-345", "C-1-3F-345"),
        ("C-1-3F-345", "C-1-4F-010", "C-1-3F-345 — C-1-4F-010"),
        ("345", "404", "345 — 404"),
    ],
)
def test_run_names_the_floor_once(first: str, last: str, written: str) -> None:
    assert formats.run(first, last) == written


def test_templates_have_every_form() -> None:
    template = engines["django"].from_string(
        "{% load formats %}{{ seats|number }} {{ rate|percent:2 }} {% period first None %}"
        " {{ nothing|or_missing }} {{ zero|or_missing }} {% run 'C-1-3F-001' 'C-1-3F-080' %}"
    )

    with override("en"):
        written = template.render(
            {"seats": 1038, "rate": 0.88265, "first": DAY, "nothing": "", "zero": 0}
        )

    assert written == "1,038 88.27% from 2024-02-20 – 0 C-1-3F-001 — 080"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/156.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Mobile MicroMessenger/8.0.42", "WeChat · iPhone"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_browser_is_named_as_a_person_would(user_agent: str, name: str) -> None:
    with override("en"):
        assert browser(user_agent) == name
