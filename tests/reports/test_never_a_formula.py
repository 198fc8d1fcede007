"""A text that looks like a formula stays text in all that can be downloaded.

Every address that gives a file stands in `FILES` or, with the reason, in `OTHERS`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import openpyxl
import pytest

from accounts.models import User
from reports import services
from reports.display import SIGNATURES
from reports.exports.periods import Period
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.services.exporting import build_export
from reports.services.month_files import put_together
from tenants.models import Alias, Contact, Enterprise
from tests.conftest import NOW, TODAY
from tests.desk import Desk
from tests.doors import DOORS
from tests.reports.conftest import JANUARY
from tests.seats.imports.sheets import checked, table

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]

SIGNS = tuple("=+-@\t\r\n＝＋－＠")  # with which a formula begins
NAMES = ("=1+1 平安", "@SUM(A1) 凯长", "+2 诚伯")
GIVES_A_FILE = re.compile(r"-(file|files|export|rows|workbook|template|errors)$")
OTHERS = {
    "seats:import-template": "blank",
    "tenants:import-template": "blank",
    "seats:fit-out-file": "as it was uploaded",
    "api:fit-out-file": "as it was uploaded",
    "api:fit-out-files": "takes a file",
    "api:return-workbook": "the file of returns:return-workbook",
    "api:export-file": "the file of reports:export-file",
    "api:report-file": "the file of reports:report-file",
    "api:month-file": "the file of reports:month-file",
}
NAMELESS = {"seats:import-errors"}  # says which cells, not what is in them
Wanted = tuple[list[Any], dict[str, str]]
FILES: dict[str, Callable[[Any], list[Wanted]]] = {
    "seats:allocation-export": lambda _w: [([], {"format": form}) for form in ("xlsx", "csv")],
    "seats:import-errors": lambda w: [([w.listed], {})],
    "returns:month-export": lambda _w: [
        (["2024-01"], {"format": form}) for form in ("xlsx", "csv")
    ],
    "returns:month-workbook": lambda _w: [(["2024-01"], {})],
    "returns:enterprise-workbook": lambda w: [([w.firm], {})],
    "returns:return-workbook": lambda w: [([w.filed], {})],
    "reports:indicator-rows": lambda _w: [(["revenue"], {"month": "2024-01"})],
    "reports:threshold-export": lambda _w: [([], {"format": form}) for form in ("xlsx", "csv")],
    "reports:export-file": lambda w: [([w.export], {})],
    "reports:report-rows": lambda w: [([w.output], {"cell": "enterprise_revenue:total:revenue"})],
    "reports:report-file": lambda w: [
        ([pk, form], {}) for pk in (w.output, w.filing) for form in ("xlsx", "csv")
    ],
    "reports:month-file": lambda _w: [(["2024-01", "issued", "xlsx"], {})],
}


class World(NamedTuple):
    operator: User
    firm: int
    filed: int
    listed: int
    output: int
    filing: int
    export: int


@pytest.fixture
def world(small_park) -> World:
    """The small park with such names in every place that a file may say."""
    operator = small_park.operator
    firms = (small_park.ping_an, small_park.kai_chang, small_park.absent)
    for firm, name in zip(firms, NAMES, strict=True):
        Enterprise.objects.filter(pk=firm.pk).update(
            name=name, short_name=name, industry_code="6591", parent_group=name
        )
        Alias.objects.create(enterprise=firm, name=f"-{firm.pk} 别名")
    Contact.objects.create(enterprise=small_park.ping_an, name="=王", title="=TODAY()")
    issued = {kind: _issue(kind, operator) for kind in (ReportKind.OUTPUT, ReportKind.FILING)}
    put_together(month=JANUARY, with_drafts=False, now=NOW, owner=operator)
    export = build_export(
        kind="commerce",
        period=Period(JANUARY, JANUARY),
        enterprise=None,
        owner=operator,
        now=NOW,
        today=TODAY,
    )
    return World(
        operator,
        small_park.ping_an.pk,
        small_park.ping_an.monthly_returns.get(month=JANUARY).pk,
        checked(table(["=1+1", "A-1-1F-001", None, "=已签约", "=2", None, "@x"]), operator).pk,
        issued[ReportKind.OUTPUT],
        issued[ReportKind.FILING],
        export.pk,
    )


def _issue(kind: ReportKind, operator: User) -> int:
    draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=operator)
    names = dict.fromkeys(SIGNATURES, "=李")
    services.issue_report(report_id=draft.pk, now=NOW, acting_user=operator, signatures=names)
    return MonthlyReport.objects.current().get(kind=kind).pk


def test_every_address_of_a_file_is_looked_at():
    files = {door.name for door in DOORS if GIVES_A_FILE.search(door.name)}

    assert files == FILES.keys() | OTHERS.keys()


def test_no_file_holds_a_formula_though_names_look_like_ones(world):
    desk = Desk(world.operator)
    for page, wanted in FILES.items():
        for arguments, query in wanted(world):
            answer = desk.get(page, *arguments, **query)
            assert answer.status_code == 200, (page, arguments)
            data = b"".join(answer.streaming_content) if answer.streaming else answer.content
            texts = texts_of(data)
            if page not in NAMELESS:
                assert any(sign in text for text in texts for sign in ("=1+1", "@SUM", "+2 ")), page


def texts_of(data: bytes) -> list[str]:
    """The texts of a workbook, none of whose cells is a formula; or of CSV, all harmless."""
    if not data.startswith(b"PK"):
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig")), quoting=csv.QUOTE_NONNUMERIC)
        texts = [cell for line in lines for cell in line if isinstance(cell, str)]
        assert not [text for text in texts if text.startswith(SIGNS)]
        return texts
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert not [link for link in links if link.target]  # those inside the workbook are ours
    return [cell.value for cell in cells if isinstance(cell.value, str)]
