"""The loaded sample holds the system's own rules, and says what in it is invented."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Sum
from stdnum.cn import uscc

from accounts.models import User
from accounts.permissions import Role
from foundation.models import Job, Message
from foundation.months import add_months, last_day, months_between
from park.axis import SLOT
from park.models import Building, Floor, FloorLayout, Park, Phase, ReportingMonth, Zone
from park.month_days import month_days
from reports.indicators import figures
from returns.models import BREAKDOWNS, MonthlyReturn, ReturnRevision
from sample.loading import load_sample
from seats.free_runs import free_runs
from seats.models import (
    Allocation,
    FitOut,
    FitOutState,
    Handover,
    HandoverState,
    RequestState,
    SeatBlock,
    SeatRequest,
)
from seats.occupancy import Grouping, occupancy_on
from tenants.models import BusinessLine, Contact, Enterprise, Tenancy
from tests.factories.history import history_of
from tests.sample.conftest import PASSWORD, SHANGHAI

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()
LAST_MONTH = date(2026, 10, 1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


def test_a_second_load_changes_nothing_and_asks_little(django_assert_max_num_queries):
    before = [
        model.objects.count()
        for model in (User, Enterprise, Allocation, SeatBlock, MonthlyReturn, Message, Job)
    ]
    events = history_of(SeatBlock).count()

    with django_assert_max_num_queries(10):
        assert not load_sample(password=PASSWORD, now=NOW + timedelta(days=40))

    after = [
        model.objects.count()
        for model in (User, Enterprise, Allocation, SeatBlock, MonthlyReturn, Message, Job)
    ]
    assert (after, history_of(SeatBlock).count()) == (before, events)


def test_the_command_says_that_there_is_a_park_already(monkeypatch, capsys):
    monkeypatch.setenv("XIYUAN_SAMPLE_PASSWORD", PASSWORD)

    call_command("load_sample")

    assert "already" in capsys.readouterr().out


class TestThePlace:
    def test_draws_two_floors_and_says_that_they_are_invented(self):
        drawn = FloorLayout.objects.order_by("floor__label").values_list(
            "floor__label", "seat_count", "floor__seat_count", "sample_fields"
        )

        assert list(drawn) == [("A-1-1F", 240, 240, ["*"]), ("C-1-3F", 468, 468, ["*"])]

    def test_labels_of_seats_are_unique(self):
        labels = [
            floor.seat_label(seat)
            for floor in Floor.objects.exclude(building__zone__code="D")
            for seat in (floor.seats.lower, floor.seats.upper - 1)
        ]
        assert len(set(labels)) == len(labels)
        assert Floor.objects.values("label").distinct().count() == Floor.objects.count() == 326

    @pytest.mark.parametrize("day", [date(2019, 1, 1), date(2024, 2, 22), TODAY, date(2031, 1, 1)])
    def test_every_floor_has_its_slot_less_its_void(self, day):
        voids = SeatBlock.objects.on(day).filter(kind="void")
        void_of: dict[int, int] = {}
        for floor_id, seats in voids.values_list("floor", "seats"):
            void_of[floor_id] = void_of.get(floor_id, 0) + seats.upper - seats.lower
        for floor in Floor.objects.all():
            opens = floor.delivered_on or floor.planned_on
            is_there = opens is not None and opens <= day
            assert SLOT - void_of.get(floor.pk, 0) == (floor.seat_count if is_there else 0)

    def test_what_is_not_handed_over_is_planned_for_days_to_come_or_for_none(self):
        planned = Floor.objects.filter(delivered_on=None)
        assert planned.count() == 230
        assert not planned.filter(planned_on__lte=TODAY).exists()
        of_phases = planned.values("building__phase")
        assert not Phase.objects.filter(planned_on__lte=TODAY, pk__in=of_phases).exists()

    def test_300_seats_in_one_run_are_free_in_zone_c(self):
        assert free_runs(TODAY, None, min_seats=300, zones=["C"])

    def test_some_seats_are_held_and_some_closed_today(self):
        _rows, total = occupancy_on(TODAY, today=TODAY, by=Grouping.PARK)
        assert min(total.firm, total.held, total.closed, total.free) > 0


class TestEnterprises:
    def test_credit_codes_are_valid_and_unique(self):
        codes = list(Enterprise.objects.values_list("credit_code", flat=True))
        assert len(set(codes)) == len(codes) == 58
        assert all(uscc.is_valid(code) for code in codes)

    def test_who_has_seats_is_a_tenant_on_all_those_days(self):
        firm = SeatBlock.objects.filter(kind="firm").values_list("enterprise", "period")
        tenancies: dict[int, list] = {}
        for enterprise, period in Tenancy.objects.values_list("enterprise", "period"):
            tenancies.setdefault(enterprise, []).append(period)
        for enterprise, period in firm:
            assert any(
                tenancy.lower <= period.lower
                and (tenancy.upper is None or (period.upper and period.upper <= tenancy.upper))
                for tenancy in tenancies[enterprise]
            )

    def test_every_business_is_there_but_the_open_one(self):
        classes = BusinessLine.objects.filter(
            enterprise__in=Tenancy.objects.values("enterprise")
        ).values_list("business_class", flat=True)
        assert len(set(classes)) == 10


class TestWhatIsInvented:
    """Everything that no article says is marked."""

    def test_credit_codes_and_contacts_always_are(self):
        for enterprise in Enterprise.objects.all():
            assert {"*", "credit_code"} & set(enterprise.sample_fields), enterprise
        assert not Contact.objects.exclude(sample_fields=["*"]).exists()
        assert not Contact.objects.exclude(phone__startswith="0832-0").exists()

    def test_enterprises_without_a_source_are_invented_wholly(self):
        assert not Enterprise.objects.filter(source="").exclude(sample_fields__contains=["*"])
        assert Enterprise.objects.exclude(source="").count() == 20

    def test_every_floor_building_allocation_and_tenancy_is(self):
        for model in (Floor, Building, Allocation, Tenancy):
            assert not model.objects.filter(sample_fields=[]).exists(), model

    def test_every_return_is_but_for_what_is_stated(self):
        stated = MonthlyReturn.objects.exclude(sample_fields=["*"])
        assert [str(row) for row in stated] == ["迈睿 2021-11"]
        assert not {"headcount"} & set(stated[0].sample_fields)
        assert stated[0].source

    def test_zones_and_park_name_their_sources(self):
        assert not Zone.objects.filter(source="").exists()
        assert not Park.objects.filter(source="").exists()

    def test_people_and_requests_are(self):
        assert not User.objects.exclude(sample_fields=["*"]).exists()
        assert not SeatRequest.objects.exclude(sample_fields=["*"]).exists()

    def test_fit_outs_and_handover_lists_are(self):
        for model in (FitOut, Handover):
            assert model.objects.exists()
            assert not model.objects.exclude(sample_fields=["*"]).exists(), model


class TestReturns:
    def test_everybody_filed_every_month_that_is_closed(self):
        months = list(months_between(date(2021, 3, 1), LAST_MONTH))
        found: Any = figures(["filed", "expected"], months, by="total")
        for month in months:
            key = f"{month:%Y-%m}", "total"
            assert found["filed", *key] == found["expected", *key] > 0, month

    def test_every_month_whose_closing_day_is_over_is_closed(self):
        closed = set(ReportingMonth.objects.closed().values_list("month", flat=True))
        assert closed == set(months_between(date(2021, 3, 1), LAST_MONTH))

    def test_every_breakdown_adds_up_to_the_headcount(self):
        for names in BREAKDOWNS.values():
            whole = sum((F(name) for name in names[1:]), F(names[0]))
            assert not ReturnRevision.objects.exclude(headcount=whole).exists()

    def test_people_come_and_go_as_the_headcounts_say(self):
        by_enterprise: dict[int, dict[date, ReturnRevision]] = {}
        for revision in ReturnRevision.objects.select_related("monthly_return"):
            row = revision.monthly_return
            by_enterprise.setdefault(row.enterprise_id, {})[row.month] = revision
        for months in by_enterprise.values():
            for month, revision in months.items():
                before = months.get(add_months(month, -1))
                if before is not None:
                    flow = before.headcount + revision.joined - revision.left
                    assert revision.headcount == flow

    def test_the_park_grows_smoothly(self):
        people = dict(
            ReturnRevision.objects.values_list("monthly_return__month")
            .annotate(people=Sum("headcount"))
            .order_by("monthly_return__month")
        )
        for month, count in people.items():
            before = people.get(add_months(month, -1), count)
            assert 0.94 < count / before < 1.25, month
        assert 5000 < people[date(2024, 2, 1)] < 6000

    def test_nobody_files_before_the_month_is_over_or_after_it_is_closed(self):
        for month, submitted_at in ReturnRevision.objects.values_list(
            "monthly_return__month", "submitted_at"
        ):
            day = submitted_at.astimezone(SHANGHAI).date()
            assert last_day(month) < day <= month_days(month).closes_on


class TestPeople:
    @pytest.mark.parametrize(
        ("name", "role"),
        [
            ("admin", Role.SYSTEM_ADMINISTRATOR),
            ("operator", Role.OPERATOR_MANAGER),
            ("promotion", Role.PROMOTION_OFFICER),
            ("enterprise", Role.ENTERPRISE_MANAGER),
            ("official", Role.OFFICIAL),
            ("auditor", Role.AUDITOR),
        ],
    )
    def test_one_of_each_role_signs_in_with_the_one_password(self, name, role):
        user = User.objects.get(email=f"{name}@xiyuan.example")
        assert user.roles == [role]
        assert user.check_password(PASSWORD)

    def test_the_enterprise_is_chengbo_and_the_official_is_of_dongxing(self):
        user = User.objects.get(email="enterprise@xiyuan.example")
        assert user.memberships.get().enterprise.short_name == "诚伯信息"
        assert User.objects.get(email="official@xiyuan.example").area_code == "511011"


class TestDesks:
    def test_requests_wait_on_both_sides(self):
        states = dict(SeatRequest.objects.values_list("state").annotate(Count("pk")))
        assert states == {
            RequestState.SUBMITTED: 2,
            RequestState.IN_REVIEW: 1,
            RequestState.SENT_BACK: 1,
            RequestState.OFFERED: 1,
            RequestState.FULFILLED: 1,
            RequestState.DRAFT: 1,
        }
        assert Message.objects.filter(recipient__email="operator@xiyuan.example").unread().exists()

    def test_fit_outs_are_on_their_way_and_one_is_overdue(self):
        states = sorted(FitOut.objects.values_list("state", flat=True))
        assert states == [FitOutState.REVIEW, FitOutState.WORKING]
        assert [case.state for case in FitOut.objects.overdue(TODAY)] == [FitOutState.REVIEW]
        assert not FitOut.objects.filter(files=None).exists()

    def test_a_list_is_signed_and_one_waits_for_the_enterprise(self):
        states = sorted(Handover.objects.values_list("state", flat=True))
        assert states == [HandoverState.OFFERED, HandoverState.SIGNED]

    def test_a_hold_expires_soon(self):
        soon = Allocation.objects.filter(
            kind="hold", expires_at__gt=NOW, expires_at__lt=NOW + timedelta(days=4)
        )
        assert soon.count() == 1

    def test_the_reports_wait_for_a_worker(self):
        job = Job.objects.get()
        assert (job.kind, job.state) == ("sample.reports", "queued")
        reports = [tuple(report) for report in job.arguments["reports"]]
        assert len(reports) == len(set(reports)) == 14 * 2 + 3 + 2 * 10
        assert reports == sorted(reports, key=lambda report: report[1])
        months = {month for _kind, month in reports}
        assert months >= {"2021-11", "2024-02", "2025-11", "2026-10"}
        assert "2026-11" not in months
