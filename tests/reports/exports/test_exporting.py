"""Exports: who may take what, one snapshot, noted for good, gone after a day."""

from __future__ import annotations

import io
from datetime import date, timedelta
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from foundation.models import Job, Message, StoredFile
from foundation.services import jobs
from foundation.services.jobs import JobLostError, Progress
from reports import services, tasks  # noqa: F401 — registers the handler
from reports.exports.periods import Length, Period
from reports.models import StatisticsExport
from reports.services import exporting
from reports.services.exporting import build_export, delete_old_files
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.tenants import make_member
from tests.reports.exports.conftest import MONTHS
from tests.together import together
from web.refusals import Invalid

LIST, CREATE, FILE = (f"reports:export-{name}" for name in ("list", "create", "file"))
QUARTER = Period.around(Length.QUARTER, MONTHS[0])
FIRST = "一号呼叫有限公司"

pytestmark = pytest.mark.usefixtures("quiet_queue")


def build(owner, kind="commerce", enterprise=None, period=QUARTER, **more):
    return build_export(
        kind=kind, period=period, enterprise=enterprise, owner=owner, now=NOW, today=TODAY, **more
    )


def ask(owner, kind="commerce", length="quarter", month=MONTHS[0], enterprise=None):
    return services.request_export(
        kind=kind, length=length, month=month, enterprise=enterprise, owner=owner, today=TODAY
    )


class TestPeriod:
    @pytest.mark.parametrize(
        ("length", "month", "first", "last"),
        [
            ("month", 5, 5, 5),
            ("quarter", 1, 1, 3),
            ("quarter", 5, 4, 6),
            ("quarter", 12, 10, 12),
            ("year", 8, 1, 8),
        ],
    )
    def test_is_a_month_its_quarter_or_the_year(self, length, month, first, last):
        period = Period.around(length, date(2023, month, 1))

        assert (period.first, period.last) == (date(2023, first, 1), date(2023, last, 1))


@pytest.mark.django_db
class TestAsking:
    def test_is_one_job_while_it_is_unfinished(self, filed):
        assert ask(filed.operator) == ask(filed.operator)
        assert Job.objects.get().arguments == {
            "kind": "commerce",
            "first": "2023-10",
            "last": "2023-12",
            "enterprise": None,
        }

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_the_same_moment_is_one_job_too(self, operator, monkeypatch):
        monkeypatch.setattr(jobs, "publish", lambda job_id: True)

        one, other = together(lambda: ask(operator), lambda: ask(operator))

        assert one == other
        assert Job.objects.count() == 1

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"month": date(2024, 2, 1)}, "month"),  # its quarter is not over
            ({"month": date(2024, 2, 1), "length": "month"}, "month"),
            ({"kind": "zone", "length": "month"}, "length"),
        ],
    )
    def test_is_refused_for_what_is_not_over_or_no_quarter(self, filed, wanted, field):
        with pytest.raises(Invalid) as refusal:
            ask(filed.operator, **wanted)

        assert refusal.value.errors[0]["field"] == field

    def test_of_an_enterprise_is_for_its_own(self, filed):
        one, two = list(filed.firms.values())[:2]
        manager = make_member(one)

        assert ask(manager, enterprise=one).owner == manager
        for wanted in ({"enterprise": two}, {"enterprise": None}, {"kind": "zone"}):
            with pytest.raises(Invalid):
                ask(manager, **wanted)


@pytest.mark.django_db(transaction=True)
class TestBuilding:
    @pytest.mark.parametrize("kind", ["commerce", "zone"])
    def test_makes_a_workbook_that_is_noted_and_told(self, filed, kind):
        export = build(filed.operator, kind)

        assert export.made_by == filed.operator
        # Owed: three by the first, three by the second, two by the third; four are filed.
        if kind == "commerce":
            assert (export.filed, export.expected) == (4, 8)
        assert Message.objects.get(recipient=filed.operator).url.endswith("/exports/")
        with export.file.open() as file, ZipFile(io.BytesIO(file.read())) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(parts.read(name))  # noqa: S314 — our own

    def test_never_writes_a_formula(self, filed):
        export = build(filed.operator)

        with export.file.open() as file:
            book = openpyxl.load_workbook(io.BytesIO(file.read()))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == "=二号数据(内江)有限公司" for cell in cells)
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)

    def test_reads_one_snapshot(self, filed, monkeypatch):
        """What is filed while a workbook is made is in all of it, or in none of it."""
        take = exporting.take

        def slowly(*args, **more):
            facts = take(*args, **more)
            together(lambda: filed.operator.__class__.objects.filter(pk=0).exists())
            with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
                Job.objects.create(kind="x", key="x", created_at=NOW)
            assert _isolation() == "repeatable read"
            return facts

        monkeypatch.setattr(exporting, "take", slowly)

        assert build(filed.operator).pk

    def test_of_a_job_taken_over_writes_nothing(self, filed):
        job = ask(filed.operator)
        claimed = jobs.claim(job.pk, NOW)
        Job.objects.update(attempt=2)

        with pytest.raises(JobLostError):
            build(filed.operator, progress=Progress(claimed))

        assert not StatisticsExport.objects.exists()
        assert not StoredFile.objects.exists()

    def test_by_the_worker_ends_the_job_with_it(self, filed, frozen_clock):
        job = ask(filed.operator, enterprise=filed.firms[FIRST])

        jobs.run(job.pk)

        job.refresh_from_db()
        export = StatisticsExport.objects.get()
        assert (job.state, job.result) == (Job.State.DONE, {"export": export.pk})
        assert export.enterprise == filed.firms[FIRST]


@pytest.mark.django_db(transaction=True)
class TestNoting:
    def test_stays_while_its_file_goes_after_a_day(self, filed):
        export = build(filed.operator)

        assert delete_old_files(now=NOW + timedelta(hours=23)) == 0
        assert delete_old_files(now=NOW + timedelta(hours=24)) == 1

        export.refresh_from_db()
        assert not export.file
        assert not StoredFile.objects.exists()
        assert delete_old_files(now=NOW + timedelta(hours=25)) == 0

    def test_cannot_be_changed_or_removed(self, filed):
        export = build(filed.operator)
        row = StatisticsExport.objects.filter(pk=export.pk)

        for change in (
            lambda: row.update(made_by=UserFactory()),
            lambda: row.update(file="other"),
            row.delete,
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "zone"},
            {"last_month": date(2023, 9, 1)},
            {"last_month": date(2023, 12, 31)},
            {"filed": 5},
        ],
    )
    def test_makes_sense_or_is_refused_by_the_database(self, filed, wrong):
        sound = {
            "kind": "commerce",
            "enterprise": filed.firms[FIRST],
            "first_month": MONTHS[0],
            "last_month": MONTHS[2],
            "filed": 3,
            "expected": 4,
            "has_sample": False,
            "data_as_of": NOW,
            "made_by": filed.operator,
        }
        StatisticsExport.objects.create(**sound)

        with pytest.raises(IntegrityError), transaction.atomic():
            StatisticsExport.objects.create(**{**sound, **wrong})


@pytest.mark.django_db(transaction=True)
class TestPages:
    def test_shows_what_will_be_in_it_before_it_is_made(self, filed, frozen_clock):
        page = Desk(filed.operator).get(
            LIST, kind="commerce", month="2023-10", length="quarter", enterprise=""
        )

        assert "4 of 8 are filed" in text_of(page)
        assert "Certifications" in text_of(page)

    def test_leads_to_the_work_and_to_the_file(self, filed, frozen_clock):
        desk = Desk(filed.operator)
        typed = {"kind": "zone", "month": "2023-11", "length": "quarter", "enterprise": ""}

        answer = desk.post(CREATE, **typed)
        jobs.run(Job.objects.get().pk)

        assert answer.headers["Location"] == f"/progress/{Job.objects.get().pk}/"
        export = StatisticsExport.objects.get()
        file = desk.get(FILE, export.pk)
        assert file.headers["Content-Type"] == StatisticsExport.media_type
        assert openpyxl.load_workbook(io.BytesIO(file.content)).sheetnames[:2] == [
            "说明",
            "基本情况",
        ]
        assert export.name in text_of(desk.get(LIST))

    def test_of_zones_takes_the_quarter_of_the_month_without_asking(self, filed, frozen_clock):
        typed = {"kind": "zone", "month": "2023-11", "length": "month", "enterprise": ""}
        desk = Desk(filed.operator)

        page = desk.get(LIST, **typed)
        desk.post(CREATE, **typed)

        assert "Period January 2023 to December 2023" in text_of(page)  # the year to its end
        assert page.context["desk"].form["length"].value() == "quarter"
        assert (Job.objects.get().arguments["first"], Job.objects.get().arguments["last"]) == (
            "2023-10",
            "2023-12",
        )

    def test_says_beside_the_field_why_not(self, filed, frozen_clock):
        typed = {"kind": "zone", "month": "2023-11", "length": "year", "enterprise": ""}

        for page in (
            Desk(filed.operator).get(LIST, **typed),
            Desk(filed.operator).post(CREATE, **typed),
        ):
            assert "These statistics are by quarter" in text_of(page)

    def test_a_manager_takes_the_own_figures_without_choosing(self, filed, frozen_clock):
        one, two = list(filed.firms.values())[:2]
        desk = Desk(make_member(one))

        desk.post(CREATE, month="2023-10", length="month", enterprise=two.pk, kind="zone")
        jobs.run(Job.objects.get().pk)

        export = StatisticsExport.objects.get()
        assert (export.kind, export.enterprise) == ("commerce", one)
        assert export.name in text_of(desk.get(LIST))

    def test_nobody_else_gets_the_file_or_a_word_of_it(self, filed, frozen_clock):
        one = filed.firms[FIRST]
        export = build(filed.operator, enterprise=one)
        auditor = Desk(UserFactory(roles=[Role.AUDITOR]))
        manager = Desk(make_member(one))

        assert export.name in text_of(auditor.get(LIST))
        assert auditor.get(FILE, export.pk).status_code == 403
        assert (
            Desk(UserFactory(roles=[Role.OPERATOR_STAFF])).get(FILE, export.pk).status_code == 404
        )
        assert export.name not in text_of(manager.get(LIST))
        assert manager.get(FILE, export.pk).status_code == 404
        for role in (Role.OFFICIAL, Role.PROMOTION_OFFICER, Role.SYSTEM_ADMINISTRATOR):
            assert Desk(UserFactory(roles=[role])).get(LIST).status_code == 403
        assert Desk(make_member(one, is_manager=False)).get(LIST).status_code == 403

    def test_a_file_that_is_gone_is_said(self, filed, frozen_clock):
        export = build(filed.operator)
        delete_old_files(now=NOW + timedelta(days=2))

        desk = Desk(filed.operator)
        assert "gone after a day" in text_of(desk.get(LIST))
        assert desk.get(FILE, export.pk).status_code == 404

    def test_the_list_takes_as_many_queries_for_many_as_for_one(
        self, filed, frozen_clock, django_assert_max_num_queries
    ):
        desk = Desk(filed.operator)
        build(filed.operator)
        desk.get(LIST)
        with _counted() as one:
            desk.get(LIST)
        for _number in range(3):
            build(filed.operator, enterprise=filed.firms[FIRST])

        with django_assert_max_num_queries(len(one)):
            desk.get(LIST)


def _counted():
    return CaptureQueriesContext(connection)


def _isolation() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        return cursor.fetchone()[0]
