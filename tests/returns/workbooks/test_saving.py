"""What a workbook says is saved as drafts: all or nothing, once, and never over others' heads."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.models import StoredFile
from foundation.spreadsheets import SpreadsheetErrors
from returns.figures import Part
from returns.models import MonthlyReturn, ReturnImport, ReturnRevision, ReturnState
from returns.services import assign_part, save_draft, send_back_return
from returns.services.importing import (
    WorkbookExpired,
    apply_import,
    keep_workbook,
    save_returns,
)
from returns.workbooks.comparison import OtherWorkbook, compare_returns, read_returns
from returns.workbooks.form import form_of
from returns.workbooks.many import months_of, park_of
from tests.conftest import NOW, TODAY
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.returns.conftest import close
from tests.returns.workbooks.books import cell_of, edited, places
from tests.together import together
from web.refusals import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db):
    return make_return(revenue=Decimal(1_000_000), headcount=100)


def put(row, **values):
    """The form of a return with some cells typed over."""
    return edited(form_of(row, is_open=True), lambda book: _fill(book, values))


def _fill(book, values):
    for name, value in values.items():
        cell_of(book.worksheets[0], name).value = value


def put_all(data, column, **values):
    """A table with a column typed over, by the key of its rows."""

    def fill(book):
        sheet = book.worksheets[0]
        named = places(sheet)
        key = named.get("month") or named["credit_code"]
        for number in range(7, sheet.max_row + 1):
            if sheet.cell(number, key).value in values:
                sheet.cell(number, named[column]).value = values[sheet.cell(number, key).value]

    return edited(data, fill)


def headcounts():
    """Of the drafts."""
    drafts = MonthlyReturn.objects.filter(state="draft")
    return set(drafts.values_list("headcount", flat=True))


def kept(data, user, row=None):
    """A workbook as it waits for the button, and what its person saw."""
    read = read_returns(data)
    seen = compare_returns(read, user=user, today=TODAY).seen
    enterprise = row.enterprise if row else None
    it = keep_workbook(
        file_name="月报.xlsx",
        data=data,
        stamp=read.stamp,
        enterprise=enterprise,
        now=NOW,
        acting_user=user,
    )
    return it, seen


def apply(it, seen, user, now=NOW):
    return apply_import(import_id=it.pk, seen=seen, now=now, today=TODAY, acting_user=user)


def save(data, user, seen=None):
    read = read_returns(data)
    return save_returns(read=read, seen=seen, now=NOW, today=TODAY, acting_user=user)


def test_a_draft_is_saved_and_not_submitted(row, operator):
    it, seen = kept(put(row, revenue=250, taxes=3), operator, row)

    done = apply(it, seen, operator)

    row.refresh_from_db()
    assert (row.revenue, row.taxes, row.state) == (Decimal(2_500_000), Decimal(30_000), "draft")
    assert done.counts == {"new": 0, "changed": 1, "unchanged": 0}
    assert row.saves["business"]["name"] == operator.name
    assert ReturnRevision.objects.count() == 0


def test_twice_the_button_saves_once(row, operator):
    it, seen = kept(put(row, revenue=250), operator, row)

    apply(it, seen, operator)
    row.refresh_from_db()
    version = row.version
    apply(it, seen, operator)

    row.refresh_from_db()
    assert row.version == version


def test_who_saved_meanwhile_is_not_overwritten(row, operator):
    it, seen = kept(put(row, revenue=250), operator, row)
    save_draft(return_id=row.pk, figures={"taxes": Decimal(1)}, now=NOW, acting_user=operator)

    with pytest.raises(Stale):
        apply(it, seen, operator)

    row.refresh_from_db()
    assert row.revenue == Decimal(1_000_000)
    assert ReturnImport.objects.get().applied_at is None


def test_a_return_that_was_begun_meanwhile_is_not_overwritten(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=1)
    data = put_all(months_of(enterprise, operator, TODAY), "headcount", **{"2024-02": 9})
    seen = compare_returns(read_returns(data), user=operator, today=TODAY).seen
    february = JANUARY.replace(month=2)
    make_return(enterprise=enterprise, month=february, headcount=8)

    with pytest.raises(Stale):
        save(data, operator, seen)

    assert MonthlyReturn.objects.get(month=february).headcount == 8


def test_all_months_are_begun_and_changed_together(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=1)
    data = put_all(
        months_of(enterprise, operator, TODAY), "headcount", **{"2024-01": 5, "2024-02": 9}
    )

    comparison = save(data, operator)

    assert (comparison.new_count, comparison.changed_count) == (1, 1)
    by_month = MonthlyReturn.objects.order_by("month").values_list("headcount", "state")
    assert list(by_month) == [(5, "draft"), (9, "draft")]


def test_all_enterprises_of_a_month_or_none(operator):
    drafts = [make_return(headcount=1) for _count in range(3)]
    filed = submit(make_return())
    codes = {one.enterprise.credit_code: 7 for one in drafts}

    save(put_all(park_of(JANUARY, operator), "headcount", **codes), operator)
    assert headcounts() == {7}

    more = dict.fromkeys(codes, 8) | {filed.enterprise.credit_code: 8}
    with pytest.raises(SpreadsheetErrors) as refusal:
        save(put_all(park_of(JANUARY, operator), "headcount", **more), operator)

    (error,) = refusal.value.errors
    assert filed.enterprise.short_name in error["message"]
    assert headcounts() == {7}
    filed.refresh_from_db()
    assert filed.headcount == 100


def test_what_was_submitted_accepted_or_closed_is_refused_with_what_to_do(operator):
    for state in (ReturnState.SUBMITTED, ReturnState.ACCEPTED):
        row = make_return(headcount=5)
        data = put(row, headcount=6)
        MonthlyReturn.objects.filter(pk=row.pk).update(state=state)
        with pytest.raises(SpreadsheetErrors) as refusal:
            save(data, operator)
        assert [error["code"] for error in refusal.value.errors] == ["not_open"]

    row = make_return(month=JANUARY.replace(year=2023), headcount=5)
    data = put(row, headcount=6)
    close(row.month)
    with pytest.raises(SpreadsheetErrors) as refusal:
        save(data, operator)
    assert [error["code"] for error in refusal.value.errors] == ["not_open"]


def test_what_was_sent_back_can_be_answered_by_workbook(operator):
    row = submit(make_return())
    send_back_return(return_id=row.pk, question="人数？", now=NOW, acting_user=operator)
    row.refresh_from_db()

    save(put(row, headcount=101), operator)

    row.refresh_from_db()
    assert (row.headcount, row.state) == (101, "sent_back")
    assert row.revisions.get().headcount == 100


def test_a_month_before_the_tenancy_and_one_that_has_not_begun_are_refused(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=1)
    data = edited(
        months_of(enterprise, operator, TODAY),
        lambda book: [
            book.worksheets[0].cell(9 + count, 1, text) and book.worksheets[0].cell(9 + count, 5, 3)
            for count, text in enumerate(["2019-01", "2031-05"])
        ],
    )

    with pytest.raises(SpreadsheetErrors) as refusal:
        save(data, operator)

    assert len(refusal.value.errors) == 2
    assert MonthlyReturn.objects.count() == 1


def test_another_enterprises_workbook_is_refused_and_names_nobody(row):
    stranger = make_member(make_tenant())
    data = form_of(row, is_open=True)

    with pytest.raises(OtherWorkbook) as refusal:
        save(data, stranger)

    assert row.enterprise.short_name not in str(refusal.value)


def test_only_the_park_uploads_that_of_all_enterprises(row, operator):
    data = park_of(JANUARY, operator)

    with pytest.raises(OtherWorkbook):
        save(data, make_member(row.enterprise))


def test_who_does_not_fill_in_a_part_is_told_at_its_cell(row, operator):
    money = make_member(row.enterprise, is_manager=False)
    people = make_member(row.enterprise, is_manager=False)
    assign_part(enterprise=row.enterprise, part=Part.MONEY, person=money, acting_user=operator)

    with pytest.raises(SpreadsheetErrors) as refusal:
        save(put(row, revenue=5, headcount=6), people)
    save(put(row, headcount=6), people)
    save(put(row, revenue=5), money)

    (error,) = refusal.value.errors
    assert error["code"] == "not_your_part"
    row.refresh_from_db()
    assert (row.headcount, row.revenue) == (6, Decimal(50_000))


def test_two_people_with_a_workbook_each_do_not_undo_each_other(row, operator):
    """Both downloaded the same; one fills in the money, the other the people and a class."""
    money = put(row, revenue=5)

    def fill(book):
        _fill(book, {"headcount": 6})
        book.worksheets[1]["A6"], book.worksheets[1]["B6"] = "ITO-1-1", 2

    people = edited(form_of(row, is_open=True), fill)
    save(people, operator)
    save_draft(
        return_id=row.pk,
        figures={},
        classes={"ITO-3-1": {"contracts": 9}},
        notes={"V6:headcount": "项目"},
        now=NOW,
        acting_user=operator,
    )
    comparison = save(money, operator)

    row.refresh_from_db()
    assert (row.revenue, row.headcount) == (Decimal(50_000), 6)
    assert set(row.classes.values_list("service_class", flat=True)) == {"ITO-1-1", "ITO-3-1"}
    assert row.notes == {"V6:headcount": "项目"}
    assert comparison.is_overtaken
    assert [change.cell for change in comparison.changed[0].changes] == ["revenue"]


def test_a_figure_that_both_changed_is_marked(row, operator):
    mine = put(row, revenue=5, taxes=1)
    save_draft(return_id=row.pk, figures={"revenue": Decimal(7)}, now=NOW, acting_user=operator)

    (one,) = compare_returns(read_returns(mine), user=operator, today=TODAY).found

    assert {change.cell: change.is_clash for change in one.changes} == {
        "revenue": True,
        "taxes": False,
    }


def test_what_enterprises_type_meanwhile_outlasts_the_parks_upload(operator):
    first, second = make_return(headcount=1), make_return(headcount=1)
    data = put_all(park_of(JANUARY, operator), "headcount", **{first.enterprise.credit_code: 7})
    save_draft(return_id=second.pk, figures={"headcount": 5}, now=NOW, acting_user=operator)

    comparison = save(data, operator)

    assert (comparison.changed_count, comparison.unchanged_count) == (1, 1)
    second.refresh_from_db()
    assert second.headcount == 5


def test_a_line_that_is_given_another_code_goes_from_the_old_one(row, operator):
    save_draft(
        return_id=row.pk,
        figures={},
        classes={"ITO-1-1": {"contracts": 2}, "ITO-3-1": {"contracts": 4}},
        now=NOW,
        acting_user=operator,
    )
    row.refresh_from_db()

    def swap(book):
        sheet = book.worksheets[1]
        sheet["A6"], sheet["A7"] = "ITO-3-1", "BPO-2-3"

    save(edited(form_of(row, is_open=True), swap), operator)

    lines = dict(row.classes.values_list("service_class", "contracts"))
    assert lines == {"ITO-3-1": 2, "BPO-2-3": 4}


def test_a_workbook_waits_a_day_and_is_thrown_away_with_the_next(row, operator):
    it, seen = kept(put(row, headcount=6), operator, row)
    tomorrow = NOW + timedelta(hours=25)

    with pytest.raises(WorkbookExpired):
        apply(it, seen, operator, tomorrow)
    keep_workbook(
        file_name="x.xlsx",
        data=b"x",
        stamp=read_returns(form_of(row, is_open=True)).stamp,
        enterprise=row.enterprise,
        now=tomorrow,
        acting_user=operator,
    )

    assert not ReturnImport.objects.filter(pk=it.pk).exists()
    assert not StoredFile.objects.filter(pk=it.file_id).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_saved_and_the_other_told(operator):
    row = make_return(headcount=1)
    uploads = [kept(put(row, headcount=count), operator, row) for count in (5, 6)]

    results = together(*(lambda pair=pair: apply(pair[0], pair[1], operator) for pair in uploads))

    assert sorted(type(result).__name__ for result in results) == ["ReturnImport", "Stale"]
    row.refresh_from_db()
    winner = next(n for n, result in enumerate(results) if isinstance(result, ReturnImport))
    assert row.headcount == (5, 6)[winner]


@pytest.mark.django_db(transaction=True)
def test_the_same_button_twice_at_once_saves_once(operator):
    row = make_return(headcount=1)
    version = row.version
    it, seen = kept(put(row, headcount=5), operator, row)

    results = together(*(lambda: apply(it, seen, operator) for _twice in range(2)))

    assert [type(result).__name__ for result in results] == ["ReturnImport"] * 2
    row.refresh_from_db()
    assert (row.headcount, row.version) == (5, version + 1)


@pytest.mark.django_db(transaction=True)
def test_two_that_begin_the_same_month_at_once(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=1)
    data = months_of(enterprise, operator, TODAY)
    files = [put_all(data, "headcount", **{"2024-02": count}) for count in (5, 6)]

    results = together(*(lambda data=data: save(data, operator) for data in files))

    saved = MonthlyReturn.objects.get(month=JANUARY.replace(month=2)).headcount
    assert saved in {5, 6}
    assert any(type(result).__name__ == "Comparison" for result in results)
    assert all(type(result).__name__ in {"Comparison", "Stale"} for result in results)
