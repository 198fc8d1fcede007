"""Steps on monthly returns. Services are told the day and the moment: see tests/test_clock.py."""

import pytest

from park.models import ReportingMonth
from returns import services
from returns.services import save_draft
from tests.clockless import no_statement_asks_the_clock
from tests.conftest import NOW

__all__ = ["no_statement_asks_the_clock"]


def close(month):
    ReportingMonth.objects.create(month=month, closed_at=NOW)


def fields_of(refusal):
    return [error["field"] for error in refusal.value.errors]


@pytest.fixture
def take(operator):
    """Take a step on a return, with all it needs."""

    def run(step, row, **more):
        needs = {
            "save": {"figures": {"headcount": 90}},
            "submit": {"signer": "李娜", "reason": "补报"},
            "send_back": {"question": "人数与上月相差过大，请核对"},
        }
        service = save_draft if step == "save" else getattr(services, f"{step}_return")
        service(
            return_id=row.pk, **{"now": NOW, "acting_user": operator, **needs.get(step, {}), **more}
        )
        row.refresh_from_db()
        return row

    return run
