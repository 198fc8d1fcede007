"""Noting what an enterprise takes up beside its main business."""

from datetime import date

import pytest

from park.services import close_month
from tenants.models import BusinessLine
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.returns import make_tenant

NEW = "tenants:business-line-create"
TYPED = {"business_class": "data_processing", "name": "票据录入", "started_on": "2024-02-05"}

pytestmark = pytest.mark.django_db


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

    assert "January 2024 is closed. Reopen it to correct it." in text_of(page)
    assert not BusinessLine.objects.exists()
