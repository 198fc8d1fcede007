"""An issued report beside today: what was known then, what is known now, and what came between.

Transactions are real here: the history is told apart by what was committed before.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import translation

from accounts.permissions import Role
from park.services import close_month, reopen_month
from reports.models import MonthlyReport, ReportKind
from reports.services import issue_report
from reports.services.building import build_report
from reports.then_and_now import ThenAndNow, issued_figures, mark_of
from seats.as_known import Mark, deeds_since, mark_at, mark_now, occupancy_known
from seats.models import AllocationKind, SeatBlock
from seats.occupancy import Occupancy, floors_during
from seats.services.allocations import release_seats
from seats.services.floors import deliver_floor, extend_floor
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.reports.conftest import JANUARY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]

LAST_DAY = date(2024, 1, 31)


@pytest.fixture
def issued(small_park):
    """January of the small park, closed and issued.

    A-1-1F: 100 seats, 50 contracted. C-1-1F: 60, of them 20 contracted and 10 closed.
    """
    close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=small_park.operator)
    return issue(small_park)


@pytest.fixture
def reopened(issued, small_park):
    reopen_month(
        month=JANUARY,
        reason="补录一笔退租",
        now=NOW + timedelta(hours=1),
        acting_user=small_park.operator,
    )
    return issued


def issue(small_park, reason=""):
    draft = build_report(
        kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
    )
    return issue_report(report_id=draft.pk, now=NOW, reason=reason, acting_user=small_park.operator)


def gives_back(small_park, seats=None, start=date(2024, 1, 15), who=None):
    """诚伯信息 had left some of its 20 seats on C-1-1F in January already."""
    (allocation,) = small_park.absent.allocations.all()
    return release_seats(
        allocation_id=allocation.pk,
        start=start,
        seats=seats,
        today=TODAY,
        now=NOW,
        acting_user=who or small_park.operator,
    )


def known_today():
    floors = floors_during(LAST_DAY, LAST_DAY + timedelta(days=1), today=TODAY)
    return {one.floor: one.occupancy for one in floors if one.occupancy.seats}


def shown(report, user):
    translation.activate("en")
    return ThenAndNow(MonthlyReport.objects.get(pk=report.pk), user, today=TODAY)


class TestAnUntouchedMonth:
    def test_is_today_what_was_issued(self, issued, small_park):
        beside = shown(issued, small_park.operator)

        assert (
            beside.then
            == beside.now
            == {
                "A-1-1F": Occupancy(100, 50, 0, 0),
                "C-1-1F": Occupancy(60, 20, 0, 10),
            }
        )
        assert beside.is_confirmed
        assert (beside.differing, beside.deeds) == ([], [])

    def test_says_so(self, issued, park):
        page = text_of(park.get("reports:report-today", issued.pk))

        assert "31 January 2024: as it was issued" in page
        assert "Nothing was recorded since that changes this day." in page
        assert "Exist 160 160 0" in page

    def test_what_other_days_are_given_is_none_of_its_matters(self, issued, small_park):
        make_allocation(small_park.c, (50, 60), start=date(2024, 2, 1))
        release_seats(
            allocation_id=small_park.kai_chang.allocations.get().pk,
            start=TODAY,
            today=TODAY,
            now=NOW,
            acting_user=small_park.operator,
        )

        beside = shown(issued, small_park.operator)

        assert beside.is_confirmed
        assert (beside.differing, beside.deeds) == ([], [])


class TestAChangedMonth:
    def test_shows_both_columns_and_what_came_between(self, reopened, small_park):
        """5 of 20 seats were given back on 15 January; 3 of A-1-1F were closed on the 31st."""
        seats = small_park.c.seats
        gives_back(small_park, seats=seats._replace(upper=seats.lower + 5))
        make_allocation(
            small_park.a,
            (98, 100),
            start=LAST_DAY,
            kind=AllocationKind.CLOSURE,
            reason="漏水",
            acting_user=small_park.operator,
        )

        beside = shown(reopened, small_park.operator)

        assert beside.is_confirmed
        assert [tuple(pair)[1:] for pair in beside.totals] == [
            *((160, 160), (70, 65), (0, 0), (10, 13), (80, 82)),
        ]
        assert {
            (line.label, pair.word): (pair.then, pair.now, pair.difference)
            for line in beside.differing
            for pair in line.pairs
        } == {
            ("A-1-1F", "Closed"): (0, 3, 3),
            ("A-1-1F", "Vacant"): (50, 47, -3),
            ("C-1-1F", "Contracted"): (20, 15, -5),
            ("C-1-1F", "Vacant"): (30, 35, 5),
        }
        assert [(deed.person, deed.effects) for deed in beside.deeds] == [
            ("张敏", ["A-1-1F: Closed +3, Vacant −3"]),
            ("张敏", ["C-1-1F: Contracted −5, Vacant +5"]),
        ]
        names = [[name for name, _url in deed.allocations] for deed in beside.deeds]
        assert names == [["漏水"], ["诚伯信息"]]

    def test_a_floor_that_was_there_all_along_comes_with_its_seats(self, reopened, small_park):
        late = make_floor(
            zone="D", level=9, seats=40, delivered_on=None, planned_on=date(2024, 1, 20)
        )
        make_allocation(late, (1, 10), start=date(2024, 1, 20), kind=AllocationKind.HOLD)
        before = shown(reopened, small_park.operator)
        assert before.differing == [], "it is not handed over"

        deliver_floor(
            floor_id=late.pk, day=date(2024, 1, 20), now=NOW, acting_user=small_park.operator
        )

        beside = shown(reopened, small_park.operator)
        assert beside.then.get("D-1-9F") is None
        assert beside.now["D-1-9F"] == Occupancy(40, 0, 10, 0)
        (deed,) = beside.deeds
        assert deed.effects == ["D-1-9F: Exist +40, Held +10, Vacant +30"]

    def test_the_next_edition_begins_anew(self, reopened, small_park):
        gives_back(small_park)
        second = issue(small_park, reason="补录一笔退租")

        first_now = shown(reopened, small_park.operator)
        second_now = shown(second, small_park.operator)

        assert second_now.is_confirmed
        assert second_now.then["C-1-1F"] == Occupancy(60, 0, 0, 10)
        assert (second_now.differing, second_now.deeds) == ([], [])
        assert first_now.then["C-1-1F"] == Occupancy(60, 20, 0, 10)
        assert len(first_now.deeds) == 1

    def test_what_happened_between_draft_and_issue_was_known(self, small_park):
        draft = build_report(
            kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
        )
        who = {"acting_user": small_park.operator}
        here = {"start": date(2024, 1, 31), "to": small_park.absent}  # who is in the park already
        one = make_allocation(small_park.c, (41, 45), **here, **who)
        release_seats(allocation_id=one.pk, start=date(2024, 1, 31), today=TODAY, now=NOW, **who)

        report = issue_report(report_id=draft.pk, now=NOW, **who)

        assert shown(report, small_park.operator).deeds == []

    def test_what_is_taken_and_given_back_is_told_and_leaves_the_figures(
        self, reopened, small_park, park
    ):
        one = make_allocation(
            small_park.c, (41, 45), start=LAST_DAY, acting_user=small_park.operator
        )
        release_seats(
            allocation_id=one.pk,
            start=LAST_DAY,
            today=TODAY,
            now=NOW,
            acting_user=small_park.operator,
        )

        page = text_of(park.get("reports:report-today", reopened.pk))

        assert "What was recorded since leaves every figure as it was." in page
        assert "C-1-1F: Contracted −5, Vacant +5" in page

    def test_a_figure_that_the_history_does_not_confirm_is_said(self, issued, park):
        """Somebody wrote below the history: here, an event is taken out of it."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE seats_seatblockevent DISABLE TRIGGER USER")
            cursor.execute("UPDATE seats_seatblockevent SET kind = 'void' WHERE kind = 'closure'")
            cursor.execute("ALTER TABLE seats_seatblockevent ENABLE TRIGGER USER")

        page = text_of(park.get("reports:report-today", issued.pk))

        assert "The history of the seats does not lead to these figures." in page


class TestTheHistory:
    """A month of changes of all kinds: at every mark the day is what it was then."""

    def test_leads_to_what_was_known_at_every_mark(self, small_park):
        known = [(mark_now(), known_today())]
        for step in self._steps(small_park):
            step()
            known.append((mark_now(), known_today()))

        for mark, figures in known:
            then = occupancy_known(LAST_DAY, mark)
            assert {label: one for label, one in then.items() if one.seats} == figures
            self._adds_up(figures, known_today(), deeds_since(LAST_DAY, mark))

    def _steps(self, small):
        who = {"acting_user": small.operator}
        late = make_floor(level=8, seats=20, delivered_on=None, planned_on=date(2024, 1, 5), **who)
        return [
            lambda: gives_back(small, seats=small.c.seats._replace(upper=small.c.seats.lower + 7)),
            lambda: make_allocation(
                small.c, (1, 5), to=small.kai_chang, start=date(2024, 1, 16), **who
            ),
            lambda: make_allocation(late, (1, 9), start=LAST_DAY, kind=AllocationKind.HOLD, **who),
            lambda: deliver_floor(floor_id=late.pk, day=date(2024, 1, 5), now=NOW, **who),
            lambda: extend_floor(
                floor_id=small.a.pk, seat_count=130, first_day=date(2024, 1, 30), now=NOW, **who
            ),
            lambda: gives_back(small),
            lambda: make_floor(zone="B", seats=30, delivered_on=date(2024, 1, 1), **who),
        ]

    def _adds_up(self, then, now, deeds):
        sums = Counter()
        for deed in deeds:
            for floor, *effect in deed.effects:
                label = _label(floor)
                for name, value in zip(Occupancy._fields, effect, strict=True):
                    sums[label, name] += value
        wanted = Counter()
        for label in {**then, **now}:
            before, after = then.get(label, Occupancy()), now.get(label, Occupancy())
            for name, one, other in zip(Occupancy._fields, after, before, strict=True):
                wanted[label, name] = one - other
        assert {key: n for key, n in sums.items() if n} == {
            key: n for key, n in wanted.items() if n
        }

    def test_is_asked_four_times_however_long_it_is(
        self, reopened, small_park, django_assert_num_queries
    ):
        mark = mark_of(MonthlyReport.objects.get(pk=reopened.pk))
        for place in range(41, 60, 2):
            make_allocation(small_park.c, (place, place), start=LAST_DAY)

        with django_assert_num_queries(4):
            assert len(deeds_since(LAST_DAY, mark)) == 10

    def test_of_an_edition_without_a_mark_is_found_by_the_databases_clock(
        self, reopened, small_park
    ):
        report = MonthlyReport.objects.get(pk=reopened.pk)
        mark = mark_of(report)
        gives_back(small_park)
        del report.content["known"]

        assert mark_of(report) == mark
        assert mark == Mark(**reopened.content["known"])
        assert mark_at(NOW) == Mark(0, 0), "nothing was recorded on that day by the real clock"
        assert mark_now().blocks == SeatBlock.pgh_event_model.objects.latest("pgh_id").pgh_id

    def test_gives_the_figures_that_the_frozen_rows_give(self, issued):
        report = MonthlyReport.objects.get(pk=issued.pk)

        assert issued_figures(report) == occupancy_known(LAST_DAY, mark_of(report))


def _label(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT label FROM park_floor WHERE id = %s", [pk])
        return cursor.fetchone()[0]


class TestWhoSeesWhat:
    @pytest.fixture
    def changed(self, reopened, small_park):
        gives_back(small_park)
        return reopened

    def test_an_official_sees_figures_and_days_but_neither_people_nor_holders(
        self, changed, official
    ):
        desk = Desk(official)

        response = desk.get("reports:report-today", changed.pk)

        page = text_of(response)
        assert "C-1-1F: Contracted −20, Vacant +20" in page
        assert "Contracted 70 50 −20" in page
        assert "张敏 ·" not in page
        assert "诚伯" not in page
        for address in ("/seats/", "/park/floors/", "/tenants/"):
            assert f'href="{address}' not in response.content.decode()

    @pytest.mark.parametrize("role", [Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF, Role.AUDITOR])
    def test_the_parks_people_see_who_did_it_and_whose_seats(self, changed, role):
        response = Desk(UserFactory(roles=[role])).get("reports:report-today", changed.pk)

        page = text_of(response)
        assert "张敏 · C-1-1F: Contracted −20, Vacant +20" in page
        assert "诚伯信息" in page

    def test_an_official_of_another_area_sees_nothing(self, changed):
        elsewhere = UserFactory(roles=[Role.OFFICIAL], area_code="110000")

        assert Desk(elsewhere).get("reports:report-today", changed.pk).status_code == 404

    @pytest.mark.parametrize("kind", ReportKind)
    def test_drafts_have_no_such_page(self, small_park, park, kind):
        draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)

        assert park.get("reports:report-today", draft.pk).status_code == 404

    def test_a_day_leads_to_the_edition_that_counts(self, changed, small_park, park, official):
        second = issue(small_park, reason="补录")

        for desk in (park, Desk(official)):
            answer = desk.get("reports:report-on", "2024-01-31")
            assert answer.headers["Location"] == f"/reports/{second.pk}/today/"
        answer = park.get("reports:report-on", "2023-12-31")
        assert answer.headers["Location"] == "/reports/"
        page = text_of(park.follow("/reports/"))
        assert "No occupancy report of December 2023 is issued." in page
        assert park.get("reports:report-on", "2024-13-01").status_code == 404

    def test_the_reports_page_leads_there(self, changed, park):
        page = park.get("reports:report-detail", changed.pk).content.decode()

        assert f'href="/reports/{changed.pk}/today/"' in page

    def test_asks_as_often_for_many_floors_and_changes_as_for_few(
        self, changed, small_park, park, django_assert_num_queries, django_assert_max_num_queries
    ):
        make_allocation(make_floor(level=2), (1, 5), start=date(2024, 1, 3))
        with django_assert_max_num_queries(
            89
        ) as few:  # every source of the report, once more, and why
            park.get("reports:report-today", changed.pk)
        for level in range(3, 20):
            make_allocation(make_floor(level=level), (1, 5), start=date(2024, 1, 3))

        with django_assert_num_queries(len(few)):
            park.get("reports:report-today", changed.pk)
