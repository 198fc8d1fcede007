"""What people and their programs make of a workbook: read all the same, or refused at its cell."""

from decimal import Decimal

import pytest

from foundation.spreadsheets import SpreadsheetErrors
from returns.services import save_draft
from returns.workbooks.form import form_of
from returns.workbooks.judging import notes_of
from returns.workbooks.many import months_of, park_of
from tests.conftest import NOW, TODAY
from tests.factories.returns import JANUARY, make_return, make_tenant
from tests.returns.workbooks.books import cell_of, changes, compare, edited, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db):
    return make_return(revenue=Decimal(1_000_000), headcount=100)


def form_with(row, fill):
    """The form of a return after `fill` has worked on its sheets."""
    return edited(form_of(row, is_open=True), lambda book: fill(*book.worksheets[:3]))


def refused(data, operator):
    """Every error, by cell."""
    with pytest.raises(SpreadsheetErrors) as refusal:
        compare(data, operator)
    return {error["cell"]: (error["sheet"], error["code"]) for error in refusal.value.errors}


def test_full_width_digits_and_thousands_are_numbers(row, operator):
    def fill(form, *_rest):
        cell_of(form, "revenue").value = "２，０００．５"
        cell_of(form, "headcount").value = "1,038"
        cell_of(form, "joined").value = "３"

    (one,) = compare(form_with(row, fill), operator).found

    assert one.figures == {"revenue": Decimal(20_005_000), "headcount": 1038, "joined": 3}


def test_yes_and_no_in_either_language(row, operator):
    def fill(form, *_rest):
        cell_of(form, "is_cost_centre").value = "是"

    assert compare(form_with(row, fill), operator).found[0].figures == {"is_cost_centre": True}


def test_columns_that_were_moved_are_found_by_their_names(row, operator):
    def fill(form, *_rest):
        cell_of(form, "left").value = 7
        now, last = places(form)["now"], places(form)["last"]
        for number in range(1, form.max_row + 1):
            one, other = form.cell(number, now), form.cell(number, last)
            if not {type(one).__name__, type(other).__name__} & {"MergedCell"}:
                one.value, other.value = other.value, one.value

    assert changes(compare(form_with(row, fill), operator)) == {"left": ("", "7")}


def test_heads_alone_are_enough_where_the_hidden_row_is_gone(operator):
    make_return(headcount=5)
    data = edited(park_of(JANUARY, operator), lambda book: book.worksheets[0].delete_rows(6))

    assert compare(data, operator).unchanged_count == 1


def test_blank_and_hidden_rows_do_not_matter(row, operator):
    def fill(form, classes, _markets):
        form.row_dimensions[cell_of(form, "revenue").row].hidden = True
        cell_of(form, "revenue").value = 300
        classes["A12"], classes["B12"] = "ITO-1-1", 2

    (one,) = compare(form_with(row, fill), operator).found

    assert one.figures == {"revenue": Decimal(3_000_000)}
    assert one.classes["ITO-1-1"]["contracts"] == 2


def test_codes_are_found_by_code_and_by_name(row, operator):
    def fill(_form, classes, markets):
        classes["A6"], classes["B6"] = "ito-1-1 whatever it is called", 1
        classes["A7"], classes["B7"] = "云计算", 2
        for column, value in zip("ABCE", ["中国香港", "USD", 7.1, 12], strict=True):
            markets[f"{column}6"] = value

    (one,) = compare(form_with(row, fill), operator).found

    assert {code: line["contracts"] for code, line in one.classes.items()} == {
        "ITO-1-1": 1,
        "ITO-3-1": 2,
    }
    assert one.markets[("HKG", "USD")]["executed_amount"] == Decimal(120_000)
    assert one.markets[("HKG", "USD")]["rate"] == Decimal("7.1")


def test_a_formula_without_a_value_is_refused_at_its_cell(row, operator):
    data = form_with(row, lambda form, *_rest: setattr(cell_of(form, "left"), "value", "=1+1"))

    # openpyxl saves formulas without their values, as a program that does not calculate
    (cell,) = [
        name for name, (_sheet, code) in refused(data, operator).items() if code == "formula"
    ]
    assert cell.startswith("E")


def test_all_errors_come_at_once_each_with_its_sheet_and_cell(row, operator):
    def fill(form, classes, markets):
        cell_of(form, "revenue").value = "很多"
        cell_of(form, "headcount").value = 12.5
        cell_of(form, "taxes").value = -3
        cell_of(form, "left").value = 20_000_000
        cell_of(form, "average_pay").value = 1.005
        cell_of(form, "reversal_reason").value = None
        classes["A6"], classes["B6"] = "BPO-99", 1
        classes["B7"] = 4
        markets["A6"], markets["B6"], markets["C6"] = "HKG", "XYZ", -1

    data = form_with(row, fill)
    errors = refused(data, operator)
    form = _form_cells(data)

    for name in ("revenue", "headcount", "taxes", "left", "average_pay"):
        assert form[name] in errors
    sheets = {sheet for sheet, _code in errors.values()}
    assert len(sheets) == 3
    assert {"A6", "A7", "C6"} <= errors.keys()


def _form_cells(data):
    found = {}
    edited(
        data,
        lambda book: found.update(
            {
                name: cell_of(book.worksheets[0], name).coordinate
                for name in ("revenue", "headcount", "taxes", "left", "average_pay")
            }
        ),
    )
    return found


def test_negative_money_needs_its_reason_and_has_it_from_the_same_file(row, operator):
    def reverse(form, *_rest):
        cell_of(form, "revenue").value = -1
        cell_of(form, "reversal_reason").value = "红冲"

    (one,) = compare(form_with(row, reverse), operator).found

    assert one.figures == {"revenue": Decimal(-10_000), "reversal_reason": "红冲"}


def test_merged_entries_and_lines_that_are_there_twice_are_refused(row, operator):
    def fill(form, classes, _markets):
        cell = cell_of(form, "joined")
        form.merge_cells(f"{cell.coordinate}:E{cell.row + 1}")
        classes["A6"] = classes["A7"] = "ITO-1-1"
        classes["B6"] = classes["B7"] = 1

    errors = refused(form_with(row, fill), operator)

    assert {code for _sheet, code in errors.values()} == {"merged_cells", "row_twice"}
    assert "A7" in errors


def test_a_note_goes_to_the_check_that_asks(row, operator):
    """Nothing was filed before: nothing asks, so it explains a change. Named, it goes there."""

    def fill(form, *_rest):
        cell_of(form, "revenue", "note").value = "项目上线"
        cell_of(form, "insured").value = 10
        cell_of(form, "insured", "note").value = "大多为实习生"

    data = form_with(row, fill)
    (one,) = compare(data, operator).found

    assert notes_of(one) == {"V6:revenue": "项目上线", "V15:insured": "大多为实习生"}


def test_all_months_begin_returns_only_where_something_was_filled_in(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=9)

    def fill(book):
        sheet = book.worksheets[0]
        columns = places(sheet)
        for number in range(7, sheet.max_row + 1):
            if sheet.cell(number, columns["month"]).value == "2024-02":
                sheet.cell(number, columns["headcount"]).value = 11
        book.worksheets[1]["A6"] = "2024-02"
        book.worksheets[1]["B6"] = "ITO-1-1"
        book.worksheets[1]["C6"] = 2

    comparison = compare(edited(months_of(enterprise, operator, TODAY), fill), operator)

    assert (comparison.new_count, comparison.changed_count) == (1, 0)
    (one,) = comparison.changed
    assert one.is_new
    assert one.figures == {"headcount": 11}
    assert set(one.classes) == {"ITO-1-1"}


def test_lines_of_a_return_that_the_file_does_not_have_are_refused(operator):
    enterprise = make_tenant()
    make_return(enterprise=enterprise, headcount=9)

    def fill(book):
        classes, notes = book.worksheets[1], book.worksheets[3]
        classes["A6"], classes["B6"], classes["C6"] = "2019-01", "ITO-1-1", 2
        notes["A6"], notes["B6"], notes["C6"] = "2024-01", "没有的指标", "x"

    errors = refused(edited(months_of(enterprise, operator, TODAY), fill), operator)

    assert errors["A6"][1] == "unknown_row"
    assert errors["B6"][1] == "required"


def test_a_line_that_is_taken_out_goes_and_a_sheet_that_is_gone_says_nothing(row, operator):
    save_draft(
        return_id=row.pk,
        figures={},
        classes={"ITO-1-1": {"contracts": 2}},
        notes={"V6:revenue": "原因"},
        now=NOW,
        acting_user=operator,
    )
    row.refresh_from_db()

    def take_out(_form, classes, _markets):
        classes["A6"], classes["B6"] = None, None

    (one,) = compare(form_with(row, take_out), operator).found
    assert one.classes == {"ITO-1-1": None}
    data = edited(form_of(row, is_open=True), lambda book: book.remove(book.worksheets[1]))
    assert not compare(data, operator).changed
