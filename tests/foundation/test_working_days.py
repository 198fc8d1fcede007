"""Working days and hours: known facts of the calendar, and a slow count against the arithmetic."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.utils import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.models import Setting, WorkingDay
from foundation.working_days import (
    KNOWN_YEARS,
    WorkingCalendar,
    after_working_hours,
    is_working_day,
    working_hours_between,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = WorkingCalendar({}, 9, 18)


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=SHANGHAI)


# 国办发明电〔2023〕7号, on the holidays of 2024: what is off, and which weekends are worked for it.
OFF_2024 = [
    (date(2024, 1, 1), date(2024, 1, 1)),
    (date(2024, 2, 10), date(2024, 2, 17)),
    (date(2024, 4, 4), date(2024, 4, 6)),
    (date(2024, 5, 1), date(2024, 5, 5)),
    (date(2024, 6, 10), date(2024, 6, 10)),
    (date(2024, 9, 15), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
]
WORKED_WEEKENDS_2024 = [
    *((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)),
]


def test_follows_the_notice_of_the_state_council_for_every_day_of_2024():
    off = {
        first + timedelta(days=n)
        for first, last in OFF_2024
        for n in range((last - first).days + 1)
    }
    worked = {date(2024, month, day) for month, day in WORKED_WEEKENDS_2024}
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]

    expected = {day: day in worked or (day.weekday() < 5 and day not in off) for day in days}

    assert {day: USUAL.is_working_day(day) for day in days} == expected


def test_new_years_eve_of_2024_was_recommended_not_ordered():
    """除夕，2月9日：“鼓励各单位……安排职工休息”, so the park works unless it says otherwise."""
    assert USUAL.is_working_day(date(2024, 2, 9))


@pytest.mark.parametrize("year", [KNOWN_YEARS[0] - 1, KNOWN_YEARS[-1] + 1, 2150])
def test_beyond_the_known_years_monday_to_friday_are_worked(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    assert all(USUAL.is_working_day(day) is (day.weekday() < 5) for day in days)
    assert not any(USUAL.is_known(day) for day in days)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(20, 9, 12), at(23, 9, 12), 24),  # the picture: Tuesday to Friday
        (at(20, 9), at(20, 18), 8),
        (at(20, 12), at(20, 13), 0),  # the break
        (at(20, 12, 30), at(20, 13, 30), 0.5),
        (at(20, 7), at(20, 8), 0),
        (at(20, 19), at(21, 8), 0),
        (at(9, 17), at(18, 10), 2),  # over the Spring Festival: an hour on the 9th, one on the 18th
        (at(10, 9), at(17, 18), 0),
        (at(3, 9), at(4, 18), 8),  # the 4th was a Sunday that was worked
        (at(23, 9, 12), at(20, 9, 12), -24),
        (at(20, 9), at(20, 9), 0),
    ],
)
def test_counts_working_hours(start, end, hours):
    assert USUAL.hours_between(start, end) == hours


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(20, 9, 12), 24, at(23, 9, 12)),
        (at(20, 17), 2, at(21, 10)),
        (at(20, 17), 1, at(20, 18)),
        (at(20, 11), 2, at(20, 14)),
        (at(9, 17), 2, at(18, 10)),
        (at(10, 3), 0.5, at(18, 9, 30)),
        (at(20, 20), 8, at(21, 18)),
        (at(20, 20), 0, at(20, 20)),
    ],
)
def test_finds_the_instant_after_so_many_hours(start, hours, end):
    assert USUAL.after(start, hours) == end


# An oracle that counts minute by minute, as somebody with a wall clock and a diary would.
def minutes_by_wall_clock(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    minutes = 0
    while start < end:
        hour = start.astimezone(SHANGHAI).hour
        is_open = calendar.work_from <= hour < calendar.work_until and hour != 12
        if is_open and calendar.is_working_day(start.astimezone(SHANGHAI).date()):
            minutes += 1
        start += timedelta(minutes=1)
    return minutes


instants = st.integers(0, 60 * 24 * 30).map(
    lambda minutes: datetime(2024, 1, 28, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)
calendars = st.builds(
    WorkingCalendar,
    st.dictionaries(st.dates(date(2024, 1, 28), date(2024, 3, 20)), st.booleans(), max_size=8),
    st.integers(0, 11),
    st.integers(14, 24),
)


@settings(max_examples=40, deadline=None)
@given(calendar=calendars, one=instants, other=instants)
def test_the_arithmetic_agrees_with_the_wall_clock(calendar, one, other):
    start, end = sorted([one, other])

    exact = calendar.time_between(start, end)

    assert exact == timedelta(minutes=minutes_by_wall_clock(calendar, start, end))
    assert calendar.time_between(end, start) == -exact


@settings(max_examples=100, deadline=None)
@given(calendar=calendars, start=instants, minutes=st.integers(1, 60 * 90))
def test_after_so_many_hours_is_the_first_instant_of_which_it_is_true(calendar, start, minutes):
    end = calendar.after(start, minutes / 60)

    assert calendar.time_between(start, end) == timedelta(minutes=minutes)
    just_before = end - timedelta(minutes=1)
    assert calendar.time_between(start, just_before) < timedelta(minutes=minutes)


@settings(max_examples=100, deadline=None)
@given(calendar=calendars, start=st.dates(date(2024, 1, 28), date(2024, 3, 20)))
def test_the_next_working_day_is_the_first_that_is_one(calendar, start):
    found = calendar.on_or_after(start)

    days = [start + timedelta(days=n) for n in range((found - start).days + 1)]
    assert [calendar.is_working_day(day) for day in days] == [False] * (len(days) - 1) + [True]


@settings(max_examples=100, deadline=None)
@given(
    calendar=calendars,
    start=st.dates(date(2024, 1, 28), date(2024, 3, 20)),
    count=st.integers(-12, 12).filter(bool),
)
def test_so_many_working_days_later_there_were_so_many(calendar, start, count):
    found = calendar.working_day_after(start, count)

    sign = 1 if count > 0 else -1
    days = [start + timedelta(days=sign * n) for n in range(1, abs((found - start).days) + 1)]
    assert sum(calendar.is_working_day(day) for day in days) == abs(count)
    assert calendar.is_working_day(found)
    if count > 0:
        assert calendar.days_between(start, found) == count
    else:
        assert calendar.days_between(start, found) == 0


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2024, 2, 5), date(2024, 2, 8), 3),
        (date(2024, 2, 3), date(2024, 2, 8), 5),  # Sunday the 4th is worked
        (date(2024, 2, 9), date(2024, 2, 18), 1),  # over the Spring Festival
        (date(2024, 2, 8), date(2024, 2, 8), 0),
        (date(2024, 2, 9), date(2024, 2, 8), 0),
    ],
)
def test_counts_working_days_until_a_day(start, end, count):
    assert USUAL.days_between(start, end) == count


def test_centuries_take_no_longer_than_days():
    far = datetime(9998, 12, 31, tzinfo=SHANGHAI)

    assert USUAL.hours_between(at(1, 0), far) > 16_000_000


@pytest.mark.django_db
class TestOfThisPark:
    def test_days_of_its_own_count_more_than_the_states(self):
        WorkingDay.objects.create(day=date(2024, 2, 9), is_working=False, name="除夕")
        WorkingDay.objects.create(day=date(2024, 2, 24), is_working=True, name="盘点")

        assert not is_working_day(date(2024, 2, 9))
        assert is_working_day(date(2024, 2, 24))
        assert working_hours_between(at(9, 9), at(9, 18)) == 0
        assert after_working_hours(at(23, 17), 2) == at(24, 10)

    def test_its_hours_are_set(self):
        Setting.objects.create(name=Setting.Name.WORK_FROM, value=8)
        Setting.objects.create(name=Setting.Name.WORK_UNTIL, value=17)

        assert working_hours_between(at(20, 8), at(20, 17)) == 8
        assert working_hours_between(at(20, 17), at(20, 18)) == 0

    @pytest.mark.parametrize(("name", "value"), [("work_from", 12), ("work_until", 13)])
    def test_a_day_has_hours_before_and_after_the_break(self, name, value):
        with pytest.raises(IntegrityError, match="within_reason"):
            Setting.objects.create(name=name, value=value)

    def test_asks_the_database_twice_whatever_is_asked(self, django_assert_num_queries):
        with django_assert_num_queries(2):
            calendar = WorkingCalendar.load()
            for day in range(1, 29):
                calendar.after(at(day, 10), 24)
                calendar.hours_between(at(day, 10), at(28, 10))
