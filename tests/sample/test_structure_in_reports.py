"""The staff report of November 2021 says of the sample what the article says of the park."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from reports.assembly import assemble
from reports.display import value_of
from reports.models import ReportKind
from reports.public import public_of
from reports.services.snapshots import read
from tests.sample.conftest import SHANGHAI

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
NOVEMBER = date(2021, 11, 1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


@pytest.fixture
def content():
    return assemble(ReportKind.WORKFORCE, NOVEMBER, read(ReportKind.WORKFORCE, NOVEMBER).facts)


def cell(content, address):
    code, key, column = address.split(":")
    table = next(table for table in content["tables"] if table["code"] == code)
    row = next(row for row in table["rows"] if row["key"] == key)
    place = [one["code"] for one in table["columns"]].index(column)
    return value_of(row["cells"][place])


@pytest.mark.parametrize(
    ("address", "quoted", "places"),
    [
        ("origin_people:origin.local:origin_share", "82.41", 2),
        ("class_of_staff:total:college_share", "68.94", 2),
        ("age_people:age.age_18_26:age_share", "58", 0),
        ("age_people:age.age_27_35:age_share", "39", 0),
    ],
)
@pytest.mark.parametrize("is_public", [False, True])
def test_the_shares_are_those_of_the_article(content, address, quoted, places, is_public):
    share = cell(public_of(content) if is_public else content, address)

    assert share is not None
    assert round(share, places) == Decimal(quoted)


def test_each_breakdown_is_of_all_the_staff(content):
    staff = cell(content, "class_staff:total:headcount")
    for breakdown in ("education", "age", "origin"):
        assert cell(content, f"{breakdown}_people:total:{breakdown}_people") == staff
