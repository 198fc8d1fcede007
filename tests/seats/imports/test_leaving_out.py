"""Rows that cannot be applied are left out, so that one conflict does not hold up a whole list."""

from datetime import date

import pytest

from seats.imports.rows import read_lines
from seats.models import AllocationImport, SeatBlock
from seats.services.imports import (
    apply_import,
    check_import,
    checking,
    leave_out_rows,
    rows_left_out,
    stopping_rows,
    take_rows_in,
)
from seats.services.refusals import WrongState
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.imports.sheets import (
    HEADS,
    applied,
    changes,
    checked,
    line,
    sheet_of,
    table,
    wrong,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def floor():
    return make_floor(level=3, seats=468)


@pytest.fixture
def mairui():
    return EnterpriseFactory(name="内江迈睿科技有限公司", short_name="迈睿")


@pytest.fixture
def rival(floor):
    """诚伯信息 has C-1-3F-101 to 160 for good."""
    other = EnterpriseFactory(name="诚伯信息", short_name="诚伯信息")
    return make_allocation(floor, (101, 160), start=date(2023, 1, 1), to=other)


MIXED = (
    line("迈睿", "1-20"),  # 2: new
    line("迈睿", "150-170"),  # 3: in conflict with the rival
    line("迈睿", "15-25"),  # overlaps row 2
)


def left(row, rows, operator):
    leave_out_rows(import_id=row.pk, rows=rows, acting_user=operator)
    return check_import(import_id=row.pk, now=NOW, acting_user=operator)


def seats_taken():
    """Every seat of every block that is no void, with its kind and holder."""
    blocks = SeatBlock.objects.real()
    return {
        (seat, block.kind, block.enterprise_id)
        for block in blocks
        for seat in range(block.seats.lower, block.seats.upper)
    }


class TestLeavingOut:
    def test_lets_the_others_be_applied_and_touches_nothing_else(
        self, operator, floor, mairui, rival
    ):
        row = checked(table(*MIXED[:2]), operator)
        before = seats_taken()
        assert changes(row) == [(2, "new"), (3, "conflicting")]
        assert stopping_rows(row) == [3]

        row = left(row, [3], operator)

        assert changes(row) == [(2, "new")]
        assert row.counts["rows"] == row.counts["table"] + len(row.skipped) + row.counts["blank"]
        apply_import(
            import_id=row.pk,
            expected_version=row.version,
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
        first = floor.seats.lower
        given = {(first + place, "firm", mairui.pk) for place in range(20)}
        assert seats_taken() == before | given

    def test_goes_for_rows_that_cannot_be_read_too(self, operator, floor, mairui):
        row = checked(table(line("迈睿", "1-20"), line("迈睿", "30-40", start="五月")), operator)
        assert stopping_rows(row) == [3]

        row = left(row, [3], operator)

        assert (changes(row), wrong(row)) == ([(2, "new")], set())
        assert row.skipped[-1][1:] == ["row_left_out", "迈睿 · C-1-3F-30-40 · 已签约 · 五月"]

    def test_of_one_of_two_rows_that_overlap_makes_the_other_right(self, operator, floor, mairui):
        row = checked(table(MIXED[0], MIXED[2]), operator)
        assert stopping_rows(row) == [2, 3]

        assert changes(left(row, [3], operator)) == [(2, "new")]

    def test_keeps_the_sum_of_a_merged_cell(self, operator, floor, mairui):
        rows = [HEADS, line("迈睿", "1-20", seats=50), line("迈睿", "21-50", start="五月")]
        row = checked(sheet_of(rows, merges=[(2, 2, 3, 2, 50)]), operator)
        assert wrong(row) == {("E3", "not_a_day")}, "20 and 30 seats make 50"

        row = left(row, [3], operator)

        assert (changes(row), wrong(row)) == ([(2, "new")], set())

    @pytest.mark.parametrize("row_left_out", [2, 3])
    def test_still_tells_the_rows_that_stay_of_a_wrong_sum(
        self, operator, floor, mairui, row_left_out
    ):
        rows = [HEADS, line("迈睿", "1-20", seats=90), line("迈睿", "21-50")]
        row = checked(sheet_of(rows, merges=[(2, 2, 3, 2, 90)]), operator)
        assert wrong(row) == {("C2", "count_differs")}, "20 and 30 seats are no 90"

        row = left(row, [row_left_out], operator)

        assert wrong(row) == {("C2", "count_differs")}
        assert stopping_rows(row) == [5 - row_left_out]
        assert wrong(left(row, [5 - row_left_out], operator)) == set()

    def test_goes_for_a_sum_that_begins_in_a_vacant_row(self, operator, floor, mairui):
        rows = [HEADS, line("", "1-20", seats=90, kind="空闲"), line("迈睿", "21-50")]
        row = checked(sheet_of(rows, merges=[(2, 2, 3, 2, 90)]), operator)
        assert (wrong(row), stopping_rows(row)) == ({("C2", "count_differs")}, [3])

        row = left(row, [3], operator)

        assert (changes(row), wrong(row)) == ([], set())

    def test_is_not_lost_where_the_list_is_just_being_compared(
        self, operator, floor, mairui, rival, monkeypatch
    ):
        row = checked(table(*MIXED), operator)
        reads = []

        def read_slowly(*arguments):
            reads.append(len(reads))
            if len(reads) == 1:  # somebody leaves a row out before the comparison is written
                leave_out_rows(import_id=row.pk, rows=[4], acting_user=operator)
            return read_lines(*arguments)

        monkeypatch.setattr(checking, "read_lines", read_slowly)
        row = left(row, [3], operator)

        assert len(reads) == 2
        assert (rows_left_out(row), changes(row)) == ({3, 4}, [(2, "new")])

    def test_makes_the_list_the_whole_of_no_zone(self, operator, floor, mairui, rival):
        data = table(*MIXED[:2])
        row = checked(data, operator, whole_zones=["C"], from_day=date(2024, 4, 1))
        assert (0, "missing") in changes(row), "the rival's seats, which no line names"

        row = left(row, [3], operator)

        assert changes(row) == [(2, "new")]
        assert (row.whole_zones, row.from_day) == ([], None)

    def test_is_taken_back(self, operator, floor, mairui, rival):
        row = left(checked(table(*MIXED[:2]), operator), [3], operator)
        assert rows_left_out(row) == {3}

        take_rows_in(import_id=row.pk, acting_user=operator)
        row = check_import(import_id=row.pk, now=NOW, acting_user=operator)

        assert changes(row) == [(2, "new"), (3, "conflicting")]
        assert rows_left_out(row) == set()

    def test_does_not_outlive_the_file(self, operator, floor, mairui, rival):
        left(checked(table(*MIXED[:2]), operator), [3], operator)

        again = checked(table(*MIXED[:2]), operator)

        assert changes(again) == [(2, "new"), (3, "conflicting")]

    def test_knows_only_rows_of_the_list(self, operator, floor, mairui, rival):
        row = left(checked(table(*MIXED[:2]), operator), [0, 1, 3, 99], operator)

        assert rows_left_out(row) == {3}

    def test_comes_too_late_once_it_was_applied(self, operator, floor, mairui):
        row = applied(table(MIXED[0]), operator)

        with pytest.raises(WrongState):
            leave_out_rows(import_id=row.pk, rows=[2], acting_user=operator)
        with pytest.raises(WrongState):
            take_rows_in(import_id=row.pk, acting_user=operator)


class TestThePage:
    def test_offers_it_for_all_that_stops_the_list_and_for_one_row(
        self, park, operator, floor, mairui, rival
    ):
        row = checked(table(*MIXED[:2], MIXED[2]), operator)
        page = park.get("seats:import-changes", row.pk)
        assert "Leave 3 rows out" in text_of(page)
        assert "Leave row 3 out" in text_of(page)

        for wrong_row in ("x", "9" * 20):
            park.post("seats:import-leave-out", row.pk, row=wrong_row)
        assert "Leave 3 rows out" in text_of(park.get("seats:import-changes", row.pk))
        park.post("seats:import-leave-out", row.pk, row="3")
        assert "Leave 2 rows out" in text_of(park.get("seats:import-changes", row.pk))
        park.post("seats:import-leave-out", row.pk)

        text = text_of(park.get("seats:import-changes", row.pk))
        assert "Nothing would change" in text
        assert "Rows left out 3 rows" in text
        assert "with rows left out, the list is the whole of no zone" not in text, "no zone is left"
        park.post("seats:import-leave-out", row.pk, again="1")
        assert "Leave 3 rows out" in text_of(park.get("seats:import-changes", row.pk))

    def test_leaves_nothing_out_that_was_not_shown(self, park, operator, floor, mairui, rival):
        seen = checked(table(*MIXED), operator).version
        row = left(AllocationImport.objects.get(), [3], operator)

        page = park.post("seats:import-leave-out", row.pk, version=seen)

        assert page.status_code == 412
        assert rows_left_out(AllocationImport.objects.get()) == {3}

    def test_says_how_many_rows_it_does_not_list(self, park, operator, floor, mairui):
        rows = [line("迈睿", f"{number}-{number + 1}") for number in range(1, 206)]
        row = left(checked(table(*rows), operator), range(2, 207), operator)

        text = text_of(park.get("seats:import-changes", row.pk))

        assert "Rows left out 205 rows" in text
        assert "and 5 more" in text

    def test_leads_to_the_seats_that_are_in_conflict(self, park, operator, floor, mairui, rival):
        row = checked(table(MIXED[1]), operator)
        page = park.get("seats:import-changes", row.pk).content.decode()

        address = f"/park/floors/{floor.pk}/?first=150&amp;last=170&amp;start=2024-03-01"
        assert address in page
        there = park.get("place:floor-detail", floor.pk, first=150, last=170, start="2024-03-01")
        assert "C-1-3F-150 — 160" in text_of(there)

    def test_still_names_the_rows_when_the_others_are_applied(
        self, park, operator, floor, mairui, rival
    ):
        row = left(checked(table(*MIXED[:2]), operator), [3], operator)
        park.post("seats:import-apply", row.pk, version=row.version)

        text = text_of(park.get("seats:import-detail", row.pk))

        assert "Rows left out 1 row 3 迈睿 · C-1-3F-150-170 · 已签约 · 2024-03-01" in text
        assert "Take them in again" not in text

    def test_says_that_a_part_is_no_whole(self, park, operator, floor, mairui, rival):
        row = left(checked(table(*MIXED[:2]), operator), [3], operator)

        text = text_of(park.get("seats:import-changes", row.pk))

        assert "with rows left out, the list is the whole of no zone" in text
        assert "Compare like this" not in text

    def test_of_a_list_that_was_applied_meanwhile_is_refused(self, park, operator, floor, mairui):
        row = applied(table(MIXED[0]), operator)

        page = park.post("seats:import-leave-out", row.pk, row="2")

        assert page.status_code == 409
        assert "This list was applied already." in text_of(page)
