"""The units of figures: how each is called, and how its numbers are written."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from web import formats

Number = int | Decimal


class Unit(TextChoices):
    SEAT = "seat", pgettext_lazy("unit", "seats")
    SEAT_DAY = "seat_day", pgettext_lazy("unit", "seat-days")
    DAY = "day", pgettext_lazy("unit", "days")
    HOUR = "hour", pgettext_lazy("unit", "working hours")
    TIMES = "times", pgettext_lazy("unit", "times")
    FLOOR = "floor", pgettext_lazy("unit", "floors")
    REQUEST = "request", pgettext_lazy("unit", "requests")
    SQUARE_METRE = "m2", "m²"
    PERCENT = "percent", "%"
    POINT = "point", pgettext_lazy("unit", "percentage points")
    ENTERPRISE = "enterprise", pgettext_lazy("unit", "enterprises")
    LINE = "line", pgettext_lazy("unit", "lines")
    PERSON = "person", pgettext_lazy("unit", "people")
    YUAN = "yuan", pgettext_lazy("unit", "10,000 yuan")
    USD = "usd", pgettext_lazy("unit", "10,000 US dollars")
    CONTRACT = "contract", pgettext_lazy("unit", "contracts")
    YUAN_PER_PERSON = "yuan_per_person", pgettext_lazy("unit", "yuan per person")

    @property
    def places(self) -> int:
        """How many decimals are printed. Money is kept in 元 and printed in 万元."""
        return _PLACES.get(self, 0)

    @property
    def scale(self) -> int:
        """How much of what is kept makes one of what is printed."""
        return formats.WAN if self in {Unit.YUAN, Unit.USD} else 1


_PLACES = {
    Unit.PERCENT: 1,
    Unit.POINT: 1,
    Unit.YUAN: 2,
    Unit.USD: 2,
    Unit.YUAN_PER_PERSON: 2,
}


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as people round."""
    result = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return result if result else abs(result)  # no minus before a nought


def printed(value: Number | None, unit: Unit) -> Number | None:
    """`value` in the unit that is printed, exactly."""
    return value if value is None or unit.scale == 1 else Decimal(value) / unit.scale


def places_of(values: Iterable[Number], unit: Unit) -> int:
    """How many decimals it takes to print each of `values` exactly."""
    exact = (Decimal(printed(value, unit) or 0).normalize().as_tuple() for value in values)
    return max((-int(number.exponent) for number in exact), default=0)


def written(value: Number | None, unit: Unit, *, places: int, is_change: bool = False) -> str:
    """`value` as people read it: 1,038 · 88.3% · +60 · −0.4 · –."""
    number = printed(value, unit)
    text = formats.signed(number, places) if is_change else formats.number(number, places)
    return f"{text}%" if unit == Unit.PERCENT and value is not None else text
