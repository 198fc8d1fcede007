"""The sample, loaded once for the tests of a module that only read it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from reports.indicators import figures
from sample.loading import load_sample

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "tests-only-2026"


def figure(code: str, month: date, key: str = "total") -> Decimal:
    """What the registry of indicators says: the one place where figures are computed."""
    level = key.partition(".")[0]
    value = figures([code], [month], by=level)[code, f"{month:%Y-%m}", key]
    assert value is not None
    return Decimal(value)


class Loaded(NamedTuple):
    """When the sample was loaded."""

    now: datetime

    @property
    def today(self):
        return self.now.date()


def _analyze() -> None:
    """Or reads are planned for the empty tables of before. The park's own: catalogs are shared."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


@pytest.fixture(scope="module")
def sample(request, django_db_setup, django_db_blocker) -> Iterator[Loaded]:
    """The sample park as loaded on the module's NOW, taken back when the module is over."""
    now = request.module.NOW
    with django_db_blocker.unblock(), transaction.atomic():
        assert load_sample(password=PASSWORD, now=now)
        _analyze()
        yield Loaded(now)
        transaction.set_rollback(True)
