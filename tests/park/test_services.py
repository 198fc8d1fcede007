"""The place and its months: closed, reopened with a reason, closed by themselves when due."""

from datetime import date, timedelta

import pytest
from django.db.utils import IntegrityError

from foundation.models import Setting
from park.models import Building, Park, ReferenceFigure, ReportingMonth
from park.services import (
    MonthClosed,
    MonthNotOver,
    close_month,
    create_buildings,
    create_park,
    create_phase,
    create_zone,
    first_open_day,
    months_to_close,
    quote_figures,
    refuse_closed_months,
    reopen_month,
)
from park.tasks import close_due_month
from tests.conftest import NOW, TODAY
from tests.factories.park import BuildingFactory, ZoneFactory, make_floor
from web.refusals import Invalid, NotFound

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY, FEBRUARY = date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)


@pytest.fixture
def close(operator):
    def run(month, today=TODAY, now=NOW):
        close_month(month=month, now=now, today=today, acting_user=operator)

    return run


@pytest.fixture
def reopen(operator):
    def run(month, reason="补报漏报的营收", now=NOW):
        reopen_month(month=month, reason=reason, now=now, acting_user=operator)

    return run


class TestCloseMonth:
    def test_closes_it(self, close, operator):
        close(JANUARY)

        row = ReportingMonth.objects.get()
        assert (row.month, row.is_closed, row.closed_at) == (JANUARY, True, NOW)
        assert row.changed_by == operator

    def test_twice_changes_nothing(self, close):
        close(JANUARY)

        close(JANUARY, now=NOW + timedelta(days=1))

        assert ReportingMonth.objects.get().closed_at == NOW

    @pytest.mark.parametrize("today", [FEBRUARY, date(2024, 2, 29)])
    def test_refuses_a_month_that_is_not_over(self, close, today):
        with pytest.raises(MonthNotOver):
            close(FEBRUARY, today=today)
        close(FEBRUARY, today=date(2024, 3, 1))

    def test_refuses_a_month_before_the_park_had_seats(self, close, operator):
        make_floor(delivered_on=JANUARY, acting_user=operator)

        with pytest.raises(Invalid) as refused:
            close(DECEMBER)
        assert [error["field"] for error in refused.value.errors] == ["month"]
        close(JANUARY)


class TestReopenMonth:
    def test_says_why(self, close, reopen):
        close(JANUARY)
        later = NOW + timedelta(days=1)

        reopen(JANUARY, " 补报 ", now=later)

        row = ReportingMonth.objects.get()
        assert (row.is_closed, row.reason, row.reopened_at) == (False, "补报", later)
        refuse_closed_months(JANUARY, FEBRUARY)

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_refuses_to_without_a_reason(self, close, reopen, reason):
        close(JANUARY)

        with pytest.raises(Invalid) as refusal:
            reopen(JANUARY, reason)
        assert refusal.value.errors[0]["field"] == "reason"

    def test_refuses_a_month_that_was_never_closed(self, reopen):
        with pytest.raises(NotFound):
            reopen(JANUARY)

    def test_can_be_followed_by_closing_again(self, close, reopen):
        close(JANUARY)
        reopen(JANUARY)
        later = NOW + timedelta(days=2)

        close(JANUARY, now=later)

        row = ReportingMonth.objects.get()
        assert (row.is_closed, row.closed_at) == (True, later)

    def test_is_kept_in_the_history_by_whom(self, close, reopen, operator):
        close(JANUARY)
        reopen(JANUARY)

        events = ReportingMonth.objects.get().events.order_by("pgh_id")
        assert [event.is_closed for event in events] == [True, False]
        assert {event.pgh_context.metadata["user"] for event in events} == {operator.pk}

    def test_has_a_reason_in_the_database_too(self):
        with pytest.raises(IntegrityError, match="reopened_with_reason"):
            ReportingMonth.objects.create(month=JANUARY, closed_at=NOW, is_closed=False)


class TestRefuseClosedMonths:
    @pytest.mark.parametrize(
        ("start", "end", "is_refused"),
        [
            (date(2023, 12, 31), JANUARY, False),
            (date(2023, 12, 31), date(2024, 1, 2), True),
            (JANUARY, None, True),
            (date(2024, 1, 31), FEBRUARY, True),
            (FEBRUARY, None, False),
            (date(2020, 1, 1), None, True),
            (date(2023, 11, 1), DECEMBER, False),
        ],
    )
    def test_looks_at_days_not_at_months_only(self, close, start, end, is_refused):
        close(JANUARY)

        if is_refused:
            with pytest.raises(MonthClosed) as refusal:
                refuse_closed_months(start, end)
            assert refusal.value.extra == {"month": "2024-01"}
        else:
            refuse_closed_months(start, end)

    def test_names_the_first_of_several(self, close):
        close(JANUARY)
        close(DECEMBER)

        with pytest.raises(MonthClosed) as refusal:
            refuse_closed_months(date(2023, 1, 1), None)
        assert refusal.value.extra == {"month": "2023-12"}


class TestFirstOpenDay:
    def test_is_the_day_itself_where_nothing_is_closed(self):
        assert first_open_day(TODAY) == TODAY

    def test_comes_after_the_last_closed_month(self, close, reopen):
        close(DECEMBER)
        close(JANUARY)

        assert first_open_day(date(2020, 1, 1)) == FEBRUARY
        assert first_open_day(TODAY) == TODAY

        reopen(JANUARY)
        assert first_open_day(date(2020, 1, 1)) == JANUARY


class TestMonthsToClose:
    @pytest.mark.parametrize(
        ("today", "months"),
        [
            (date(2024, 2, 18), []),  # the 12th lies in Spring Festival
            (date(2024, 2, 19), [JANUARY]),
            (date(2024, 2, 29), [JANUARY]),
            (date(2024, 1, 13), [DECEMBER]),
            (date(2024, 3, 1), []),
        ],
    )
    def test_is_the_last_one_once_its_day_is_over(self, today, months):
        assert months_to_close(today) == months

    def test_goes_by_the_settings(self):
        Setting.objects.create(name=Setting.Name.CLOSE_DAY, value=21)

        assert months_to_close(date(2024, 2, 21)) == []
        assert months_to_close(date(2024, 2, 22)) == [JANUARY]

    def test_is_none_that_somebody_closed_or_reopened(self, close, reopen):
        close(JANUARY)
        assert months_to_close(TODAY) == []

        reopen(JANUARY)
        assert months_to_close(TODAY) == []

    def test_makes_up_for_nights_on_which_nothing_ran(self, close):
        close(JANUARY)

        assert months_to_close(date(2024, 5, 3)) == [date(2024, 2, 1), date(2024, 3, 1)]
        assert months_to_close(date(2024, 5, 14)) == [
            date(2024, 2, 1),
            date(2024, 3, 1),
            date(2024, 4, 1),
        ]

    def test_leaves_no_gap_between_months_that_people_closed(self, close):
        close(DECEMBER)
        close(FEBRUARY, today=date(2024, 3, 5))

        assert months_to_close(date(2024, 3, 5)) == [JANUARY]

    def test_is_closed_by_the_worker_and_put_down_to_nobody(self, monkeypatch):
        monkeypatch.setattr("park.tasks.clock.today", lambda: TODAY)
        monkeypatch.setattr("park.tasks.clock.now", lambda: NOW)

        close_due_month()
        close_due_month()

        row = ReportingMonth.objects.get()
        assert (row.month, row.changed_by) == (JANUARY, None)


class TestThePlace:
    def test_is_written_with_its_sources(self, operator):
        park = create_park(name="测试园", source="article-1", acting_user=operator)
        zone = create_zone(park=park, code="D", sample_fields=["name"], acting_user=operator)
        create_phase(zone=zone, number=1, planned_workers=35000, acting_user=operator)
        create_buildings(
            buildings=[Building(zone=zone, code="1"), Building(zone=zone, code="10")],
            acting_user=operator,
        )

        assert Park.objects.get().source == "article-1"
        assert [building.label for building in Building.objects.order_by("pk")] == ["D-1", "D-10"]
        assert zone.events.get().pgh_context.metadata["user"] == operator.pk

    @pytest.mark.parametrize("code", ["", "b", "B-1", "B 1", "东"])
    def test_has_codes_that_labels_can_be_made_of(self, code):
        with pytest.raises(IntegrityError, match="code_form"):
            ZoneFactory(code=code)

    @pytest.mark.parametrize("code", ["", "1-2", "一"])
    def test_has_such_codes_for_buildings_too(self, code):
        with pytest.raises(IntegrityError, match="code_form"):
            BuildingFactory(code=code)


class TestQuotedFigures:
    def figure(self, value):
        return ReferenceFigure(
            code="jobs-in-district",
            name_zh="岗位",
            name_en="Jobs",
            value=value,
            unit_zh="个",
            unit_en="jobs",
            scope_zh="全区",
            scope_en="the district",
            stated_on=TODAY,
            quote="5000 余个",
            source="article-2",
        )

    def test_are_renewed_by_their_code(self, operator):
        quote_figures(figures=[self.figure(5000)], acting_user=operator)
        quote_figures(figures=[self.figure(5600)], acting_user=operator)

        assert ReferenceFigure.objects.get().value == 5600
