"""Reminding of returns through the API: one, or all that are missing, once a day."""

from datetime import date

import pytest

from accounts.permissions import Role
from foundation.models import Message
from park.models import ReportingMonth
from returns.models import ReturnReminder
from tests.api.conftest import errors_of
from tests.conftest import NOW
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent():
    """Two enterprises that have not filed, and whose people can be told."""
    enterprises = [make_tenant(), make_tenant()]
    for enterprise in enterprises:
        make_member(enterprise)
    return enterprises


class TestRemind:
    def test_all_that_are_missing(self, park, silent):
        nobody, filed = make_tenant(), submit(make_return())

        answer = park.post("return-reminders/", {"month": "2024-01"})

        assert answer.status_code == 200
        assert answer.json() == {
            "month": "2024-01",
            "reminded": [one.pk for one in silent],
            "reminded_today": [],
            "without_people": [nobody.pk],
        }
        assert not ReturnReminder.objects.filter(enterprise=filed.enterprise).exists()

    def test_one_and_then_the_rest(self, park, silent):
        park.post("return-reminders/", {"month": "2024-01", "enterprise": silent[1].pk})

        answer = park.post("return-reminders/", {"month": "2024-01"}).json()

        assert answer["reminded"] == [silent[0].pk]
        assert answer["reminded_today"] == [silent[1].pk]
        assert Message.objects.count() == 2

    def test_one_a_second_time_the_same_day(self, park, silent):
        for _ in range(2):
            answer = park.post(
                "return-reminders/", {"month": "2024-01", "enterprise": silent[0].pk}
            )

        assert (answer.status_code, answer.json()["code"]) == (409, "reminded_today")

    def test_the_same_key_sends_one_message(self, park, silent):
        bodies = [
            park.post("return-reminders/", {"month": "2024-01"}, Idempotency_Key="a").json()
            for _ in range(2)
        ]

        assert bodies[0] == bodies[1]
        assert Message.objects.count() == 2

    def test_one_that_has_filed(self, park):
        enterprise = submit(make_return()).enterprise

        answer = park.post("return-reminders/", {"month": "2024-01", "enterprise": enterprise.pk})

        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_remind")

    def test_one_without_accounts(self, park):
        answer = park.post(
            "return-reminders/", {"month": "2024-01", "enterprise": make_tenant().pk}
        )

        assert (answer.status_code, answer.json()["code"]) == (409, "nobody_to_tell")

    def test_of_a_month_that_runs_or_is_closed(self, park, silent):
        running = park.post("return-reminders/", {"month": "2024-02"})
        ReportingMonth.objects.create(month=JANUARY, closed_at=NOW)
        closed = park.post("return-reminders/", {"month": "2024-01"})

        assert (running.status_code, running.json()["code"]) == (409, "month_not_over")
        assert (closed.status_code, closed.json()["code"]) == (409, "month_closed")
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "month"),
            ({"month": "soon"}, "month"),
            ({"month": "2024-01", "enterprise": 999999}, "enterprise"),
            ({"month": "2024-01", "all": True}, "all"),
        ],
    )
    def test_what_makes_no_sense_is_named(self, park, body, field):
        answer = park.post("return-reminders/", body)

        assert answer.status_code == 400
        assert field in errors_of(answer)

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL, Role.ENTERPRISE_MANAGER])
    def test_is_for_operators(self, as_role, silent, role):
        assert as_role(role).post("return-reminders/", {"month": "2024-01"}).status_code == 403


class TestSendBack:
    @pytest.fixture
    def submitted(self):
        return submit(make_return(month=date(2024, 1, 1)))

    def test_by_rules_alone(self, park, submitted):
        answer = park.post(f"returns/{submitted.pk}/send-back/", {"rules": ["V6", "V4"]})

        assert answer.status_code == 200
        assert answer.json()["broken_rules"] == ["V4", "V6"]
        assert answer.json()["question"] == ""

    def test_a_wanted_figure_is_refused_by_its_code(self, park, submitted):
        answer = park.post(f"returns/{submitted.pk}/send-back/", {"note": "人数改成 120"})

        assert (answer.status_code, answer.json()["code"]) == (400, "wanted_value")
        assert list(errors_of(answer)) == ["note"]

    def test_a_rule_that_is_none_is_named(self, park, submitted):
        answer = park.post(f"returns/{submitted.pk}/send-back/", {"rules": ["V99"]})

        assert answer.status_code == 400
        assert list(errors_of(answer)) == ["rules"]
