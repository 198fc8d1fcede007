"""The days of a month against the notices of the State Council, written down day by day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from foundation.models import MONTH_DAYS, Setting, WorkingDay
from park.month_days import MonthCalendar, month_days
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

# 国办发明电〔2020〕27号, 〔2021〕11号, 〔2022〕16号, 〔2023〕7号, 〔2024〕12号: what is off …
OFF = """
2021-01-01 2021-01-03  2021-02-11 2021-02-17  2021-04-03 2021-04-05  2021-05-01 2021-05-05
2021-06-12 2021-06-14  2021-09-19 2021-09-21  2021-10-01 2021-10-07
2022-01-01 2022-01-03  2022-01-31 2022-02-06  2022-04-03 2022-04-05  2022-04-30 2022-05-04
2022-06-03 2022-06-05  2022-09-10 2022-09-12  2022-10-01 2022-10-07
2022-12-31 2023-01-02  2023-01-21 2023-01-27  2023-04-05 2023-04-05  2023-04-29 2023-05-03
2023-06-22 2023-06-24  2023-09-29 2023-10-06
2024-01-01 2024-01-01  2024-02-10 2024-02-17  2024-04-04 2024-04-06  2024-05-01 2024-05-05
2024-06-10 2024-06-10  2024-09-15 2024-09-17  2024-10-01 2024-10-07
2025-01-01 2025-01-01  2025-01-28 2025-02-04  2025-04-04 2025-04-06  2025-05-01 2025-05-05
2025-05-31 2025-06-02  2025-10-01 2025-10-08
"""
# … and which weekends are worked for it
WORKED = """
2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18 2021-09-26 2021-10-09
2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
"""
MONTHS = [date(year, month, 1) for year in range(2021, 2026) for month in range(1, 13)][:-2]


def _days(text):
    return [date.fromisoformat(word) for word in text.split()]


def _off():
    ends = _days(OFF)
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        while first <= last:
            yield first
            first += timedelta(days=1)


OFF_DAYS, WORKED_DAYS = set(_off()), set(_days(WORKED))


def worked_on_or_after(day):
    while day not in WORKED_DAYS and (day in OFF_DAYS or day.weekday() >= 5):
        day += timedelta(days=1)
    return day


def following(month):
    return (month + timedelta(days=32)).replace(day=1)


class TestDays:
    def test_are_those_of_the_notices_in_every_month_of_five_years(self):
        calendar = MonthCalendar.load()

        for month in MONTHS:
            first = following(month)
            expected = [worked_on_or_after(first.replace(day=day)) for day in (8, 10, 12)]
            assert list(calendar.of(month)) == [month, first, *expected], month

    @pytest.mark.parametrize(
        ("month", "due", "review", "closes"),
        [
            ("2023-09-01", "2023-10-08", "2023-10-10", "2023-10-12"),  # a Sunday that was worked
            ("2024-09-01", "2024-10-08", "2024-10-10", "2024-10-12"),  # and a Saturday
            ("2025-09-01", "2025-10-09", "2025-10-10", "2025-10-13"),  # holidays until the 8th
            ("2024-01-01", "2024-02-08", "2024-02-18", "2024-02-18"),  # Spring Festival
            ("2021-01-01", "2021-02-08", "2021-02-10", "2021-02-18"),
            ("2024-11-01", "2024-12-09", "2024-12-10", "2024-12-12"),  # the 8th was a Sunday
        ],
    )
    def test_of_months_with_holidays(self, month, due, review, closes):
        days = month_days(date.fromisoformat(month))

        assert [day.isoformat() for day in days[2:]] == [due, review, closes]

    def test_come_in_order_whatever_the_month(self):
        calendar = MonthCalendar.load()

        for month in MONTHS:
            days = calendar.of(month)
            assert days.opens_on < days.due_on <= days.review_on <= days.closes_on

    def test_follow_the_settings_and_the_days_off_of_this_park(self):
        for name, value in (("close_day", 20), ("review_day", 18), ("return_due_day", 15)):
            Setting.objects.create(name=name, value=value)
        WorkingDay.objects.create(day=date(2024, 4, 15), is_working=False, name="停电")
        WorkingDay.objects.create(day=date(2024, 4, 20), is_working=True, name="盘点")

        days = month_days(date(2024, 3, 1))

        assert days[2:] == (date(2024, 4, 16), date(2024, 4, 18), date(2024, 4, 20))

    def test_of_many_months_are_read_at_once(self):
        def queries(months):
            with CaptureQueriesContext(connection) as captured:
                MonthCalendar.load().of_each(months)
            return len(captured)

        assert queries(MONTHS[:1]) == queries(MONTHS) == 3


class TestOrder:
    """Due after the 1st, then looked at, then closed: also where each is a setting of its own."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("return_due_day", 1),
            ("return_due_day", 11),
            ("review_day", 7),
            ("review_day", 13),
            ("close_day", 9),
        ],
    )
    def test_is_kept_by_the_database(self, name, value):
        with pytest.raises(IntegrityError, match="in this order"):
            Setting.objects.create(name=name, value=value)

    def test_is_kept_when_one_is_changed_or_goes(self):
        close = Setting.objects.create(name="close_day", value=20)
        Setting.objects.create(name="review_day", value=15)

        with pytest.raises(IntegrityError, match="in this order"):
            close.delete()

    def test_of_what_is_usual_is_the_same_in_the_database(self):
        """The trigger names the defaults: one more on either side of each is where it begins."""
        for name, least, most in (
            ("return_due_day", 2, MONTH_DAYS["review_day"]),
            ("review_day", MONTH_DAYS["return_due_day"], MONTH_DAYS["close_day"]),
            ("close_day", MONTH_DAYS["review_day"], 27),
        ):
            row = Setting.objects.create(name=name, value=least)
            row.value = most
            row.save()
            row.delete()

    def test_is_said_in_words_where_it_is_set(self):
        admin = Desk(UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR]))

        page = admin.post("admin:foundation_setting_add", name="close_day", value=9)

        assert "Returns would be due on day 8, looked at by day 10 and closed on day 9." in (
            text_of(page)
        )
        assert not Setting.objects.exists()

    def test_lets_through_what_keeps_it(self):
        admin = Desk(UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR]))

        admin.post("admin:foundation_setting_add", name="close_day", value=15)

        assert Setting.objects.get().value == 15
