"""Who has which seats on a day, seat by seat, and what people were told."""

from datetime import timedelta

from seats.models import SeatBlock
from tests.factories.loans import LAST

ONE_DAY = timedelta(days=1)
BACK = LAST + ONE_DAY


def seats_on(enterprise, day):
    """Seat by seat: which places of a floor the enterprise has on `day`."""
    return {
        seat % 4096 + 1
        for block in SeatBlock.objects.filter(enterprise=enterprise)
        if block.period.lower <= day and (block.period.upper is None or day < block.period.upper)
        for seat in range(block.seats.lower, block.seats.upper)
    }


def told(person):
    return list(person.messages.order_by("pk").values_list("subject", flat=True))


ALL, LENT = set(range(1, 61)), set(range(11, 31))
