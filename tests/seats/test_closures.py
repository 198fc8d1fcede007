"""Closing seats: refused with the names, reopened early, overdue where they were meant back."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from seats.closures import closures_from, free_after, lines, next_on, rivals_of
from seats.holdings import with_blocks
from seats.models import AllocationKind
from seats.services.allocations import release_seats
from seats.services.changes import split_allocation
from seats.services.refusals import NotDelivered, SeatsTaken
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

CLOSURE = AllocationKind.CLOSURE
SINCE = date(2024, 2, 1)


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def chengbo():
    return EnterpriseFactory(short_name="诚伯信息")


class TestClosing:
    def test_seats_that_somebody_has_is_refused_with_every_name(self, floor, chengbo):
        make_allocation(floor, (1, 20), to=chengbo, last=date(2024, 12, 31))
        other = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (31, 40), to=other, kind=AllocationKind.HOLD)

        with pytest.raises(SeatsTaken) as refusal:
            make_allocation(floor, (11, 50), kind=CLOSURE)

        named = [
            (each["held_by"], each["start"], each["end"])
            for each in refusal.value.extra["conflicts"]
        ]
        assert named == [
            ("诚伯信息", "2024-03-01", "2024-12-31"),
            ("迈睿", "2024-03-01", None),
        ]

    def test_days_on_which_somebody_will_have_them_is_refused_too(self, floor, chengbo):
        make_allocation(floor, (1, 20), to=chengbo, start=date(2024, 9, 1))

        with pytest.raises(SeatsTaken) as refusal:
            make_allocation(floor, (1, 5), kind=CLOSURE, start=SINCE, last=date(2024, 9, 1))
        assert "诚伯信息" in str(refusal.value)
        make_allocation(floor, (1, 5), kind=CLOSURE, start=SINCE, last=date(2024, 8, 31))

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_without_a_reason_is_refused(self, floor, reason):
        with pytest.raises(Invalid) as refusal:
            make_allocation(floor, (1, 5), kind=CLOSURE, reason=reason)

        assert refusal.value.errors[0]["field"] == "reason"

    def test_seats_of_a_floor_that_is_not_there_is_refused(self):
        planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 6, 1))

        with pytest.raises(NotDelivered):
            make_allocation(planned, (1, 5), kind=CLOSURE, start=date(2024, 6, 1))

    def test_may_say_when_they_are_meant_to_be_back(self, floor):
        closure = make_allocation(floor, (1, 5), kind=CLOSURE, due_on=date(2024, 5, 1))

        assert closure.due_on == date(2024, 5, 1)
        assert shape_of(closure) == [(1, 5, date(2024, 3, 1), None)]

    def test_when_they_are_meant_to_be_back_goes_with_each_part(self, floor, operator):
        closure = make_allocation(floor, (1, 5), kind=CLOSURE, due_on=date(2024, 5, 1))

        part = split_allocation(
            allocation_id=closure.pk,
            runs=[make_run(floor, 4, 5).seats],
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

        assert part.due_on == date(2024, 5, 1)

    def test_not_before_they_are_closed_and_not_of_other_kinds(self, floor, chengbo):
        with pytest.raises(Invalid):
            make_allocation(floor, (1, 5), kind=CLOSURE, due_on=date(2024, 2, 29))
        with pytest.raises(Invalid):
            make_allocation(floor, (1, 5), to=chengbo, due_on=date(2024, 5, 1))


class TestReopening:
    def test_early_gives_the_seats_back(self, floor, operator, chengbo):
        closure = make_allocation(floor, (1, 20), kind=CLOSURE, start=SINCE, last=date(2024, 5, 31))

        release_seats(
            allocation_id=closure.pk, start=TODAY, today=TODAY, now=NOW, acting_user=operator
        )

        assert shape_of(closure) == [(1, 20, SINCE, TODAY)]
        make_allocation(floor, (1, 20), start=TODAY, to=chengbo)

    def test_says_who_has_them_later(self, floor, operator, chengbo):
        make_allocation(floor, (11, 30), start=date(2024, 9, 1), to=chengbo)

        later = next_on([make_run(floor, 1, 20, TODAY)], operator)

        assert [(row.label, row.holder, row.day) for row in later] == [
            ("C-1-1F-011 — 020", "诚伯信息", date(2024, 9, 1))
        ]


class TestTheRivals:
    def test_are_named_run_by_run_with_their_pages(self, floor, operator, chengbo):
        taken = make_allocation(floor, (1, 20), to=chengbo, last=date(2024, 12, 31))
        closed = make_allocation(floor, (21, 25), kind=CLOSURE, reason="消防检修")
        with pytest.raises(SeatsTaken) as refusal:
            make_allocation(floor, (11, 30), acting_user=operator)

        rivals = rivals_of(refusal.value.extra["conflicts"], operator)

        assert [(r.label, r.seats, r.holder, r.allocation_id) for r in rivals] == [
            ("C-1-1F-011 — 020", 10, "诚伯信息", taken.pk),
            ("C-1-1F-021 — 025", 5, "消防检修", closed.pk),
        ]

    def test_are_nobody_to_who_may_not_know_them(self, floor, chengbo):
        make_allocation(floor, (1, 20), to=chengbo)
        stranger = make_member(EnterpriseFactory())
        conflicts = [
            {
                "first_seat": floor.pk * 4096,
                "last_seat": floor.pk * 4096 + 4,
                "start": "2024-03-01",
                "end": None,
                "held_by": None,
            }
        ]

        [rival] = rivals_of(conflicts, stranger)

        assert "诚伯" not in rival.holder
        assert rival.allocation_id is None

    def test_say_from_which_day_nothing_is_in_the_way(self):
        ends = [{"end": "2024-12-31"}, {"end": "2024-06-30"}]

        assert free_after(ends) == date(2025, 1, 1)
        assert free_after([*ends, {"end": None}]) is None


class TestTheList:
    def listed(self, user):
        rows = with_blocks(closures_from(user, TODAY))
        with translation.override("en"):
            return [
                (line.holding.allocation.reason, str(line.state), line.overdue_days, line.glyph)
                for line in lines(rows, TODAY)
            ]

    def test_is_what_is_due_first_and_says_what_is_overdue(self, floor, operator):
        def close(first, reason, **more):
            make_allocation(
                floor, (first, first), kind=CLOSURE, reason=reason, **{"start": SINCE, **more}
            )

        close(1, "无日期")
        close(2, "五月开放", last=date(2024, 4, 30))
        close(3, "逾期三天", due_on=TODAY - timedelta(days=3))
        close(4, "今天到期", due_on=TODAY)
        close(5, "已结束", last=TODAY - timedelta(days=1))
        close(6, "下月才停", start=date(2024, 3, 15), last=date(2024, 3, 20))

        assert self.listed(operator) == [
            ("逾期三天", "3 days overdue", 3, "stop"),
            ("今天到期", "on time", 0, "wait"),
            ("下月才停", "not closed yet", 0, "wait"),
            ("五月开放", "opens by itself", 0, "wait"),
            ("无日期", "no day is set", 0, "look"),
        ]

    def test_is_nothing_to_an_enterprise(self, floor):
        make_allocation(floor, (1, 5), kind=CLOSURE)

        assert self.listed(make_member(EnterpriseFactory())) == []

    def test_leaves_out_what_was_reopened(self, floor, operator):
        closure = make_allocation(floor, (1, 5), kind=CLOSURE, start=SINCE)
        release_seats(
            allocation_id=closure.pk, start=TODAY, today=TODAY, now=NOW, acting_user=operator
        )

        assert self.listed(operator) == []
