"""Making a draft: one snapshot, the same figures again, one draft, whoever else is at work."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.db.utils import DatabaseError

from accounts.permissions import Role
from foundation import clock
from foundation.models import Job, Message, StoredFile
from foundation.services import jobs
from foundation.services.jobs import JobLostError, Progress
from reports import services, tasks
from reports.at_once import one_snapshot
from reports.models import MonthlyReport, ReportFile, ReportKind, ReportState
from reports.services import building, snapshots
from reports.services.building import build_report
from reports.services.snapshots import take_snapshot
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.reports import file_return
from tests.factories.seats import make_allocation
from tests.reports.conftest import JANUARY
from tests.together import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quiet_queue"),
]


def build(small_park, kind=ReportKind.OCCUPANCY, **more):
    return build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator, **more)


def cell(report, table, row, column):
    (found,) = (t for t in report.content["tables"] if t["code"] == table)
    place = [one["code"] for one in found["columns"]].index(column)
    return next(one["cells"][place] for one in found["rows"] if one["key"] == row)


class TestTheFigures:
    def test_are_those_of_the_month(self, small_park):
        report = build(small_park)

        assert cell(report, "places", "total", "seats") == 160
        assert cell(report, "places", "zone.A", "firm") == 50
        assert cell(report, "places", "zone.C", "closed") == 10
        assert cell(report, "places", "zone.C", "contracted_rate") == "40.0"
        assert cell(report, "places", "zone.A", "let_m2") == "357.75"
        assert cell(report, "ahead", "zone.D", "ahead_held") == 30
        assert (report.filed, report.expected) == (2, 3)

    def test_of_output_add_up_to_the_cent_and_say_who_is_missing(self, small_park):
        report = build(small_park, ReportKind.OUTPUT)

        assert cell(report, "class_revenue", "total", "revenue") == "1580246.79"
        assert cell(report, "class_revenue", "total", "revenue.growth.previous") == "31.7"
        assert cell(report, "class_revenue", "total", "revenue.growth.year_before") == "58.0"
        assert cell(report, "class_revenue", "class.unclassified", "revenue") == "345678.90"
        assert (
            cell(report, "enterprise_revenue", f"enterprise.{small_park.absent.pk}", "revenue")
            is None
        )
        assert [row["name"] for row in report.content["unfiled"]] == ["诚伯信息有限公司"]
        # A base of nought gives no percentage.
        kai_chang = f"enterprise.{small_park.kai_chang.pk}"
        assert cell(report, "enterprise_revenue", kai_chang, "revenue.previous") == "0.00"
        assert cell(report, "enterprise_revenue", kai_chang, "revenue.growth.previous") is None

    @pytest.mark.parametrize("kind", list(ReportKind))
    def test_are_the_same_to_the_digit_when_it_is_made_again(self, small_park, kind):
        first = build(small_park, kind)
        before = MonthlyReport.objects.values("content", "facts").get(pk=first.pk)
        digests = set(first.files.values_list("sha256", flat=True))

        second = build(small_park, kind)

        assert second.pk == first.pk
        assert MonthlyReport.objects.values("content", "facts").get(pk=first.pk) == before
        assert set(second.files.values_list("sha256", flat=True)) == digests

    def test_before_there_was_a_park_are_unknown_not_nought(self, small_park):
        report = build_report(
            kind=ReportKind.OCCUPANCY, month=date(2020, 1, 1), now=NOW, owner=small_park.operator
        )

        assert cell(report, "places", "total", "firm") == 0
        assert cell(report, "places", "total", "firm.previous") is None
        assert cell(report, "places", "total", "firm.change.previous") is None

    def test_keep_the_names_of_that_day(self, small_park):
        report = build(small_park)
        small_park.ping_an.name = "改名后的公司"
        small_park.ping_an.save(update_fields=["name"])

        assert "深圳平安综合金融服务有限公司内江分公司" in str(
            MonthlyReport.objects.get(pk=report.pk).content
        )

    def test_are_refused_where_the_blocks_do_not_add_up(self, small_park, monkeypatch):
        from_the_floors = "reports.indicators.seats.floors_on"
        real = sys.modules["reports.indicators.seats"].floors_on
        monkeypatch.setattr(
            from_the_floors,
            lambda *asked, **more: [
                one._replace(figures=type(one.figures)()) for one in real(*asked, **more)
            ],
        )

        with pytest.raises(sys.modules["reports.indicators.seats"].FactsDisagree):
            build(small_park)


class TestOneSnapshot:
    def test_is_not_disturbed_by_what_changes_meanwhile(self, small_park, monkeypatch):
        """Seats and returns change after the first statement; the report is of one instant."""
        quiet = build(small_park, ReportKind.OUTPUT)
        expected = quiet.content
        real = snapshots.take

        def take_while_others_write(months, counted):
            facts = real({"blocks": months["blocks"]})
            together(
                lambda: make_allocation(
                    small_park.a, (60, 90), start=date(2024, 1, 1), to=small_park.ping_an
                ),
                lambda: file_return(small_park.absent, JANUARY, "99.00", 9),
            )
            assert len(facts.of("blocks")) == len(real({"blocks": months["blocks"]}).of("blocks"))
            return real(months, counted)

        monkeypatch.setattr(snapshots, "take", take_while_others_write)

        assert build(small_park, ReportKind.OUTPUT).content == expected
        monkeypatch.undo()
        assert build(small_park, ReportKind.OUTPUT).content != expected

    def test_cannot_write(self, small_park):
        with pytest.raises(DatabaseError, match="read-only"), one_snapshot():
            small_park.ping_an.save(update_fields=["note"])

    def test_takes_few_statements_however_large_the_park(
        self, small_park, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(53):  # a few for each source
            take_snapshot(ReportKind.OCCUPANCY, JANUARY)


class TestTheDraft:
    def test_is_refreshed_while_it_is_open(self, small_park):
        first = build(small_park)
        make_allocation(small_park.c, (50, 60), start=date(2024, 1, 31), to=small_park.absent)

        second = build(small_park)

        assert (second.pk, second.revision, second.version) == (first.pk, 1, 2)
        assert cell(second, "places", "zone.C", "firm") == 31
        assert ReportFile.objects.count() == StoredFile.objects.count() == 3

    def test_after_issue_is_a_new_edition(self, small_park):
        first = build(small_park)
        services.issue_report(report_id=first.pk, now=NOW, acting_user=small_park.operator)

        second = build(small_park)

        assert (second.revision, second.state) == (2, ReportState.DRAFT)
        assert MonthlyReport.objects.get(pk=first.pk).state == ReportState.ISSUED

    def test_becomes_the_next_edition_where_it_is_issued_meanwhile(self, small_park, monkeypatch):
        first = build(small_park)
        real, rendered = building.render, []

        def render_while_somebody_issues(edition, content, former):
            rendered.append(edition.revision)
            if len(rendered) == 1:
                monkeypatch.setattr(building, "render", real)
                services.issue_report(report_id=first.pk, now=NOW, acting_user=small_park.operator)
                monkeypatch.setattr(building, "render", render_while_somebody_issues)
            return real(edition, content, former)

        monkeypatch.setattr(building, "render", render_while_somebody_issues)

        second = build(small_park)

        assert rendered == [1, 2]
        assert (second.pk != first.pk, second.revision) == (True, 2)
        names = [file.file.name for file in second.files.all()]
        assert all("第2版" in name for name in names), names

    def test_two_workers_at_once_make_one(self, small_park):
        results = together(lambda: build(small_park), lambda: build(small_park))

        assert [type(result) for result in results] == [MonthlyReport, MonthlyReport]
        assert MonthlyReport.objects.count() == 1
        assert ReportFile.objects.count() == StoredFile.objects.count() == 3

    def test_knows_what_is_a_sample(self, small_park):
        assert not build(small_park).has_sample
        make_allocation(
            small_park.c,
            (55, 60),
            start=date(2024, 1, 1),
            to=small_park.absent,
            sample_fields=["*"],
        )

        assert build(small_park).has_sample


class TestTheJob:
    def ask(self, small_park, owner=None, kind="output"):
        return services.request_report(kind=kind, month=JANUARY, owner=owner, now=NOW, today=TODAY)

    def test_shows_how_far_it_is_and_how_many_have_filed(self, small_park, monkeypatch):
        told = []
        real = Progress.tell

        def tell(self, done, total, said, **parameters):
            told.append((done, parameters))
            real(self, done, total, said, **parameters)

        monkeypatch.setattr(Progress, "tell", tell)
        job = self.ask(small_park, small_park.operator)

        jobs.run(job.pk)

        job.refresh_from_db()
        report = MonthlyReport.objects.get()
        assert (job.state, job.result) == (Job.State.DONE, {"report": report.pk})
        assert told == [(done, {"filed": 2, "expected": 3}) for done in (1, 2, 3)]
        assert job.words == "已报 2 ÷ 3 户"

    def test_writes_in_the_language_of_who_asked(self, small_park):
        english = UserFactory(roles=[Role.OPERATOR_MANAGER], language="en")
        job = self.ask(small_park, english)

        jobs.run(job.pk)

        assert Message.objects.get().subject == "Draft of the output report for January 2024"

    def test_tells_who_asked_once(self, small_park):
        job = self.ask(small_park, small_park.operator)

        jobs.run(job.pk)

        message = Message.objects.get()
        assert message.recipient == small_park.operator
        assert message.url == f"/reports/{MonthlyReport.objects.get().pk}/"

    def test_that_beat_asked_for_tells_those_who_issue(self, small_park):
        UserFactory(roles=[Role.OPERATOR_STAFF])
        UserFactory(roles=[Role.OPERATOR_MANAGER], is_active=False)
        job = self.ask(small_park)

        jobs.run(job.pk)

        assert [message.recipient for message in Message.objects.all()] == [small_park.operator]

    def test_that_was_taken_over_writes_nothing(self, small_park):
        job = self.ask(small_park)
        taken = jobs.claim(job.pk, clock.now())
        assert taken is not None
        Job.objects.filter(pk=job.pk).update(attempt=2)

        with pytest.raises(JobLostError):
            tasks.build(Progress(taken))

        assert not MonthlyReport.objects.exists()
        assert not StoredFile.objects.exists()
        assert not Message.objects.exists()

    def test_of_a_worker_that_dies_right_afterwards_is_not_made_twice(self, small_park):
        job = self.ask(small_park, small_park.operator)
        taken = jobs.claim(job.pk, clock.now() - Job.SILENCE - timedelta(seconds=1))
        assert taken is not None
        tasks.build(Progress(taken))

        jobs.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.attempt) == (Job.State.DONE, 1)
        assert job.result == {"report": MonthlyReport.objects.get(version=1).pk}
        assert Message.objects.count() == 1

    def test_that_fails_says_so_and_can_be_asked_for_again(self, small_park, monkeypatch):
        monkeypatch.setattr(building, "assemble", lambda *_: 1 / 0)
        job = self.ask(small_park, small_park.operator)

        jobs.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert not MonthlyReport.objects.exists()
        assert Message.objects.get().url == f"/progress/{job.pk}/"
        assert self.ask(small_park) != job

    def test_left_by_a_silent_worker_is_done_by_the_next_once(self, small_park):
        job = self.ask(small_park)
        jobs.claim(job.pk, clock.now() - Job.SILENCE - timedelta(seconds=1))

        jobs.run(job.pk)
        jobs.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.attempt) == (Job.State.DONE, 2)
        assert MonthlyReport.objects.count() == 1


def test_no_process_that_lives_on_loads_typst():
    """It keeps hundreds of megabytes of what it has set: that is done in processes of its own."""
    code = (
        "import django; django.setup(); import config.wsgi; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "import reports.services.building, reports.services.month_files, sys; "
        "sys.exit('typst' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
