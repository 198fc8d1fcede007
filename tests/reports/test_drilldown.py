"""Every figure leads to its rows, and they add up to it, from what is frozen alone."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation

from reports.assembly import assemble
from reports.display import value_of
from reports.drilldown import Drill, drill
from reports.indicators import INDICATORS, SOURCES, Distinct, Facts, Ratio, figures, rows
from reports.models import ReportKind
from reports.services.snapshots import Snapshot, read
from seats.models import AllocationKind
from tests.factories.reports import file_return
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.reports.conftest import DECEMBER, JANUARY
from tests.reports.paper import difference, growth, round_to

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[ReportKind.OCCUPANCY, ReportKind.OUTPUT])
def report(request, small_park) -> tuple[dict, dict]:
    """Content and facts of a report, as they come back from the database."""
    snapshot: Snapshot = read(request.param, JANUARY)
    content = assemble(request.param, JANUARY, snapshot.facts)
    stored = json.dumps([content, snapshot.frozen()])
    return tuple(json.loads(stored))


def every_cell(content, rows="rows"):
    for table in content["tables"]:
        for row in table.get(rows, ()):
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                yield f"{table['code']}:{row['key']}:{column['code']}", column, value_of(cell)


def test_the_rows_of_every_cell_add_up_to_it(report):
    content, facts = report
    known = [cell for cell in every_cell(content) if cell[2] is not None]

    assert len(known) > 100 or content["form"] not in {"Y1", "Y2"}
    for address, column, figure in known:
        opened = opened_at(content, facts, address)
        assert opened.figure == figure, address
        assert opened.adds_up, address
        sums = [sum(line.amount for line in part.lines) for part in opened.parts]
        assert sums == [part.total for part in opened.parts], address
        assert figure == made_of(sums, column), address


def opened_at(content, facts, address) -> Drill:
    found = drill(content, facts, address)
    assert found is not None, address
    return found


def made_of(sums, column):
    """What the sums of a cell's parts come to, worked out as on paper."""
    indicator = INDICATORS[column["indicator"]]
    if isinstance(indicator, Ratio):
        sums = [
            round_to(Fraction(part) * indicator.factor / Fraction(whole), indicator.places)
            for part, whole in zip(sums[::2], sums[1::2], strict=True)
        ]
    by_measure = {"change": difference, "growth": growth}
    compare = by_measure.get(column["measure"])
    return compare(*sums) if compare else sums[0]


def test_there_are_no_rows_of_what_is_unknown_or_not_there(report):
    content, facts = report
    unknown = [address for address, _column, figure in every_cell(content) if figure is None]

    assert unknown or content["form"] != "Y2"
    for address in [*unknown, "", "places", "places:zone.A", "x:y:z", "places:zone.X:firm"]:
        assert drill(content, facts, address) is None, address


class TestRows:
    def test_name_the_holder_the_run_and_the_days(self, small_park):
        content, facts = stored(ReportKind.OCCUPANCY)

        (part,) = opened_at(content, facts, "places:zone.A:firm").parts

        assert [(line.name, line.where, line.amount) for line in part.lines] == [
            ("平安金服", "A-1-1F-001 — 030", 30),
            ("上海凯长", "A-1-1F-031 — 050", 20),
        ]
        assert part.lines[0].when == "2024-01-01 至 2024-01-31"

    def test_of_a_rate_come_in_two_parts(self, small_park):
        content, facts = stored(ReportKind.OCCUPANCY)

        opened = opened_at(content, facts, "places:zone.C:contracted_rate")

        assert [part.total for part in opened.parts] == [20, 50]
        assert opened.text == "40.0%"
        assert opened.divisor.text == "50"

    def test_of_a_comparison_show_both_periods(self, small_park):
        content, facts = stored(ReportKind.OUTPUT)

        opened = opened_at(content, facts, "class_revenue:total:revenue.growth.previous")

        assert [part.period for part in opened.parts] == ["2024年1月", "2023年12月"]
        assert [len(part.lines) for part in opened.parts] == [2, 2], "nought is an answer too"

    def test_of_the_year_to_date_are_the_returns_of_its_months(self, small_park):
        file_return(small_park.ping_an, date(2023, 2, 1), "10.00", 1)
        content, facts = stored(ReportKind.OUTPUT, date(2023, 2, 1))

        opened = opened_at(content, facts, "enterprise_revenue:total:revenue_to_date.to_date")

        assert [line.when for line in opened.parts[0].lines] == ["2023年1月", "2023年2月"]
        assert opened.parts[0].period == "2023年1月 至 2023年2月"


class TestTheOrderOfRows:
    def test_by_enterprise_is_that_of_the_table(self, small_park, operator):
        for seat, short_name in enumerate(("乙", "丁", "甲", "丙"), start=51):
            enterprise = EnterpriseFactory(name=f"{short_name}有限公司", short_name=short_name)
            make_allocation(small_park.a, (seat, seat), to=enterprise, start=date(2023, 12, 1))
            file_return(enterprise, JANUARY, "10.00", 1, acting_user=operator)
        content, facts = stored(ReportKind.OUTPUT)
        (table,) = (t for t in content["tables"] if t["code"] == "enterprise_revenue")
        filed = [row["short"] for row in table["rows"][:-1] if row["cells"][0] is not None]

        (part,) = opened_at(content, facts, "enterprise_revenue:total:revenue").parts

        assert [line.name for line in part.lines] == filed
        assert len(filed) == 6

    def test_by_enterprise_of_the_year_is_month_after_month_of_each(self, small_park):
        file_return(small_park.kai_chang, date(2023, 3, 1), "5.00", 1)
        file_return(small_park.ping_an, date(2023, 4, 1), "10.00", 1)
        file_return(small_park.kai_chang, date(2023, 4, 1), "6.00", 1)
        content, facts = stored(ReportKind.OUTPUT, date(2023, 4, 1))
        (table,) = (t for t in content["tables"] if t["code"] == "enterprise_revenue")
        names = [row["short"] for row in table["rows"][:-1]]

        opened = opened_at(content, facts, "enterprise_revenue:total:revenue_to_date.to_date")

        rows = [(line.name, line.when) for line in opened.parts[0].lines]
        assert sorted(rows, key=lambda row: (names.index(row[0]), row[1])) == rows
        assert {when for name, when in rows if name == "平安金服"} == {"2023年1月", "2023年4月"}
        assert {when for name, when in rows if name == "上海凯长"} == {"2023年3月", "2023年4月"}

    def test_by_class_is_that_of_the_classes(self, small_park):
        content, facts = stored(ReportKind.OUTPUT)
        (table,) = (t for t in content["tables"] if t["code"] == "class_seats")
        classes = [row["label"] for row in table["rows"][:-1]]
        whose = {"customer_service": "诚伯信息", "financial_services": "平安金服"}

        (part,) = opened_at(content, facts, "class_seats:total:firm").parts

        assert [line.name for line in part.lines] == [
            whose.get(code, "上海凯长") for code in classes
        ]

    def test_of_enterprises_that_are_counted_is_by_name_and_of_seats_by_place(
        self, small_park, operator
    ):
        for run, to in (((31, 40), small_park.kai_chang), ((41, 50), small_park.absent)):
            make_allocation(
                small_park.d,
                run,
                to=to,
                start=date(2024, 4, 1),
                kind=AllocationKind.HOLD,
                today=date(2024, 1, 25),
                acting_user=operator,
            )
        content, facts = stored(ReportKind.OCCUPANCY)

        (counted,) = opened_at(content, facts, "ahead:total:ahead_enterprises").parts
        (seats,) = opened_at(content, facts, "ahead:total:ahead_seats").parts

        by_name = [row[2] for row in facts["enterprises"]["rows"]]
        assert [line.name for line in counted.lines] == by_name
        assert [line.name for line in seats.lines] == ["平安金服", "上海凯长", "诚伯信息"]
        assert [line.where[-9:] for line in seats.lines] == ["001 — 030", "031 — 040", "041 — 050"]


class TestRowsOnPaper:
    def test_have_the_decimals_that_add_up_by_hand(self, small_park):
        content, facts = stored(ReportKind.OCCUPANCY)

        (part,) = opened_at(content, facts, "places:total:let_m2").parts

        # 715.50 m² on 100 seats, 430.00 on 60: 30, 20 and 20 seats of these
        assert [line.text for line in part.lines] == ["214.65", "143.10", "143.33"]
        assert part.text == "501.08"

    def test_of_money_too(self, small_park):
        content, facts = stored(ReportKind.OUTPUT)

        (part,) = opened_at(content, facts, "class_revenue:total:revenue").parts

        # In 万元, and to the cent: 123.46 and 34.57 would be 158.03, which is not the total.
        assert {line.text for line in part.lines} == {"123.456789", "34.567890"}
        assert part.text == "158.024679"

    def test_that_are_whole_have_none(self, small_park):
        content, facts = stored(ReportKind.OCCUPANCY)

        (part,) = opened_at(content, facts, "places:zone.A:firm").parts

        assert [line.text for line in part.lines] == ["30", "20"]


class TestInventedFigures:
    """样本 stands where what is counted is invented, not where something else of the row is."""

    @pytest.fixture
    def headcounts(self, small_park):
        for enterprise, fields in (
            (small_park.ping_an, ["revenue", "joined"]),
            (small_park.kai_chang, ["*"]),
        ):
            row = enterprise.monthly_returns.get(month=JANUARY)
            row.sample_fields = fields
            row.save(update_fields=["sample_fields"])

    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            ("class_people:total:headcount", {"平安金服": False, "上海凯长": True}),
            ("class_revenue:total:revenue", {"平安金服": True, "上海凯长": True}),
            ("class_revenue:total:filed", {"平安金服": False, "上海凯长": True}),
        ],
    )
    def test_of_returns(self, headcounts, cell, expected):
        content, facts = stored(ReportKind.OUTPUT)

        assert marks(content, facts, cell) == expected
        assert content["has_sample"]

    @pytest.fixture
    def choices(self, small_park, operator):
        """Who has chosen is known of one, of the others nothing is."""
        for run, to, fields in (
            ((31, 40), small_park.kai_chang, ["blocks"]),
            ((41, 45), small_park.absent, ["*"]),
            ((46, 50), small_park.absent, ["*"]),
        ):
            make_allocation(
                small_park.d,
                run,
                to=to,
                start=date(2024, 4, 1),
                kind=AllocationKind.HOLD,
                today=date(2024, 1, 25),
                acting_user=operator,
                sample_fields=fields,
            )

    @pytest.mark.parametrize(
        ("cell", "chosen"), [("ahead_enterprises", False), ("ahead_seats", True)]
    )
    def test_of_what_is_chosen_ahead(self, choices, cell, chosen):
        content, facts = stored(ReportKind.OCCUPANCY)

        assert marks(content, facts, f"ahead:total:{cell}") == {
            "平安金服": False,
            "上海凯长": chosen,
            "诚伯信息": True,
        }

    def test_an_enterprise_that_did_choose_is_real_whatever_else_is_invented(
        self, choices, small_park, operator
    ):
        make_allocation(
            small_park.c,
            (50, 55),
            to=small_park.absent,
            start=date(2024, 5, 1),
            today=date(2024, 1, 25),
            acting_user=operator,
            sample_fields=["blocks"],
        )
        content, facts = stored(ReportKind.OCCUPANCY)

        assert not marks(content, facts, "ahead:total:ahead_enterprises")["诚伯信息"]

    @pytest.mark.parametrize(
        ("fields", "invented"),
        [
            (["*"], {"seats", "lettable_m2", "let_m2"}),
            (["lettable_m2"], {"lettable_m2", "let_m2"}),
            (["seats"], {"seats", "let_m2"}),
            (["planned_on"], set()),
            ([], set()),
        ],
    )
    def test_of_floors(self, small_park, fields, invented):
        small_park.a.sample_fields = fields
        small_park.a.save(update_fields=["sample_fields"])
        content, facts = stored(ReportKind.OCCUPANCY)

        marked = {
            column
            for column in ("seats", "firm", "lettable_m2", "let_m2")
            if any(marks(content, facts, f"places:zone.A:{column}").values())
        }
        assert marked == invented
        assert content["has_sample"] == bool(invented)

    def test_are_frozen_with_the_names_of_their_columns(self, headcounts):
        _content, facts = stored(ReportKind.OUTPUT)
        table = facts["returns"]
        rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]

        found = [row["sample_fields"] for row in rows if row["month"] == "2024-01"]
        others = ["internal_settlement", "executed_value"]
        assert sorted(found) == [
            [],
            ["expected", "filed", "revenue", "taxes", *others, "headcount"],
            ["revenue"],
        ]

    def test_come_back_from_the_frozen_facts(self, headcounts, choices):
        for kind in ReportKind:
            _content, facts = stored(kind)

            again = Facts.from_json(facts, SOURCES)
            assert again.has_sample == says_invented(facts)
            assert again.to_json(SOURCES) == facts


def says_invented(facts):
    """Whether any frozen row names columns of its own that are invented."""
    return any(
        row[table["columns"].index("sample_fields")]
        for table in facts.values()
        if "sample_fields" in table.get("columns", ())
        for row in table["rows"]
    )


def marks(content, facts, cell):
    """By enterprise or floor, whether its row of the cell's first part is marked."""
    return {line.name: line.is_sample for line in opened_at(content, facts, cell).parts[0].lines}


def stored(kind, month=JANUARY):
    snapshot = read(kind, month)
    return json.loads(json.dumps([assemble(kind, month, snapshot.facts), snapshot.frozen()]))


class TestRegistry:
    def test_gives_the_figures_of_several_months_and_keys(self, small_park):
        found = figures(["firm", "contracted_rate"], [DECEMBER, JANUARY], by="zone")

        assert found["firm", "2024-01", "zone.A"] == 50
        assert found["firm", "2024-01", "zone.C"] == 20
        assert found["firm", "2023-12", "zone.C"] in {0, None}
        assert str(found["contracted_rate", "2024-01", "zone.C"]) == "40.0"

    @pytest.mark.parametrize("code", [*INDICATORS])
    def test_every_figure_is_the_sum_of_its_rows(self, small_park, code):
        one = INDICATORS[code]
        for by in ("total", *(["zone", "building"] if one_of_places(one) else [])):
            for (_code, _month, key), figure in figures([code], [JANUARY], by=by).items():
                if isinstance(one, Ratio) or figure is None:
                    continue
                behind = rows(code, JANUARY, key=key)
                if isinstance(one, Distinct):
                    assert figure == len(behind)
                else:
                    assert figure == sum(getattr(row, one.column) for row in behind)

    def test_every_indicator_explains_itself_in_both_languages(self):
        for one in INDICATORS.values():
            for language in ("zh-hans", "en"):
                with translation.override(language):
                    assert str(one.name)
                    assert str(one.definition).endswith(("。", "."))
            assert one.version >= 1

    def test_a_quotient_names_what_it_is_divided_by(self):
        for one in INDICATORS.values():
            assert (one.divisor is not None) == isinstance(one, Ratio)


def one_of_places(one):
    return all(part.source in {"floors", "blocks", "ahead"} for part in one.parts())
