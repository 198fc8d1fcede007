"""Subscriptions: who is told of what, when, exactly once; and what happens when it fails."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from accounts.permissions import Role
from foundation.models import Job, Message
from foundation.services import jobs
from reports import services, tasks
from reports.models import (
    DeliveredEdition,
    Delivery,
    MonthlyReport,
    ReportKind,
    SubscribedKind,
    Subscription,
)
from reports.services import delivering
from reports.services.building import build_report
from reports.services.delivering import deliver, deliver_due
from reports.services.requesting import MOST_TRIES, failed_builds, request_report
from reports.services.subscribing import due_day
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.reports import make_subscription
from tests.factories.seats import make_allocation
from tests.reports.conftest import DECEMBER, JANUARY
from web.refusals import Invalid, Stale

LIST = "reports:subscription-list"
LATER = NOW + timedelta(minutes=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.django_db(transaction=True)


def at(day, hour=9):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def issue(small_park, kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, reason=""):
    draft = build_report(kind=kind, month=month, now=now, owner=small_park.operator)
    return services.issue_report(
        report_id=draft.pk, now=now, acting_user=small_park.operator, reason=reason
    )


def told(user):
    return Message.objects.filter(recipient=user).order_by("pk")


class TestWhenIssued:
    def test_one_message_says_what_and_leads_to_it(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)

        assert deliver_due(now=LATER) == 1

        (message,) = told(official)
        assert message.subject == "2024年1月入驻月报已签发" or "is issued" in message.subject
        assert message.url == f"/reports/subscriptions/sent/{Delivery.objects.get().pk}/"

    def test_each_edition_is_told_once_however_often_it_is_tried(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)

        assert [deliver_due(now=LATER + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
        assert told(official).count() == 1

    def test_a_restated_edition_is_told_again_with_what_changed(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)
        deliver_due(now=LATER)
        make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)
        second = issue(small_park, now=LATER, reason="补录十席")

        deliver_due(now=LATER + timedelta(minutes=1))

        edition = DeliveredEdition.objects.get(report=second)
        page = Desk(small_park.operator).get("reports:report-detail", second.pk).context["page"]
        assert edition.changed == len(page.restated) > 0
        message = told(official).last()
        assert str(edition.changed) in message.body
        assert "补录十席" in message.body

    def test_of_two_editions_only_the_one_that_counts_is_told(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)
        make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)
        second = issue(small_park, reason="补录")

        deliver_due(now=LATER)

        assert DeliveredEdition.objects.get().report == second

    def test_several_reports_make_one_message(self, small_park, official):
        make_subscription(official, since=NOW, kinds=ReportKind.values)
        issue(small_park)
        issue(small_park, ReportKind.OUTPUT)

        deliver_due(now=LATER)

        assert told(official).count() == 1
        assert DeliveredEdition.objects.count() == 2

    @pytest.mark.parametrize(
        "why_not",
        ["other kind", "issued before", "draft", "other place", "stopped", "gone", "no role"],
    )
    def test_nobody_is_told_of_what_is_not_theirs(self, small_park, official, why_not):
        kinds = [ReportKind.OUTPUT] if why_not == "other kind" else [ReportKind.OCCUPANCY]
        since = LATER if why_not == "issued before" else NOW
        one = make_subscription(official, since=since, kinds=kinds)
        if why_not == "draft":
            build_report(kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=None)
        else:
            issue(small_park)
        if why_not == "stopped":
            services.stop_subscription(subscription_id=one.pk, now=NOW, acting_user=official)
        changes = {
            "other place": {"area_code": "440000"},
            "gone": {"is_active": False},
            "no role": {"roles": [Role.ENTERPRISE_MANAGER]},
        }
        type(official).objects.filter(pk=official.pk).update(**changes.get(why_not, {"name": "王"}))

        assert deliver_due(now=LATER) == 0
        assert not told(official).exists()


class TestMonthly:
    def test_tells_on_its_day_of_what_is_issued_by_then(self, small_park, official):
        make_subscription(official, since=at(date(2024, 2, 1)), day=20)
        issue(small_park, now=at(date(2024, 2, 5)))

        assert deliver_due(now=at(date(2024, 2, 19), 23)) == 0
        assert deliver_due(now=at(date(2024, 2, 20), 7)) == 0
        assert deliver_due(now=at(date(2024, 2, 20), 8)) == 1
        assert deliver_due(now=at(date(2024, 2, 20), 9)) == 0

    def test_what_is_issued_after_its_day_waits_for_the_next(self, small_park, official):
        make_subscription(official, since=at(date(2024, 2, 1)), day=20)
        deliver_due(now=at(date(2024, 2, 20)))
        issue(small_park, now=at(date(2024, 2, 21)))

        assert deliver_due(now=at(date(2024, 2, 22))) == 0
        assert deliver_due(now=at(date(2024, 3, 20))) == 1

    def test_telling_is_no_change_of_the_subscription(self, small_park, official):
        one = make_subscription(official, since=at(date(2024, 2, 1)), day=20)
        issue(small_park, now=at(date(2024, 2, 5)))
        deliver_due(now=at(date(2024, 2, 20)))

        assert Subscription.objects.get().served_until == date(2024, 2, 20)
        assert one.pgh_event_model.objects.filter(pgh_obj_id=one.pk).count() == 1

    def test_makes_up_for_a_day_on_which_nothing_ran(self, small_park, official):
        make_subscription(official, since=at(date(2024, 2, 1)), day=20)
        issue(small_park, now=at(date(2024, 2, 5)))

        assert deliver_due(now=at(date(2024, 2, 26))) == 1

    def test_begins_with_the_next_of_its_days(self, small_park, official):
        make_subscription(official, since=at(date(2024, 2, 21)), day=20)
        issue(small_park, now=at(date(2024, 2, 22)))

        assert deliver_due(now=at(date(2024, 2, 23))) == 0
        assert deliver_due(now=at(date(2024, 3, 20))) == 1

    @pytest.mark.parametrize(
        ("now", "day", "due"),
        [
            (at(date(2024, 3, 1), 7), 1, date(2024, 2, 1)),
            (at(date(2024, 3, 1), 8), 1, date(2024, 3, 1)),
            (at(date(2024, 1, 5)), 28, date(2023, 12, 28)),
            (at(date(2024, 2, 29)), 28, date(2024, 2, 28)),
        ],
    )
    def test_day_is_the_last_whose_hour_has_come(self, now, day, due):
        assert due_day(day, now) == due


class TestChanging:
    def test_new_reports_count_from_now_on(self, small_park, official):
        one = make_subscription(official, since=NOW)
        issue(small_park, ReportKind.OUTPUT)
        services.change_subscription(
            subscription_id=one.pk,
            kinds=[ReportKind.OUTPUT, ReportKind.OCCUPANCY],
            format="csv",
            rule="when_issued",
            day=None,
            now=LATER,
            acting_user=official,
        )
        issue(small_park, month=DECEMBER, now=LATER)

        deliver_due(now=LATER + timedelta(minutes=1))

        assert [row.report.month for row in DeliveredEdition.objects.all()] == [DECEMBER]

    def test_who_was_overtaken_is_told(self, official):
        one = make_subscription(official, since=NOW)
        changed = {"kinds": ["output"], "format": "csv", "rule": "when_issued", "day": None}
        who = {"subscription_id": one.pk, "now": NOW, "acting_user": official}
        services.change_subscription(**who, **changed)

        with pytest.raises(Stale):
            services.change_subscription(**who, **changed, expected_version=1)
        assert SubscribedKind.objects.get().kind == "output"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"kinds": []}, "kinds"),
            ({"kinds": ["nonsense"]}, "kinds"),
            ({"format": "doc"}, "format"),
            ({"rule": "never"}, "rule"),
            ({"rule": "monthly"}, "day"),
            ({"rule": "monthly", "day": 29}, "day"),
        ],
    )
    def test_what_makes_no_sense_is_refused_beside_its_field(self, official, changed, field):
        chosen = {"kinds": ["output"], "format": "csv", "rule": "when_issued", "day": None}

        with pytest.raises(Invalid) as refused:
            services.subscribe(subscriber=official, now=NOW, **{**chosen, **changed})
        assert [error["field"] for error in refused.value.errors] == [field]

    def test_any_kind_of_report_can_be_chosen(self, official):
        one = make_subscription(official, since=NOW, kinds=ReportKind.values)

        assert [kind.value for kind in one.chosen] == ReportKind.values


class TestExactlyOnce:
    def test_the_database_refuses_a_second_row_for_an_edition(self, small_park, official):
        one = make_subscription(official, since=NOW)
        issue(small_park)
        deliver_due(now=LATER)
        row = DeliveredEdition.objects.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            DeliveredEdition.objects.create(
                delivery=Delivery.objects.create(subscription=one, sent_at=LATER),
                subscription=one,
                report=row.report,
            )
        with pytest.raises(ProgrammingError), transaction.atomic():
            row.delete()

    def test_two_that_run_at_once_tell_once(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)
        ready = threading.Barrier(4)

        def run():
            try:
                ready.wait(10)
                deliver_due(now=LATER)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert told(official).count() == 1
        assert DeliveredEdition.objects.count() == 1
        assert Subscription.objects.get().failures == 0

    def test_a_failure_leaves_nothing_is_seen_and_is_tried_again(
        self, small_park, official, monkeypatch
    ):
        make_subscription(official, since=NOW)
        issue(small_park)

        def broken(**_message):
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr(delivering, "tell", broken)
            assert deliver_due(now=LATER) == 0

        assert not DeliveredEdition.objects.exists()
        assert not Delivery.objects.exists()
        text = text_of(Desk(official).get(LIST))
        assert "could not be sent, is tried again at" in text

        assert deliver_due(now=LATER) == 0  # not at once
        assert deliver_due(now=LATER + timedelta(minutes=2)) == 1
        assert "could not be sent" not in text_of(Desk(official).get(LIST))

    def test_who_fails_does_not_stop_others(self, small_park, official, monkeypatch):
        make_subscription(official, since=NOW)
        make_subscription(small_park.operator, since=NOW)
        issue(small_park)
        real = delivering.tell

        def broken(*, people, **message):
            if people == [official]:
                raise RuntimeError
            real(people=people, **message)

        monkeypatch.setattr(delivering, "tell", broken)

        assert deliver_due(now=LATER) == 1
        assert told(small_park.operator).count() == 1

    def test_what_somebody_is_at_is_left_to_them(self, small_park, official):
        one = make_subscription(official, since=NOW)
        issue(small_park)
        found = []

        def run():
            try:
                found.append(deliver(subscription_id=one.pk, now=LATER))
            finally:
                connection.close()

        with transaction.atomic():
            Subscription.objects.select_for_update().get(pk=one.pk)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join(10)

        assert found == [None]


@pytest.fixture
def broken_build(monkeypatch, small_park):
    """A job for January's output that has failed `tries` times, the last at NOW."""
    monkeypatch.setattr(jobs, "publish", lambda job_id: True)

    def fail(tries=1, now=NOW):
        for _ in range(tries):
            job = request_report(kind="output", month=JANUARY, owner=None, now=now, today=TODAY)
            Job.objects.filter(pk=job.pk).update(
                state=Job.State.FAILED, finished_at=now, error="RuntimeError()"
            )

    return fail


class TestAReportThatCannotBeMade:
    def test_is_tried_again_each_time_later(self, broken_build):
        broken_build(tries=2)

        def retry(minutes):
            return services.retry_failed_builds(now=NOW + timedelta(minutes=minutes), today=TODAY)

        assert retry(9) == []
        (job,) = retry(10)
        assert (job.key, job.state) == ("output/2024-01", Job.State.QUEUED)
        assert retry(11) == []  # it is being made

    def test_is_given_up_until_somebody_asks(self, broken_build):
        broken_build(tries=MOST_TRIES)

        assert services.retry_failed_builds(now=NOW + timedelta(days=9), today=TODAY) == []
        assert failed_builds()[0].retry_at is None

    def test_is_seen_by_operators_who_can_have_it_made(self, broken_build, park, official):
        broken_build()
        text = text_of(park.get("reports:report-list"))

        assert "Output report for January 2024 could not be made." in text
        assert "Make it again now" in text
        assert "could not be made" not in text_of(Desk(official).get("reports:report-list"))

        park.post("reports:report-build", kind="output", month="2024-01")
        assert "could not be made" not in text_of(park.get("reports:report-list"))

    def test_is_seen_by_those_who_wait_for_it(self, broken_build, official):
        broken_build()
        assert "could not be made" not in text_of(Desk(official).get(LIST))

        make_subscription(official, since=NOW, kinds=[ReportKind.OUTPUT])
        text = text_of(Desk(official).get(LIST))

        assert "Output report for January 2024 could not be made yet." in text
        assert "It is being tried again" in text

    def test_makes_one_draft_however_often_it_is_tried(self, broken_build, small_park):
        broken_build()
        for _ in range(2):
            services.retry_failed_builds(now=NOW + timedelta(hours=1), today=TODAY)
        assert tasks.BUILD in jobs._handlers
        for job in Job.objects.unfinished():
            jobs.run(job.pk)

        assert MonthlyReport.objects.filter(kind="output").count() == 1
        assert failed_builds() == []
