"""Days as people write them. What each text means is typed by hand."""

from datetime import date, datetime, time

import pytest

from seats.imports.days import OPEN, NotADay, day_of, days_of, moment_of

FIRST_OF_MARCH = date(2024, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2024年3月1日",
        "2024 年 3 月 1 日",
        "2024年03月01日",
        "2024.3.1",
        "2024/3/1",
        "2024-03-01",
        "2024—03—01",
        "20240301",
        20240301,
        45352,
        45352.0,
        "２０２４年３月１日",
        "２０２４－０３－０１",
        "2024年3月1日起",
        "2024-03-01 00:00:00",
        date(2024, 3, 1),
    ],
)
def test_reads_a_day_however_it_is_written(written):
    assert day_of(written) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    "written",
    ["长期", "至今", "无固定期限", "—", "-", "/", " 长期 ", "（长期）", "open-ended", "Open"],
)
def test_reads_that_there_is_no_last_day(written):
    assert day_of(written) == OPEN


@pytest.mark.parametrize("written", [None, "", "   "])
def test_nothing_is_no_day(written):
    assert day_of(written) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇二四年三月一日", FIRST_OF_MARCH),
        ("二零二四年三月一日", FIRST_OF_MARCH),
        ("二〇二四 年 三 月 一 号", FIRST_OF_MARCH),
        ("2024年三月1号", FIRST_OF_MARCH),
        ("二〇二六年十月十日", date(2026, 10, 10)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("二〇二六年十一月二十日", date(2026, 11, 20)),
    ],
)
def test_reads_chinese_numerals(written, day):
    assert day_of(written) == day
    assert days_of(f"{written}至二〇二七年五月二十三日") == (day, date(2027, 5, 23))


@pytest.mark.parametrize(
    "written",
    [
        "2024.2.30",
        "2024年3月",
        "24.3.1",
        "2024-13-01",
        "三月一日",
        "五月",
        "二〇二四年三月",
        "二〇二四年二月三十日",
        "二〇二四年十十月一日",
        12,
        3.5,
        True,
        "2024-03-01 08:30",
        "2024-03-01、2024-04-01",
        "2024-03-011",
    ],
)
def test_what_is_not_one_day_is_not_guessed(written):
    with pytest.raises(NotADay):
        day_of(written)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024.3.1-2025.2.28", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("2024年3月1日至2025年2月28日", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("2024年3月1日 至 2025年2月28日止", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("自2024年3月1日起至2025年2月28日止", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("2024-03-01 — 2025-02-28", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("2024-03-01~2025-02-28", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("20240301-20250228", FIRST_OF_MARCH, date(2025, 2, 28)),
        ("2024年3月1日起", FIRST_OF_MARCH, OPEN),
        ("2024/3/1至今", FIRST_OF_MARCH, OPEN),
        ("2024/3/1-长期", FIRST_OF_MARCH, OPEN),
        ("2024/3/1-", FIRST_OF_MARCH, OPEN),
    ],
)
def test_reads_first_and_last_day_from_one_cell(written, first, last):
    assert days_of(written) == (first, last)


@pytest.mark.parametrize(
    "written", ["2024.3.1", "至2024.3.1", "长期", "2024.3.1-2024.2.30", "一年", "2024-2025"]
)
def test_half_a_period_is_not_guessed(written):
    with pytest.raises(NotADay):
        days_of(written)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-30 15:00", datetime.combine(date(2026, 12, 30), time(15))),
        ("2026-12-30", date(2026, 12, 30)),
        (date(2026, 12, 30), date(2026, 12, 30)),
        ("", None),
    ],
)
def test_a_hold_ends_with_a_day_or_at_a_moment(written, moment):
    assert moment_of(written) == moment
