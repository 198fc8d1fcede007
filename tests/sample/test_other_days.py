"""The sample loads on whatever day it is, wholly or not at all."""

from datetime import date, datetime

import pytest

from accounts.models import User
from foundation.models import Job
from foundation.months import next_month
from park.models import Floor, Park, ReportingMonth
from park.month_days import month_days
from reports.kinds import KINDS
from returns.models import MonthlyReturn
from sample import loading
from sample.days import day_of, phase_opens
from sample.loading import load_sample
from sample.reporting import reports_to_issue, whole_months
from seats.models import SeatBlock
from seats.occupancy import Grouping, occupancy_on
from tenants.models import Enterprise
from tests.sample.conftest import PASSWORD, SHANGHAI, figure

DAYS = [
    date(2026, 11, 1),
    date(2026, 11, 22),
    date(2026, 12, 1),
    date(2027, 1, 12),
    date(2027, 1, 13),
    date(2028, 2, 29),
    date(2031, 12, 31),
]


@pytest.mark.django_db
class TestLoadedOnAnotherDay:
    def test_while_a_month_is_over_and_not_closed_some_returns_are_missing(self):
        """On 10 December 2026 returns for November are due since the 8th; it closes on the 12th."""
        now = datetime(2026, 12, 10, 15, 0, tzinfo=SHANGHAI)

        load_sample(password=PASSWORD, now=now)

        november = date(2026, 11, 1)
        filed, expected = figure("filed", november), figure("expected", november)
        assert expected - 8 < filed < expected
        assert not ReportingMonth.objects.filter(month=november).exists()
        of_november = MonthlyReturn.objects.filter(month=november)
        assert not of_november.filter(enterprise__short_name="诚伯信息").exists()
        assert of_november.get(enterprise__short_name="白合审核").state == "sent_back"

    def test_years_later_nothing_is_out_of_date(self):
        now = datetime(2028, 2, 29, 8, 0, tzinfo=SHANGHAI)

        load_sample(password=PASSWORD, now=now)

        today = now.date()
        assert not Floor.objects.filter(delivered_on=None, planned_on__lte=today).exists()
        assert ReportingMonth.objects.closed().latest("month").month == date(2028, 1, 1)
        _rows, total = occupancy_on(today, today=today, by=Grouping.PARK)
        assert total.seats == 42_000
        assert min(total.firm, total.held, total.closed, total.free) > 0
        january = date(2028, 1, 1)
        assert figure("filed", january) == figure("expected", january) > 40


@pytest.mark.parametrize("today", DAYS)
class TestOnAnyDay:
    """What the days decide, without loading."""

    def test_decisions_of_the_last_weeks_come_after_the_fixed_ones(self, today):
        events = list(loading._events({}, today, User()))
        assert all(event.day <= today for event in events)
        decisions = loading.files.read("seats.yaml")
        fixed = [row["decided"] for row in decisions if isinstance(row["decided"], date)]
        relative = [
            day_of(row["decided"], today) for row in decisions if isinstance(row["decided"], str)
        ]
        assert max(fixed) < min(relative)

    @pytest.mark.parametrize(("phase", "years"), [(2, 1), (3, 2)])
    def test_phases_that_are_built_open_on_a_first_of_a_quarter(self, today, phase, years):
        opens = phase_opens(phase, today)
        months_ahead = (opens.year - today.year) * 12 + opens.month - today.month
        assert opens.day == 1
        assert opens.month in {1, 4, 7, 10}
        assert 12 * years <= months_ahead <= 12 * years + 2

    @pytest.mark.django_db
    def test_reports_are_of_months_that_are_over_and_output_of_closed_ones(self, today):
        for kind, written in reports_to_issue(today):
            month = date.fromisoformat(f"{written}-01")
            assert next_month(month) <= today
            if kind == "output":
                assert month_days(month).closes_on < today


def test_a_month_closes_in_the_night_after_its_closing_day(db):
    def last(today):
        return reports_to_issue(today)[-1]

    assert last(date(2027, 1, 12)) == ("occupancy", "2026-12")
    assert last(date(2027, 1, 13)) == ("text", "2026-12")


def test_only_the_last_two_closed_months_have_every_kind(db):
    reports = reports_to_issue(date(2027, 1, 13))
    kinds = {month: [kind for kind, of in reports if of == month] for _kind, month in reports}

    assert whole_months(reports) == ["2026-11", "2026-12"]
    assert kinds["2026-12"] == kinds["2026-11"] == list(KINDS)
    assert kinds["2021-11"] == ["occupancy", "output", "services", "markets", "workforce"]
    assert {tuple(of) for month, of in kinds.items() if "2021-11" < month < "2026-11"} == {
        ("occupancy", "output")
    }


def test_half_a_load_never_stays(db, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(loading.place, "hand_over", fail)

    with pytest.raises(RuntimeError):
        load_sample(password=PASSWORD, now=datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI))

    for model in (Park, Enterprise, SeatBlock, User, MonthlyReturn, Job):
        assert not model.objects.exists(), model
