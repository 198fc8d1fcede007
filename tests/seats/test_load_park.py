"""`manage.py load_park`: a park from YAML or a workbook, wholly or not at all."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from foundation.spreadsheets import Problems, SpreadsheetErrors
from foundation.yaml_files import NotYaml
from park.axis import SLOT
from park.models import Building, Floor, Park, Phase, Zone
from seats.models import SeatBlock
from seats.place_files import read_place_file
from seats.services.floors import deliver_floor
from seats.services.loading import load_park
from tenants.models import Enterprise
from tests.factories.history import history_of
from tests.factories.park import ZoneFactory, make_floor
from tests.factories.workbooks import workbook

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

PARK = [["园区名称"], ["示例园"]]
ZONES = [["分区代码", "分区名称"], ["E", "E 区"], ["F", "F 区"]]
BUILDINGS = [["分区", "楼栋", "功能区"], ["E", 1, "企业工区"], ["F", 1, None]]
FLOOR_HEADS = ["分区", "楼栋", "楼层", "席位数", "可租面积（m²）", "计划交付日", "交付日"]
FLOORS = [FLOOR_HEADS, ["E", 1, 1, 100, 720.5, None, date(2020, 1, 1)]]
SHEETS: dict[str, Any] = {"园区": PARK, "分区": ZONES, "楼栋": BUILDINGS, "楼层": FLOORS}

pytestmark = pytest.mark.django_db


def loaded(name: str, data: bytes, now):
    problems = Problems()
    return load_park(
        file=read_place_file(name, data, problems), problems=problems, now=now, acting_user=None
    )


def refused_cells(name: str, data: bytes, now) -> dict[str, str]:
    """What is wrong, by place, where the file must be refused."""
    with pytest.raises(SpreadsheetErrors) as refused:
        loaded(name, data, now)
    return {error["field"]: error["code"] for error in refused.value.errors}


def sheets(**changed) -> bytes:
    """The small park as a workbook, with some sheets changed."""
    names = {"park": "园区", "zones": "分区", "phases": "分期", "buildings": "楼栋"}
    names |= {"floors": "楼层", "enterprises": "企业"}
    return workbook({**SHEETS, **{names[noun]: rows for noun, rows in changed.items()}})


def everything() -> list[int]:
    """How many rows of each kind there are."""
    return [
        model.objects.count()
        for model in (Park, Zone, Phase, Building, Floor, SeatBlock, Enterprise)
    ]


class TestTheExample:
    @pytest.mark.parametrize("name", ["example-park.yaml", "example-park.xlsx"])
    def test_both_forms_load_the_same_park(self, name):
        out = StringIO()

        call_command("load_park", EXAMPLES / name, stdout=out)

        assert everything()[:5] == [1, 2, 1, 3, 4]
        floor = Floor.objects.get(label="E-1-2F")
        assert (floor.seat_count, floor.lettable_m2) == (140, Decimal("1002.50"))
        assert floor.delivered_on == date(2025, 3, 1)
        assert floor.sample_fields == ["*"]
        planned = Floor.objects.get(label="F-1-1F")
        assert (planned.planned_on, planned.delivered_on) == (date(2099, 6, 30), None)
        assert Phase.objects.get().planned_workers == 500
        assert planned.building.phase == Phase.objects.get()
        assert Floor.objects.get(label="F-1-B1F").planned_on is None
        assert Zone.objects.get(code="E").leased_in
        assert Building.objects.get(code="S1").functional_area == "services"
        assert Park.objects.get().other_names == ["示例园"]
        enterprise = Enterprise.objects.get(short_name="示例呼叫")
        assert enterprise.is_industry_top_100
        assert set(enterprise.aliases.values_list("name", flat=True)) == {
            "示例客服",
            "Sample Calls",
        }
        assert enterprise.contacts.get().email == "calls@example.com"

    def test_both_forms_say_the_same(self):
        problems = Problems()
        one, other = (
            read_place_file(path.name, path.read_bytes(), problems)
            for path in sorted(EXAMPLES.glob("example-park.*"))
        )

        problems.refuse_if_any()
        for noun in one._fields:
            values = [[record.values for record in getattr(file, noun)] for file in (one, other)]
            assert values[0] == values[1], noun

    def test_loading_it_again_changes_nothing(self):
        path = EXAMPLES / "example-park.yaml"
        call_command("load_park", path, stdout=StringIO())
        before = everything(), history_of(Floor).count()
        out = StringIO()

        call_command("load_park", EXAMPLES / "example-park.xlsx", stdout=StringIO())

        assert (everything(), history_of(Floor).count()) == before
        with translation.override("en"):
            call_command("load_park", EXAMPLES / "example-park.xlsx", stdout=out)
        assert "Floors: 0 new, 4 known already" in out.getvalue()


class TestLoadPark:
    def test_every_floor_has_its_seats_and_its_void(self, now):
        loaded("park.xlsx", sheets(), now)

        floor = Floor.objects.get()
        void = sum(
            block.seats.upper - block.seats.lower for block in floor.blocks.on(date(2024, 1, 1))
        )
        assert SLOT - void == floor.seat_count == 100

    def test_a_second_file_adds_to_what_is_known(self, now):
        loaded("park.xlsx", sheets(), now)
        floors = [*FLOORS, ["F", 1, 1, 60, 400, date(2099, 1, 1), None]]

        counts = loaded("park.xlsx", sheets(floors=floors), now)

        assert counts["floors"] == (1, 1)
        assert counts["zones"] == (0, 2)

    def test_a_floor_that_was_handed_over_since_is_still_known(self, now, operator):
        floors = [FLOOR_HEADS, ["E", 1, 1, 100, 720.5, date(2024, 2, 23), None]]
        data = sheets(floors=floors)
        loaded("park.xlsx", data, now)
        later = now.replace(day=23)
        deliver_floor(
            floor_id=Floor.objects.get().pk, day=later.date(), now=later, acting_user=operator
        )

        assert loaded("park.xlsx", data, now.replace(month=6))["floors"] == (0, 1)

    def test_says_every_error_of_every_sheet_with_its_cell_and_loads_nothing(self, now):
        make_floor(zone="A")  # of another park
        before = everything()
        data = sheets(
            zones=[
                ["分区代码", "分区名称"],
                ["E", "E 区"],
                ["A", "别人的"],
                ["e-1", None],
                ["E", None],
            ],
            phases=[["分区", "期"], ["E", 1], ["X", 1], ["E", "第一"]],
            buildings=[
                ["分区", "楼栋", "期", "功能区"],
                ["E", 1, 1, "企业工区"],
                ["E", 2, 9, None],
                ["Y", 1, None, None],
                ["E", 3, None, "停车场"],
                ["E", "S1", None, "综合服务"],
                ["E", None, None, None],
            ],
            floors=[
                FLOOR_HEADS,
                ["E", 1, 1, 100, 720.5, None, date(2020, 1, 1)],
                ["E", 1, 1, 90, 700, None, date(2020, 1, 1)],
                ["E", 1, 2, 5000, 700, None, None],
                ["E", 1, 0, 50, 0, None, None],
                ["E", 7, 1, 50, 300, None, None],
                ["E", "S1", 1, 50, 300, None, None],
                ["E", 1, 3, "很多", None, "明年", None],
                ["E", 1, 4, 50, 300, date(2024, 1, 1), None],
                ["E", 1, 5, 50, 300, None, date(2024, 5, 1)],
                ["E", 1, 6, 50.5, 300.123, None, date(1950, 1, 1)],
            ],
            enterprises=[["企业全称", "统一社会信用代码"], ["甲有限公司", "123"]],
        )

        assert refused_cells("park.xlsx", data, now) == {
            "分区!A3": "duplicate",
            "分区!A4": "invalid",
            "分区!A5": "duplicate",
            "分期!A3": "unknown",
            "分期!B4": "invalid",
            "楼栋!C3": "unknown",
            "楼栋!A4": "unknown",
            "楼栋!D5": "invalid",
            "楼栋!B7": "required",
            "楼层!C3": "duplicate",
            "楼层!D4": "max_value",
            "楼层!C5": "invalid",
            "楼层!E5": "invalid",
            "楼层!B6": "unknown",
            "楼层!B7": "invalid",
            "楼层!D8": "invalid",
            "楼层!E8": "required",
            "楼层!F8": "invalid",
            "楼层!F9": "invalid",
            "楼层!G10": "invalid",
            "楼层!D11": "invalid",
            "楼层!E11": "places",
            "楼层!G11": "range",
            "企业!B2": "invalid_length",
        }
        assert everything() == before

    @pytest.mark.parametrize(
        ("row", "cells"),
        [
            (["E", "b b", 0, 5000, 0, None, date(2030, 1, 1)], "BCDEG"),
            (["E", 1, "地下", 5000, 0, date(2024, 1, 1), None], "CDEF"),
            (["E", 1, 0, 5000, 10, date(2024, 1, 1), date(2030, 1, 1)], "CDFG"),
            (["E", 1, 0, 50, 10, date(2024, 1, 1), "明天"], "CG"),
        ],
    )
    def test_an_error_in_one_cell_hides_none_in_another(self, now, row, cells):
        data = sheets(floors=[FLOOR_HEADS, row])

        assert list(refused_cells("park.xlsx", data, now)) == [f"楼层!{cell}2" for cell in cells]

    def test_a_phase_that_cannot_be_read_contradicts_nothing(self, now):
        loaded("park.xlsx", sheets(), now)
        buildings = [["分区", "楼栋", "期"], ["E", 1, "一"], ["F", 1, None]]

        cells = refused_cells("park.xlsx", sheets(buildings=buildings), now)

        assert cells == {"楼栋!C2": "invalid"}

    def test_a_zone_of_another_park_is_an_error_at_its_cell(self, now):
        ZoneFactory(code="E")

        assert refused_cells("park.xlsx", sheets(), now) == {"分区!A2": "duplicate"}

    @pytest.mark.parametrize(
        ("changed", "cell"),
        [
            ({"floors": [FLOOR_HEADS, ["E", 1, 1, 110, 720.5, None, date(2020, 1, 1)]]}, "楼层!D2"),
            ({"floors": [FLOOR_HEADS, ["E", 1, 1, 100, 700, None, date(2020, 1, 1)]]}, "楼层!E2"),
            ({"floors": [FLOOR_HEADS, ["E", 1, 1, 100, 720.5, None, date(2021, 1, 1)]]}, "楼层!G2"),
            ({"zones": [ZONES[0], ["E", "东区"], ["F", "F 区"]]}, "分区!B2"),
            ({"buildings": [BUILDINGS[0], ["E", 1, "人才公寓"], ["F", 1, None]]}, "楼栋!C2"),
            ({"park": [["园区名称", "运营单位"], ["示例园", "别的公司"]]}, "园区!B2"),
        ],
    )
    def test_what_contradicts_the_known_is_refused_at_its_cell(self, now, changed, cell):
        loaded("park.xlsx", sheets(), now)

        assert refused_cells("park.xlsx", sheets(**changed), now) == {cell: "contradiction"}

    def test_a_sheet_or_a_park_that_is_missing_or_unknown_is_told(self, now):
        data = workbook({"分区": ZONES, "停车位": [["x"]]})

        assert refused_cells("park.xlsx", data, now) == {
            "园区!A1": "required",
            "停车位!A1": "unknown",
        }


class TestYaml:
    def test_says_path_and_line_of_every_error(self, now):
        data = b"""
park: {name: P}
zones:
  - code: E
    colour: green
    buildings:
      - code: "1"
        floors:
          - {level: 1, seats: many, lettable_m2: 10}
          - {level: 2, seats: 10, lettable_m2: 10, delivered_on: 2024-02-30}
  - name: without code
  - just words
"""

        assert refused_cells("park.yaml", data, now) == {
            "zones[0].colour (line 5)": "unknown",
            "zones[0].buildings[0].floors[0].seats (line 9)": "invalid",
            "zones[0].buildings[0].floors[1].delivered_on (line 10)": "invalid",
            "zones[1] (line 11)": "required",
            "zones[2] (line 12)": "required",
        }
        assert not Park.objects.exists()

    @pytest.mark.parametrize(
        "data",
        [
            b"park: [",
            b"park: &a [*a]",
            b"park: !!python/object/apply:os.system [ls]",
            b"a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9))
                for n in range(9)
            ),
            b"\xff\xfe\x00",
        ],
        ids=["broken", "in itself", "python object", "billion laughs", "no text"],
    )
    def test_hostile_or_broken_files_are_refused(self, now, data):
        with pytest.raises((NotYaml, SpreadsheetErrors)):
            loaded("park.yaml", data, now)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ("park:\n  name: [甲\nzones: []\n", "Line 3, column 6 is no YAML"),
            ("park:\n\tname: 甲\n", "Line 2 begins with a tab"),
            ("park: !!python/name:os.system x\n", "Line 1: words that begin with !"),
            ("park: {name: 甲}\n".encode("gb18030"), "This is no text in UTF-8"),
        ],
        ids=["bracket", "tab", "tag", "GB 18030"],
    )
    def test_says_in_words_of_its_own_what_cannot_be_read(self, now, data, words):
        with translation.override("en"), pytest.raises(NotYaml, match=words):
            loaded("park.yaml", data if isinstance(data, bytes) else data.encode(), now)

    def test_an_empty_file_names_no_park(self, now):
        assert set(refused_cells("park.yaml", b"", now).values()) >= {"required"}


class TestTheCommand:
    def test_shows_every_error_and_fails(self, tmp_path):
        path = tmp_path / "park.yaml"
        path.write_text("park: {}\nzones: [{code: '?'}]\n")
        err = StringIO()

        with pytest.raises(CommandError, match="2"):
            call_command("load_park", path, stderr=err)

        assert "zones[0].code (line 2): " in err.getvalue()
        assert "park (line 1): " in err.getvalue()

    def test_puts_it_down_to_the_person_that_is_named(self, tmp_path, operator):
        path = tmp_path / "park.xlsx"
        path.write_bytes(sheets())

        call_command("load_park", path, "--as", operator.email, stdout=StringIO())

        event = history_of(Floor).get()
        assert event.pgh_context.metadata["user"] == operator.pk

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["nowhere.yaml"], "没有 nowhere.yaml 这个文件。"),
            ([EXAMPLES], "读不了"),
            (
                [EXAMPLES / "example-park.yaml", "--as", "nobody@example.test"],
                "没有人用 nobody@example.test 登录。",
            ),
            ([Path(__file__)], "xlsx"),
        ],
    )
    def test_says_what_is_wrong_with_its_arguments(self, arguments, words):
        with translation.override("zh-hans"), pytest.raises(CommandError, match=words):
            call_command("load_park", *arguments)
