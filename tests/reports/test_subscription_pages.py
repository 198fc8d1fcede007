"""The pages of subscriptions: one's own, and what a message leads to."""

import pytest

from accounts.permissions import Role
from reports.models import ReportKind, Subscription
from reports.services.delivering import deliver_due
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.reports import make_subscription
from tests.factories.seats import make_allocation
from tests.reports.conftest import JANUARY
from tests.reports.test_subscriptions import LATER, issue, told

LIST, NEW, CHANGE, STOP = (
    f"reports:subscription-{page}" for page in ("list", "create", "change", "stop")
)

pytestmark = pytest.mark.django_db(transaction=True)


class TestPages:
    @pytest.fixture
    def office(self, official):
        return Desk(official)

    def test_empty_it_says_so(self, office):
        assert "You are told of nothing yet." in text_of(office.get(LIST))

    def test_subscribing_changing_and_stopping(self, office, frozen_clock):
        typed = {"kinds": ["occupancy"], "format": "pdf", "rule": "monthly", "day": "5"}
        assert office.post(NEW, **typed).status_code == 303
        one = Subscription.objects.get()
        text = text_of(office.get(LIST))
        assert "Occupancy report PDF each month on day 5 nothing yet" in text

        version = office.get(CHANGE, one.pk).context["form"].initial["version"]
        typed = {"kinds": ["occupancy", "output"], "format": "csv", "rule": "when_issued"}
        assert office.post(CHANGE, one.pk, version=version, **typed).status_code == 303
        assert "CSV as soon as a report is issued" in text_of(office.get(LIST))

        assert "Stop this subscription?" in text_of(office.get(STOP, one.pk))
        assert office.post(STOP, one.pk).status_code == 303
        assert "You are told of nothing yet." in text_of(office.get(LIST))
        assert office.get(CHANGE, one.pk).status_code == 404

    def test_a_refusal_stands_beside_its_field(self, office):
        page = office.post(NEW, kinds=["output"], format="pdf", rule="monthly", day="")

        assert page.status_code == 200
        assert "Give a day from 1 to 28" in text_of(page)

    def test_those_of_others_do_not_exist(self, office, operator):
        one = make_subscription(operator, since=NOW)

        for page in (CHANGE, STOP):
            assert office.get(page, one.pk).status_code == 404
            assert office.post(page, one.pk).status_code == 404
        assert "You are told of nothing yet." in text_of(office.get(LIST))

    def test_the_link_wants_its_reader_to_sign_in(self, small_park, official, client):
        make_subscription(official, since=NOW)
        issue(small_park)
        deliver_due(now=LATER)
        (message,) = told(official)

        answer = client.get(message.url)

        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/?next=/reports/subscriptions/sent/")
        assert Desk(UserFactory(roles=[Role.OFFICIAL])).follow(message.url).status_code == 404

    def test_what_it_leads_to_is_looked_at_again_when_it_is_opened(self, small_park, official):
        make_subscription(official, since=NOW)
        report = issue(small_park)
        deliver_due(now=LATER)
        url = told(official).get().url
        text = text_of(Desk(official).follow(url))
        assert "Occupancy report January 2024 Edition 1 first edition Download PDF" in text

        official.area_code = "440000"
        official.save(update_fields=["area_code"])
        text = text_of(Desk(official).follow(url))
        assert "You may not read these reports any more." in text
        assert "January 2024" not in text
        file = ("reports:report-file", report.pk, "pdf")
        assert Desk(official).get(*file).status_code == 404

    def test_an_edition_that_was_restated_since_says_so(self, small_park, official):
        make_subscription(official, since=NOW)
        issue(small_park)
        deliver_due(now=LATER)
        make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)
        issue(small_park, reason="补录")

        assert "Edition 1, restated since" in text_of(Desk(official).follow(told(official)[0].url))

    def test_the_list_costs_the_same_however_long_it_is(
        self, office, official, django_assert_max_num_queries
    ):
        make_subscription(official, since=NOW)
        office.get(LIST)
        with django_assert_max_num_queries(50) as first:
            office.get(LIST)
        for _ in range(4):
            make_subscription(official, since=NOW, kinds=ReportKind.values)

        with django_assert_max_num_queries(len(first)):
            office.get(LIST)

    def test_the_start_page_of_an_official_says_what_they_are_told_of(self, office, official):
        make_subscription(official, since=NOW)

        assert "My subscriptions" in text_of(office.get("portal:start"))
        assert "Occupancy report · PDF" in text_of(office.get("portal:start"))
