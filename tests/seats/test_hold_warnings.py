"""Holds say so before they end, and once more when they have; each person once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.permissions import Role
from foundation.models import Message, Setting
from park.axis import Span, seat_at
from seats.models import AllocationKind
from seats.services.allocations import confirm_hold, release_seats
from seats.services.expiry import end_expired_holds
from seats.services.holds import extend_hold, warn_of_ending_holds
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db

END = datetime(2024, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))  # its last day is 29 February
THREE_DAYS_BEFORE = END - timedelta(days=3)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def firm(enterprise):
    return make_member(enterprise, language="en")


@pytest.fixture
def holder(db):
    """The operator who made the hold."""
    return UserFactory(name="张敏", roles=[Role.OPERATOR_STAFF], language="en")


@pytest.fixture
def hold(enterprise, firm, holder):
    """Seats 1 to 20 and 31 to 40 from 1 February, held until 29 February."""
    return make_allocation(
        make_floor(seats=100),
        (1, 20),
        (31, 40),
        kind=AllocationKind.HOLD,
        start=date(2024, 2, 1),
        to=enterprise,
        expires_at=END,
        acting_user=holder,
    )


def told(person):
    """The subjects of what a person was told, oldest first."""
    return list(
        Message.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True)
    )


class TestBeforeItEnds:
    def test_both_sides_are_told_the_days_before_that_are_set(self, hold, holder, firm):
        assert warn_of_ending_holds(now=THREE_DAYS_BEFORE - timedelta(microseconds=1)) == 0
        assert told(holder) == told(firm) == []

        assert warn_of_ending_holds(now=THREE_DAYS_BEFORE) == 1

        assert told(holder) == ["诚伯信息: the hold of 30 seats lasts until 2024-02-29 only"]
        assert told(firm) == ["Your hold of 30 seats lasts until 2024-02-29 only"]

    def test_the_message_names_the_seats_and_leads_to_them_by_e_mail_too(self, hold, firm):
        warn_of_ending_holds(now=THREE_DAYS_BEFORE)

        message = Message.objects.get(recipient=firm)
        assert message.body.startswith("C-1-1F-001 — 020, C-1-1F-031 — 040: held for you until")
        assert message.url == reverse("seats:allocation-detail", args=[hold.pk])
        assert message.address == firm.email

    def test_once_however_often_it_is_asked(self, hold, holder, firm):
        for hours in range(5):
            warn_of_ending_holds(now=THREE_DAYS_BEFORE + timedelta(hours=hours))

        assert len(told(holder)) == len(told(firm)) == 1

    def test_anew_after_it_was_extended(self, hold, holder, firm):
        warn_of_ending_holds(now=THREE_DAYS_BEFORE)
        later = END + timedelta(days=10)
        extend_hold(
            allocation_id=hold.pk,
            expires_at=later,
            reason="合同在走流程",
            today=TODAY,
            now=NOW,
            acting_user=holder,
        )

        assert warn_of_ending_holds(now=later - timedelta(days=3, seconds=1)) == 0
        assert warn_of_ending_holds(now=later - timedelta(days=3)) == 1
        assert told(holder)[-1] == "诚伯信息: the hold of 30 seats lasts until 2024-03-10 only"

    def test_so_many_days_before_as_are_set(self, hold):
        Setting.objects.create(name=Setting.Name.HOLD_WARNING_DAYS, value=7)

        assert warn_of_ending_holds(now=END - timedelta(days=7)) == 1

    def test_the_owner_of_its_request_is_told_too(self, hold, holder, enterprise):
        owner = UserFactory(roles=[Role.OPERATOR_MANAGER])
        hold.request = make_request(enterprise=enterprise)
        hold.request.owner = owner
        hold.request.save()
        hold.save()

        warn_of_ending_holds(now=THREE_DAYS_BEFORE)

        assert len(told(owner)) == len(told(holder)) == 1

    def test_every_operator_where_who_made_it_is_gone(self, hold, holder):
        others = [
            UserFactory(roles=[Role.OPERATOR_STAFF]),
            UserFactory(roles=[Role.OPERATOR_MANAGER]),
        ]
        holder.is_active = False
        holder.save()

        warn_of_ending_holds(now=THREE_DAYS_BEFORE)

        assert [len(told(other)) for other in others] == [1, 1]
        assert told(holder) == []

    def test_nobody_else_is_told(self, hold):
        others = [
            make_member(EnterpriseFactory()),
            UserFactory(roles=[Role.OPERATOR_STAFF]),
            UserFactory(roles=[Role.AUDITOR]),
        ]

        warn_of_ending_holds(now=THREE_DAYS_BEFORE)

        assert [told(other) for other in others] == [[], [], []]

    def test_not_of_what_was_confirmed_given_back_or_waits_for_its_floor(self, hold, operator):
        floor = hold.blocks.first().floor
        back = make_allocation(floor, (50, 60), kind=AllocationKind.HOLD, expires_at=END)
        release_seats(
            allocation_id=back.pk, start=TODAY, today=TODAY, now=NOW, acting_user=operator
        )
        confirm_hold(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)
        planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 6, 1))
        make_allocation(planned, (1, 10), kind=AllocationKind.HOLD, start=date(2024, 6, 1))

        assert warn_of_ending_holds(now=THREE_DAYS_BEFORE) == 0

    def test_only_seats_that_it_still_has_are_named(self, hold, firm, operator):
        floor = hold.blocks.first().floor
        part = Span(seat_at(floor.pk, 1), seat_at(floor.pk, 16))
        release_seats(
            allocation_id=hold.pk,
            start=TODAY,
            seats=part,
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

        warn_of_ending_holds(now=THREE_DAYS_BEFORE)

        assert told(firm) == ["Your hold of 15 seats lasts until 2024-02-29 only"]


class TestWhenItHasEnded:
    def test_both_sides_are_told_that_the_seats_are_vacant(self, hold, holder, firm):
        end_expired_holds(now=END)
        end_expired_holds(now=END + timedelta(minutes=1))

        assert told(holder) == ["诚伯信息: the hold of 30 seats has expired"]
        assert told(firm) == ["Your hold of 30 seats has expired"]

    def test_nobody_is_told_where_no_seats_were_left_of_it(self, hold, holder, firm, operator):
        release_seats(
            allocation_id=hold.pk, start=TODAY, today=TODAY, now=NOW, acting_user=operator
        )

        end_expired_holds(now=END)

        assert told(holder) == told(firm) == []
