"""Files that describe a park: YAML, nested, or a workbook with one sheet per noun.

Both become the same records: a building's record holds the code of its zone, a floor's those of
its zone and building. Each value keeps its place, a cell or a line, for telling what is wrong.
docs/loading.md shows both forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from foundation.rows import (
    Cell,
    Column,
    Columns,
    NamesField,
    Record,
    SampleField,
    WordField,
    YesField,
    cleaned_record,
    listed,
    records_of,
    sheet_called,
)
from foundation.spreadsheets import NotAWorkbook, Place, Problems, Sheet, read_workbook
from foundation.yaml_files import Node, read_yaml
from park.axis import SLOT
from park.models import CODE, FunctionalArea
from tenants.services import imports
from web.forms import CountField, DayField, QuantityField

YAML_NAMES = (".yaml", ".yml")


def _text(most: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(max_length=most, required=required)


def _code() -> forms.CharField:
    return forms.CharField(validators=[CODE])


_ZONE = Column(_code(), ("分区", "区", "Zone"))
_SOURCE = Column(_text(300), ("来源", "Source"))
_SAMPLE = Column(SampleField(required=False), ("样本", "Sample", "sample_fields"))
_PLANNED = Column(DayField(required=False), ("计划交付日", "计划日", "Planned on", "planned_on"))

PARK: Columns = {
    "name": Column(_text(120, required=True), ("园区名称", "名称", "Name")),
    "other_names": Column(NamesField(required=False), ("其他名称", "Other names", "other_names")),
    "operator": Column(_text(120), ("运营单位", "Operator")),
    "region_code": Column(
        forms.CharField(required=False, validators=[RegexValidator(r"^\d{6}$", code="invalid")]),
        ("行政区划代码", "Region", "region_code"),
    ),
    "source": _SOURCE,
    "sample_fields": _SAMPLE,
}
ZONES: Columns = {
    "code": Column(_code(), ("分区代码", "分区", "代码", "Code", "Zone")),
    "name": Column(_text(60), ("分区名称", "名称", "Name")),
    "description": Column(_text(300), ("说明", "Description")),
    "leased_in": Column(YesField(required=False), ("租入", "Leased in", "leased_in")),
    "source": _SOURCE,
    "sample_fields": _SAMPLE,
}
PHASES: Columns = {
    "zone": _ZONE,
    "number": Column(CountField(min_value=1, max_value=99), ("期", "期次", "Phase", "number")),
    "planned_workers": Column(
        CountField(required=False, min_value=1, max_value=10_000_000),
        ("规划从业人数", "Planned workers", "planned_workers"),
    ),
    "planned_on": _PLANNED,
    "source": _SOURCE,
    "sample_fields": _SAMPLE,
}
BUILDINGS: Columns = {
    "zone": _ZONE,
    "code": Column(_code(), ("楼栋", "楼栋代码", "Building", "code")),
    "phase": Column(CountField(required=False, min_value=1, max_value=99), ("期", "期次", "Phase")),
    "functional_area": Column(
        WordField(
            {
                FunctionalArea.SERVICES: ("综合服务", "services", "general services"),
                FunctionalArea.WORKSPACE: ("企业工区", "workspace", "enterprise workspace"),
                FunctionalArea.APARTMENTS: ("人才公寓", "apartments", "talent apartments"),
                FunctionalArea.COMMERCIAL: ("商业街区", "commercial", "commercial street"),
            },
            required=False,
        ),
        ("功能区", "Functional area", "functional_area"),
    ),
    "source": _SOURCE,
    "sample_fields": _SAMPLE,
}
FLOORS: Columns = {
    "zone": _ZONE,
    "building": Column(_code(), ("楼栋", "Building")),
    "level": Column(CountField(min_value=-9, max_value=200), ("楼层", "层", "Storey", "level")),
    "seats": Column(CountField(min_value=1, max_value=SLOT), ("席位数", "席位", "Seats")),
    "lettable_m2": Column(
        QuantityField(min_value=0, max_value=10**8 - 1),
        ("可租面积（m²）", "可租面积", "Lettable m2", "lettable_m2"),
    ),
    "planned_on": _PLANNED,
    "delivered_on": Column(
        DayField(required=False), ("交付日", "已交付", "Delivered on", "delivered_on")
    ),
    "source": _SOURCE,
    "sample_fields": _SAMPLE,
}

SHEETS: dict[str, tuple[Columns, tuple[str, ...]]] = {
    "park": (PARK, ("园区", "Park")),
    "zones": (ZONES, ("分区", "Zones")),
    "phases": (PHASES, ("分期", "Phases")),
    "buildings": (BUILDINGS, ("楼栋", "Buildings")),
    "floors": (FLOORS, ("楼层", "Floors")),
    "enterprises": (imports.COLUMNS, imports.SHEET_NAMES),
}


class PlaceFile(NamedTuple):
    """What a file says of a park, row by row."""

    park: list[Record]
    zones: list[Record]
    phases: list[Record]
    buildings: list[Record]
    floors: list[Record]
    enterprises: list[Record]


def read_place_file(name: str, data: bytes, problems: Problems) -> PlaceFile:
    """The records of a file called `name`; what is wrong in its cells goes to `problems`.

    Raises `NotYaml`, `NotAWorkbook` or `WorkbookTooLarge`.
    """
    if name.lower().endswith(YAML_NAMES):
        return _from_yaml(read_yaml(data, problems), problems)
    if name.lower().endswith(".xlsx"):
        return _from_sheets(read_workbook(data), problems)
    raise NotAWorkbook(_("Give a file whose name ends with .yaml or .xlsx."))


def _from_sheets(sheets: list[Sheet], problems: Problems) -> PlaceFile:
    found: dict[str, list[Record]] = {}
    for noun, (columns, names) in SHEETS.items():
        sheet = sheet_called(sheets, names)
        found[noun] = records_of(sheet, columns, problems) if sheet else []
    known = {
        sheet.name for _columns, names in SHEETS.values() if (sheet := sheet_called(sheets, names))
    }
    for sheet in sheets:
        if sheet.name not in known and sheet.rows:
            words = listed(names[0] for _columns, names in SHEETS.values())
            message = _("The sheet “%(name)s” is not known. Sheets are: %(sheets)s.")
            problems.add(
                Place(sheet.name, "A1"), message % {"name": sheet.name, "sheets": words}, "unknown"
            )
    if not found["park"]:
        where = Place(SHEETS["park"][1][0], "A1")
        problems.add(where, _("The sheet 园区 (Park) must name the park."), "required")
    return PlaceFile(**found)


def _from_yaml(root: Node, problems: Problems) -> PlaceFile:
    return _YamlReader(problems).read(root)


class _YamlReader:
    """Turns nested YAML into flat records that name what they are in."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.found: dict[str, list[Record]] = {noun: [] for noun in SHEETS}

    def read(self, root: Node) -> PlaceFile:
        """The records of the whole document."""
        top = self._mapping(root, {"park", "zones", "enterprises"})
        if "park" not in top:
            self.problems.add(root.place, _("“park” must name the park."), "required")
        else:
            self._record("park", top["park"], {}, ())
        for zone in self._items(top, "zones"):
            self._read_zone(zone)
        for enterprise in self._items(top, "enterprises"):
            self._record("enterprises", enterprise, {}, ())
        return PlaceFile(**self.found)

    def _read_zone(self, zone: Node) -> None:
        parts = self._record("zones", zone, {}, ("phases", "buildings"))
        inside = {"zone": self._cell(parts, "code", zone)}
        for phase in self._items(parts, "phases"):
            self._record("phases", phase, inside, ())
        for building in self._items(parts, "buildings"):
            rooms = self._record("buildings", building, inside, ("floors",))
            within = {**inside, "building": self._cell(rooms, "code", building)}
            for floor in self._items(rooms, "floors"):
                self._record("floors", floor, within, ())

    def _record(
        self, noun: str, node: Node, inherited: Mapping[str, Cell], children: tuple[str, ...]
    ) -> dict[str, Node]:
        """Keep one record and return the node's parts, among them those that hold others."""
        columns = SHEETS[noun][0]
        keys = _yaml_keys(columns, inherited)
        parts = self._mapping(node, {*keys, *children})
        cells = {
            keys[key]: Cell(part.plain(), part.place)
            for key, part in parts.items()
            if key not in children
        }
        self.found[noun].append(
            cleaned_record(node.place, {**inherited, **cells}, columns, self.problems)
        )
        return parts

    def _mapping(self, node: Node, keys: set[str]) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self.problems.add(node.place, _("Here a list of names with values is expected."))
            return {}
        for key, part in node.value.items():
            if key not in keys:
                message = _("“%(key)s” is not known here. Known are: %(keys)s.")
                words = {"key": key, "keys": listed(sorted(keys))}
                self.problems.add(part.place, message % words, "unknown")
        return {key: part for key, part in node.value.items() if key in keys}

    def _items(self, parts: Mapping[str, Node], key: str) -> Iterator[Node]:
        node = parts.get(key)
        if node is None or node.value is None:
            return
        if not isinstance(node.value, list):
            self.problems.add(node.place, _("Here a list is expected."))
            return
        yield from node.value

    @staticmethod
    def _cell(parts: Mapping[str, Node], key: str, parent: Node) -> Cell:
        part = parts.get(key)
        return Cell(part.plain(), part.place) if part else Cell(None, parent.place)


def _yaml_keys(columns: Columns, inherited: Mapping[str, Cell]) -> dict[str, str]:
    """What the fields are called in YAML: by their own names; `sample` for the sample marks."""
    keys = {name: name for name in columns if name not in inherited}
    keys["sample"] = keys.pop("sample_fields")
    return keys
