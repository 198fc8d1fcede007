"""What a handover list starts with, what may stand on it, and what a return says of then."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from park.axis import Span, seat_at
from seats.handover_lines import NewLine, is_doubtful, totals
from seats.models import AllocationKind, Direction, Handover, Item
from seats.services.allocations import release_seats
from seats.services.handovers import HandoverExists, discard_handover, edit_handover
from tests.conftest import NOW, TODAY
from tests.factories.fit_outs import make_handover, sign_both
from tests.factories.seats import make_allocation
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def edit(staff):
    def run(handover, *lines, **more):
        told = {"on": TODAY, "note": "", "now": NOW, "acting_user": staff, **more}
        return edit_handover(handover_id=handover.pk, lines=lines, **told)

    return run


def told(handover):
    """The lines as (first place, last place, item or name, count, worn, damaged, missing)."""
    return [
        (
            line.seats.lower % 4096 + 1,
            line.seats.upper % 4096,
            line.name or line.item,
            *(line.count, line.worn, line.damaged, line.missing),
        )
        for line in handover.lines.order_by("pk")
    ]


class TestAMoveIn:
    def test_starts_with_one_of_each_a_seat_run_by_run(self, floor, enterprise, staff):
        allocation = make_allocation(floor, (1, 10), (11, 20), (31, 33), to=enterprise)

        handover = make_handover(allocation, park=staff)

        assert told(handover) == [
            (first, last, item, last - first + 1, 0, 0, 0)
            for first, last in [(1, 20), (31, 33)]
            for item in ("desk", "chair", "computer", "port")
        ]
        assert handover.enterprise == enterprise

    def test_may_be_about_a_part_and_the_rest_has_a_list_of_its_own(self, allocation, staff, span):
        first = make_handover(allocation, park=staff, spans=[span(1, 10)])
        second = make_handover(allocation, park=staff, spans=[span(11, 40)])

        with pytest.raises(HandoverExists) as refusal:
            make_handover(allocation, park=staff, spans=[span(10, 11)])

        assert refusal.value.extra == {"handover": first.pk}
        assert Handover.objects.count() == 2
        assert {line.span for line in second.lines.all()} == {span(11, 40)}

    def test_that_was_put_away_makes_room_for_another(self, list_in, staff):
        discard_handover(handover_id=list_in().pk, now=NOW, acting_user=staff)

        assert list_in().state == "draft"

    def test_is_for_seats_that_are_contracted(self, floor, staff):
        for kind in (AllocationKind.HOLD, AllocationKind.CLOSURE):
            start = 50 if kind == AllocationKind.HOLD else 60
            other = make_allocation(floor, (start, start + 3), kind=kind, start=TODAY)
            with pytest.raises(Invalid) as refusal:
                make_handover(other, park=staff)
            assert refusal.value.errors[0]["field"] == "allocation"


class TestLines:
    def test_are_written_anew_each_time(self, list_in, edit, span):
        handover = list_in()

        edit(
            handover,
            NewLine(span(1, 40), Item.CHAIR, 42, note="备用 2 把"),
            NewLine(span(1, 40), Item.OTHER, 2, "打印机", 1),
            on=TODAY + DAY,
            note="钥匙 3 把",
        )

        handover.refresh_from_db()
        assert told(handover) == [
            (1, 40, "chair", 42, 0, 0, 0),
            (1, 40, "打印机", 2, 1, 0, 0),
        ]
        assert (handover.on, handover.note, handover.version) == (TODAY + DAY, "钥匙 3 把", 2)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"count": 3, "worn": 1, "damaged": 1, "missing": 2}, "count"),
            ({"count": -1}, "count"),
            ({"count": 100_001}, "count"),
            ({"item": Item.OTHER}, "name"),
            ({"name": "桌"}, "name"),
            ({"seats": (41, 42)}, "first_seat"),
            ({"seats": (40, 41)}, "first_seat"),
        ],
    )
    def test_make_sense(self, list_in, edit, span, wrong, field):
        handover = list_in()
        seats = span(*wrong.pop("seats", (1, 40)))
        line = NewLine(**{"seats": seats, "item": Item.DESK, "count": 1, **wrong})

        with pytest.raises(Invalid) as refusal:
            edit(handover, line)

        assert refusal.value.errors[0]["field"] == f"lines[0].{field}"
        assert handover.lines.count() == 4

    def test_say_everything_once(self, list_in, edit, span):
        line = NewLine(span(1, 40), Item.DESK, 1)
        with pytest.raises(Invalid) as refusal:
            edit(list_in(), line, line)
        assert refusal.value.errors[0]["field"] == "lines[1].item"

    @pytest.mark.parametrize("count", [0, 501])
    def test_are_one_to_five_hundred(self, list_in, edit, span, count):
        lines = [NewLine(span(1, 40), Item.OTHER, 1, f"物 {n}") for n in range(count)]
        with pytest.raises(Invalid) as refusal:
            edit(list_in(), *lines)
        assert refusal.value.errors[0]["field"] == "lines"

    def test_with_more_things_than_seats_ask_for_a_word_and_are_no_refusal(self, span):
        seats = span(1, 40)
        assert is_doubtful(NewLine(seats, Item.CHAIR, 41))
        assert not is_doubtful(NewLine(seats, Item.CHAIR, 40))
        assert not is_doubtful(NewLine(seats, Item.CHAIR, 41, note="备用"))
        assert not is_doubtful(NewLine(seats, Item.OTHER, 41, "插座"))

    def test_that_do_not_add_up_are_refused_by_the_database_too(self, list_in):
        lines = list_in().lines.filter(item="desk")

        with pytest.raises(IntegrityError), transaction.atomic():
            lines.update(worn=41)


class TestAReturn:
    @pytest.fixture
    def moved_in(self, allocation, staff, firm, edit, span):
        """Signed: 40 desks, 41 chairs (3 worn, 2 damaged, 1 missing), 2 printers."""
        handover = make_handover(allocation, park=staff)
        edit(
            handover,
            NewLine(span(1, 40), Item.DESK, 40),
            NewLine(span(1, 40), Item.CHAIR, 41, "", 3, 2, 1, "备用"),
            NewLine(span(1, 40), Item.OTHER, 2, "打印机"),
        )
        handover.refresh_from_db()
        return sign_both(handover, staff, firm)

    def test_starts_with_what_was_there_in_the_condition_of_then(self, moved_in, staff):
        back = make_handover(moved_in.allocation, park=staff, direction=Direction.RETURN)

        assert told(back) == [
            (1, 40, "desk", 40, 0, 0, 0),
            (1, 40, "chair", 40, 3, 2, 0),
            (1, 40, "打印机", 2, 0, 0, 0),
        ]

    def test_says_then_and_now_and_what_is_missing_or_newly_damaged(
        self, moved_in, staff, edit, span
    ):
        back = make_handover(moved_in.allocation, park=staff, direction=Direction.RETURN)
        edit(
            back,
            NewLine(span(1, 40), Item.DESK, 40, "", 5, 1, 2),
            NewLine(span(1, 40), Item.CHAIR, 40, "", 3, 6),
            NewLine(span(1, 40), Item.OTHER, 1, "白板"),
        )

        sums = {total.name or total.item: total for total in totals(back.lines.order_by("pk"))}
        desk, chair, board = sums["desk"], sums["chair"], sums["白板"]
        assert (desk.then_count, desk.good, desk.missing, desk.newly_damaged) == (40, 32, 2, 1)
        assert (chair.then_count, chair.then_damaged, chair.newly_damaged) == (40, 2, 4)
        assert (board.then_count, board.newly_damaged) == (None, 0)

    def test_is_possible_after_the_release_and_without_a_move_in_list(
        self, allocation, staff, span
    ):
        release_seats(
            allocation_id=allocation.pk,
            start=TODAY + 5 * DAY,
            seats=span(31, 40),
            today=TODAY,
            now=NOW,
            acting_user=staff,
        )

        back = make_handover(
            allocation, park=staff, direction=Direction.RETURN, spans=[span(31, 40)]
        )

        assert [line.count for line in back.lines.all()] == [10] * 4
        assert {line.then_count for line in back.lines.all()} == {None}

    def test_of_a_part_of_a_run_starts_from_its_seats(self, moved_in, staff, span):
        back = make_handover(
            moved_in.allocation, park=staff, direction=Direction.RETURN, spans=[span(1, 15)]
        )

        assert {line.count for line in back.lines.all()} == {15}
        assert {line.then_count for line in back.lines.all()} == {None}

    def test_reads_only_lists_that_both_signed_and_that_were_not_corrected(
        self, moved_in, staff, firm, edit, span
    ):
        correction = make_handover(
            moved_in.allocation, park=staff, replaces=moved_in, reason="漏记打印机"
        )
        assert told(correction) == told(moved_in)
        edit(correction, NewLine(span(1, 40), Item.DESK, 39))

        def starts_with():
            back = make_handover(moved_in.allocation, park=staff, direction=Direction.RETURN)
            lines = told(back)
            discard_handover(handover_id=back.pk, now=NOW, acting_user=staff)
            return lines

        assert len(starts_with()) == 3
        correction.refresh_from_db()
        sign_both(correction, staff, firm)
        assert starts_with() == [(1, 40, "desk", 39, 0, 0, 0)]


def test_sums_are_those_of_plain_arithmetic(floor, enterprise, staff, edit):
    """The totals over several runs against a sum written out."""
    allocation = make_allocation(floor, (1, 10), (21, 30), (41, 50), to=enterprise)
    handover = make_handover(allocation, park=staff)
    counts = [(10, 1, 2, 3), (9, 0, 0, 9), (12, 5, 0, 0)]
    places = [(1, 10), (21, 30), (41, 50)]
    edit(
        handover,
        *(
            NewLine(Span(seat_at(floor.pk, a), seat_at(floor.pk, b) + 1), Item.CHAIR, n, "", *rest)
            for (a, b), (n, *rest) in zip(places, counts, strict=True)
        ),
    )

    [total] = totals(handover.lines.all())

    assert (total.count, total.worn, total.damaged, total.missing) == (31, 6, 2, 12)
    assert total.good == 31 - 6 - 2 - 12
