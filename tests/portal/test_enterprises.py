"""The one page per enterprise, and how a tenancy ends."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from park.models import ReportingMonth
from seats.models import AllocationKind, SeatBlock
from seats.services import allocations
from seats.services.departures import SeatsStillHeld, leave_park
from tenants.models import BusinessClass, Tenancy
from tenants.services import add_enterprise, edit_enterprise, invite_member
from tenants.services.enterprises import NewContact
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.returns import make_return, submit
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, credit_code, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)


@pytest.fixture
def floor(db):
    return make_floor(seats=400)


@pytest.fixture
def enterprise(operator):
    return add_enterprise(
        credit_code=credit_code(7000),
        name="内江迈睿信息技术有限公司",
        short_name="迈睿中国",
        aliases=["迈瑞"],
        business_class=BusinessClass.CUSTOMER_SERVICE,
        contact=NewContact("孙丽", "财务", "+8613812345678", "sun@example.test"),
        note="关心班车",
        source="《内江日报》",
        sample_fields=["credit_code", "contact"],
        acting_user=operator,
    )


@pytest.fixture
def firm(enterprise):
    return Desk(make_member(enterprise, name="孙丽"))


class TestDossier:
    def test_says_who_it_is(self, park, enterprise, floor):
        make_allocation(floor, (1, 260), start=SINCE, to=enterprise)

        text = text_of(park.get("portal:enterprise-detail", enterprise.pk))

        assert "迈睿中国 has 260 seats today" in text
        for words in (
            "Tenancy from 2023-01-01",
            f"Credit code {enterprise.credit_code} Sample",
            "Other names 迈瑞",
            "Business Customer service",
            "Note 关心班车",
            "Source 《内江日报》",
            "Contact 孙丽 · 财务 Sample +8613812345678 sun@example.test",
        ):
            assert words in text

    def test_shows_seats_today_later_and_ended(self, park, enterprise, floor, today):
        make_allocation(floor, (1, 50), start=SINCE, last=date(2023, 12, 31), to=enterprise)
        make_allocation(floor, (1, 80), (101, 120), start=date(2024, 1, 1), to=enterprise)
        make_allocation(floor, (201, 210), start=SINCE, kind=AllocationKind.HOLD, to=enterprise)
        make_allocation(floor, (301, 330), start=date(2024, 5, 1), to=enterprise)

        text = text_of(park.get("portal:enterprise-detail", enterprise.pk))

        assert "Seats today 100 contracted, 10 held, at the end of 2024-02-22" in text
        assert "C-1-1F-001 — 080 80 Contracted from 2024-01-01" in text
        assert "Total 110" in text
        assert "Seats later 30 seats from later days on" in text
        assert "C-1-1F-001 — 050 50 Contracted 2023-01-01 to 2023-12-31" in text

    def test_marks_what_is_invented(self, park, enterprise, floor):
        make_allocation(floor, (1, 80), start=SINCE, to=enterprise, sample_fields=["*"])
        make_member(enterprise, name="陈蓉", sample_fields=["*"])

        text = text_of(park.get("portal:enterprise-detail", enterprise.pk))

        assert "C-1-1F-001 — 080 80 Contracted Sample from 2023-01-01" in text
        assert "Tenancy from 2023-01-01 Sample" in text
        assert "@example.test Sample" in text

    def test_shows_requests_returns_and_people(self, park, enterprise, floor, operator, now):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))
        make_request(enterprise=enterprise, seats=300, acting_user=operator)
        submit(make_return(enterprise=enterprise))
        make_member(enterprise, name="陈蓉", email="chen@example.test")
        invite_member(
            enterprise=enterprise,
            email="new@example.test",
            name="刘新",
            is_manager=False,
            now=now,
            acting_user=operator,
        )

        text = text_of(park.get("portal:enterprise-detail", enterprise.pk))

        assert "300 seats R-2024-" in text
        assert "January 2024 Submitted 123.46 100" in text
        assert "陈蓉 Manager · chen@example.test" in text
        assert "刘新 is invited until 2024-03-07." in text

    def test_tells_what_was_changed_by_whom_from_what_to_what(self, park, enterprise):
        colleague = UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF])
        edit_enterprise(
            enterprise_id=enterprise.pk,
            acting_user=colleague,
            short_name="迈睿",
            is_fortune_500=True,
            aliases=["大迈睿"],
            business_class=BusinessClass.DATA_CENTRE,
        )

        text = text_of(park.get("portal:enterprise-detail", enterprise.pk))

        history = text[text.index("What was changed") :]
        assert history.index("李涛") < history.index("张敏")
        for words in (
            "Short name: 迈睿中国 → 迈睿",
            "Of a Fortune Global 500 group: no → yes",
            "Removed the other name 迈瑞",
            "Added the other name 大迈睿",
            "Main business: Data centre",
            "Added the enterprise",
        ):
            assert words in history

    def test_an_auditor_sees_no_number_in_full(self, enterprise):
        make_member(enterprise, email="chen@example.test")

        text = text_of(
            Desk(UserFactory(roles=[Role.AUDITOR])).get("portal:enterprise-detail", enterprise.pk)
        )

        assert "+86 138 **** 5678" in text
        assert "s***@example.test" in text
        assert "c***@example.test" in text
        assert "13812345678" not in text

    def test_an_enterprise_sees_itself_without_the_parks_notes(self, firm, enterprise, park):
        edit_enterprise(enterprise_id=enterprise.pk, acting_user=park.user, note="别提价")

        text = text_of(firm.get("portal:enterprise-detail", enterprise.pk))

        assert "+8613812345678" in text
        assert "关心班车" not in text
        assert "别提价" not in text
        assert "End the tenancy" not in text
        assert "Edit" not in text

    def test_promotion_sees_no_returns(self, enterprise):
        officer = Desk(UserFactory(roles=[Role.PROMOTION_OFFICER]))

        assert "Monthly returns" not in text_of(
            officer.get("portal:enterprise-detail", enterprise.pk)
        )

    def test_an_empty_one_says_what_would_be_there(self, park):
        nobody = EnterpriseFactory(short_name="新来")

        text = text_of(park.get("portal:enterprise-detail", nobody.pk))

        assert "新来 has no seats today" in text
        assert "Nobody has access yet." in text

    def test_asks_the_same_queries_for_two_and_for_thirty_of_each(
        self, park, enterprise, floor, operator
    ):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))

        def count_with(first, last):
            for number in range(first, last):
                make_allocation(floor, (number + 1, number + 1), start=SINCE, to=enterprise)
                make_request(enterprise=enterprise, seats=1, acting_user=operator)
                make_member(enterprise)
                aliases = [f"别名{count}" for count in range(number + 1)]
                edit_enterprise(enterprise_id=enterprise.pk, acting_user=operator, aliases=aliases)
            with CaptureQueriesContext(connection) as queries:
                park.get("portal:enterprise-detail", enterprise.pk)
            return len(queries)

        assert count_with(0, 2) == count_with(2, 30)


class TestTenancyEnd:
    def test_names_the_seats_that_must_be_released_first(self, park, enterprise, floor):
        make_allocation(floor, (1, 80), start=SINCE, to=enterprise)
        make_allocation(floor, (101, 120), start=SINCE, last=date(2024, 6, 30), to=enterprise)

        page = park.post("portal:tenancy-end", enterprise.pk, last_day="2024-03-31")

        message = (
            "After 2024-03-31 these seats are still theirs: C-1-1F-001 — 080, C-1-1F-101 — 120. "
            "Release them first."
        )
        assert page.context["form"].errors == {"last_day": [message]}
        assert "still theirs after 2024-03-31" in text_of(page)
        assert Tenancy.objects.get().period.upper is None

    def test_ends_on_a_day_after_which_no_seat_is_theirs(self, park, enterprise, floor):
        make_allocation(floor, (1, 80), start=SINCE, last=date(2024, 3, 31), to=enterprise)

        answer = park.post("portal:tenancy-end", enterprise.pk, last_day="2024-03-31")

        assert Tenancy.objects.get().period.upper == date(2024, 4, 1)
        said = text_of(park.follow(answer.url))
        assert "迈睿中国 leaves the park; its last day is 2024-03-31." in said
        assert "Tenancy 2023-01-01 to 2024-03-31" in said

    def test_a_hold_that_expired_keeps_nobody(self, operator, enterprise, floor, now):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))
        make_allocation(
            floor,
            (1, 10),
            start=SINCE,
            kind=AllocationKind.HOLD,
            to=enterprise,
            expires_at=now + timedelta(days=1),
        )
        later = now + timedelta(days=2)
        day = date(2024, 2, 24)

        leave_park(enterprise=enterprise, last_day=day, now=later, acting_user=operator)

        assert Tenancy.objects.get().period.upper == date(2024, 2, 25)

    def test_a_hold_that_runs_does(self, operator, enterprise, floor, now, today):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))
        make_allocation(floor, (1, 10), start=SINCE, kind=AllocationKind.HOLD, to=enterprise)

        with pytest.raises(SeatsStillHeld) as refusal:
            leave_park(enterprise=enterprise, last_day=today, now=now, acting_user=operator)

        assert refusal.value.extra == {"blocks": [SeatBlock.objects.real().get().pk]}

    def test_seats_given_back_from_the_next_day_on_are_none(
        self, operator, enterprise, floor, now, today
    ):
        allocation = make_allocation(floor, (1, 10), start=SINCE, to=enterprise)
        allocations.release_seats(
            allocation_id=allocation.pk,
            start=today + timedelta(days=1),
            today=today,
            now=now,
            acting_user=operator,
        )

        leave_park(enterprise=enterprise, last_day=today, now=now, acting_user=operator)

        assert Tenancy.objects.get().period.upper == today + timedelta(days=1)

    @pytest.mark.parametrize(
        ("last_day", "message"),
        [
            ("2022-12-31", "The last day must not come before the first."),
            ("soon", "Type a day as 2024-02-20."),
            ("", "This field is required."),
        ],
    )
    def test_says_beside_the_day_what_is_wrong(self, park, enterprise, last_day, message):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))

        page = park.post("portal:tenancy-end", enterprise.pk, last_day=last_day)

        assert page.context["form"].errors == {"last_day": [message]}

    def test_never_touches_a_closed_month(self, park, enterprise, now):
        Tenancy.objects.create(enterprise=enterprise, period=(SINCE, None))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = park.post("portal:tenancy-end", enterprise.pk, last_day="2023-12-15")

        assert "January 2024 is closed." in text_of(page)
        assert Tenancy.objects.get().period.upper is None

    def test_who_is_no_tenant_is_told(self, park, enterprise):
        page = park.post("portal:tenancy-end", enterprise.pk, last_day="2024-03-31")

        assert "This enterprise has no running tenancy." in text_of(page)


READERS = {
    Role.OPERATOR_MANAGER,
    Role.OPERATOR_STAFF,
    Role.PROMOTION_OFFICER,
    Role.AUDITOR,
}


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    def test_see_an_enterprise(self, role, enterprise):
        answer = Desk(UserFactory(roles=[role])).get("portal:enterprise-detail", enterprise.pk)

        if role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}:
            assert answer.status_code == 404
        else:
            assert answer.status_code == (200 if role in READERS else 403)

    @pytest.mark.parametrize("is_manager", [True, False])
    def test_see_their_own(self, enterprise, is_manager):
        user = make_member(enterprise, is_manager=is_manager)

        assert Desk(user).get("portal:enterprise-detail", enterprise.pk).status_code == 200

    @pytest.mark.parametrize("role", list(Role))
    def test_end_a_tenancy(self, role, enterprise):
        answer = Desk(UserFactory(roles=[role])).get("portal:tenancy-end", enterprise.pk)

        operates = role in {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
        assert answer.status_code == (200 if operates else 403)

    @pytest.mark.parametrize("name", ["enterprise-detail", "tenancy-end"])
    def test_who_is_not_signed_in_is_asked_to(self, client, name):
        answer = client.get(reverse(f"portal:{name}", args=[1]))

        assert answer.url.startswith(reverse("account_login"))
