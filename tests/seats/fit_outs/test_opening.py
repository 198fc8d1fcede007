"""Opening a fit-out: for which seats, by whom, with which days."""

from datetime import date, timedelta

import pytest

from foundation.models import Message
from park.axis import Span, seat_at
from seats.models import AllocationKind, FitOut, FitOutStage
from seats.services.fit_outs import FitOutRunning, open_fit_out, plan_days
from seats.services.refusals import CrossesFloors, NoSuchSeat, SeatsTaken, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.fit_outs import make_fit_out, take
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Forbidden, Invalid, Stale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def span(floor):
    """Seats by their places on the floor."""
    return lambda first, last: Span(seat_at(floor.pk, first), seat_at(floor.pk, last) + 1)


@pytest.fixture
def open_case(enterprise, staff):
    def run(*spans, **more):
        told = {"enterprise": enterprise, "today": TODAY, "now": NOW, "acting_user": staff}
        return open_fit_out(spans=spans, **{**told, **more})

    return run


def runs_of(case):
    return [(run.seats.lower % 4096 + 1, run.seats.upper % 4096) for run in case.runs.all()]


class TestTheSeats:
    def test_are_those_that_the_allocation_has_now_or_later_in_as_few_runs_as_they_have(
        self, open_case, floor, enterprise
    ):
        allocation = make_allocation(floor, (61, 70), (71, 80), (1, 5), to=enterprise)

        assert runs_of(open_case(allocation=allocation)) == [(1, 5), (61, 80)]

    def test_may_be_a_part_of_them(self, open_case, allocation, span):
        assert runs_of(open_case(span(3, 9), allocation=allocation)) == [(3, 9)]

    def test_may_be_held_on_a_floor_that_is_not_handed_over(self, open_case, enterprise, firm):
        planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 6, 1))
        hold = make_allocation(
            planned, (1, 30), to=enterprise, kind=AllocationKind.HOLD, start=date(2024, 6, 1)
        )

        assert runs_of(open_case(allocation=hold, acting_user=firm)) == [(1, 30)]

    @pytest.mark.parametrize("first_last", [(90, 101), (101, 110)])
    def test_must_exist(self, open_case, span, first_last):
        with pytest.raises(NoSuchSeat):
            open_case(span(*first_last))

    def test_end_with_their_floor(self, open_case, floor, span):
        with pytest.raises(CrossesFloors):
            open_case(Span(span(1, 1).lower, seat_at(floor.pk + 1, 5)))

    def test_are_named(self, open_case):
        with pytest.raises(Invalid) as refusal:
            open_case()

        assert refusal.value.errors[0]["field"] == "runs"

    def test_of_another_enterprise_are_refused_with_its_name(self, open_case, floor, span):
        make_allocation(floor, (50, 60), to=EnterpriseFactory(short_name="别家"), start=TODAY)

        with pytest.raises(SeatsTaken) as refusal:
            open_case(span(55, 70))

        assert "别家" in str(refusal.value.message)
        assert refusal.value.errors[0]["field"] == "runs"
        assert not FitOut.objects.exists()

    def test_of_another_enterprise_after_the_works_do_not_matter(self, open_case, floor, span):
        make_allocation(floor, (50, 60), start=date(2024, 9, 1))

        case = open_case(span(50, 60), planned={FitOutStage.ACCEPTANCE: date(2024, 8, 31)})

        assert runs_of(case) == [(50, 60)]
        with pytest.raises(SeatsTaken):
            open_case(span(50, 60), planned={FitOutStage.ACCEPTANCE: date(2024, 9, 1)})

    def test_an_enterprise_opens_for_its_own_seats_only_and_learns_of_no_other(
        self, open_case, floor, allocation, firm, span
    ):
        make_allocation(floor, (50, 60), to=EnterpriseFactory(short_name="别家"), start=TODAY)
        refusals = []
        for seats in (span(55, 56), span(70, 71), span(40, 41)):
            with pytest.raises(Invalid) as refusal:
                open_case(seats, acting_user=firm)
            refusals.append(str(refusal.value.errors))

        assert len(set(refusals)) == 1
        assert runs_of(open_case(span(1, 40), acting_user=firm)) == [(1, 40)]

    def test_two_cases_never_share_seats_while_they_run(
        self, open_case, allocation, staff, firm, span
    ):
        first = open_case(span(1, 20), allocation=allocation)

        with pytest.raises(FitOutRunning) as refusal:
            open_case(span(20, 30), allocation=allocation)
        assert first.number in str(refusal.value.message)
        assert refusal.value.extra == {"first_seat": span(20, 20).lower,
                                       "last_seat": span(20, 20).lower}  # fmt: skip
        open_case(span(21, 30), allocation=allocation)
        take(first, "cancel", staff)
        assert runs_of(open_case(span(1, 20), allocation=allocation)) == [(1, 20)]

    def test_an_allocation_of_another_enterprise_is_refused(self, open_case, floor):
        with pytest.raises(Invalid) as refusal:
            open_case(allocation=make_allocation(floor, (80, 90)))

        assert refusal.value.errors[0]["field"] == "allocation"


class TestTheDays:
    def test_follow_the_milestones(self, open_case, allocation):
        with pytest.raises(Invalid) as refusal:
            open_case(
                allocation=allocation,
                planned={FitOutStage.DEPOSIT: TODAY, FitOutStage.START: TODAY - DAY},
            )

        assert refusal.value.errors[0]["field"] == "start"

    def test_may_be_planned_anew_while_the_case_runs(self, case_in, staff):
        case = case_in("review", planned={FitOutStage.PLAN: TODAY})

        plan_days(
            fit_out_id=case.pk,
            planned={FitOutStage.REVIEW: TODAY + DAY},
            expected_version=case.version,
            acting_user=staff,
        )

        planned = dict(case.steps.values_list("stage", "planned_on"))
        assert planned == dict.fromkeys(FitOutStage.values) | {"review": TODAY + DAY}
        with pytest.raises(Stale):
            plan_days(
                fit_out_id=case.pk, planned={}, expected_version=case.version, acting_user=staff
            )
        take(case, "cancel", staff)
        with pytest.raises(WrongState):
            plan_days(fit_out_id=case.pk, planned={}, acting_user=staff)

    @pytest.mark.parametrize(
        ("state", "day", "is_late"),
        [
            ("planning", TODAY - DAY, True),
            ("planning", TODAY, False),
            ("planning", None, False),
            ("review", TODAY - DAY, False),  # the plan was handed in
            ("cancelled", TODAY - DAY, False),
        ],
    )
    def test_that_passed_make_a_case_overdue(self, case_in, state, day, is_late):
        case = case_in(state, planned={FitOutStage.PLAN: day})

        assert FitOut.objects.overdue(TODAY).filter(pk=case.pk).exists() is is_late

    def test_a_plan_sent_back_is_due_again(self, case_in, staff):
        case = case_in("review", planned={FitOutStage.PLAN: TODAY - DAY})
        take(case, "send_back", staff)

        assert FitOut.objects.overdue(TODAY).get() == case
        assert FitOut.objects.with_due().get().due_on == TODAY - DAY


def test_only_the_park_closes_seats(open_case, allocation, firm):
    with pytest.raises(Forbidden):
        open_case(allocation=allocation, closes_seats=True, acting_user=firm)


def test_the_other_side_is_told(allocation, firm, staff):
    make_fit_out(allocation, by=firm)

    told = {message.recipient for message in Message.objects.select_related("recipient")}
    assert staff in told
    assert firm not in told


def test_strangers_find_nothing(case_in, stranger, staff, firm, enterprise):
    case = case_in()
    colleague = make_member(enterprise, is_manager=False)

    assert not FitOut.objects.visible_to(stranger).exists()
    for who in (staff, firm, colleague):
        assert FitOut.objects.visible_to(who).get() == case
