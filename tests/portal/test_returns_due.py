"""How long there is until a return is due: on the start page and in the list of an enterprise."""

from datetime import date

import pytest
from django.urls import reverse

from foundation import clock
from foundation.models import WorkingDay
from returns import services
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.returns import make_return, make_tenant, submit
from tests.factories.tenants import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(db):
    return Desk(make_member(make_tenant()))


@pytest.fixture
def on(monkeypatch):
    """Let it be a day of February 2024; January is due on Thursday the 8th."""

    def set_clock(number):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 2, number))
        monkeypatch.setattr(clock, "now", lambda: NOW.replace(day=number))

    return set_clock


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "6 working days left"),  # Friday 2, Sunday 4, which is worked, Monday 5 to Thursday 8
        (5, "3 working days left"),
        (7, "1 working day left"),
        (8, "due today"),
        (9, "1 day overdue"),
        (12, "4 days overdue"),
    ],
)
def test_is_said_in_working_days(firm, on, number, words):
    on(number)

    start, listed = firm.get("portal:start"), firm.get("returns:return-list")

    [matter] = start.context["matters"]
    assert matter.title == "Return for January 2024: due 02-08"
    assert matter.line == f"Not filed · {words}"
    assert words in text_of(start)
    assert words in text_of(listed)


def test_follows_the_days_off_of_this_park(firm, on):
    WorkingDay.objects.create(day=date(2024, 2, 8), is_working=False, name="停电")
    on(7)

    [matter] = firm.get("portal:start").context["matters"]

    assert matter.title == "Return for January 2024: due 02-09"
    assert matter.line == "Not filed · 1 working day left"


def test_rules_that_sent_it_back_stand_on_the_start_page(firm, on, operator):
    on(7)
    enterprise = firm.user.memberships.get().enterprise
    row = submit(make_return(enterprise=enterprise))
    services.send_back_return(
        return_id=row.pk, question="", rules=["V4"], now=NOW.replace(day=7), acting_user=operator
    )

    [matter] = firm.get("portal:start").context["matters"]

    assert matter.line.startswith("V4 Education, age and origin")
    assert matter.url == reverse("returns:return-edit", args=[row.pk])
    assert "V4 Education, age and origin" in text_of(firm.get("returns:return-edit", row.pk))
