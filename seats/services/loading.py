"""Loading a park from a file: every error of every row first, then all of it or nothing.

What the file says again is known already and stays as it is; what contradicts is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.rows import Record
from foundation.spreadsheets import Problems
from park.lock import park_locked
from park.models import Building, Floor, FunctionalArea, Park, Phase, Zone
from park.services import create_buildings, create_park, create_phase, create_zone
from seats.place_files import PlaceFile
from seats.services.floors import NewFloor, open_floors
from tenants.services.imports import add_enterprises, known_otherwise, new_enterprises

Key = tuple[Any, ...]
Counts = dict[str, tuple[int, int]]  # by noun: how many were new, how many known


def load_park(
    *, file: PlaceFile, problems: Problems, now: datetime, acting_user: User | None
) -> Counts:
    """Load what `file` says and is not known yet; return how many of each were new and known.

    `problems` are those that reading the file has found; all that is wrong is told together.
    Raises `SpreadsheetErrors` or `Busy`, and has then loaded nothing.
    """
    with park_locked(acting_user):
        loading = _Loading(file, problems, timezone.localdate(now))
        loading.check()
        enterprises = new_enterprises(file.enterprises, problems)
        problems.refuse_if_any()
        loading.write(now, acting_user)
        add_enterprises(enterprises, acting_user=acting_user)
    known = len(file.enterprises) - len(enterprises)
    return {**loading.counts(), "enterprises": (len(enterprises), known)}


class _Loading:
    """One file against what is known: which rows are new, which contradict."""

    def __init__(self, file: PlaceFile, problems: Problems, today: date) -> None:
        self.file = file
        self.problems = problems
        self.today = today
        name = file.park[0]["name"] if file.park else None
        self.park = Park.objects.filter(name=name).first()
        self.zones = {zone.code: zone for zone in self._known(Zone.objects, "park")}
        self.phases = {
            (phase.zone.code, phase.number): phase
            for phase in self._known(Phase.objects.select_related("zone"), "zone__park")
        }
        self.buildings = {
            (building.zone.code, building.code): building
            for building in self._known(Building.objects.select_related("zone"), "zone__park")
        }
        self.floors = {
            (floor.building.zone.code, floor.building.code, floor.level): floor
            for floor in self._known(
                Floor.objects.select_related("building__zone"), "building__zone__park"
            )
        }
        self.areas = {
            **{(row["zone"], row["code"]): row["functional_area"] for row in file.buildings},
            **{key: building.functional_area for key, building in self.buildings.items()},
        }
        self.new: dict[str, list[Record]] = {}

    def _known(self, rows: Any, park: str) -> Iterable[Any]:
        return rows.filter(**{park: self.park}) if self.park else ()

    def counts(self) -> Counts:
        """How many rows of each noun were new and known."""
        return {
            noun: (len(new), len(getattr(self.file, noun)) - len(new))
            for noun, new in self.new.items()
        }

    def check(self) -> None:
        """Sort new rows from known ones, and note every contradiction."""
        self._check_park()
        self._check_zones()
        self._sort("phases", ("zone", "number"), self.phases, ("planned_workers", "planned_on"))
        self._check_parents("phases", {"zone": ("zone",)})
        self._sort("buildings", ("zone", "code"), self.buildings, ("functional_area",))
        self._check_parents("buildings", {"zone": ("zone",), "phase": ("zone", "phase")})
        self._check_phases_of_buildings()
        self._sort(
            "floors",
            ("zone", "building", "level"),
            self.floors,
            ("seats", "lettable_m2", "planned_on", "delivered_on"),
            names={"seats": "seat_count"},
        )
        self._check_parents("floors", {"zone": ("zone",), "building": ("zone", "building")})
        for record in self.file.floors:
            if (record["zone"], record["building"], record["level"]) not in self.floors:
                self._check_new_floor(record)

    def _check_park(self) -> None:
        known = {(self.park.name,): self.park} if self.park else {}
        self._sort("park", ("name",), known, ("other_names", "operator", "region_code"))
        for record in self.file.park[1:]:
            self.problems.add(record.place, _("One file describes one park."), "one_park")

    def _check_zones(self) -> None:
        known = {(code,): zone for code, zone in self.zones.items()}
        self._sort("zones", ("code",), known, ("name", "description", "leased_in"))
        codes = [record["code"] for record in self.new["zones"]]
        elsewhere = {
            zone.code: zone for zone in Zone.objects.filter(code__in=codes).select_related("park")
        }
        for record in self.new["zones"]:
            if zone := elsewhere.get(record["code"]):
                message = _("The code %(code)s belongs to a zone of %(park)s.")
                words = {"code": zone.code, "park": zone.park.name}
                self.problems.add(record.at("code"), message % words, "duplicate")

    def _sort(
        self,
        noun: str,
        key_fields: Sequence[str],
        known: dict[Key, Any],
        facts: Sequence[str],
        names: dict[str, str] | None = None,
    ) -> None:
        """Note which rows are new; those that are known must say the same. None comes twice."""
        first: dict[Key, Record] = {}
        new = []
        for record in getattr(self.file, noun):
            key = tuple(record[field] for field in key_fields)
            if None in key or "" in key:
                continue
            if key in first:
                message = _("This is in %(place)s already.") % {"place": first[key].place.cell}
                self.problems.add(record.at(key_fields[-1]), message, "duplicate")
                continue
            first[key] = record
            if key in known:
                self._compare(record, known[key], facts, names or {})
            else:
                new.append(record)
        self.new[noun] = new

    def _compare(
        self, record: Record, known: Model, facts: Sequence[str], names: dict[str, str]
    ) -> None:
        for field in facts:
            value = getattr(known, names.get(field, field))
            if field in record.given & record.values.keys() and record[field] != value:
                self.problems.add(record.at(field), known_otherwise(value), "contradiction")

    def _check_parents(self, noun: str, parents: dict[str, tuple[str, ...]]) -> None:
        """Each row must be in something that is known or in the file."""
        there: dict[str, set[Key]] = {
            "zone": {(record["code"],) for record in self.file.zones}
            | {(code,) for code in self.zones},
            "phase": {(record["zone"], record["number"]) for record in self.file.phases}
            | set(self.phases),
            "building": {(record["zone"], record["code"]) for record in self.file.buildings}
            | set(self.buildings),
        }
        for record in getattr(self.file, noun):
            for parent, key_fields in parents.items():
                key = tuple(record[field] for field in key_fields)
                if record[parent] and None not in key and key not in there[parent]:
                    self.problems.add(record.at(parent), _missing(parent, key), "unknown")
                    break

    def _check_phases_of_buildings(self) -> None:
        """A known building is in the phase that the file says."""
        for record in self.file.buildings:
            known = self.buildings.get((record["zone"], record["code"]))
            number = known.phase.number if known and known.phase else None
            says = "phase" in record.given & record.values.keys()
            if known and says and record["phase"] != number:
                self.problems.add(record.at("phase"), known_otherwise(number), "contradiction")

    def _check_new_floor(self, record: Record) -> None:
        """What only a new floor must fulfil: days that make sense today, a building with seats.

        Each cell by itself: what is wrong in one hides nothing in another.
        """
        add = self.problems.add
        delivered, planned = record["delivered_on"], record["planned_on"]
        if record["level"] == 0:
            add(record.at("level"), _("Storeys are numbered from -9 to 200, without 0."))
        if record["lettable_m2"] == 0:
            message = _("A floor has a lettable area of more than 0 m².")
            add(record.at("lettable_m2"), message)
        is_to_come = delivered is not None and delivered > self.today
        if is_to_come:
            message = _("This day is to come. Give it as the planned day.")
            add(record.at("delivered_on"), message)
        is_there = "delivered_on" in record.given and not is_to_come
        if planned and not is_there and planned <= self.today:
            message = _("This day is over. Give the day of delivery, or a day to come.")
            add(record.at("planned_on"), message)
        area = self.areas.get((record["zone"], record["building"])) or FunctionalArea.WORKSPACE
        if area != FunctionalArea.WORKSPACE:
            message = _("Only buildings of enterprise workspace have floors with seats.")
            add(record.at("building"), message)

    def write(self, now: datetime, acting_user: User | None) -> None:
        """Create what is new. Everything has been checked, so nothing here says no."""
        for record in self.new["park"]:
            facts = _facts(record, "name", "other_names", "operator", "region_code")
            self.park = create_park(acting_user=acting_user, **facts)
        for record in self.new["zones"]:
            facts = _facts(record, "code", "name", "description", "leased_in")
            zone = create_zone(acting_user=acting_user, park=self.park, **facts)
            self.zones[zone.code] = zone
        for record in self.new["phases"]:
            facts = _facts(record, "number", "planned_workers", "planned_on")
            zone = self.zones[record["zone"]]
            phase = create_phase(acting_user=acting_user, zone=zone, **facts)
            self.phases[zone.code, phase.number] = phase
        self._write_buildings(acting_user)
        floors = [self._new_floor(record) for record in self.new["floors"]]
        if floors:
            open_floors(floors=floors, now=now, acting_user=acting_user)

    def _write_buildings(self, acting_user: User | None) -> None:
        buildings = [
            Building(
                zone=self.zones[record["zone"]],
                phase=self.phases.get((record["zone"], record["phase"])),
                code=record["code"],
                functional_area=record["functional_area"] or FunctionalArea.WORKSPACE,
                **_facts(record),
            )
            for record in self.new["buildings"]
        ]
        for building in create_buildings(buildings=buildings, acting_user=acting_user):
            self.buildings[building.zone.code, building.code] = building

    def _new_floor(self, record: Record) -> NewFloor:
        return NewFloor(
            building=self.buildings[record["zone"], record["building"]],
            level=record["level"],
            seat_count=record["seats"],
            **_facts(record, "lettable_m2", "planned_on", "delivered_on"),
        )


def _facts(record: Record, *names: str) -> dict[str, Any]:
    """Some of a record's values, and always where they come from and which are invented."""
    return {name: record[name] for name in (*names, "source", "sample_fields")}


def _missing(parent: str, key: Key) -> str:
    says: dict[str, Callable[[], str]] = {
        "zone": lambda: _("There is no zone %(zone)s.") % {"zone": key[0]},
        "phase": lambda: (
            _("Zone %(zone)s has no phase %(phase)d.") % {"zone": key[0], "phase": key[1]}
        ),
        "building": lambda: (
            _("There is no building %(zone)s-%(building)s.") % {"zone": key[0], "building": key[1]}
        ),
    }
    return says[parent]()
