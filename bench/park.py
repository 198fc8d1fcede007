"""The park that is measured: its place, its enterprises, and ten years of who had which seats."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone
from pghistory.models import Context
from stdnum.cn import uscc

from accounts.models import User
from accounts.permissions import Role
from audit.context import recorded
from bench.life import FIRST_DAY, Block, Life, Size, handed_over, live
from park.models import Building
from park.services import create_buildings, create_park, create_zone
from seats.models import Allocation, SeatBlock
from seats.services.floors import NewFloor, open_floors
from tenants.models import Alias, BusinessClass, BusinessLine, Contact, Enterprise, Tenancy
from tenants.services.enterprises import set_sort_keys

BLOCK_COLUMNS = (
    *("id", "allocation_id", "enterprise_id", "floor_id", "kind"),
    *("seats", "period", "recorded_on"),
)


@dataclass(frozen=True)
class Park:
    """A park in its database, and who measures it when."""

    size: Size
    operator: User
    enterprises: Sequence[Enterprise]
    today: date
    now: datetime


@contextmanager
def database() -> Iterator[None]:
    """A database of its own with the product's tables; dropped at the end."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.close()
        connection.creation.destroy_test_db(name, verbosity=0)


def build(size: Size) -> Park:
    """Fill the database. Everything satisfies every constraint, and has its history."""
    operator = User.objects.create_user(
        email="operator@bench.example", name="张敏", roles=[Role.OPERATOR_MANAGER]
    )
    _build_place(size, operator)
    enterprises = _add_enterprises(size.enterprises, operator)
    _load(live(size), operator)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum leaves it after a day
    return Park(size, operator, enterprises, size.last_day, _at(size.last_day, 10))


def _build_place(size: Size, operator: User) -> None:
    """Zones D, E and F, a third of the buildings in each; floors are numbered from 1."""
    park = create_park(name="测试园区", operator="测试运营公司", acting_user=operator)
    zones = [create_zone(park=park, code=code, acting_user=operator) for code in "DEF"]
    count = size.floors // size.floors_of_building
    buildings = create_buildings(
        buildings=[
            Building(zone=zones[number * len(zones) // count], code=str(number + 1))
            for number in range(count)
        ],
        acting_user=operator,
    )
    floors = [
        NewFloor(
            building=buildings[number // size.floors_of_building],
            level=number % size.floors_of_building + 1,
            seat_count=size.seats_of_floor,
            lettable_m2=Decimal(7 * size.seats_of_floor),
            delivered_on=handed_over(number + 1, size),
        )
        for number in range(size.floors)
    ]
    opened = open_floors(floors=floors, now=_at(FIRST_DAY), acting_user=operator)
    assert [floor.pk for floor in opened] == list(range(1, size.floors + 1))


def _add_enterprises(count: int, operator: User) -> list[Enterprise]:
    """Enterprises 1, 2, … with all that a list shows of them; tenants from the first day on."""
    rows = [_enterprise(number) for number in range(1, count + 1)]
    classes = itertools.cycle(BusinessClass)
    with recorded(operator):
        enterprises = Enterprise.objects.bulk_create(rows)
        Alias.objects.bulk_create(
            Alias(enterprise=one, name=f"旧名{one.pk}") for one in enterprises
        )
        Contact.objects.bulk_create(
            Contact(enterprise=one, name="李娜", title="经理", phone="13800000000")
            for one in enterprises
        )
        BusinessLine.objects.bulk_create(
            BusinessLine(enterprise=one, business_class=business, is_main=True)
            for one, business in zip(enterprises, classes, strict=False)
        )
        Tenancy.objects.bulk_create(
            Tenancy(enterprise=one, period=(FIRST_DAY, None)) for one in enterprises
        )
    assert [one.pk for one in enterprises] == list(range(1, count + 1))
    return enterprises


def _enterprise(number: int) -> Enterprise:
    body = f"91511011MA{number:07d}"
    enterprise = Enterprise(
        credit_code=body + uscc.calc_check_digit(body),
        name=f"测试企业{number}服务外包有限公司",
        short_name=f"企业{number}",
    )
    set_sort_keys(enterprise)
    return enterprise


def _load(life: Life, operator: User) -> None:
    """Copy decisions, blocks and history in: as the triggers would have written it, day by day."""
    first = SeatBlock.objects.order_by("-pk").values_list("pk", flat=True)[0]  # the last void
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE seats_allocation DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE seats_seatblock DISABLE TRIGGER USER")
    _copy(
        "seats_allocation",
        *("id", "enterprise_id", "kind", "created_by_id", "created_at"),
        *("reason", "extended_because", "source", "sample_fields", "version"),
        rows=(
            (one.id, one.enterprise, one.kind, operator.pk, _at(one.day), "", "", "", [], 1)
            for one in life.takings
        ),
    )
    _copy(
        "seats_seatblock",
        *BLOCK_COLUMNS,
        rows=(_row(first, block) for block in life.blocks.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE seats_allocation ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE seats_seatblock ENABLE TRIGGER USER")
        for statement in connection.ops.sequence_reset_sql(no_style(), [Allocation, SeatBlock]):
            cursor.execute(statement)
    _load_history(life, first, operator)


def _load_history(life: Life, first: int, operator: User) -> None:
    Context.objects.bulk_create(
        Context(pk=UUID(int=number), metadata={"user": operator.pk})
        for number in range(len(life.change_days))
    )
    _copy(
        "seats_seatblockevent",
        *("pgh_label", "pgh_context_id", "pgh_created_at", "pgh_obj_id"),
        *BLOCK_COLUMNS,
        rows=(
            (
                *(event.label, UUID(int=event.change), _at(event.block.decided)),
                *(first + event.block.id, *_row(first, event.block)),
            )
            for event in life.events
        ),
    )


def _copy(table: str, *columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _row(first: int, block: Block) -> tuple[Any, ...]:
    """In the order of BLOCK_COLUMNS."""
    return (
        *(first + block.id, block.taking.id, block.taking.enterprise, block.floor),
        block.taking.kind,
        f"[{block.seats.lower},{block.seats.upper})",
        f"[{block.start},{block.end or ''})",
        block.decided,
    )


def _at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
