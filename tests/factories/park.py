"""A place for tests. Floors are opened by the service that also writes their void."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory

from accounts.models import User
from accounts.permissions import Role
from park.models import Building, Floor, Park, Zone
from seats.services.floors import NewFloor, open_floor
from tests.factories.accounts import UserFactory

LONG_AGO = datetime(2020, 1, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class ParkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Park
        django_get_or_create = ("name",)

    name = "测试园区"
    operator = "测试运营公司"
    region_code = "511011"


class ZoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Zone
        django_get_or_create = ("code",)

    park = factory.SubFactory(ParkFactory)
    code = "C"


class BuildingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Building
        django_get_or_create = ("zone", "code")

    zone = factory.SubFactory(ZoneFactory)
    code = "1"


def make_floor(
    *,
    zone: str = "C",
    building: str = "1",
    level: int = 1,
    seats: int = 100,
    lettable_m2: Decimal = Decimal(700),
    delivered_on: date | None = date(2020, 1, 1),
    planned_on: date | None = None,
    now: datetime = LONG_AGO,
    acting_user: User | None = None,
) -> Floor:
    """A floor that is there since 2020, unless `delivered_on` says otherwise (None: not yet)."""
    return open_floor(
        floor=NewFloor(
            building=BuildingFactory(zone=ZoneFactory(code=zone), code=building),
            level=level,
            seat_count=seats,
            lettable_m2=lettable_m2,
            planned_on=planned_on,
            delivered_on=delivered_on,
        ),
        now=now,
        acting_user=acting_user or UserFactory(roles=[Role.OPERATOR_MANAGER]),
    )
