"""Noting what an enterprise takes up beside its main business."""

from datetime import date
from threading import Event

import pytest

from foundation import locks
from park.lock import park_locked
from park.services import close_month
from tenants.models import BusinessClass, BusinessLine
from tenants.services import remove_business_line, set_main_business
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.returns import make_tenant
from tests.together import together
from web.refusals import NotFound

NEW, REMOVE = "tenants:business-line-create", "tenants:business-line-remove"
TYPED = {"business_class": "data_processing", "name": "票据录入", "started_on": "2024-02-05"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def test_a_line_is_noted_and_stands_on_the_page_of_the_enterprise(park):
    firm = make_tenant()

    answer = park.post(NEW, firm.pk, **TYPED)

    assert answer.status_code == 303
    line = BusinessLine.objects.get()
    assert (line.started_on, line.is_main, line.sample_fields) == (date(2024, 2, 5), False, [])
    assert "Data processing 票据录入 since 2024-02-05" in text_of(park.follow(answer.url))


def test_twice_is_refused_beside_the_field(park):
    firm = make_tenant()
    park.post(NEW, firm.pk, **TYPED)

    page = park.post(NEW, firm.pk, **TYPED)

    assert "This line of business is known already." in text_of(page)
    assert BusinessLine.objects.count() == 1


def test_a_closed_month_stays_as_it_is(park, operator):
    make_floor(acting_user=operator)
    firm = make_tenant()
    close_month(month=date(2024, 1, 1), now=NOW, today=TODAY, acting_user=operator)

    page = park.post(NEW, firm.pk, **{**TYPED, "started_on": "2024-01-31"})

    assert "January 2024 is closed. To correct it, the park reopens it first." in text_of(page)
    assert not BusinessLine.objects.exists()


@pytest.mark.parametrize(("day", "is_taken"), [("2025-02-22", True), ("2025-02-23", False)])
def test_a_mistyped_year_is_asked_about(park, day, is_taken):
    firm = make_tenant()

    page = park.post(NEW, firm.pk, **{**TYPED, "started_on": day})

    assert BusinessLine.objects.exists() is is_taken
    said = "This day is more than a year ahead. Check the year."
    assert (said in text_of(page)) is not is_taken


class TestTakingBack:
    @pytest.fixture
    def line(self, park):
        park.post(NEW, make_tenant().pk, **TYPED)
        return BusinessLine.objects.get()

    def test_is_asked_first_and_leaves_a_trace(self, park, line):
        page = park.get(REMOVE, line.pk)
        assert "票据录入" in text_of(page)
        assert BusinessLine.objects.exists()

        answer = park.post(REMOVE, line.pk)

        assert not BusinessLine.objects.exists()
        history = text_of(park.get("portal:enterprise-detail", line.enterprise_id))
        assert answer.status_code == 303
        assert "Took back: Data processing" in history

    def test_leads_to_it_from_the_page_of_the_enterprise(self, park, line):
        page = park.get("portal:enterprise-detail", line.enterprise_id)

        assert f'href="/tenants/business/{line.pk}/remove/"' in page.content.decode()

    def test_of_a_closed_month_is_refused(self, park, line, operator):
        make_floor(acting_user=operator)
        later = date(2024, 3, 1)
        close_month(month=date(2024, 2, 1), now=NOW, today=later, acting_user=operator)

        page = park.post(REMOVE, line.pk)

        assert "February 2024 is closed." in text_of(page)
        assert BusinessLine.objects.exists()

    def test_the_main_business_is_changed_never_taken_away(self, park, operator):
        firm = make_tenant()
        set_main_business(
            enterprise=firm, business_class=BusinessClass.E_COMMERCE, acting_user=operator
        )
        main = BusinessLine.objects.get()

        assert park.post(REMOVE, main.pk).status_code == 404
        with pytest.raises(NotFound):
            remove_business_line(line_id=main.pk, acting_user=operator)
        assert BusinessLine.objects.get() == main


class TestWhileAMonthIsBeingClosed:
    """Closing takes the park's lock: what is noted or taken back is before it, or after."""

    @pytest.fixture(autouse=True)
    def patience(self, monkeypatch):
        monkeypatch.setattr(locks, "TIMEOUT", "100ms")

    @pytest.mark.django_db(transaction=True)
    def test_nothing_is_noted_or_taken_back(self, park, operator):
        firm = make_tenant()
        park.post(NEW, firm.pk, **TYPED)
        line = BusinessLine.objects.get()
        has_it, may_go = Event(), Event()

        def closing():
            with park_locked(None):
                has_it.set()
                may_go.wait(30)

        def noting():
            has_it.wait(30)
            try:
                return park.post(NEW, firm.pk, **{**TYPED, "name": "客服外呼"}), park.post(
                    REMOVE, line.pk
                )
            finally:
                may_go.set()

        _none, pages = together(closing, noting)

        assert list(BusinessLine.objects.all()) == [line]
        for page in pages:
            assert "Try again in 5 s" in text_of(page)
