"""The start page of an enterprise's people: what waits for them, what the park has, their seats."""

from datetime import date

import pytest
from django.urls import reverse

from returns import services as returns
from seats.models import RequestKind
from seats.services import requests
from tenants.models import Tenancy
from tests.desk import Desk, text_of
from tests.factories.park import make_floor
from tests.factories.returns import JANUARY, make_return, submit
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

FEBRUARY = date(2024, 2, 1)


@pytest.fixture
def floor(db):
    return make_floor(seats=400)


@pytest.fixture
def enterprise(floor):
    return EnterpriseFactory(short_name="迈睿中国")


@pytest.fixture
def firm(enterprise):
    return Desk(make_member(enterprise, name="孙丽"))


@pytest.fixture
def tenancy(enterprise):
    """Since this month: there is no earlier one to file."""
    return Tenancy.objects.create(enterprise=enterprise, period=(FEBRUARY, None))


@pytest.fixture
def ask(enterprise, firm, floor, now):
    """Ask for seats, having some: a draft, or submitted."""
    make_allocation(floor, (1, 50), start=FEBRUARY, to=enterprise)

    def write(kind, seats, *, is_submitted=True):
        row = make_request(enterprise=enterprise, kind=kind, seats=seats, acting_user=firm.user)
        if is_submitted:
            requests.submit_request(request_id=row.pk, now=now, acting_user=firm.user)
        return row

    return write


def titles(matters):
    return [matter.title for matter in matters]


class TestReturns:
    def test_the_running_month_comes_and_does_not_wait(self, firm, tenancy):
        page = firm.get("portal:start")

        assert page.context["matters"] == []
        [coming] = page.context["coming"]
        assert (coming.title, coming.action) == ("Return for February 2024: due 03-08", "File")
        assert coming.url == reverse("returns:return-create") + "?month=2024-02"
        text = text_of(page)
        assert "Nothing waits for you today" in text
        assert "What is coming Return for February 2024: due 03-08" in text

    def test_one_that_was_begun_early_comes_too(self, firm, enterprise, tenancy):
        row = make_return(enterprise=enterprise, month=FEBRUARY)

        [coming] = firm.get("portal:start").context["coming"]

        assert coming.action == "Go on"
        assert coming.url == reverse("returns:return-edit", args=[row.pk])

    def test_one_that_was_sent_back_waits_before_its_month_is_over(
        self, firm, enterprise, tenancy, operator, now
    ):
        row = submit(make_return(enterprise=enterprise, month=FEBRUARY))
        returns.send_back_return(
            return_id=row.pk, question="含实习生吗？", now=now, acting_user=operator
        )

        page = firm.get("portal:start")

        [matter] = page.context["matters"]
        assert matter.title == "Return for February 2024: the park asks"
        assert (matter.line, matter.action) == ("含实习生吗？", "Answer")
        assert matter.url == reverse("returns:return-edit", args=[row.pk])
        assert page.context["coming"] == []
        assert "1 matter waits for you" in text_of(page)

    def test_one_that_is_corrected_waits_to_be_submitted(self, firm, enterprise, tenancy, now):
        row = submit(make_return(enterprise=enterprise, month=FEBRUARY))
        returns.correct_return(return_id=row.pk, now=now, acting_user=firm.user)

        [matter] = firm.get("portal:start").context["matters"]

        assert matter.title == "Return for February 2024: being corrected"
        assert matter.action == "Go on"

    def test_what_the_park_asks_comes_before_what_is_late(self, firm, enterprise, operator, now):
        Tenancy.objects.create(enterprise=enterprise, period=(date(2023, 7, 1), None))
        for month in (date(2023, 8, 1), JANUARY):
            row = submit(make_return(enterprise=enterprise, month=month))
        returns.send_back_return(return_id=row.pk, question="?", now=now, acting_user=operator)

        matters = firm.get("portal:start").context["matters"]

        assert titles(matters)[:2] == [
            "Return for January 2024: the park asks",
            "Return for September 2023: due 10-08",
        ]


class TestRequests:
    def test_the_only_one_is_the_title_with_its_steps(self, firm, ask):
        row = ask(RequestKind.NEW, 10)

        page = firm.get("portal:start")

        text = text_of(page)
        assert "10 new seats: the park has it" in text
        assert "Who has it The park; nobody has taken it up yet, less than an hour" in text
        assert reverse("seats:request-detail", args=[row.pk]) in page.content.decode()

    def test_every_open_one_is_named(self, firm, ask):
        ask(RequestKind.NEW, 10)
        ask(RequestKind.EXPAND, 20)
        ask(RequestKind.NEW, 300)

        page = firm.get("portal:start")

        text = text_of(page)
        assert "The park has 3 requests" in text
        for named in ("10 new seats", "20 more seats", "300 new seats"):
            assert named in text

    def test_what_waits_for_the_reader_is_the_title(self, firm, ask, operator, now):
        ask(RequestKind.EXPAND, 20)
        asked = ask(RequestKind.NEW, 300)
        requests.send_back_request(
            request_id=asked.pk, note="哪个区？", now=now, acting_user=operator
        )
        ask(RequestKind.NEW, 7, is_submitted=False)

        page = firm.get("portal:start")

        assert titles(page.context["matters"]) == [
            "300 new seats: the park asks",
            "7 new seats: not submitted yet",
        ]
        text = text_of(page)
        assert "2 matters wait for you" in text
        assert "20 more seats" in text

    def test_its_holder_and_time_are_joined_as_chinese_is_written(self, firm, ask):
        ask(RequestKind.NEW, 10)

        firm.client.cookies["django_language"] = "zh-hans"
        text = text_of(firm.get("portal:start"))

        assert "园区（还没有人接手），不到 1 小时" in text


class TestSeats:
    def test_there_are_none_yet(self, firm):
        assert "You have no seats yet." in text_of(firm.get("portal:start"))

    def test_those_of_a_later_day_are_said(self, firm, enterprise, floor):
        make_allocation(floor, (1, 40), start=date(2024, 5, 1), to=enterprise)
        make_allocation(floor, (41, 52), start=date(2024, 6, 1), to=enterprise)

        text = text_of(firm.get("portal:start"))

        assert "You have no seats today." in text
        assert "52 seats are yours later, the first of them from 1 May 2024 on" in text

    def test_those_of_today_show_their_last_day(self, firm, enterprise, floor):
        make_allocation(
            floor, (1, 10), start=date(2024, 1, 1), last=date(2024, 6, 30), to=enterprise
        )
        make_allocation(floor, (11, 20), start=date(2024, 1, 1), to=enterprise)

        text = text_of(firm.get("portal:start"))

        assert "10 2024-06-30" in text
        assert "10 open" in text


def test_a_new_enterprises_page_counts_no_months(operator, enterprise):
    text = text_of(Desk(operator).get("portal:enterprise-detail", enterprise.pk))

    assert "0 months" not in text
    assert "Here the returns will stand, one for each month as a tenant." in text
