"""Holds on their pages: which end next, and giving one longer."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from seats.models import Allocation, AllocationKind
from seats.services.expiry import end_expired_holds
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
END = datetime(2024, 2, 24, tzinfo=SHANGHAI)  # its last day is the 23rd, tomorrow


@pytest.fixture
def hold(floor, enterprise):
    return make_allocation(floor, (1, 20), kind=AllocationKind.HOLD, to=enterprise, expires_at=END)


class TestHoldList:
    def test_shows_what_ends_first_on_top_with_the_days_left(self, park, floor, hold):
        later = EnterpriseFactory(short_name="迈睿")
        make_allocation(
            floor,
            (31, 40),
            kind=AllocationKind.HOLD,
            to=later,
            expires_at=datetime(2024, 3, 31, 18, 0, tzinfo=SHANGHAI),
        )
        planned = make_floor(zone="D", delivered_on=None, planned_on=date(2024, 6, 1))
        waits = EnterpriseFactory(short_name="韵达")
        make_allocation(planned, (1, 5), kind=AllocationKind.HOLD, start=date(2024, 6, 1), to=waits)

        text = text_of(park.get("seats:hold-list"))

        assert "3 holds run" in text
        first = text.index("诚伯信息 20 2024-02-23 1 day left")
        second = text.index("迈睿 10 2024-03-31 18:00 38 days left")
        third = text.index("韵达 5 – waits for its floor")
        assert first < second < third

    def test_leaves_out_what_is_over_or_confirmed(self, park, floor, hold, enterprise):
        end_expired_holds(now=END)
        make_allocation(floor, (50, 60), to=enterprise)

        assert "No hold runs" in text_of(park.get("seats:hold-list"))

    def test_is_narrowed_by_enterprise_and_zone(self, park, hold):
        make_allocation(
            make_floor(zone="A", level=2),
            (1, 5),
            kind=AllocationKind.HOLD,
            to=EnterpriseFactory(short_name="迈睿"),
        )

        in_a = text_of(park.get("seats:hold-list", zone="A"))
        named = text_of(park.get("seats:hold-list", enterprise="诚伯"))

        assert ("迈睿" in in_a, "诚伯信息" in in_a) == (True, False)
        assert ("迈睿" in named, "诚伯信息" in named) == (False, True)

    def test_an_enterprise_sees_its_own_and_no_steps(self, firm, stranger, hold):
        own = text_of(firm.get("seats:hold-list"))

        assert "诚伯信息 20 2024-02-23" in own
        assert "Extend" not in own
        assert "诚伯信息" not in text_of(stranger.get("seats:hold-list"))

    def test_asks_the_same_number_of_questions_for_many(
        self, park, floor, hold, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(10) as few:
            park.get("seats:hold-list")
        for first in range(31, 61):
            make_allocation(floor, (first, first), kind=AllocationKind.HOLD)

        with django_assert_num_queries(len(few)):
            park.get("seats:hold-list")


class TestHoldExtend:
    def test_shows_the_effect_before_it_is_done(self, park, hold):
        asked = park.post("seats:hold-extend", hold.pk, expires_at="2024-03-20", reason="谈判中")

        text = text_of(asked)
        assert "Hold until 2024-02-23 → 2024-03-20" in text
        assert "Extend by 26 days" in text  # 23 February to 20 March of a leap year
        assert Allocation.objects.get(pk=hold.pk).expires_at == END

    def test_does_it_once_confirmed(self, park, hold):
        asked = park.post("seats:hold-extend", hold.pk, expires_at="2024-03-20", reason="谈判中")

        done = park.post("seats:hold-extend", hold.pk, **hidden_fields(asked))

        assert done.status_code == 303
        text = text_of(park.follow(done.url))
        assert "The hold lasts until 2024-03-20 now. The enterprise is told." in text
        assert "extended: 谈判中" in text
        assert Allocation.objects.get(pk=hold.pk).expires_at == END + timedelta(days=26)

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"expires_at": ""}, "This field is required."),
            ({"reason": ""}, "This field is required."),
            ({"expires_at": "2024-02-23"}, "until then it is held already"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, park, hold, typed, message):
        page = park.post(
            "seats:hold-extend", hold.pk, **{"expires_at": "2024-03-20", "reason": "x", **typed}
        )

        assert message in text_of(page)

    def test_tells_who_comes_too_late_that_it_has_expired(self, park, hold):
        asked = park.post("seats:hold-extend", hold.pk, expires_at="2024-03-20", reason="谈判中")
        end_expired_holds(now=END)

        late = park.post("seats:hold-extend", hold.pk, **hidden_fields(asked))

        assert late.status_code == 409
        assert "This hold has expired and its seats are free." in text_of(late)

    def test_tells_when_somebody_changed_it_meanwhile(self, park, colleague, hold):
        asked = park.post(
            "seats:hold-extend", hold.pk, expires_at="2024-03-20", reason="谈判中", version="1"
        )
        colleague.post("seats:hold-extend", hold.pk, **hidden_fields(asked))

        stale = park.post("seats:hold-extend", hold.pk, **hidden_fields(asked))

        assert stale.status_code == 412
        assert "Somebody changed this while you were working on it." in text_of(stale)
        assert stale.context["form"]["version"].value() == "2"

    def test_its_way_is_on_the_page_of_the_hold(self, park, firm, hold):
        assert "Extend the hold" in text_of(park.get("seats:allocation-detail", hold.pk))
        assert "Extend the hold" not in text_of(firm.get("seats:allocation-detail", hold.pk))
