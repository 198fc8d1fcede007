"""Undoing a list: everything as it was, within a day, if nothing was built on it."""

from datetime import date, timedelta

import pytest

from park.axis import Span
from park.models import ReportingMonth
from seats.models import Allocation, AllocationKind, ImportState, SeatBlock
from seats.services.allocations import release_seats
from seats.services.imports import undo_import
from seats.services.imports.undoing import BuiltOn, UndoTooLate
from seats.services.refusals import WrongState
from tenants.models import Tenancy
from tests.conftest import NOW, TODAY
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.imports.paper import cells_of_the_park
from tests.seats.imports.sheets import applied, line, table

pytestmark = pytest.mark.django_db

MARCH, APRIL, MAY = date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)


def undo(row, operator, *, now=NOW, today=TODAY):
    return undo_import(import_id=row.pk, today=today, now=now, acting_user=operator)


class TestUndoing:
    @pytest.fixture
    def before(self, floor, chengbo, mairui):
        """A park with something of everything; what it was before an import."""
        make_allocation(floor, (1, 20), to=chengbo, last=date(2024, 5, 31))
        make_allocation(floor, (21, 40), to=mairui, kind=AllocationKind.HOLD)
        make_allocation(floor, (61, 70), to=mairui, start=APRIL)
        return cells_of_the_park(), _facts(), _tenancies()

    @pytest.fixture
    def row(self, before, operator):
        """An import that gives, lengthens, confirms, moves and releases."""
        moved = SeatBlock.objects.get(seats__startswith=4096 * _floor_pk() + 60)
        heads = ["企业", "席位", "类型", "首日", "末日", "原因", "块编号"]
        run = "C-1-3F-"
        return applied(
            table(
                ["诚伯信息", f"{run}1-20", "已签约", "2024-03-01", "2024-07-10", None, None],
                ["迈睿", f"{run}21-40", "已签约", "2024-03-01", None, None, None],
                ["诚伯信息", f"{run}61-70", "已签约", "2024-04-01", None, None, moved.pk],
                ["迈睿", f"{run}71-80", "预留", "2024-03-01", None, None, None],
                [None, f"{run}91-95", "停用", "2024-03-05", "2024-03-09", "装修", None],
                heads=heads,
            ),
            operator,
        )

    def test_everything_is_as_it_was(self, operator, row, before):
        assert cells_of_the_park() != before[0]

        undone = undo(row, operator)

        assert (cells_of_the_park(), _facts(), _tenancies()) == before
        assert (undone.state, undone.undone_by) == (ImportState.UNDONE, operator)

    def test_a_day_later_it_is_too_late(self, operator, row):
        undo_at = row.applied_at + timedelta(hours=24)

        with pytest.raises(UndoTooLate):
            undo(row, operator, now=undo_at + timedelta(seconds=1))
        assert undo(row, operator, now=undo_at).state == ImportState.UNDONE

    def test_once_is_enough(self, operator, row):
        undo(row, operator)

        with pytest.raises(WrongState):
            undo(row, operator)

    def test_what_was_changed_since_is_named_with_its_person(self, operator, row, mairui):
        hold = Allocation.objects.get(enterprise=mairui, kind="hold")
        release_seats(
            allocation_id=hold.pk,
            start=APRIL,
            seats=Span(hold.blocks.get().seats.lower, hold.blocks.get().seats.lower + 2),
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
        before = cells_of_the_park()

        with pytest.raises(BuiltOn) as refused:
            undo(row, operator)

        assert "迈睿" in str(refused.value)
        assert f"No. {hold.pk}" in str(refused.value)
        assert operator.name in str(refused.value)
        assert cells_of_the_park() == before

    def test_seats_that_others_have_by_now_do_not_come_back(self, operator, floor, mairui):
        make_allocation(floor, (1, 20), to=mairui, start=date(2024, 1, 1))
        row = applied(
            table(["诚伯", "C-1-3F-99", None, "已签约", "2024-03-01", None, None]),
            operator,
            whole_zones=["C"],
            from_day=APRIL,
            answers={"诚伯|": str(EnterpriseFactory().pk)},
        )
        make_allocation(floor, (5, 6), to=EnterpriseFactory(short_name="后来"), start=MAY)

        with pytest.raises(Exception, match="后来"):
            undo(row, operator)

    def test_a_month_that_was_closed_since_stays(self, operator, floor, chengbo):
        row = applied(table(line("诚伯信息", "1-20", "2024-01-15")), operator)
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(Exception, match="2024") as refused:
            undo(row, operator)

        assert refused.value.code == "month_closed"
        assert SeatBlock.objects.real().count() == 1

    def test_a_hold_that_expired_since_counts_as_changed(self, operator, floor, mairui):
        heads = ["企业", "席位", "类型", "首日", "预留至"]
        data = table(["迈睿", "C-1-3F-1-5", "预留", "2024-03-01", "2024-02-22"], heads=heads)
        row = applied(data, operator)

        with pytest.raises(BuiltOn):
            undo(row, operator, now=NOW + timedelta(hours=20), today=date(2024, 2, 23))


def _floor_pk():
    return SeatBlock.objects.real().first().floor_id


def _facts():
    return sorted(
        (row.pk, row.kind, row.expires_at, row.reason)
        for row in Allocation.objects.filter(blocks__isnull=False).distinct()
    )


def _tenancies():
    rows = Tenancy.objects.values_list("enterprise", "period")
    return sorted((pk, period.lower, str(period.upper)) for pk, period in rows)
