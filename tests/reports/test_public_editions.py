"""What everybody reads of a report tells of no single enterprise; the park reads all of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from accounts.permissions import Role
from park.models import Park
from reports import services
from reports.assembly import assemble
from reports.display import value_of
from reports.drilldown import Drill, drill
from reports.indicators import INDICATORS, Ratio
from reports.models import MonthlyReport, ReportKind
from reports.public import public_of
from reports.services.building import build_report
from reports.services.chain import verify_chain
from reports.services.snapshots import read
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import ParkFactory
from tests.reports.paper import difference, growth, round_to
from tests.reports.park_of_returns import MONTH, World, populate

KINDS_OF_RETURNS = [kind for kind in ReportKind if kind != ReportKind.OCCUPANCY]
SEED, ENTERPRISES = 3, 40  # a park in which some rows are hidden and some are not
FEWER = 16  # of whom issued reports are not too long


class Frozen:
    """The kinds of returns as they come back from the database."""

    def __init__(self) -> None:
        self.world = populate(SEED, ENTERPRISES)
        self.reports = {}
        for kind in KINDS_OF_RETURNS:
            snapshot = read(kind, MONTH)
            content = assemble(kind, MONTH, snapshot.facts)
            self.reports[kind] = json.loads(json.dumps([content, snapshot.frozen()]))


def one_of_each(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    """A known cell of each column at each level of each table, the hidden rows among them."""
    for table in content["tables"]:
        seen = set()
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                if cell is not None and (row["level"], column["code"]) not in seen:
                    seen.add((row["level"], column["code"]))
                    yield f"{table['code']}:{row['key']}:{column['code']}", column, value_of(cell)


def made_of(parts: list[Any], column: Mapping[str, Any]) -> Any:
    """What the sums of a cell's parts come to, as on paper."""
    indicator = INDICATORS[column["indicator"]]
    if isinstance(indicator, Ratio):
        parts = [
            round_to(Fraction(part) * indicator.factor / Fraction(whole), indicator.places)
            for part, whole in zip(parts[::2], parts[1::2], strict=True)
        ]
    if column["measure"] == "value":
        return parts[0]
    return (difference if column["measure"] == "change" else growth)(*parts)


def opened_at(content: Any, facts: Any, cell: str, **how: Any) -> Drill:
    opened = drill(content, facts, cell, **how)
    assert opened is not None, cell
    return opened


@pytest.mark.django_db
def test_the_rows_add_up_to_the_figure_in_both_editions_and_those_of_the_public_name_nobody():
    frozen = Frozen()
    names = {enterprise.short_name for enterprise in frozen.world.enterprises}
    levels = set()
    for whole, facts in frozen.reports.values():
        public = public_of(whole)
        secret = {table["code"] for table in whole["tables"] if "public" in table}
        for content, with_names in ((whole, True), (public, False), (public, True)):
            for cell, column, figure in one_of_each(content):
                opened = opened_at(content, facts, cell, with_names=with_names)
                sums = [sum(line.amount for line in part.lines) for part in opened.parts]
                assert opened.adds_up, cell
                assert made_of(sums, column) == figure, cell
                levels.add(cell.split(":")[1].partition(".")[0])
                told = {line.name for part in opened.parts for line in part.lines} & names
                if not with_names and cell.partition(":")[0] in secret:
                    assert not told, cell
    assert {"hidden", "service_1", "service_2", "service_3", "market", "market_group"} <= levels
    assert {"class", "enterprise", "standing", "size", "education", "age", "origin"} <= levels


@pytest.mark.django_db
def test_the_rows_that_add_up_to_a_larger_one_still_do_where_some_are_hidden():
    frozen = Frozen()
    summed = 0
    for whole, _facts in frozen.reports.values():
        for table in public_of(whole)["tables"]:
            if table["levels"] == ["market_group", "total"] or not table["is_public"]:
                continue
            first = [
                row
                for row in table["rows"]
                if table["levels"][0] in {row["level"], row.get("inside")}
            ]
            for at, column in enumerate(table["columns"]):
                is_sum = column["measure"] == "value" and not column["divisor"]
                total = value_of(table["rows"][-1]["cells"][at])
                if not first or not is_sum or total is None or column["code"].endswith("_firms"):
                    continue
                if INDICATORS[column["indicator"]].code.endswith("_given"):
                    continue  # the same in each row: what the shares are shares of
                parts = [value_of(row["cells"][at]) or 0 for row in first]
                assert sum(parts) == total, (table["code"], column["code"])
                summed += any("of" in row for row in first)
    assert summed > 10


@pytest.fixture
def official(db: None) -> Any:
    return UserFactory(roles=[Role.OFFICIAL], area_code="511000")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet_queue")
class TestAnIssuedReport:
    """One test for each kind: to issue reports takes long."""

    def issue(self, kind: ReportKind) -> tuple[World, MonthlyReport, Any]:
        operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
        if not Park.objects.exists():
            ParkFactory()
        world = populate(SEED, FEWER)
        draft = build_report(kind=kind, month=MONTH, now=NOW, owner=operator)
        report = services.issue_report(report_id=draft.pk, now=NOW, acting_user=operator)
        return world, report, operator

    @pytest.mark.parametrize("kind", [ReportKind.OUTPUT, ReportKind.MARKETS])
    def test_gives_officials_nothing_of_a_single_enterprise_by_any_way(self, kind, official):
        _world, report, operator = self.issue(kind)
        office, park = Desk(official), Desk(operator)
        secrets = amounts_that_only_the_park_reads(park, report)
        assert len(secrets) > 20

        for said in everything_of(office, report):
            assert not [amount for amount in secrets if amount in said]

        full, public = (
            {file.format: file.sha256 for file in report.files.filter(audience=audience)}
            for audience in ("park", "public")
        )
        rows = office.client.get(reverse("api:report-list")).json()["results"]
        assert rows[0]["sha256"] == public
        assert full.keys() == public.keys() == {"xlsx", "pdf", "csv"}
        assert not set(full.values()) & set(public.values())
        assert verify_chain() == []

    def test_may_be_looked_at_by_the_park_as_everybody_reads_it(self, official):
        _world, report, operator = self.issue(ReportKind.OUTPUT)
        park, office = Desk(operator), Desk(official)
        page = "reports:report-detail"

        whole = text_of(park.get(page, report.pk, table="enterprise_revenue"))
        seen = park.get(page, report.pk, table="enterprise_revenue", public="")

        rows = [row.key for row in seen.context["page"].table.rows]
        assert rows == ["total"]
        assert "As everybody reads it" in whole
        assert "Read all of it again" in text_of(seen)
        assert "As everybody reads it" not in text_of(office.get(page, report.pk))
        for wish in ({}, {"public": ""}):
            answer = office.get("reports:report-file", report.pk, "csv", **wish)
            sealed = report.files.get(format="csv", audience="public").sha256
            assert answer.headers["ETag"] == f'"{sealed}"'
        answer = park.get("reports:report-file", report.pk, "csv")
        assert (
            answer.headers["ETag"] == f'"{report.files.get(format="csv", audience="park").sha256}"'
        )

    def test_of_seats_has_one_edition_for_all(self, official):
        _world, report, _operator = self.issue(ReportKind.OCCUPANCY)

        assert {file.audience for file in report.files.all()} == {"all"}
        page = Desk(official).get("reports:report-detail", report.pk, table="enterprises")
        assert len(page.context["page"].table.rows) > 2


def amounts_that_only_the_park_reads(park: Desk, report: MonthlyReport) -> set[str]:
    """Figures of rows of one or two enterprises, as they are printed, that nobody else has."""
    page = park.get("reports:report-detail", report.pk).context["page"]
    public = public_of(report.content)
    open_to_all = {
        value_of(cell)
        for table in public["tables"]
        for row in table["rows"]
        for cell in row["cells"]
    }
    secrets = set()
    for table in page.document.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.unit in {"yuan", "usd"} and cell and cell not in open_to_all:
                    exact = Decimal(column.number(cell))
                    secrets |= {column.text(cell), f"{exact.normalize():f}", str(float(exact))}
    printed = {
        column.text(cell)
        for table in page.document.tables
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell in open_to_all
    }
    return {text for text in secrets if len(text.strip("+−")) > 6} - printed


def everything_of(office: Desk, report: MonthlyReport) -> Iterator[str]:
    """All that an official can get of a report."""
    page = "reports:report-detail"
    cells = []
    for table in report.content["tables"]:
        answer = office.get(page, report.pk, table=table["code"])
        yield text_of(answer)
        cells += [cell.url for line in answer.context["page"].lines[-2:] for cell in line.cells[:3]]
    for url in filter(None, cells):
        yield text_of(office.follow(f"/reports/{report.pk}/{url}"))
        rows = office.follow(f"/reports/{report.pk}/rows/{url}")
        assert rows.status_code == 200
        yield rows.content.decode()
    for cell in ("enterprise_revenue:enterprise.1:revenue", "market_executed:market.HKG:x"):
        assert office.get("reports:report-rows", report.pk, cell=cell).status_code == 404
    for address in ("reports:report-file", "api:report-file"):
        csv_file, book, pdf = (
            office.get(address, report.pk, form).content for form in ("csv", "xlsx", "pdf")
        )
        lines = csv.reader(io.StringIO(csv_file.decode("utf-8-sig")))
        yield " ".join(" ".join(line) for line in lines)
        sheets = openpyxl.load_workbook(io.BytesIO(book), data_only=True)
        for sheet in sheets:
            yield " ".join(
                str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell
            )
        yield " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    yield json.dumps(office.client.get(reverse("api:report-detail", args=[report.pk])).json())
    yield text_of(office.follow("/"))
