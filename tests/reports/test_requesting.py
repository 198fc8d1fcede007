"""Asking for reports: which months, once at a time, and those that are due."""

from datetime import date, timedelta

import pytest

from foundation.models import Job
from foundation.services import jobs
from park.services import close_month
from reports import services
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind
from reports.services.requesting import BUILD
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.together import together
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """The queue is told of jobs; nobody works."""
    told: list[int] = []
    monkeypatch.setattr(jobs, "publish", told.append)
    return told


def ask(month=JANUARY, kind="occupancy", owner=None, today=TODAY):
    return services.request_report(kind=kind, month=month, owner=owner, now=NOW, today=today)


def draft(kind, data_as_of=NOW):
    """A draft for January, as of some instant."""
    return MonthlyReport.objects.create(
        kind=kind,
        month=JANUARY,
        revision=1,
        content={},
        facts={},
        filed=0,
        expected=0,
        data_as_of=data_as_of,
    )


class TestRequestReport:
    def test_asks_for_a_month_that_is_over(self, operator):
        job = ask(owner=operator)

        assert (job.kind, job.key, job.owner) == (BUILD, "occupancy/2024-01", operator)
        assert job.arguments == {"kind": "occupancy", "month": "2024-01"}

    @pytest.mark.parametrize(
        "month",
        [
            date(2024, 2, 1),
            date(2024, 3, 1),
            date(9998, 12, 1),
            date(1989, 12, 1),
            date(2024, 1, 2),
        ],
    )
    def test_refuses_months_to_come_and_months_that_cannot_be_meant(self, month):
        with pytest.raises(Invalid) as refused:
            ask(month)

        assert [error["field"] for error in refused.value.errors] == ["month"]
        assert not Job.objects.exists()

    def test_takes_a_month_from_the_day_after_its_last(self):
        with pytest.raises(Invalid):
            ask(today=date(2024, 1, 31))

        assert ask(today=date(2024, 2, 1))

    def test_takes_any_past_month(self):
        assert ask(date(2021, 11, 1)).key == "occupancy/2021-11"
        assert ask(date(1990, 1, 1), kind="output").key == "output/1990-01"

    def test_refuses_a_report_that_there_is_not(self):
        with pytest.raises(Invalid) as refused:
            ask(kind="weather")

        assert [error["field"] for error in refused.value.errors] == ["kind"]

    def test_gives_the_same_job_while_it_is_unfinished(self):
        assert ask() == ask()
        assert ask(kind="output") != ask()
        Job.objects.filter(key="occupancy/2024-01").update(state="done")
        assert ask().pk == Job.objects.latest("pk").pk

    @pytest.mark.django_db(transaction=True)
    def test_two_people_at_once_get_one_job(self):
        one, other = together(ask, ask)

        assert one == other
        assert Job.objects.count() == 1


class TestDraftDueReports:
    @pytest.fixture(autouse=True)
    def place(self, operator):
        make_floor(acting_user=operator)

    def due(self, today):
        return {job.key for job in services.draft_due_reports(today=today, now=NOW)}

    def over(self, month):
        """What is due once a month is over."""
        return {f"{code}/{month}" for code, kind in KINDS.items() if not kind.waits_for_closing}

    def closed(self, month):
        """What is due once it is closed, too."""
        return {f"{code}/{month}" for code in KINDS}

    def test_on_the_first_asks_for_the_occupancy_of_last_month(self):
        due = self.due(date(2024, 2, 1))

        assert due == self.over("2024-01")
        assert "occupancy/2024-01" in due
        assert "output/2024-01" not in due
        assert set(Job.objects.values_list("owner", flat=True)) == {None}

    @pytest.mark.parametrize("day", [2, 14, 29])
    def test_makes_up_for_nights_on_which_nothing_ran(self, day):
        assert self.due(date(2024, 2, day)) == self.over("2024-01")

    def test_asks_for_the_output_once_the_month_is_closed(self, operator):
        close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=operator)

        assert self.due(date(2024, 2, 13)) == self.closed("2024-01")

    def test_never_asks_again_for_what_there_is(self, operator):
        close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=operator)
        for kind in ReportKind:
            draft(kind)

        assert self.due(date(2024, 2, 14)) == set()

    def test_makes_up_for_months_in_which_nothing_ran(self, operator):
        for kind in ReportKind:
            draft(kind)
        for month in (JANUARY, date(2024, 2, 1)):
            close_month(month=month, now=NOW, today=date(2024, 4, 1), acting_user=operator)

        assert self.due(date(2024, 4, 1)) == self.closed("2024-02") | self.over("2024-03")

    def test_makes_a_draft_again_that_is_older_than_the_closing(self, operator):
        for kind in ReportKind:
            draft(kind, data_as_of=NOW - timedelta(days=8 if kind == "output" else 0))
        close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=operator)

        assert self.due(TODAY) == {"output/2024-01"}

    def test_asks_once_while_the_work_is_unfinished(self):
        self.due(date(2024, 2, 1))
        self.due(date(2024, 2, 2))

        assert Job.objects.count() == len(self.over("2024-01"))


def test_a_park_without_floors_has_nothing_to_report():
    assert services.draft_due_reports(today=date(2024, 2, 1), now=NOW) == []
