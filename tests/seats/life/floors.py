"""Floors are opened, loaded from a file, grow, are put off, are handed over."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from foundation.spreadsheets import Problems
from park.models import Floor
from park.services import MonthClosed
from seats.place_files import read_place_file
from seats.services.floors import (
    NewFloor,
    delay_floor,
    delay_floors,
    deliver_floor,
    deliver_floors,
    extend_floor,
    open_floor,
    open_floors,
)
from seats.services.loading import load_park
from seats.services.refusals import WrongState
from tests.factories.park import BuildingFactory, ZoneFactory
from tests.factories.workbooks import workbook
from tests.seats.life.paper import PRESELECTION_DAYS, SHANGHAI
from tests.seats.life.park import LifeInAPark, Reasons, days, numbers
from tests.seats.squared_paper import PaperFloor
from web.refusals import Invalid

MOST_FLOORS = 5
several = st.lists(numbers, min_size=1, max_size=3)
to_come = precondition(lambda self: not all(one.is_delivered for one in self.paper.floors.values()))


class FloorRules(LifeInAPark):
    @precondition(lambda self: len(self.paper.floors) < MOST_FLOORS)
    @rule(
        seats=st.integers(1, 6),
        state=st.sampled_from(["delivered", "planned", "unknown"]),
        day=days,
        how=st.sampled_from(["one", "several", "file"]),
    )
    def open_floor(self, seats: int, state: str, day: int, how: str = "one") -> None:
        self.let_holds_expire()
        is_delivered = state == "delivered"
        first_day = None if state == "unknown" else self.day(min(day, 0) if is_delivered else day)
        if how == "file" and not is_delivered and first_day and day <= 0:
            first_day = self.day(1)  # a file plans days to come only
        level = len(self.paper.floors) + 1
        delivered_on = first_day if is_delivered else None
        if how == "file":
            self._load_floor(level, seats, first_day, delivered_on)
        else:
            zone = ZoneFactory(code="C")
            building = BuildingFactory(zone=zone, code=str(level % 2 + 1))
            new = NewFloor(building, level, seats, 700, first_day, delivered_on)
            if how == "one":
                self.try_to(open_floor, set(), floor=new)
            else:
                self.try_to(open_floors, set(), floors=[new])
        floor = Floor.objects.select_related("building").latest("pk")
        opens = self.first_open_day(first_day) if is_delivered else first_day
        self.paper.floors[floor.pk] = PaperFloor(
            floor.pk, "C", floor.building.label, floor.label, [opens] * seats, is_delivered
        )

    def _load_floor(self, level: int, seats: int, planned: date | None, there: date | None) -> None:
        rows = {
            "园区": [["园区名称"], ["测试园区"]],
            "分区": [["分区代码"], ["C"]],
            "楼栋": [["分区", "楼栋"], ["C", 9]],
            "楼层": [
                ["分区", "楼栋", "楼层", "席位数", "可租面积（m²）", "计划交付日", "交付日"],
                ["C", 9, level, seats, 700, planned, there],
            ],
        }
        problems = Problems()
        file = read_place_file("park.xlsx", workbook(rows), problems)
        self.try_to(load_park, set(), file=file, problems=problems)

    @rule(floor=numbers, more=st.integers(1, 2), day=days)
    def extend_floor(self, floor: int, more: int, day: int) -> None:
        self.let_holds_expire()
        paper_floor, first_day = self.floor(floor), self.day(day)
        reasons: Reasons = {MonthClosed} if self.meets_closed_month(first_day, None) else set()
        grown = self.try_to(
            extend_floor,
            reasons,
            floor_id=paper_floor.pk,
            seat_count=len(paper_floor.opens) + more,
            first_day=first_day,
        )
        if grown:
            first = paper_floor.opens[0]
            opens = max(self.delivered_on(paper_floor), first_day) if grown.delivered_on else first
            paper_floor.opens += [opens] * more

    @to_come
    @rule(some=several, day=st.integers(-30, 1))
    def deliver_floors(self, some: list[int], day: int) -> None:
        floors, first_day = self._floors(some), self.day(day)
        reasons: Reasons = set()
        if day > 0:
            reasons = {Invalid}
        else:
            self.let_holds_expire()
            if any(floor.is_delivered for floor in floors):
                reasons.add(WrongState)
            if self.meets_closed_month(first_day, None):
                reasons.add(MonthClosed)
        if len(floors) == 1:
            there = self.try_to(deliver_floor, reasons, floor_id=floors[0].pk, day=first_day)
        else:
            pks = [floor.pk for floor in floors]
            there = self.try_to(deliver_floors, reasons, floor_ids=pks, day=first_day)
        if there:
            for floor in floors:
                self.move_opening(floor, first_day)
                floor.is_delivered = True
            for floor in floors:
                self._let_waiting_holds_expire(floor, first_day)

    def _let_waiting_holds_expire(self, floor: PaperFloor, first_day: date) -> None:
        """Seats that an enterprise has accepted it does not lose by waiting for the park."""
        last_day = max(first_day, self.today) + timedelta(days=PRESELECTION_DAYS)
        for pk in self.held_on(floor):
            is_waiting = self.allocations[pk].expires_at is None and self.floors_are_there(pk)
            if is_waiting and self.request_offering(pk) is None:
                self.allocations[pk].expires_at = datetime.combine(last_day, time(18), SHANGHAI)

    @to_come
    @rule(some=several, day=st.one_of(st.none(), st.integers(-2, 60)))
    def delay_floors(self, some: list[int], day: int | None) -> None:
        floors, planned_on = self._floors(some), None if day is None else self.day(day)
        if day is not None and day <= 0:
            reasons: Reasons = {Invalid}
        else:
            self.let_holds_expire()
            reasons = {WrongState} if any(floor.is_delivered for floor in floors) else set()
        if len(floors) == 1:
            pk = floors[0].pk
            answer = self.try_to(delay_floor, reasons, floor_id=pk, planned_on=planned_on)
        else:
            pks = [floor.pk for floor in floors]
            answer = self.try_to(delay_floors, reasons, floor_ids=pks, planned_on=planned_on)
        if answer is not None:
            broken = {pk for floor in floors for pk in self.move_opening(floor, planned_on)}
            assert {promise.allocation_id for promise in answer} == broken

    def _floors(self, some: list[int]) -> list[PaperFloor]:
        """Mostly those that are not handed over; now and then any."""
        to_come = [floor for floor in self.paper.floors.values() if not floor.is_delivered]
        chosen = [
            to_come[number % len(to_come)] if to_come and number % 8 else self.floor(number)
            for number in some
        ]
        return list({floor.pk: floor for floor in chosen}.values())
