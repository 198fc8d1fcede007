"""Requests for seats: what may be asked, which step may follow which, what comes of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.utils import ProgrammingError

from accounts.permissions import Role
from foundation.models import Message
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import RequestKind, RequestState, SeatRequest, StateChange
from seats.planner import Phase
from seats.services import approvals, requests
from seats.services.refusals import SeatsTaken, WrongState
from seats.services.requests import create_request, edit_request
from seats.services.steps import STEPS
from seats.services.wishes import Needs, Wish, wish_of
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import START, make_allocation, make_request, make_run
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def floor(operator):
    return make_floor(zone="C", seats=100, acting_user=operator)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def member(enterprise):
    return make_member(enterprise)


@pytest.fixture
def request_in(floor, enterprise, member):
    """A request in a state, however it came there."""

    def make(state, kind=RequestKind.NEW, **wish):
        request = make_request(enterprise=enterprise, acting_user=member, **wish)
        SeatRequest.objects.filter(pk=request.pk).update(state=state, kind=kind)
        request.refresh_from_db()
        return request

    return make


@pytest.fixture
def take(floor, operator):
    """Take a step, with all it needs."""

    def run(step, request, **more):
        needs = {
            "send_back": {"note": "请补充人数计划"},
            "reject": {"note": "C 区已满"},
            "approve": {"rectangles": [make_run(floor, 1, 10)], "today": TODAY},
        }
        service = getattr(approvals if step == "approve" else requests, f"{step}_request")
        is_enterprises = STEPS[step].is_enterprises
        actor = request.created_by if is_enterprises else operator
        return service(
            request_id=request.pk,
            **{"now": NOW, "acting_user": actor, **needs.get(step, {}), **more},
        )

    return run


class TestWhatMayBeAsked:
    @pytest.fixture
    def ask(self, floor, enterprise, member):
        def run(**wish):
            return make_request(enterprise=enterprise, acting_user=member, **wish)

        return run

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"seats": 0}, "seats"),
            ({"seats": -1}, "seats"),
            ({"seats": 10_000_000}, "seats"),
            ({"seats": 101}, "seats"),
            ({"end": START - DAY}, "end"),
            ({"start": date(1989, 12, 31)}, "start"),
            ({"start": date(9999, 1, 1)}, "start"),
            ({"end": date(9999, 1, 1)}, "end"),
            ({"zones": ["C", "X"]}, "zones"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, ask, wrong, field):
        with pytest.raises(Invalid) as refusal:
            ask(**wrong)

        assert [error["field"] for error in refusal.value.errors] == [field]
        assert not SeatRequest.objects.exists()

    def test_names_how_many_seats_there_are(self, ask):
        with pytest.raises(Invalid) as refusal:
            ask(seats=10_000_000)

        assert "100" in refusal.value.errors[0]["message"]

    @pytest.mark.parametrize("wish", [{"seats": 100}, {"seats": 1, "end": START}, {"zones": []}])
    def test_accepts_its_limits(self, ask, wish):
        assert ask(**wish).state == RequestState.DRAFT

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (date(2024, 1, 31), None),
            (date(2024, 1, 1), date(2024, 1, 1)),
            (date(2023, 12, 1), date(2024, 1, 1)),
        ],
    )
    def test_refuses_days_of_a_closed_month(self, ask, start, end):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(MonthClosed):
            ask(start=start, end=end)

    def test_keeps_each_zone_once_in_order(self, ask):
        make_floor(zone="A")

        assert ask(zones=["C", "A", "C"]).zones == ["A", "C"]

    def test_begins_with_a_first_line_of_its_history(self, ask, member):
        change = StateChange.objects.get(request=ask())

        assert (change.from_state, change.to_state, change.by) == ("", "draft", member)

    def test_is_numbered_by_the_year_in_shanghai(self, floor):
        new_years_morning = datetime(2024, 1, 1, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
        request = make_request(now=new_years_morning)

        assert request.number == f"R-2024-{request.pk:04d}"
        assert SeatRequest.objects.get().number == request.number


class TestEditing:
    WISH = Wish(kind=RequestKind.NEW, seats=20, start=START, zones=["C"], note="二期")

    def edit(self, request, user, **more):
        return edit_request(
            request_id=request.pk, wish=self.WISH, now=NOW, acting_user=user, **more
        )

    @pytest.mark.parametrize("state", RequestState.values)
    def test_is_for_drafts_and_what_was_sent_back(self, floor, operator, enterprise, member, state):
        request = make_request(enterprise=enterprise, acting_user=member)
        Way(floor, operator).bring(request, state)

        if state in {"draft", "sent_back"}:
            assert self.edit(request, member).seats == 20
        else:
            with pytest.raises(WrongState):
                self.edit(request, member)

    def test_refuses_what_somebody_changed_meanwhile(self, request_in, member):
        request = request_in("draft")
        self.edit(request, member, expected_version=1)

        with pytest.raises(Stale):
            self.edit(request, member, expected_version=1)

    def test_checks_as_at_the_beginning(self, request_in, member):
        with pytest.raises(Invalid):
            edit_request(
                request_id=request_in("draft").pk,
                wish=self.WISH._replace(seats=0),
                now=NOW,
                acting_user=member,
            )


@pytest.mark.parametrize(("step", "state"), [("submit", "draft"), ("take_up", "submitted")])
def test_since_when_it_is_there_is_the_moment_of_the_step(request_in, take, step, state):
    later = NOW + timedelta(hours=2)

    assert take(step, request_in(state), now=later).since == later


class TestWhoSpeaksForTheEnterprise:
    def test_a_colleague_of_who_wrote_it_does(self, request_in, take, enterprise):
        colleague = make_member(enterprise)

        assert take("withdraw", request_in("submitted"), acting_user=colleague).state == "withdrawn"


class TestMessages:
    @pytest.fixture
    def people(self, person, member, operator):
        """Everybody who might be told; those of the park who decide, and the enterprise's own."""
        staff = person(Role.OPERATOR_STAFF)
        person(Role.OPERATOR_STAFF, is_active=False)
        for role in [Role.OFFICIAL, Role.AUDITOR, Role.PROMOTION_OFFICER]:
            person(role)
        make_member(EnterpriseFactory())
        gone = make_member(member.memberships.get().enterprise)
        gone.memberships.update(ended_at=NOW)
        return {"park": {operator, staff}, "enterprise": {member}}

    def test_are_not_written_when_the_step_fails(self, people, request_in, take, floor):
        make_allocation(floor, (5, 5))

        with pytest.raises(SeatsTaken):
            take("approve", request_in("submitted"))

        assert not Message.objects.exists()


class TestVisibleTo:
    @pytest.fixture
    def rows(self, floor, enterprise, member, operator):
        """A draft of the enterprise, one that the park writes for it, and a submitted request."""
        rows = {
            "own draft": make_request(enterprise=enterprise, acting_user=member),
            "park's draft": make_request(enterprise=enterprise, acting_user=operator),
            "submitted": make_request(enterprise=enterprise, acting_user=member),
        }
        requests.submit_request(request_id=rows["submitted"].pk, now=NOW, acting_user=member)
        return {row.pk: name for name, row in rows.items()}

    def seen_by(self, user, rows):
        return {rows[request.pk] for request in SeatRequest.objects.visible_to(user)}

    def test_the_enterprise_sees_all_its_own(self, rows, member):
        assert self.seen_by(member, rows) == {"own draft", "park's draft", "submitted"}

    def test_the_park_sees_drafts_only_where_it_writes_them(self, rows, operator, person):
        assert self.seen_by(operator, rows) == {"park's draft", "submitted"}
        assert self.seen_by(person(Role.OPERATOR_STAFF), rows) == {"submitted"}
        assert self.seen_by(person(Role.AUDITOR), rows) == {"submitted"}

    def test_strangers_see_nothing(self, rows, person):
        assert self.seen_by(make_member(EnterpriseFactory()), rows) == set()
        assert self.seen_by(person(Role.OFFICIAL), rows) == set()

    def test_who_has_left_sees_nothing(self, rows, member):
        member.memberships.update(ended_at=NOW)

        assert self.seen_by(member, rows) == set()

    def test_desks_hold_what_waits(self, rows, request_in):
        request_in("in_review")
        sent_back = request_in("sent_back")
        request_in("rejected")

        assert SeatRequest.objects.waiting_for_park().count() == 2
        assert list(SeatRequest.objects.waiting_for_enterprise()) == [sent_back]


def test_history_cannot_be_rewritten(floor):
    change = StateChange.objects.get(request=make_request())

    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        StateChange.objects.filter(pk=change.pk).update(note="anders")


def test_the_wish_of_a_request_is_what_create_was_given(floor, enterprise, member):
    needs = Needs(True, True, 30, 60, "park", True)
    phases = [Phase(10, START), Phase(20, START + 10 * DAY)]
    wish = Wish(
        *(RequestKind.NEW, 30, START, START + 30 * DAY, ["C"], True, "靠近电梯"),
        *("customer_service", needs, phases),
    )

    request = create_request(enterprise=enterprise, wish=wish, now=NOW, acting_user=member)

    assert wish_of(SeatRequest.objects.get(pk=request.pk)) == wish
