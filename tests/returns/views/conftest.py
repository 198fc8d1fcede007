"""People at the pages of monthly returns and of their months."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.months import add_months
from returns import services
from tenants.models import Tenancy
from tests.desk import Desk
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import EnterpriseFactory, make_member


@pytest.fixture
def enterprise(db):
    enterprise = EnterpriseFactory(short_name="迈睿中国")
    Tenancy.objects.create(enterprise=enterprise, period=(date(2021, 3, 1), None))
    return enterprise


@pytest.fixture
def firm(enterprise):
    """The desk of the enterprise's manager."""
    return Desk(make_member(enterprise, name="孙丽"))


@pytest.fixture
def stranger(db):
    return Desk(make_member(make_tenant()))


@pytest.fixture
def history(enterprise, operator, now):
    """Six months filed and accepted before January: 20 to 25 million yuan, 500 to 505 people."""
    for count in range(6, 0, -1):
        row = make_return(
            enterprise=enterprise,
            month=add_months(JANUARY, -count),
            revenue=Decimal(20_000_000 + (6 - count) * 1_000_000),
            headcount=506 - count,
            joined=10,
            left=9,
        )
        submit(row)
        services.accept_return(return_id=row.pk, now=now, acting_user=operator)


@pytest.fixture
def draft(enterprise, history):
    """January, with its headcount typed."""
    return make_return(enterprise=enterprise, headcount=505)


@pytest.fixture
def counted(db):
    """How many queries something takes."""

    def count(act):
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count


def carried(page):
    """What the form carries of what it showed, and the lines that it has."""
    form = page.context["sheet"].form
    return {**form.carried(), "line": [line.name for line in form.lines]}


def shown(page):
    """What stands in the entries, with all that the form carries."""
    known = carried(page)
    entries = {
        name.removeprefix("initial-"): text
        for name, text in known.items()
        if name.startswith("initial-")
    }
    return {**known, **entries}


def fill(desk, row, **typed):
    """Open the form, type over some entries, press the button that saves."""
    page = desk.get("returns:return-edit", row.pk)
    return desk.post("returns:return-edit", row.pk, **{"go": "save", **shown(page), **typed})


@pytest.fixture
def filed(operator, now):
    """A return that was filed; `before` and `year_before` the same enterprise's earlier ones."""

    def make(revenue, headcount, *, before=None, year_before=None, name="", at=None, **more):
        enterprise = make_tenant()
        if name:
            enterprise.short_name = name
            enterprise.save(update_fields=["short_name"])
        for month, figures in (
            (add_months(JANUARY, -1), before),
            (add_months(JANUARY, -12), year_before),
        ):
            if figures:
                old = dict(zip(("revenue", "headcount"), figures, strict=True))
                row = submit(make_return(enterprise=enterprise, month=month, **old))
                services.accept_return(return_id=row.pk, now=now, acting_user=operator)
        figures = {"revenue": Decimal(revenue), "headcount": headcount, **more}
        return submit(make_return(enterprise=enterprise, **figures), now=at or now)

    return make
