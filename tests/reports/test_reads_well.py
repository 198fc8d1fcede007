"""What a reader must not stumble over: the order of forms, which output is meant, whose rows."""

import pytest

from reports import services, telling
from reports.assembly import assemble
from reports.display import Edition, document_of, value_of
from reports.linking import loose_numbers
from reports.models import MonthFile, ReportKind, Target
from reports.reading import Line
from reports.services.month_files import put_together
from reports.services.snapshots import read
from reports.services.target_rows import has_other_targets
from tests.conftest import NOW
from tests.factories.reports import file_return
from tests.reports.conftest import JANUARY
from tests.reports.park_of_returns import MONTH, populate

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock", "quiet_queue"),
]


class TestTheOutputOfATarget:
    @pytest.fixture
    def report(self, draft, small_park):
        file_return(small_park.absent, JANUARY, "5.00", 5, acting_user=small_park.operator)
        Target.objects.create(
            code="output",
            name_zh="园区总产值",
            scope_zh="园区",
            source="报道",
            indicator="revenue",
            unit="yuan",
            value=13_000_000_000,
            span="year",
        )
        return draft(ReportKind.TARGETS)

    def test_is_said_to_be_revenue_and_of_how_many_months(self, report):
        (listed,) = document_of(Edition.of(report), report.content).lists

        ((_target, _wanted, reached, *_more),) = listed.rows
        assert "（营业收入，近12个月中" in reached
        assert listed.counted == "1 项目标"

    def test_is_left_out_of_what_was_issued_before_it_was_kept(self, report):
        for row in report.content["targets"]:
            for name in ("indicator", "version", "months", "months_known"):
                del row[name]

        (listed,) = document_of(Edition.of(report), report.content).lists
        assert "（" not in listed.rows[0][2]
        assert not has_other_targets(report, report.filed)

    def test_that_is_another_today_is_found(self, report):
        report.content["targets"][0]["actual"] = "1"

        assert has_other_targets(report, report.filed)


def test_only_cost_centres_stand_in_the_table_of_what_is_settled_with_them(db):
    books = populate(7, 14).books
    centres = {
        f"enterprise.{who}"
        for (who, _month), filed in books.filed.items()
        if filed.figures.get("internal_settlement") is not None
    }
    content = assemble(ReportKind.OUTPUT, MONTH, read(ReportKind.OUTPUT, MONTH).facts)
    rows = {table["code"]: {row["key"] for row in table["rows"]} for table in content["tables"]}

    assert rows["enterprise_settlement"] <= {*centres, "total"}
    assert len(rows["enterprise_revenue"]) > len(rows["enterprise_settlement"])


def test_rows_inside_rows_inside_rows_are_indented_twice(make_document):
    floors = make_document(ReportKind.OCCUPANCY).table("floors")
    classes = {row.level: Line(row, ()).classes for row in floors.rows}

    assert classes == {"zone": "", "building": "sub", "floor": "sub deep", "total": "sum"}


def test_the_public_file_of_a_month_is_named_so(draft, small_park):
    report = draft(ReportKind.OUTPUT)
    services.issue_report(report_id=report.pk, now=NOW, acting_user=small_park.operator)
    put_together(month=JANUARY, with_drafts=False, now=NOW, owner=small_park.operator)

    names = {
        (file.audience, file.format): str(file.file.name).rpartition("/")[2]
        for file in MonthFile.objects.all()
    }
    assert names["park", "xlsx"] == "2024-01-全套月报.xlsx"
    assert names["public", "xlsx"] == "2024-01-全套月报-公开版.xlsx"


def test_the_text_tells_of_services_and_staff_and_cites_every_number(db):
    populate(7, 14)
    kinds = (ReportKind.SERVICES, ReportKind.WORKFORCE)
    contents = {}
    for kind in kinds:
        snapshot = read(kind, MONTH)
        contents[kind.value] = assemble(kind, MONTH, snapshot.facts) | {"filing": snapshot.filing}
    total = {
        column["code"]: value_of(cell)
        for content in contents.values()
        for table in content["tables"]
        for row in table["rows"]
        if row["key"] == "total"
        for column, cell in zip(table["columns"], row["cells"], strict=True)
    }

    services_told, staff_told = telling.draft(contents)

    executed = total["service_executed"] / 10_000
    assert f"合同执行额（与营业收入口径不同）{executed:,.2f}万元" in services_told["text"]
    assert f"离岸执行额{total['offshore_executed'] / 10_000:,.2f}万元" in services_told["text"]
    assert f"新增{total['joined']:,}人，减少{total['left']:,}人" in staff_told["text"]
    for paragraph in (services_told, staff_told):
        assert loose_numbers(paragraph) == []
