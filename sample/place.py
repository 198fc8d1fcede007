"""The sample's place: opened in stages, as one came to know of it; handed over day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from accounts.models import User
from foundation.rows import Record
from foundation.spreadsheets import Problems
from park.axis import level_name
from park.models import Floor
from park.services import save_layout
from sample import files
from sample.days import MONTHS_AHEAD, at, phase_opens
from seats.place_files import PlaceFile, read_place_file
from seats.services.floors import deliver_floors
from seats.services.loading import load_park

# When which zones were put into the system.
STAGES = {
    date(2021, 2, 25): ("A", "B", "B1"),
    date(2021, 12, 10): ("C",),
    date(2021, 12, 20): ("D",),
}


def read_place(today: date) -> PlaceFile:
    """The place of sample/data/park.yaml, with days for the phases that are built."""
    problems = Problems()
    path = files.DATA / "park.yaml"
    place = read_place_file(path.name, path.read_bytes(), problems)
    problems.refuse_if_any()
    days = {number: phase_opens(number, today) for number in MONTHS_AHEAD}
    planned = {
        (record["zone"], record["code"]): days[record["phase"]]
        for record in place.buildings
        if record["phase"] in days
    }
    for record in place.floors:
        if day := planned.get((record["zone"], record["building"])):
            record.values["planned_on"] = day
    for record in place.phases:
        if record["number"] in days:
            record.values["planned_on"] = days[record["number"]]
    return place


def deliveries(place: PlaceFile) -> Iterator[tuple[date, str]]:
    """Which floors are handed over on which day, after their stage was opened."""
    for stage, zones in STAGES.items():
        for record in place.floors:
            delivered_on = record["delivered_on"]
            if record["zone"] in zones and delivered_on and delivered_on > stage:
                yield delivered_on, label_of(record)


def label_of(record: Record) -> str:
    """What people call a floor of the file: C-1-3F."""
    return f"{record['zone']}-{record['building']}-{level_name(record['level'])}"


def open_stage(place: PlaceFile, stage: date, acting_user: User) -> None:
    """Load a stage's zones as they were known then: what was handed over later is planned."""
    zones = STAGES[stage]
    part = PlaceFile(
        park=place.park,
        zones=[record for record in place.zones if record["code"] in zones],
        phases=[record for record in place.phases if record["zone"] in zones],
        buildings=[record for record in place.buildings if record["zone"] in zones],
        floors=[_as_known(record, stage) for record in place.floors if record["zone"] in zones],
        enterprises=[],
    )
    load_park(file=part, problems=Problems(), now=at(stage, 9), acting_user=acting_user)
    _lay_out(zones, acting_user)


def _lay_out(zones: Sequence[str], acting_user: User) -> None:
    """Draw those floors of `zones` that are not as every other."""
    for drawn in files.read("layouts.yaml"):
        label = drawn.pop("floor")
        if label.partition("-")[0] in zones:
            floor = Floor.objects.get(label=label)
            save_layout(floor_id=floor.pk, acting_user=acting_user, sample_fields=["*"], **drawn)


def _as_known(record: Record, stage: date) -> Record:
    delivered_on = record["delivered_on"]
    if delivered_on is None or delivered_on <= stage:
        return record
    known = Record(record.place, record.places)
    known.values = {**record.values, "planned_on": delivered_on, "delivered_on": None}
    return known


def hand_over(floors: list[str], day: date, acting_user: User) -> None:
    """Hand floors over on their day."""
    ids = list(Floor.objects.filter(label__in=floors).values_list("pk", flat=True))
    deliver_floors(floor_ids=ids, day=day, now=at(day, 9), acting_user=acting_user)
