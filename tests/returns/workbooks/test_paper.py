"""The workbooks themselves: what is locked, what may be typed, what a list offers; sound XML."""

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from returns.catalogue import service_classes
from returns.figures import FIGURES
from returns.services import save_draft
from returns.workbooks.form import form_of
from returns.workbooks.many import months_of, park_of
from tests.conftest import NOW, TODAY
from tests.factories.returns import JANUARY, make_return, submit
from tests.returns.workbooks.books import cell_of, opened, places

pytestmark = pytest.mark.django_db

FORMULA = "=1+1"


@pytest.fixture
def row(operator):
    """A draft that says something of everything."""
    row = make_return(revenue=Decimal("1234567.89"), headcount=100, joined=0)
    save_draft(
        return_id=row.pk,
        figures={"reversal_reason": FORMULA},
        classes={"BPO-2-3": {"contracts": 3}},
        markets={("HKG", "HKD"): {"rate": Decimal("0.9123"), "executed_amount": Decimal(5)}},
        notes={"V6:revenue": FORMULA},
        now=NOW,
        acting_user=operator,
    )
    row.refresh_from_db()
    return row


def all_three(row, operator):
    return {
        "form": form_of(row, is_open=True),
        "months": months_of(row.enterprise, operator, TODAY),
        "park": park_of(JANUARY, operator),
    }


def rules_of(sheet):
    """What may be typed where: (kind, first cell) of every data validation."""
    return {
        (str(rule.sqref).split(":")[0].split()[0]): rule
        for rule in sheet.data_validations.dataValidation
    }


def test_every_part_is_sound_and_two_other_programs_read_the_same(row, operator):
    for data in all_three(row, operator).values():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels", ".vml")):
                    ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file
        ours = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in opened(data).worksheets:
            calamine = ours.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.value is not None:
                        assert calamine[cell.row - 1][cell.column - 1] == cell.value


def test_only_entries_can_be_typed_into(row, operator):
    book = opened(form_of(row, is_open=True))

    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert all(not sheet.protection.password for sheet in book.worksheets)
    form = book.worksheets[0]
    columns = places(form)
    open_cells = {
        cell.coordinate for line in form.iter_rows() for cell in line if not cell.protection.locked
    }
    entries = {cell_of(form, name).coordinate for name in FIGURES}
    notes = {cell_of(form, name, "note").coordinate for name in FIGURES}
    stated = {cell_of(form, name).coordinate for name in ("is_cost_centre", "reversal_reason")}
    assert open_cells == entries | notes | stated
    assert form.column_dimensions["A"].hidden
    assert columns["code"] == 1
    assert form.freeze_panes is not None


def test_what_was_submitted_is_to_read_only(row, operator):
    filed = submit(make_return())

    book = opened(form_of(filed, is_open=False))
    park = opened(park_of(JANUARY, operator)).worksheets[0]

    assert all(
        cell.protection.locked
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
    )
    columns = places(park)
    locked = {
        park.cell(number, columns["credit_code"]).value: park.cell(
            number, columns["revenue"]
        ).protection.locked
        for number in range(7, park.max_row + 1)
    }
    assert locked == {filed.enterprise.credit_code: True, row.enterprise.credit_code: False}


def test_programs_refuse_what_cannot_be(row):
    book = opened(form_of(row, is_open=True))
    form, classes, markets = book.worksheets[:3]
    rules = rules_of(form)

    people = rules[cell_of(form, "headcount").coordinate]
    money = rules[cell_of(form, "revenue").coordinate]
    yes = rules[cell_of(form, "is_cost_centre").coordinate]
    assert (people.type, people.operator or "between", people.formula1) == ("whole", "between", "0")
    assert money.type == "decimal"
    assert yes.type == "list"
    assert all(rule.error for rule in (people, money, yes))
    (choice,) = [rule for rule in rules_of(classes).values() if rule.type == "list"]
    codes = book.worksheets[-1]
    assert codes.sheet_state == "hidden"
    assert codes.title in choice.formula1
    assert len([rule for rule in rules_of(markets).values() if rule.type == "list"]) == 2
    offered = {cell.value for cell in codes["A"][1:] if cell.value}
    with translation.override("zh-hans"):
        leaves = service_classes(JANUARY).leaves
    assert {text.split(" ")[0] for text in offered} == {entry.code for entry in leaves}


def test_what_looks_like_a_formula_stays_text_in_all_of_them(row, operator):
    for name, data in all_three(row, operator).items():
        texts = [
            cell
            for sheet in opened(data).worksheets
            for line in sheet.iter_rows()
            for cell in line
            if isinstance(cell.value, str) and FORMULA in cell.value and cell.value[0] != "{"
        ]
        assert len(texts) == 2, name  # the reason and the note
        assert {cell.data_type for cell in texts} == {"s"}


def test_money_stands_in_ten_thousands_and_people_as_whole_numbers(row):
    form = opened(form_of(row, is_open=True)).worksheets[0]

    assert cell_of(form, "revenue").value == 123.456789
    assert cell_of(form, "headcount").value == 100
    assert cell_of(form, "joined").value == 0
    assert cell_of(form, "left").value is None


def test_downloads_take_a_fixed_number_of_queries(row, operator, django_assert_max_num_queries):
    for _more in range(3):
        make_return()
    user = type(operator).objects.get(pk=operator.pk)

    with django_assert_max_num_queries(9):
        park_of(JANUARY, user)
    with django_assert_max_num_queries(9):
        months_of(row.enterprise, user, TODAY)
