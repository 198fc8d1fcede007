"""What auditors read: who changed which row when, in words, and no number of a person in full."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pghistory import core

from accounts.models import User
from accounts.permissions import Role
from accounts.services import save_user
from audit.words import field_name
from park.axis import Span, seat_at
from seats.services.allocations import release_seats
from seats.services.imports import open_import
from seats.services.requests import submit_request, take_up_request
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(db):
    return Desk(UserFactory(name="何静", roles=[Role.AUDITOR]))


@pytest.fixture
def floor(db):
    return make_floor(seats=400)


@pytest.fixture
def firm(db):
    return EnterpriseFactory(short_name="迈睿")


def read(auditor: Desk, **narrowed) -> str:
    return text_of(auditor.get("audit:event-list", **narrowed))


def test_a_step_of_a_request_names_its_enterprise_people_and_states(
    auditor, floor, firm, operator, now
):
    request = make_request(enterprise=firm)
    submit_request(request_id=request.pk, now=now, acting_user=request.created_by)
    take_up_request(request_id=request.pk, now=now, acting_user=operator)

    text = read(auditor, person=operator.pk)

    assert "张敏" in text
    assert f"#{request.pk} · 迈睿" in text
    assert "state Submitted → In review" in text
    assert "whose turn – → 张敏" in text


def test_seats_are_called_by_their_places_and_days(auditor, floor, firm, operator, now, today):
    start = date(2024, 3, 1)
    allocation = make_allocation(floor, (1, 300), start=start, to=firm)
    part = Span(seat_at(floor.pk, 201), seat_at(floor.pk, 301))
    for day, seats in ((start, part), (date(2024, 5, 1), None)):
        release_seats(
            allocation_id=allocation.pk,
            start=day,
            seats=seats,
            now=now,
            today=today,
            acting_user=operator,
        )

    text = read(auditor, kind="seats.seatblock", person=operator.pk)

    whose = f"迈睿 · {floor.label}"
    assert f"{whose} · 001 — 300 · from 2024-03-01" in text  # removed,
    assert f"{whose} · 001 — 200 · from 2024-03-01" in text  # and added in its place
    assert "period from 2024-03-01 → 2024-03-01 to 2024-04-30" in text


def test_numbers_and_addresses_of_people_are_masked(auditor, now):
    chief = UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR])
    person = UserFactory(name="李涛", phone="+8613812345678", email="li.tao@example.test")
    person.phone, person.email = "+8613987654321", "lt@example.test"
    save_user(user=person, now=now, acting_user=chief)

    text = read(auditor, person=chief.pk)

    assert "mobile number +86 138 **** 5678 → +86 139 **** 4321" in text
    assert "e-mail address l***@example.test → l***@example.test" in text
    assert "13812345678" not in text
    assert "li.tao" not in text


def test_the_number_of_queries_does_not_follow_the_number_of_rows(auditor, floor, operator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            auditor.get("audit:event-list")
        return len(captured)

    make_allocation(floor, (1, 10), acting_user=operator)
    auditor.get("audit:event-list")  # what is looked up once for each process
    before = queries()
    for place in range(11, 200, 20):
        make_allocation(floor, (place, place + 9), acting_user=operator)

    assert queries() == before


def test_a_list_is_told_without_the_file_that_the_history_keeps_out(auditor, operator, now):
    data = workbook({"台账": [["企业名称", "席位", "首日"]]})
    row = open_import(file_name="台账.xlsx", data=data, now=now, acting_user=operator)

    text = read(auditor, kind="seats.allocationimport", person=operator.pk)

    assert f"import of allocations #{row.pk}" in text


def test_every_field_has_a_name_in_both_languages():
    """Fields of history are read by people; technical digests are called alike everywhere."""
    fields = [
        field
        for event_model in core.event_models()
        for field in event_model.pgh_tracked_model._meta.concrete_fields
        if field.name not in {"id", "version"} and hasattr(event_model, field.attname)
    ]
    assert User._meta.get_field("phone") in fields
    with translation.override("zh-hans"):
        unnamed = [
            str(field)
            for field in fields
            if not any("一" <= sign <= "鿿" for sign in field_name(field))
        ]

    assert set(unnamed) == {"reports.MonthlyReport.sha256", "reports.StatisticsExport.sha256"}
