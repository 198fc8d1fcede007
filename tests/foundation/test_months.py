"""Arithmetic of calendar months."""

from datetime import date

import pytest

from foundation.months import (
    add_months,
    days_in,
    format_month,
    last_day,
    month_of,
    months_between,
    next_month,
    parse_month,
)


@pytest.mark.parametrize(
    ("month", "count", "result"),
    [
        (date(2024, 1, 1), 0, date(2024, 1, 1)),
        (date(2024, 1, 1), 1, date(2024, 2, 1)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 1, 1), -1, date(2023, 12, 1)),
        (date(2024, 1, 1), -13, date(2022, 12, 1)),
        (date(2024, 2, 1), 12, date(2025, 2, 1)),
        (date(2024, 11, 1), 26, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_over_years(month, count, result):
    assert add_months(month, count) == result


@pytest.mark.parametrize(
    ("month", "last", "days"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), 29),
        (date(2023, 2, 1), date(2023, 2, 28), 28),
        (date(2100, 2, 1), date(2100, 2, 28), 28),
        (date(2024, 12, 1), date(2024, 12, 31), 31),
    ],
)
def test_a_month_ends_with_its_last_day(month, last, days):
    assert last_day(month) == last
    assert days_in(month) == days
    assert month_of(last) == month
    assert month_of(next_month(month)) == next_month(month)


def test_months_between_include_both_ends():
    months = list(months_between(date(2023, 11, 30), date(2024, 2, 1)))

    assert [format_month(month) for month in months] == ["2023-11", "2023-12", "2024-01", "2024-02"]


def test_no_month_is_between_a_later_and_an_earlier():
    assert list(months_between(date(2024, 3, 1), date(2024, 2, 1))) == []


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2024-02", date(2024, 2, 1)),
        (" 2024-02 ", date(2024, 2, 1)),
        ("1990-01", date(1990, 1, 1)),
        ("9998-12", date(9998, 12, 1)),
        ("1989-12", None),
        ("2024-13", None),
        ("2024-00", None),
        ("2024-2", None),
        ("2024-02-01", None),
        ("２０２４-０２", None),
        ("9999-12", None),
        ("", None),
    ],
)
def test_a_month_is_read_only_from_its_one_form(text, month):
    assert parse_month(text) == month
