"""Applying a list and undoing it, against the park on squared paper."""

from datetime import date, timedelta

import pytest

from foundation.models import Job
from foundation.services import jobs
from park.axis import seat_at
from park.models import ReportingMonth
from seats import tasks
from seats.models import Allocation, AllocationImport, AllocationKind, ImportState, SeatBlock
from seats.services.imports import apply_import, request_apply
from seats.services.imports.applying import ImportNotReady, ImportOvertaken
from seats.services.refusals import WrongState
from tenants.models import Tenancy
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request
from tests.seats.imports.paper import Decided, cells_of_the_park, put, without
from tests.seats.imports.sheets import applied, changes, checked, line, table, wrong
from web.refusals import Stale

pytestmark = pytest.mark.django_db

MARCH, APRIL, MAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)


def decided(floor, first, last, start, end, kind, who):
    return Decided(
        seat_at(floor.pk, first), seat_at(floor.pk, last), start, end, kind, who and who.pk
    )


class TestApplying:
    def test_new_lines_get_their_seats(self, operator, floor, chengbo, mairui):
        row = applied(
            table(
                line("诚伯信息", "1-20", last="2024-06-30"),
                line("迈睿", "21-40", "2024-04-01", kind="预留"),
                line(None, "41-50", kind="停用", note="消防检修"),
            ),
            operator,
        )

        assert cells_of_the_park() == put(
            {},
            decided(floor, 1, 20, MARCH, date(2024, 6, 30), "firm", chengbo),
            decided(floor, 21, 40, APRIL, None, "hold", mairui),
            decided(floor, 41, 50, MARCH, None, "closure", None),
        )
        assert row.state == ImportState.APPLIED
        linked = row.lines.order_by("row").values_list("allocation__kind", flat=True)
        assert list(linked) == ["firm", "hold", "closure"]
        hold = Allocation.objects.get(kind="hold")
        assert hold.expires_at == NOW + timedelta(days=15)
        assert hold.source == "席位台账.xlsx 台账"
        assert Tenancy.objects.get().enterprise == chengbo

    def test_runs_of_one_decision_are_one_allocation(self, operator, floor, chengbo):
        applied(table(line("诚伯信息", "1-20"), line("诚伯信息", "31-40")), operator)

        assert Allocation.objects.get().blocks.count() == 2

    def test_another_last_day_keeps_the_block(self, operator, floor, chengbo):
        allocation = make_allocation(floor, (1, 20), to=chengbo, last=date(2024, 5, 31))
        block = allocation.blocks.get()

        applied(table(line("诚伯信息", "1-20", last="2024-07-15")), operator)

        block.refresh_from_db()
        allocation.refresh_from_db()
        assert block.period.upper == date(2024, 7, 16)
        assert (block.recorded_on, allocation.version) == (TODAY, 2)

    def test_two_enterprises_may_change_places(self, operator, floor, chengbo, mairui):
        one = make_allocation(floor, (1, 20), to=chengbo).blocks.get()
        two = make_allocation(floor, (21, 40), to=mairui).blocks.get()
        heads = ["企业", "席位", "首日", "块编号"]
        data = table(
            ["诚伯信息", "C-1-3F-21-40", "2024-03-01", one.pk],
            ["迈睿", "C-1-3F-1-20", "2024-03-01", two.pk],
            heads=heads,
        )

        applied(data, operator)

        assert cells_of_the_park() == put(
            {},
            decided(floor, 21, 40, MARCH, None, "firm", chengbo),
            decided(floor, 1, 20, MARCH, None, "firm", mairui),
        )

    def test_a_hold_that_becomes_firm_is_confirmed(self, operator, floor, chengbo):
        hold = make_allocation(floor, (1, 20), (31, 40), to=chengbo, kind=AllocationKind.HOLD)

        applied(table(line("诚伯信息", "1-20"), line("诚伯信息", "31-40")), operator)

        hold.refresh_from_db()
        assert (hold.kind, hold.expires_at) == ("firm", None)
        assert Allocation.objects.count() == 1
        assert Tenancy.objects.filter(enterprise=chengbo).exists()

    def test_what_a_whole_zone_s_list_does_not_name_is_released(
        self, operator, floor, chengbo, mairui
    ):
        make_allocation(floor, (1, 20), to=chengbo, start=date(2024, 1, 1))
        make_allocation(floor, (21, 40), to=mairui, start=date(2024, 1, 1))
        make_allocation(floor, (41, 50), to=mairui, start=MAY)
        other = make_floor(zone="A", seats=10)
        make_allocation(other, (1, 5), to=mairui)
        before = cells_of_the_park()
        data = table(line("诚伯信息", "1-20", "2024-01-01"))

        row = applied(data, operator, whole_zones=["C"], from_day=APRIL)

        assert changes(row) == [(2, "unchanged"), (0, "missing"), (0, "missing")]
        assert row.counts["seats"]["missing"] == 30
        assert cells_of_the_park() == without(
            before,
            decided(floor, 21, 40, APRIL, None, "firm", mairui),
            decided(floor, 41, 50, MAY, None, "firm", mairui),
        )

    def test_nothing_is_missing_unless_somebody_says_so(self, operator, floor, chengbo, mairui):
        make_allocation(floor, (21, 40), to=mairui)

        row = checked(table(line("诚伯信息", "1-20")), operator)

        assert changes(row) == [(2, "new")]


class TestRefusing:
    def test_seats_of_others_are_named_with_whom_until_when(self, operator, floor, mairui, chengbo):
        make_allocation(floor, (11, 30), to=mairui, last=date(2024, 12, 31))

        row = checked(table(line("诚伯信息", "1-20"), line("诚伯信息", "40-41")), operator)

        assert changes(row) == [(2, "conflicting"), (3, "new")]
        (problem,) = row.lines.get(row=2).problems
        assert problem[1:] == [
            "B2",
            "taken",
            {"seats": "C-1-3F-011 — 020", "holder": "迈睿", "day": "2024-12-31"},
        ]
        with pytest.raises(ImportNotReady):
            apply_import(
                import_id=row.pk,
                expected_version=row.version,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )
        assert SeatBlock.objects.real().count() == 1

    def test_rules_are_told_with_their_cells(self, operator, floor, chengbo):
        planned = make_floor(level=4, seats=50, delivered_on=None, planned_on=date(2024, 6, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)
        assert planned.delivered_on is None

        row = checked(
            table(
                ["诚伯信息", "C-1-4F-1-10", None, "已签约", "2024-06-01", None, None],
                ["诚伯信息", "C-1-4F-11-20", None, "预留", "2024-05-01", None, None],
                ["诚伯信息", "C-1-4F-21-30", None, "预留", "2024-06-01", None, None],
                ["诚伯信息", "C-1-3F-1-10", None, "已签约", "2024-01-15", None, None],
                ["诚伯信息", "C-1-3F-11-20", None, "已签约", "2024-03-01", None, None],
                ["诚伯信息", "C-1-3F-20-30", None, "预留", "2024-04-01", None, None],
                [None, "C-1-3F-41-50", None, "停用", "2024-04-01", None, None],
            ),
            operator,
        )

        assert wrong(row) == {
            ("D2", "not_delivered"),
            ("E3", "no_seats_yet"),
            ("E5", "month_closed"),
            ("B6", "lines_overlap"),
            ("B7", "lines_overlap"),
            ("G8", "no_reason"),
        }
        assert row.lines.get(row=4).change == "new"

    def test_a_change_in_between_refuses_all_of_it(self, operator, floor, chengbo, mairui):
        row = checked(table(line("诚伯信息", "1-20"), line("诚伯信息", "31-40")), operator)
        make_allocation(floor, (35, 36), to=mairui)
        before = cells_of_the_park()

        with pytest.raises(ImportOvertaken) as refused:
            apply_import(
                import_id=row.pk,
                expected_version=row.version,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

        assert [error["field"] for error in refused.value.errors] == ["B3"]
        assert "迈睿" in str(refused.value)
        assert cells_of_the_park() == before
        row.refresh_from_db()
        assert row.state == ImportState.CHECKED

    def test_what_was_checked_again_meanwhile_is_stale(self, operator, floor, chengbo):
        row = checked(table(line("诚伯信息", "1-20")), operator)

        with pytest.raises(Stale):
            apply_import(
                import_id=row.pk,
                expected_version=row.version - 1,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

    def test_a_list_is_applied_once(self, operator, floor, chengbo):
        row = applied(table(line("诚伯信息", "1-20")), operator)

        with pytest.raises(WrongState):
            apply_import(
                import_id=row.pk, expected_version=None, today=TODAY, now=NOW, acting_user=operator
            )

    def test_a_list_that_says_nothing_new_has_nothing_to_apply(self, operator, floor, chengbo):
        make_allocation(floor, (1, 20), to=chengbo)
        row = checked(table(line("诚伯信息", "1-20")), operator)

        assert changes(row) == [(2, "unchanged")]
        with pytest.raises(ImportNotReady):
            apply_import(
                import_id=row.pk,
                expected_version=row.version,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )


class TestInTheBackground:
    def test_the_worker_knows_the_work(self):
        assert tasks.APPLY in jobs._handlers

    def test_a_large_list_is_applied_by_a_job(self, operator, floor, chengbo, frozen_clock):
        row = checked(table(line("诚伯信息", "1-20")), operator)

        job = request_apply(row=row, expected_version=row.version, acting_user=operator)
        jobs.run(job.pk)

        job.refresh_from_db()
        row.refresh_from_db()
        assert (job.state, row.state) == (Job.State.DONE, ImportState.APPLIED)

    def test_a_worker_that_dies_leaves_nothing_and_the_next_takes_over(
        self, operator, floor, chengbo, frozen_clock, monkeypatch
    ):
        row = checked(table(line("诚伯信息", "1-20")), operator)
        job = request_apply(row=row, expected_version=row.version, acting_user=operator)
        first = jobs.Progress(jobs.claim(job.pk, NOW))

        def die(*_arguments):
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr("seats.services.imports.applying._link", die)
            with pytest.raises(SystemExit):
                _apply(row, operator, first)
        assert SeatBlock.objects.real().count() == 0

        second = jobs.Progress(jobs.claim(job.pk, NOW + Job.SILENCE + timedelta(seconds=1)))
        assert second.job.attempt == 2
        with pytest.raises(jobs.JobLostError):  # the first, should it wake again
            _apply(row, operator, first)
        _apply(row, operator, second)

        assert SeatBlock.objects.real().count() == 1
        job.refresh_from_db()
        assert job.state == Job.State.DONE

    def test_a_refusal_is_told_and_the_list_is_compared_anew(
        self, operator, floor, chengbo, mairui, frozen_clock
    ):
        row = checked(table(line("诚伯信息", "1-20")), operator)
        job = request_apply(row=row, expected_version=row.version, acting_user=operator)
        make_allocation(floor, (5, 6), to=mairui)

        jobs.run(job.pk)

        job.refresh_from_db()
        assert "迈睿" in job.result["refused"]
        assert changes(AllocationImport.objects.get()) == [(2, "conflicting")]


def _apply(row, operator, progress):
    return apply_import(
        import_id=row.pk,
        expected_version=row.version,
        today=TODAY,
        now=NOW,
        acting_user=operator,
        progress=progress,
    )


def test_a_request_shows_that_its_seats_have_changed(operator, floor, chengbo):
    request = make_request(enterprise=chengbo)
    type(request).objects.filter(pk=request.pk).update(state="submitted")
    request.refresh_from_db()
    make_allocation(floor, (1, 20), to=chengbo, request=request)
    version = type(request).objects.get(pk=request.pk).version

    applied(table(line("诚伯信息", "1-20", last="2024-07-15")), operator)

    assert type(request).objects.get(pk=request.pk).version > version
