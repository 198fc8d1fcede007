"""Every cell of every table against the same month worked out on paper (paper.py)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from park.axis import Span, seat_at
from reports.assembly import assemble
from reports.display import value_of
from reports.models import ReportKind
from reports.services.snapshots import read
from seats.models import AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from tenants.models import BusinessClass, Tenancy
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.reports import file_return, set_main_business
from tests.factories.tenants import EnterpriseFactory
from tests.reports.paper import (
    Cell,
    Paper,
    PaperFloor,
    Return,
    ahead_table,
    enterprise_table,
    first_of,
    output_tables,
    place_tables,
)
from tests.undone import undone
from web.refusals import Refusal

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS = [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]
FAR = datetime(2090, 1, 1, tzinfo=SHANGHAI)
FLOORS = [  # zone, building, level, seats, m², opens, delivered
    ("A", "1", 1, 6, "41.30", date(2020, 1, 1), True),
    ("A", "10", 1, 3, "20.01", date(2023, 2, 1), True),
    ("B1", "2", 1, 5, "33.33", date(2023, 12, 10), True),
    ("B1", "2", 2, 4, "7.10", date(2020, 1, 1), True),
    ("D", "1", 1, 5, "50.00", date(2024, 3, 5), False),
]


def evenly(numbers: Iterable[int]) -> st.SearchStrategy[int]:
    """Any of them as likely as another: hypothesis likes small numbers better."""
    return st.sampled_from(list(numbers))


steps = st.lists(
    st.tuples(
        evenly(range(30)),  # days after the step before
        st.sampled_from([*["firm", "hold", "release"] * 3, "closure", "confirm"]),
        evenly(range(60)),  # which floor, or which allocation
        evenly(range(1, 6)),  # first seat
        evenly(range(1, 5)),  # how many
        evenly([*range(-25, 70), *range(-360, -320, 4)]),  # first day
        st.none() | evenly(range(1, 120)),  # days
        evenly(range(2)),  # enterprise
    ),
    min_size=4,
    max_size=12,
)


class LivingPark:
    """The same steps done by the services and noted on paper."""

    def __init__(self) -> None:
        self.operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
        self.paper = Paper(last=date(2024, 9, 30))
        self.today = date(2023, 11, 20)
        self.enterprises = [EnterpriseFactory() for _ in range(2)]
        self.allocations: list[tuple[int, str, str]] = []
        self.floors = [self._open(*floor) for floor in FLOORS]

    def _open(self, zone, building, level, seats, area, opens, is_delivered):
        floor = make_floor(
            zone=zone,
            building=building,
            level=level,
            seats=seats,
            lettable_m2=Decimal(area),
            delivered_on=opens if is_delivered else None,
            planned_on=opens,
            acting_user=self.operator,
        )
        self.paper.floors[floor.label] = PaperFloor(
            floor.label, zone, f"{zone}-{building}", seats, Decimal(area), opens, is_delivered
        )
        return floor

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(10), SHANGHAI)

    def live(self, gap, what, which, first, length, offset, duration, who):
        self.today += timedelta(days=gap)
        start = self.today + timedelta(days=offset)
        try:
            if what in {"firm", "hold", "closure"}:
                self._allocate(AllocationKind(what), which, first, length, start, duration, who)
            elif self.allocations:
                pk, kind, floor = self.allocations[which % len(self.allocations)]
                act = self._release if what == "release" else self._confirm
                act(pk, kind, floor, start, range(first, first + length))
        except Refusal:
            return
        self.paper.remember(self.today)

    def _allocate(self, kind, which, first, length, start, duration, who):
        floor = self.floors[which % len(self.floors)]
        end = None if duration is None else start + timedelta(days=duration)
        enterprise = None if kind == "closure" else self.enterprises[who]
        allocation = allocate_seats(
            enterprise=enterprise,
            kind=kind,
            rectangles=[
                Rectangle(
                    Span(seat_at(floor.pk, first), seat_at(floor.pk, first + length)), start, end
                )
            ],
            expires_at=FAR if kind == "hold" and floor.delivered_on else None,
            reason="装修" if kind == "closure" else "",
            today=self.today,
            now=self.now,
            acting_user=self.operator,
        )
        cell = Cell(str(kind), enterprise and enterprise.pk, allocation.pk)
        self.paper.put(cell, floor.label, range(first, first + length), start, end)
        self.allocations.append((allocation.pk, str(kind), floor.label))

    def _release(self, pk, kind, floor, start, seats):
        number = int(next(f.pk for f in self.floors if f.label == floor))
        release_seats(
            allocation_id=pk,
            start=start,
            seats=Span(seat_at(number, seats.start), seat_at(number, seats.stop)),
            today=self.today,
            now=self.now,
            acting_user=self.operator,
        )
        self.paper.clear(pk, start, seats)

    def _confirm(self, pk, _kind, _floor, _start, _seats):
        confirm_hold(allocation_id=pk, today=self.today, now=self.now, acting_user=self.operator)
        self.paper.make_firm(pk)


def tables_of(kind: ReportKind, month: date) -> dict[str, dict[str, dict[str, Any]]]:
    """The product's tables: code → row → column → number."""
    content = assemble(kind, month, read(kind, month).facts)
    return {
        table["code"]: {
            row["key"]: {
                column["code"]: value_of(cell)
                for column, cell in zip(table["columns"], row["cells"], strict=True)
            }
            for row in table["rows"]
        }
        for table in content["tables"]
    }


def assert_same(
    table: Mapping[str, Mapping[str, Any]],
    expected: Mapping[str, Mapping[str, Any]],
    *,
    apart: tuple[str, ...] = (),
) -> None:
    """Each cell that is printed is the paper's; rows that are not printed have nothing in them.

    Columns that begin with one of `apart` are compared elsewhere.
    """
    columns = [code for code in next(iter(table.values())) if not code.startswith(apart)]
    for key, on_paper in expected.items():
        wanted = {code: on_paper[code] for code in columns}
        printed = table.get(key)
        if printed is None:
            assert not any(wanted.values()), key
        else:
            assert {code: printed[code] for code in wanted} == wanted, key
    assert table.keys() <= expected.keys()


def is_anywhere(_floor: PaperFloor) -> bool:
    return True


def is_in(level: str, code: str) -> Callable[[PaperFloor], bool]:
    return lambda floor: getattr(floor, level) == code


def places_of(paper: Paper) -> dict[str, Callable[[PaperFloor], bool]]:
    """Which floors each row of a table by place speaks of."""
    places: dict[str, Callable[[PaperFloor], bool]] = {"total": is_anywhere}
    for floor in paper.floors.values():
        places[f"zone.{floor.zone}"] = is_in("zone", floor.zone)
        places[f"building.{floor.building}"] = is_in("building", floor.building)
    return places


class TestOccupancy:
    @given(steps=steps, month=st.sampled_from(MONTHS))
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_is_what_one_counts_seat_by_seat_and_day_by_day(self, steps, month):
        with undone():
            park = LivingPark()
            for step in steps:
                park.live(*step)
            paper = park.paper

            tables = tables_of(ReportKind.OCCUPANCY, month)

            places = places_of(paper)
            counted = {key: place_tables(paper, month, of) for key, of in places.items()}
            for code in ("places", "contracted", "stock", "kept", "area", "days", "averages"):
                assert_same(tables[code], counted)
            ahead = {key: ahead_table(paper, month, of) for key, of in places.items()}
            assert_same(tables["ahead"], ahead)
            by_enterprise = {
                f"enterprise.{enterprise.pk}": enterprise_table(paper, month, enterprise.pk)
                for enterprise in park.enterprises
            }
            output = tables_of(ReportKind.OUTPUT, month)["enterprise_seats"]
            for one in (tables["enterprises"], tables["enterprise_use"], output):
                table = dict(one)
                total = table.pop("total")
                if table:
                    assert_same(table, by_enterprise, apart=("let_m2",))
                if "let_m2" in total:
                    self.assert_let_area_is_shared_out(table, total, paper, month)

    @staticmethod
    def assert_let_area_is_shared_out(table, total, paper, month):
        """To within a hundredth of a square metre for each run; nothing is lost in the sum."""
        everywhere = place_tables(paper, month, is_anywhere)
        for code in ("let_m2", "let_m2.previous", "let_m2.year_before"):
            assert total[code] == everywhere[code]
            if total[code] is not None:
                assert sum(row[code] for row in table.values()) == total[code]
        last = (first_of(month) + timedelta(days=40)).replace(day=1) - timedelta(days=1)
        for key, row in table.items():
            share = sum(
                (
                    floor.lettable_m2 / floor.seats
                    for (label, _seat, day), cell in paper.cells.items()
                    if day == last
                    and cell.kind == "firm"
                    and key == f"enterprise.{cell.enterprise}"
                    if paper.is_there(floor := paper.floors[label], day)
                ),
                Decimal(0),
            )
            assert abs(row["let_m2"] - share) <= Decimal("0.2")


money = st.integers(0, 10**13).map(lambda cents: Decimal(cents) / 100)
filings = st.dictionaries(
    st.tuples(st.integers(0, 3), st.sampled_from(range(26))),
    st.tuples(money, st.integers(0, 900)),
    max_size=40,
)
periods = st.lists(
    st.tuples(st.integers(0, 700), st.none() | st.integers(1, 700)), min_size=4, max_size=4
)


class TestOutput:
    @given(
        filings=filings,
        periods=periods,
        classes=st.lists(st.sampled_from([None, *BusinessClass]), min_size=4, max_size=4),
        month=st.sampled_from(MONTHS),
    )
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_is_what_one_adds_up_return_by_return(self, filings, periods, classes, month):
        with undone():
            paper = self.file(filings, periods, classes)

            tables = tables_of(ReportKind.OUTPUT, month)

            everybody = set(paper.tenants)
            by_enterprise = {
                f"enterprise.{pk}": output_tables(paper, month, {pk}) for pk in everybody
            }
            by_class = {
                f"class.{code}": output_tables(
                    paper, month, {pk for pk in everybody if paper.classes[pk] == code}
                )
                for code in {*paper.classes.values(), *BusinessClass.values, "unclassified"}
            }
            total = {"total": output_tables(paper, month, everybody)}
            for code in ("class_revenue", "class_people"):
                assert_same(tables[code], by_class | total)
            for code in ("enterprise_revenue", "enterprise_people"):
                assert_same(tables[code], by_enterprise | total)
            for code in ("class_seats", "enterprise_seats"):
                assert not any(cell for row in tables[code].values() for cell in row.values())
            owing = {key for key, row in by_enterprise.items() if row["expected"]}
            assert owing <= tables["enterprise_revenue"].keys()

    @staticmethod
    def file(filings, periods, classes) -> Paper:
        paper = Paper(last=date(2024, 6, 30))
        author = UserFactory(roles=[Role.ENTERPRISE_MANAGER])
        enterprises = []
        for (first, length), business in zip(periods, classes, strict=True):
            enterprise = EnterpriseFactory()
            start = date(2022, 1, 1) + timedelta(days=first)
            end = None if length is None else start + timedelta(days=length)
            Tenancy.objects.create(enterprise=enterprise, period=(start, end))
            paper.tenants[enterprise.pk] = start, end
            paper.classes[enterprise.pk] = str(business or "unclassified")
            if business:
                set_main_business(enterprise, business)
            enterprises.append(enterprise)
        for (who, number), (revenue, headcount) in filings.items():
            enterprise, month = enterprises[who], first_of(date(2024, 2, 1), number)
            try:
                file_return(enterprise, month, revenue, headcount, acting_user=author)
            except Refusal:  # no tenant in that month: it owes nothing and files nothing
                continue
            paper.returns[enterprise.pk, month] = Return(revenue, headcount)
        return paper
