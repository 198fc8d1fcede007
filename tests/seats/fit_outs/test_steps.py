"""What a step needs, keeps and does: days, notes, files, money, closed seats, messages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError

from foundation.models import Message
from park.axis import Span, seat_at
from seats.models import (
    Allocation,
    AllocationKind,
    FitOut,
    FitOutFile,
    FitOutStage,
    SeatBlock,
)
from seats.services.fit_outs import add_file, open_fit_out
from seats.services.refusals import NotDelivered, SeatsTaken, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.fit_outs import ENTERPRISES, PDF, add_plan, make_fit_out, take
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def refused(field, call):
    with pytest.raises(Invalid) as refusal:
        call()
    assert [error["field"] for error in refusal.value.errors] == [field]


class TestTheDay:
    def test_and_who_and_the_note_stand_at_the_milestone(self, case_in, staff):
        case = take(case_in("review"), "approve", staff, on=TODAY, note="消防已审")

        step = case.steps.get(stage=FitOutStage.REVIEW)
        assert (step.done_on, step.done_by, step.note) == (TODAY, staff, "消防已审")

    def test_is_today_where_none_is_said(self, case_in, firm):
        case = take(case_in("planning"), "submit", firm)

        assert case.steps.get(stage=FitOutStage.PLAN).done_on == TODAY

    def test_is_not_to_come(self, case_in, staff):
        case = case_in("review")
        refused("on", lambda: take(case, "approve", staff, on=TODAY + DAY))

    def test_does_not_come_before_the_step_before(self, case_in, staff):
        case = case_in("review")
        refused("on", lambda: take(case, "approve", staff, on=TODAY - DAY))

    @pytest.mark.parametrize(
        ("state", "before", "step"),
        [
            ("working", "ask_inspection", "pass_inspection"),
            ("inspection", "fail_inspection", "ask_inspection"),
            ("review", "send_back", "submit"),
        ],
    )
    def test_does_not_come_before_a_step_that_is_no_milestone(
        self, case_in, staff, firm, state, before, step
    ):
        who = {True: firm, False: staff}
        case = case_in(state)
        later = TODAY + 3 * DAY
        case = take(case, before, who[before in ENTERPRISES], today=later)

        back = {"today": later, "on": TODAY + 2 * DAY}
        refused("on", lambda: take(case, step, who[step in ENTERPRISES], **back))
        take(case, step, who[step in ENTERPRISES], today=later)

    def test_may_come_before_the_case_was_written_down(self, allocation, staff, firm):
        case = make_fit_out(allocation, by=firm, today=TODAY + 9 * DAY)

        case = take(case, "submit", firm, today=TODAY + 9 * DAY, on=TODAY)

        assert case.steps.get(stage=FitOutStage.PLAN).done_on == TODAY

    def test_of_a_plan_sent_back_is_forgotten_and_its_history_kept(self, case_in, staff, firm):
        case = take(case_in("review"), "send_back", staff)
        step = case.steps.get(stage=FitOutStage.PLAN)
        assert (step.done_on, step.done_by) == (None, None)

        take(case, "submit", firm)

        assert list(case.changes.order_by("pk").values_list("step", flat=True)) == [
            *("open", "submit", "send_back", "submit")
        ]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("review", "send_back"),
        ("inspection", "fail_inspection"),
        ("planning", "withdraw"),
        ("working", "cancel"),
    ],
)
def test_what_goes_back_or_ends_says_why(case_in, staff, firm, state, step):
    case = case_in(state)
    who = firm if step == "withdraw" else staff
    refused("note", lambda: take(case, step, who, note=" \n"))


def test_a_plan_is_handed_in_with_a_file(allocation, firm):
    case = open_fit_out(
        enterprise=allocation.enterprise,
        allocation=allocation,
        today=TODAY,
        now=NOW,
        acting_user=firm,
    )
    refused("file", lambda: take(case, "submit", firm))

    add_plan(case, firm)

    assert take(case, "submit", firm).state == "review"


class TestFiles:
    def test_keep_their_bytes_and_belong_to_the_milestone_of_the_moment(self, case_in, staff):
        case = case_in("inspection")
        row = add_plan(case, staff, "查验照片.pdf")

        row.refresh_from_db()
        assert row.stage == FitOutStage.INSPECTION
        assert row.file.open().read() == PDF
        assert (row.size, len(row.sha256)) == (len(PDF), 64)

    def test_make_another_version_so_that_nobody_approves_what_they_did_not_see(
        self, case_in, firm, staff
    ):
        case = case_in("review")
        add_plan(case, firm)

        with pytest.raises(Stale):
            take(case, "approve", staff, expected_version=case.version)

    def test_are_not_added_to_what_is_over(self, case_in, firm):
        with pytest.raises(WrongState):
            add_plan(case_in("cancelled"), firm)

    def test_are_a_hundred_at_most(self, case_in, firm, monkeypatch):
        monkeypatch.setattr("seats.services.fit_outs.MOST_FILES", 1)
        case = case_in("review")
        refused("file", lambda: add_plan(case, firm))

    @pytest.mark.parametrize("change", ["update", "delete"])
    def test_stay_as_they_were_sent(self, case_in, change):
        rows = FitOutFile.objects.filter(fit_out=case_in("review"))

        with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
            rows.update(name="x") if change == "update" else rows.delete()

    def test_of_the_history_too(self, case_in):
        changes = case_in("review").changes.all()

        with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
            changes.update(note="x")


class TestMoney:
    def test_is_kept_to_the_fen_and_returned(self, case_in, staff):
        case = take(case_in("deposit"), "take_deposit", staff, amount=Decimal("20000.05"))
        assert (case.deposit, case.deposit_received_on) == (Decimal("20000.05"), TODAY)
        take(case, "cancel", staff)

        case = take(case, "return_deposit", staff, amount=Decimal("20000.05"))

        case.refresh_from_db()
        assert (case.deposit_returned, case.deposit_returned_on) == (Decimal("20000.05"), TODAY)
        with pytest.raises(WrongState):
            take(case, "return_deposit", staff)

    @pytest.mark.parametrize("amount", [None, "-1", "1.005", "1000000000"])
    def test_makes_sense(self, case_in, staff, amount):
        told = None if amount is None else Decimal(amount)
        case = case_in("deposit")
        refused("amount", lambda: take(case, "take_deposit", staff, amount=told))

    def test_less_is_returned_only_with_a_reason_and_more_never(self, case_in, staff):
        case = case_in("accepted")
        refused("amount", lambda: take(case, "return_deposit", staff, amount=Decimal("20000.01")))
        refused("note", lambda: take(case, "return_deposit", staff, amount=Decimal(100)))
        assert take(
            case, "return_deposit", staff, amount=Decimal(0), note="墙面未恢复"
        ).deposit_returned == Decimal(0)

    def test_where_none_was_paid_none_is_returned(self, case_in, staff):
        case = take(case_in("review"), "cancel", staff)

        with pytest.raises(WrongState):
            take(case, "return_deposit", staff)

    def test_no_deposit_is_a_deposit_of_nothing(self, case_in, staff):
        case = take(case_in("deposit"), "take_deposit", staff, amount=Decimal(0))
        assert case.state == "ready"
        take(case, "cancel", staff)
        assert not FitOut.objects.waiting_for_park().exists()

    def test_waits_for_the_park_until_it_is_returned(self, case_in, staff):
        case = case_in("accepted")
        assert FitOut.objects.waiting_for_park().get() == case
        take(case, "return_deposit", staff)
        assert not FitOut.objects.waiting_for_park().exists()

    def test_more_than_the_deposit_is_refused_by_the_database(self, case_in):
        case = case_in("accepted")

        with pytest.raises(IntegrityError), transaction.atomic():
            FitOut.objects.filter(pk=case.pk).update(
                deposit_returned=Decimal("20000.01"), deposit_returned_on=TODAY
            )


class TestSeatsMeanwhile:
    @pytest.fixture
    def mixed(self, floor, enterprise, staff, allocation):
        """A case for seats 31 to 60: ten are the enterprise's, twenty nobody's."""

        def make(state="ready", **planned):
            case = open_fit_out(
                enterprise=enterprise,
                spans=[Span(seat_at(floor.pk, 31), seat_at(floor.pk, 60) + 1)],
                closes_seats=True,
                planned={FitOutStage(stage): day for stage, day in planned.items()},
                today=TODAY,
                now=NOW,
                acting_user=staff,
            )
            add_plan(case, staff)
            for step in ("submit", "approve", "take_deposit"):
                case = take(case, step, staff)
            return case

        return make

    def test_the_vacant_ones_are_closed_from_the_start_to_the_planned_acceptance(
        self, mixed, staff
    ):
        case = take(mixed(acceptance=date(2024, 4, 30)), "start", staff)

        closure = Allocation.objects.get(kind=AllocationKind.CLOSURE)
        assert case.closure == closure
        assert case.number in closure.reason
        assert shape_of(closure) == [(41, 60, TODAY, date(2024, 5, 1))]

    def test_they_are_vacant_again_with_the_acceptance(self, mixed, staff):
        case = take(mixed(), "start", staff)
        assert shape_of(case.closure) == [(41, 60, TODAY, None)]
        later = TODAY + 9 * DAY
        for step in ("ask_inspection", "pass_inspection"):
            take(case, step, staff, today=later)
        take(case, "accept", staff, today=later)

        assert shape_of(case.closure) == [(41, 60, TODAY, later)]

    def test_a_cancelled_case_frees_them_too(self, mixed, staff):
        case = take(mixed(), "start", staff)
        take(case, "cancel", staff, today=TODAY + DAY)

        assert shape_of(case.closure) == [(41, 60, TODAY, TODAY + DAY)]

    def test_a_closure_that_is_over_stays_as_it_was(self, mixed, staff):
        case = take(mixed(acceptance=TODAY), "start", staff)
        take(case, "cancel", staff, today=TODAY + 3 * DAY)

        assert shape_of(case.closure) == [(41, 60, TODAY, TODAY + DAY)]

    def test_own_seats_need_no_closure(self, case_in, staff):
        case = take(case_in("ready"), "start", staff)

        assert case.closure is None
        assert not SeatBlock.objects.filter(kind="closure").exists()

    def test_somebody_who_came_meanwhile_is_named_and_nothing_starts(self, mixed, floor, staff):
        case = mixed()
        rival = make_allocation(floor, (50, 55), start=TODAY + DAY)

        with pytest.raises(SeatsTaken) as refusal:
            take(case, "start", staff)

        assert rival.enterprise.short_name in str(refusal.value.message)
        case.refresh_from_db()
        assert (case.state, case.closure) == ("ready", None)

    def test_work_does_not_start_before_the_floor_is_handed_over(self, enterprise, staff, firm):
        planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 6, 1))
        hold = make_allocation(
            planned, (1, 30), to=enterprise, kind=AllocationKind.HOLD, start=date(2024, 6, 1)
        )
        case = open_fit_out(
            enterprise=enterprise, allocation=hold, today=TODAY, now=NOW, acting_user=firm
        )
        add_plan(case, firm)
        take(case, "submit", firm)
        for step in ("approve", "take_deposit"):
            take(case, step, staff)

        with pytest.raises(NotDelivered) as refusal:
            take(case, "start", staff)

        assert planned.label in str(refusal.value.message)


@pytest.mark.parametrize(
    ("state", "step"), [("review", "send_back"), ("working", "ask_inspection"), ("ready", "start")]
)
def test_each_step_tells_the_other_side(case_in, firm, staff, operator, state, step):
    case = case_in(state)
    Message.objects.all().delete()

    take(case, step, firm if step == "ask_inspection" else staff)

    told = {message.recipient for message in Message.objects.all()}
    if step == "ask_inspection":
        assert {staff, operator} <= told
        assert firm not in told
    else:
        assert told == {firm}
    for message in Message.objects.all():
        assert case.number in message.subject
        assert message.url == f"/seats/fit-outs/{case.pk}/"


def test_a_file_may_come_with_two_tabs_open(case_in, firm):
    """Adding never asks for a version: nothing is overwritten by it."""
    case = case_in("planning")
    for name in ("一.pdf", "二.pdf"):
        add_plan(case, firm, name)

    assert case.files.count() == 3
    assert add_file.__kwdefaults__ is None
