"""Programs with workbooks of returns: download, compare, save."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from returns.models import MonthlyReturn
from returns.services import save_draft
from tests.api import contract
from tests.api.conftest import ROOT, Program
from tests.conftest import NOW
from tests.factories.returns import make_return, make_tenant
from tests.factories.tenants import make_member
from tests.returns.workbooks.books import cell_of, edited, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db):
    return make_return(revenue=Decimal(1_000_000), headcount=100)


@pytest.fixture
def firm(row):
    return Program(make_member(row.enterprise))


def sent(program, data, **more):
    file = SimpleUploadedFile("月报.xlsx", data)
    address = f"{ROOT}returns/import/"
    response = program.client.post(address, {"file": file, **more}, format="multipart")
    contract.check(response, "post", address)
    return response


def workbook(program, row, **values):
    data = program.get(f"returns/{row.pk}/workbook/").content

    def fill(book):
        for name, value in values.items():
            cell_of(book.worksheets[0], name).value = value

    return edited(data, fill)


def test_a_comparison_changes_nothing_and_says_what_would_change(firm, row):
    answer = sent(firm, workbook(firm, row, headcount=120)).json()

    assert answer["returns"] == [
        {
            "return": row.pk,
            "enterprise": row.enterprise_id,
            "month": "2024-01",
            "changes": [
                {
                    "cell": "headcount",
                    "at": answer["returns"][0]["changes"][0]["at"],
                    "label": answer["returns"][0]["changes"][0]["label"],
                    "before": "100",
                    "after": "120",
                }
            ],
        }
    ]
    assert (answer["kind"], answer["applied"], answer["changed"]) == ("return", False, 1)
    row.refresh_from_db()
    assert row.headcount == 100


def test_saved_with_what_was_seen_or_412(firm, row, operator):
    data = workbook(firm, row, headcount=120)
    seen = sent(firm, data).json()["seen"]
    save_draft(return_id=row.pk, figures={"taxes": Decimal(3)}, now=NOW, acting_user=operator)

    stale = sent(firm, data, apply="true", seen=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    done = sent(firm, data, apply="true").json()

    assert done["applied"]
    row.refresh_from_db()
    assert (row.headcount, row.taxes) == (120, Decimal(3))


def test_errors_name_sheet_and_cell(firm, row):
    data = workbook(firm, row, headcount="x", revenue="y")

    refused = sent(firm, data, apply="true")

    assert (refused.status_code, refused.json()["code"]) == (400, "spreadsheet_errors")
    form = opened(data).worksheets[0]
    assert {error["cell"] for error in refused.json()["errors"]} == {
        cell_of(form, "headcount").coordinate,
        cell_of(form, "revenue").coordinate,
    }
    assert MonthlyReturn.objects.get().headcount == 100


def test_strangers_neither_get_nor_send_it(firm, row):
    stranger = Program(make_member(make_tenant()))
    data = workbook(firm, row)

    assert stranger.get(f"returns/{row.pk}/workbook/").status_code == 404
    assert sent(stranger, data).json()["code"] == "other_workbook"
    assert sent(stranger, b"\0" * 100).json()["code"] == "not_a_workbook"
