"""Seats that others rely on: offered, borrowed, lent, held. A list is no way around that."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from seats.models import Allocation, AllocationKind, RequestState, SeatBlock
from seats.services.imports import apply_import, undo_import
from seats.services.imports.undoing import BuiltOn
from seats.services.imports.writing import CellRefused
from tests.conftest import NOW, TODAY
from tests.factories.loans import make_arranged
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory
from tests.seats.imports.sheets import applied, checked, table, wrong

pytestmark = pytest.mark.django_db

HEADS = ["企业", "席位", "类型", "首日", "末日", "预留至", "块编号"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def line(who, run, kind="预留", last=None, until=None, block=None):
    return [who, f"C-1-3F-{run}", kind, "2024-03-01", last, until, block and block.pk]


def table_of(*rows):
    return table(*rows, heads=HEADS)


def test_an_offer_goes_the_way_of_its_request(operator, floor, chengbo):
    hold = make_allocation(floor, (1, 20), to=chengbo, kind=AllocationKind.HOLD)
    request = make_request(enterprise=chengbo)
    type(request).objects.filter(pk=request.pk).update(state=RequestState.OFFERED, offer=hold)

    row = checked(table_of(line("诚伯信息", "1-20", "已签约")), operator)

    assert wrong(row) == {("B2", "offered")}
    row = checked(table_of(line("诚伯信息", "90")), operator, whole_zones=["C"], from_day=TODAY)
    assert [p[2] for one in row.lines.filter(change="missing") for p in one.problems] == ["offered"]


def test_what_was_contracted_by_it_changes_like_any_other(operator, floor, chengbo):
    firm = make_allocation(floor, (1, 20), to=chengbo)
    request = make_request(enterprise=chengbo)
    type(request).objects.filter(pk=request.pk).update(state=RequestState.ACCEPTED, offer=firm)
    last = date(2024, 8, 31)

    row = applied(table_of(line("诚伯信息", "1-20", "已签约", last)), operator)

    assert wrong(row) == set()
    assert firm.blocks.get().period.upper == date(2024, 9, 1)


def test_lent_and_borrowed_seats_stay_with_their_loan(operator, floor):
    make_allocation(floor, (1, 20), to=EnterpriseFactory(), start=date(2024, 3, 1))
    loan = make_arranged(floor, (1, 10), acting_user=operator)
    before = loan.lender_allocation.blocks.get(period__startswith=date(2024, 3, 1))
    lent = loan.borrower_allocation.blocks.get()
    names = [loan.lender.name, loan.borrower.name]
    data = table_of(
        [names[0], "C-1-3F-2-3", "已签约", before.period.lower, None, None, before.pk],
        [names[1], "C-1-3F-1-5", "已签约", lent.period.lower, None, None, lent.pk],
    )

    row = checked(data, operator)

    codes = {code for _cell, code in wrong(row)}
    assert {"lent", "borrowed"} <= codes


def test_seats_that_were_lent_since_are_built_on(operator, floor, chengbo):
    row = applied(table_of(line("诚伯信息", "1-20", "已签约", last="2024-12-31")), operator)
    loan = make_arranged(floor, (1, 5), acting_user=operator)
    assert loan.lender == chengbo

    with pytest.raises(BuiltOn):
        undo_import(import_id=row.pk, today=TODAY, now=NOW, acting_user=operator)


class TestHolds:
    @pytest.fixture
    def block(self, floor, chengbo):
        hold = make_allocation(floor, (1, 20), to=chengbo, kind=AllocationKind.HOLD)
        return hold.blocks.get()

    def test_are_given_longer_as_people_give_them_longer(self, operator, block):
        before = block.allocation.expires_at

        row = applied(table_of(line("诚伯信息", "1-20", until="2024-04-30", block=block)), operator)

        hold = Allocation.objects.get()
        assert hold.expires_at == datetime(2024, 5, 1, tzinfo=SHANGHAI)
        assert hold.extended_because == "席位台账.xlsx 台账"
        undo_import(import_id=row.pk, today=TODAY, now=NOW, acting_user=operator)
        hold.refresh_from_db()
        assert (hold.expires_at, hold.extended_because) == (before, "")

    def test_are_never_given_shorter(self, operator, block):
        row = checked(table_of(line("诚伯信息", "1-20", until="2024-03-01", block=block)), operator)

        assert wrong(row) == {("F2", "hold_shorter")}

    def test_what_the_rule_of_extensions_says_is_told_with_its_cell(self, operator, floor, chengbo):
        hold = make_allocation(
            floor, (1, 20), to=chengbo, kind=AllocationKind.HOLD, last=date(2024, 5, 31)
        )
        late = line(
            "诚伯信息", "1-20", last="2024-05-31", until="2024-06-30", block=hold.blocks.get()
        )
        row = checked(table_of(late), operator)

        with pytest.raises(CellRefused) as refused:
            apply_import(
                import_id=row.pk,
                expected_version=row.version,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

        assert str(refused.value).startswith("F2 ")
        hold.refresh_from_db()
        assert hold.expires_at == NOW + timedelta(days=15)
        assert SeatBlock.objects.real().count() == 1
