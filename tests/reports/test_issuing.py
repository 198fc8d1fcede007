"""Issuing: who may not, what is frozen, what a restatement is, and the chain that seals it all."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from foundation.models import StoredFile
from park.services import close_month, reopen_month
from reports import services
from reports.models import Audience, MonthlyReport, ReportFile, ReportKind, ReportState
from reports.services.building import build_report
from reports.services.chain import BEGINNING, Break
from tests.conftest import NOW, TODAY
from tests.factories.reports import file_return
from tests.factories.seats import make_allocation
from tests.reports.conftest import DECEMBER, JANUARY
from tests.together import together
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make(small_park):
    def build(kind=ReportKind.OUTPUT, month=JANUARY):
        return build_report(kind=kind, month=month, now=NOW, owner=small_park.operator)

    return build


@pytest.fixture
def issue(small_park):
    def act(report, reason="", **more):
        return services.issue_report(
            report_id=report.pk,
            reason=reason,
            now=more.pop("now", NOW),
            acting_user=small_park.operator,
            **more,
        )

    return act


@pytest.fixture
def correct(small_park):
    return small_park.correct


class TestIssueReport:
    def test_freezes_it_with_its_final_files(self, make, issue, small_park):
        report = issue(make())

        assert (report.state, report.issued_at) == (ReportState.ISSUED, NOW)
        assert report.issued_by == small_park.operator
        names = [file.file.name.rpartition("/")[2] for file in report.files.order_by("pk")]
        assert names == [
            f"2024-01-产值月报-第1版{audience}.{form}"
            for audience in ("", "-公开版")
            for form in ("xlsx", "pdf", "csv")
        ]
        text = text_for_the_park(report)
        assert "第 1 版，2024-02-22 10:00 签发，签发人 张敏" in text
        assert StoredFile.objects.count() == 6, "the draft's files are gone"

    def test_begins_the_chain(self, make, issue):
        report = issue(make())

        assert report.previous_sha256 == BEGINNING
        assert len(report.sha256) == 64
        assert services.verify_chain() == []

    def test_refuses_what_is_issued_already(self, make, issue):
        report = issue(make())

        with pytest.raises(services.NotADraft):
            issue(report)

    def test_refuses_a_version_that_the_person_did_not_see(self, make, issue):
        report = make()
        make()

        with pytest.raises(Stale):
            issue(report, expected_version=1)
        assert issue(report, expected_version=2).is_issued

    def test_refuses_a_draft_whose_data_have_changed(self, make, issue, correct):
        report = make()
        correct()

        with pytest.raises(services.ReportOutdated) as refused:
            issue(report)

        assert (refused.value.status, refused.value.code) == (409, "report_outdated")
        assert issue(make()).is_issued

    def test_does_not_mind_changes_of_other_months(self, make, issue, small_park):
        report = make(ReportKind.OCCUPANCY)
        make_allocation(small_park.c, (50, 60), start=date(2024, 2, 1), today=TODAY)

        assert issue(report).is_issued

    def test_two_people_at_once_issue_once(self, make, issue):
        report = make()

        results = together(lambda: issue(report), lambda: issue(report))

        assert {type(result) for result in results} == {MonthlyReport, services.NotADraft}
        assert MonthlyReport.objects.get().revision == 1
        assert services.verify_chain() == []


class TestRestatement:
    def test_is_a_new_edition_beside_the_old_one(self, make, issue, correct):
        first = issue(make())
        correct()

        second = issue(make(), reason="平安金服更正营业收入")

        first.refresh_from_db()
        assert (first.state, second.state) == (ReportState.RESTATED, ReportState.ISSUED)
        assert (second.revision, second.reason) == (2, "平安金服更正营业收入")
        assert second.previous_sha256 == first.sha256
        assert "平安金服更正营业收入" in text_for_the_park(second)
        assert services.verify_chain() == []

    def test_its_files_and_those_of_its_draft_mark_what_it_changed(self, make, issue, correct):
        """平安金服 had 123.456789 万元 and has 200: its class and the park, too."""
        issue(make())
        correct()

        draft = make()
        in_the_draft = marked_in(draft)
        edition = issue(draft, reason="平安金服更正营业收入")

        whose = ("金融服务", "深圳平安综合金融服务有限公司内江分公司", "合计")
        all_firms = ("其他企业", "未划分（未登记行业或无规上标准）")  # by standing, by size
        assert {row: (was, now) for row, column, was, now in in_the_draft if column == REVENUE} == {
            whose[0]: ("123.456789", "200.00"),
            whose[1]: ("123.456789", "200.00"),
            **dict.fromkeys([whose[2], *all_firms], ("158.024679", "234.56789")),
        }
        assert {row for row, *_rest in in_the_draft} == {*whose, *all_firms}
        assert marked_in(edition) == in_the_draft

    def test_the_files_of_the_first_mark_nothing(self, make, issue):
        assert marked_in(issue(make())) == []

    def test_needs_a_reason(self, make, issue):
        issue(make())
        draft = make()

        with pytest.raises(Invalid) as refused:
            issue(draft, reason="  ")

        assert [error["field"] for error in refused.value.errors] == ["reason"]

    def test_the_first_edition_keeps_none(self, make, issue):
        assert issue(make(), reason="说明").reason == ""

    def test_is_due_once_the_month_is_reopened(self, make, issue, small_park):
        close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=small_park.operator)
        report = issue(make())
        due = MonthlyReport.objects.with_restatement_due().values_list("restatement_due", flat=True)
        assert not due.get(pk=report.pk)

        reopen_month(
            month=JANUARY,
            reason="更正",
            now=NOW + timedelta(hours=1),
            acting_user=small_park.operator,
        )

        assert due.get(pk=report.pk)


REVENUE = "营业收入 本月（万元）"


def text_for_the_park(report):
    """Its CSV with what single enterprises filed."""
    csv = report.files.get(format="csv", audience=Audience.PARK)
    return csv.file.read().decode("utf-8-sig")


def marked_in(report):
    """What the CSV says was restated: row, column, before, now; twice where two tables show it."""
    text = text_for_the_park(report)
    lines = [line[2:6] for line in csv.reader(io.StringIO(text)) if line[0] == "修"]
    return lines[2:]


class TestAfterIssue:
    @pytest.fixture
    def issued(self, make, issue):
        return issue(make())

    @pytest.mark.parametrize(
        "change",
        [
            {"content": {}},
            {"facts": {}},
            {"reason": "另有原因"},
            {"month": DECEMBER},
            {"revision": 9},
            {"sha256": "f" * 64},
            {"issued_at": NOW + timedelta(days=1)},
            {"filed": 99},
            {"state": "draft"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_the_database_refuses_every_change(self, issued, change):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            MonthlyReport.objects.filter(pk=issued.pk).update(**change)

    def test_what_was_replaced_is_never_valid_again(self, issued, make, issue, correct):
        correct()
        issue(make(), reason="更正")

        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            MonthlyReport.objects.filter(pk=issued.pk).update(state=ReportState.ISSUED)

    def test_the_database_refuses_to_delete_it(self, issued):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM reports_monthlyreport")

    def test_the_database_refuses_other_files(self, issued):
        file = issued.files.first()
        for act in (
            file.delete,
            lambda: ReportFile.objects.filter(pk=file.pk).update(sha256="0" * 64),
            lambda: ReportFile.objects.create(report=issued, format="txt", sha256="", file="x"),
        ):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                act()

    def test_what_happens_later_changes_nothing_in_it(self, issued, correct, small_park):
        before = MonthlyReport.objects.values().get(pk=issued.pk)

        correct()
        file_return(small_park.absent, JANUARY, "5.00", 5)
        small_park.ping_an.name = "改名后的公司"
        small_park.ping_an.save(update_fields=["name"])

        assert MonthlyReport.objects.values().get(pk=issued.pk) == before
        assert services.verify_chain() == []


class TestTheChain:
    @pytest.fixture
    def chain(self, make, issue):
        """Three editions of different reports, in the order of issue."""
        return [
            issue(make(kind, month))
            for kind, month in (
                (ReportKind.OUTPUT, JANUARY),
                (ReportKind.OCCUPANCY, DECEMBER),
                (ReportKind.OCCUPANCY, JANUARY),
            )
        ]

    def test_runs_through_all_reports(self, chain):
        assert [report.previous_sha256 for report in chain] == [
            BEGINNING,
            chain[0].sha256,
            chain[1].sha256,
        ]
        assert services.verify_chain() == []

    def test_tells_which_file_was_touched(self, chain):
        file = chain[1].files.get(format="pdf")
        with below_the_triggers():
            StoredFile.objects.filter(name=file.file.name).update(data=b"%PDF-forged")

        assert services.verify_chain() == [Break(chain[1], "pdf")]
        with pytest.raises(CommandError, match="pdf"):
            call_command("verify_reports")

    def test_tells_which_file_is_gone(self, chain):
        file = chain[1].files.get(format="pdf")
        StoredFile.objects.filter(name=file.file.name).delete()

        assert services.verify_chain() == [Break(chain[1], "pdf")]

    def test_says_that_all_is_well(self, chain, capsys):
        call_command("verify_reports")

        assert capsys.readouterr().out == "3 issued editions and 0 files of months hold.\n"

    def test_what_is_stored_is_not_written_over(self, chain):
        with pytest.raises(DatabaseError, match="Cannot update"):
            StoredFile.objects.update(data=b"forged")

    def test_notices_a_forged_file_with_its_hash_made_to_fit(self, chain):
        file = chain[1].files.get(format="csv")
        forged = b"forged"
        with below_the_triggers():
            StoredFile.objects.filter(name=file.file.name).update(data=forged)
            ReportFile.objects.filter(pk=file.pk).update(sha256=sha256(forged).hexdigest())

        assert services.verify_chain() == [Break(chain[1], "content")]

    @pytest.mark.parametrize("field", ["content", "facts", "reason", "issued_at"])
    def test_notices_what_was_changed_below_the_triggers(self, chain, field):
        value = {"issued_at": NOW - timedelta(days=1), "reason": "x"}.get(field, {})
        with below_the_triggers():
            MonthlyReport.objects.filter(pk=chain[2].pk).update(**{field: value})

        assert services.verify_chain() == [Break(chain[2], "content")]

    def test_notices_an_edition_that_is_gone(self, chain):
        with below_the_triggers():
            chain[1].files.all().delete()
            MonthlyReport.objects.filter(pk=chain[1].pk).delete()

        assert services.verify_chain() == [Break(chain[2], "link")]

    def test_a_stored_file_is_found_again_as_it_was(self, chain):
        for file in ReportFile.objects.all():
            assert sha256(ContentFile(file.file.read()).read()).hexdigest() == file.sha256


@contextmanager
def below_the_triggers() -> Iterator[None]:
    """As somebody who owns the database could: its triggers do not run."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
