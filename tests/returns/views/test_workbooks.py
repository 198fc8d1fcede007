"""Returns as workbooks on the pages: download, upload, see what changes, save."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from returns.models import MonthlyReturn, ReturnImport
from returns.services import save_draft
from returns.workbooks.form import form_of
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.returns.conftest import close
from tests.returns.workbooks.books import cell_of, edited, opened, places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def row(enterprise):
    return make_return(enterprise=enterprise, revenue=Decimal(1_000_000), headcount=100)


def downloaded(desk, name, argument):
    response = desk.get(f"returns:{name}-workbook", argument)
    assert response.status_code == 200
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    return response.content


def uploaded(desk, name, argument, data, file_name="月报.xlsx"):
    file = SimpleUploadedFile(file_name, data)
    return desk.client.post(reverse(f"returns:{name}-upload", args=[argument]), {"file": file})


def typed(data, **values):
    def fill(book):
        for name, value in values.items():
            cell_of(book.worksheets[0], name).value = value

    return edited(data, fill)


def applied(desk, page, **more):
    """Press the button of the page that shows what changes."""
    url = page.headers["Location"]
    shown = desk.client.get(url)
    seen = shown.context["difference"].comparison.seen
    return desk.client.post(f"{url}apply/", {"seen": seen, **more})


def test_the_way_of_a_workbook(firm, row):
    data = typed(downloaded(firm, "return", row.pk), revenue=250.5)

    page = uploaded(firm, "return", row.pk, data)
    shown = firm.client.get(page.headers["Location"])
    text = text_of(shown)
    assert "100.00" in text
    assert "250.50" in text
    assert "!E" in text
    done = applied(firm, page)

    row.refresh_from_db()
    assert (done.status_code, row.revenue, row.state) == (303, Decimal(2_505_000), "draft")
    assert firm.client.get(done.headers["Location"]).status_code == 200


def test_unchanged_there_is_nothing_to_press(firm, row):
    page = uploaded(firm, "return", row.pk, downloaded(firm, "return", row.pk))

    shown = firm.client.get(page.headers["Location"])

    assert shown.status_code == 200
    assert b'name="seen"' not in shown.content


def test_errors_are_listed_by_cell_and_nothing_is_kept(firm, row):
    data = typed(downloaded(firm, "return", row.pk), revenue="很多", headcount=1.5)

    page = uploaded(firm, "return", row.pk, data)

    assert page.status_code == 400
    assert {error["cell"] for error in page.context["refusal"].errors} == {
        cell_of(opened(data).worksheets[0], name).coordinate for name in ("revenue", "headcount")
    }
    assert not ReturnImport.objects.exists()


def test_meanwhile_saved_is_412_with_what_changes_now(firm, row, operator):
    data = typed(downloaded(firm, "return", row.pk), revenue=250)
    page = uploaded(firm, "return", row.pk, data)
    url = page.headers["Location"]
    seen = firm.client.get(url).context["difference"].comparison.seen
    save_draft(return_id=row.pk, figures={"revenue": Decimal(9)}, now=NOW, acting_user=operator)

    refused = firm.client.post(f"{url}apply/", {"seen": seen})
    assert refused.status_code == 412
    again = refused.context["difference"].comparison.seen
    done = firm.client.post(f"{url}apply/", {"seen": again})

    row.refresh_from_db()
    assert (done.status_code, row.revenue) == (303, Decimal(2_500_000))


def test_another_months_and_another_firms_workbook_are_refused_by_name(firm, row, operator):
    other = make_return(headcount=3)
    february = make_return(
        enterprise=row.enterprise, month=JANUARY.replace(month=2), headcount=3, today=NOW.date()
    )

    for data in (form_of(february, is_open=True), form_of(other, is_open=True)):
        page = uploaded(Desk(operator), "return", row.pk, data)
        assert page.status_code == 400
        assert row.enterprise.short_name in text_of(page)
    page = uploaded(firm, "return", row.pk, form_of(other, is_open=True))
    assert page.status_code == 400


def test_what_is_no_workbook_is_said_beside_the_entry(firm, row):
    for data in (b"\0" * 4000, b"<html></html>", b"PK\x03\x04"):
        page = uploaded(firm, "return", row.pk, data)
        assert page.status_code == 400
        assert page.context["form"].errors
    assert not ReturnImport.objects.exists()


def a_hundred_megabytes():
    return b"PK" + bytes(100 * 1024 * 1024 - 2)


def two_hundred_megabytes_of_zeros_in_a_small_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(200 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_hundred_megabytes, "10 MB at most; this one has 100 MB."),
        (two_hundred_megabytes_of_zeros_in_a_small_zip, "."),
    ],
)
def test_what_is_too_large_is_refused_in_words_and_nothing_is_kept(firm, row, make, said):
    before = MonthlyReturn.objects.values().get()

    page = uploaded(firm, "return", row.pk, make())

    assert page.status_code == 400
    ((error,),) = page.context["form"].errors.values()
    assert error.endswith(said)
    assert error in text_of(page)
    assert MonthlyReturn.objects.values().get() == before
    assert not ReturnImport.objects.exists()


def test_a_submitted_return_is_downloaded_to_read_and_refused_with_what_to_do(firm, row):
    submit(row)
    data = downloaded(firm, "return", row.pk)
    assert cell_of(opened(data).worksheets[0], "revenue").protection.locked

    page = uploaded(firm, "return", row.pk, typed(data, headcount=7))

    assert page.status_code == 400
    assert row.revisions.count() == 1


def test_all_months_of_the_own_enterprise(firm, row):
    data = downloaded(firm, "enterprise", row.enterprise.pk)

    def fill(book):
        sheet = book.worksheets[0]
        columns = places(sheet)
        for number in range(7, sheet.max_row + 1):
            if sheet.cell(number, columns["month"]).value == "2024-02":
                sheet.cell(number, columns["headcount"]).value = 11

    page = uploaded(firm, "enterprise", row.enterprise.pk, edited(data, fill))
    done = applied(firm, page)

    assert done.status_code == 303
    assert MonthlyReturn.objects.get(month=JANUARY.replace(month=2)).headcount == 11


def test_all_enterprises_are_for_the_park_alone(firm, row, operator):
    park = Desk(operator)
    make_return(headcount=4)
    data = downloaded(park, "month", "2024-01")

    page = uploaded(park, "month", "2024-01", data)

    assert page.status_code == 303
    assert park.client.get(page.headers["Location"]).status_code == 200
    assert firm.get("returns:month-workbook", "2024-01").status_code == 403
    assert firm.get("returns:month-upload", "2024-01").status_code == 403


def test_links_are_where_people_look(firm, row, operator):
    submit(make_return(enterprise=make_tenant()))
    park = Desk(operator)

    for desk, name, arguments, kinds in (
        (firm, "returns:return-edit", [row.pk], ["return"]),
        (firm, "returns:return-detail", [row.pk], ["return"]),
        (firm, "returns:return-list", [], ["enterprise"]),
        (park, "returns:month-detail", ["2024-01"], ["month"]),
    ):
        page = desk.get(name, *arguments).content.decode()
        target = {"return": row.pk, "enterprise": row.enterprise.pk, "month": "2024-01"}
        for kind in kinds:
            assert reverse(f"returns:{kind}-workbook", args=[target[kind]]) in page
            assert reverse(f"returns:{kind}-upload", args=[target[kind]]) in page


def test_a_closed_month_offers_no_upload(operator):
    make_return(headcount=4)
    close(JANUARY)

    page = Desk(operator).get("returns:month-detail", "2024-01").content.decode()

    assert reverse("returns:month-workbook", args=["2024-01"]) in page
    assert reverse("returns:month-upload", args=["2024-01"]) not in page


def test_what_many_change_is_counted_and_only_the_first_shown_in_full(operator):
    park = Desk(operator)
    for _count in range(23):
        make_return(headcount=1)
    make_return(headcount=9)

    def fill(book):
        sheet = book.worksheets[0]
        column = places(sheet)["headcount"]
        for number in range(7, sheet.max_row + 1):
            if sheet.cell(number, column).value == 1:
                sheet.cell(number, column).value = 2

    data = edited(downloaded(park, "month", "2024-01"), fill)
    page = uploaded(park, "month", "2024-01", data)
    difference = park.client.get(page.headers["Location"]).context["difference"]

    assert (len(difference.shown), len(difference.rest)) == (20, 3)
    assert len(difference.unchanged) == 1


def test_the_file_says_what_it_is_called(firm, row):
    response = firm.get("returns:return-workbook", row.pk)

    said = response.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="returns-2024-01.xlsx"')
    assert io.BytesIO(response.content).read(2) == b"PK"
