"""How seats are spoken of."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from seats.wording import hold_until

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("expires_at", "said"),
    [
        (datetime(2026, 12, 31, tzinfo=SHANGHAI), "2026-12-30"),
        (datetime(2026, 12, 30, 16, tzinfo=ZoneInfo("UTC")), "2026-12-30"),
        (datetime(2026, 12, 31, 15, 45, tzinfo=SHANGHAI), "2026-12-31 15:45"),
    ],
)
def test_a_hold_lasts_until_its_last_day_or_a_moment_of_it(expires_at, said):
    assert hold_until(expires_at) == said
