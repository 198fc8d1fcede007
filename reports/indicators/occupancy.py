"""The indicators of the occupancy report."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.indicators.facts import CALENDAR
from reports.indicators.registry import Distinct, Ratio, Source, Total
from reports.indicators.seats import (
    NO_AREA,
    AheadFact,
    BlockFact,
    FloorFact,
    MonthFact,
    take_ahead,
    take_blocks,
    take_floors,
    take_months,
)
from reports.units import Unit
from web.rfc9457 import Text

CALENDAR_SOURCE = Source(CALENDAR, MonthFact, take_months)
FLOORS = Source("floors", FloorFact, take_floors, decimals=("lettable_m2",))
BLOCKS = Source("blocks", BlockFact, take_blocks, decimals=("let_m2",))
AHEAD = Source("ahead", AheadFact, take_ahead)

DAYS = Total(
    code="days",
    name=_("Days of the month"),
    short=pgettext_lazy("head", "Days"),
    unit=Unit.DAY,
    definition=_("The days of the month, the first and the last included."),
    source=CALENDAR,
    column="days",
)

# On the last day of the month
SEATS = Total(
    code="seats",
    name=_("Seats that exist"),
    short=pgettext_lazy("head", "Exist"),
    unit=Unit.SEAT,
    definition=_(
        "Seats of floors that are handed over, at the end of the last day of the month. A floor "
        "that is not handed over has no seats yet."
    ),
    source="floors",
    column="seats",
)
AVAILABLE = Total(
    code="available",
    name=_("Available seats"),
    short=pgettext_lazy("head", "Available"),
    unit=Unit.SEAT,
    definition=_("Seats that exist, without those closed, at the end of the last day."),
    source="floors",
    column="available",
)
FIRM = Total(
    code="firm",
    name=_("Contracted seats"),
    short=pgettext_lazy("head", "Contracted"),
    unit=Unit.SEAT,
    definition=_("Seats that an enterprise has by contract at the end of the last day."),
    source="blocks",
    column="firm",
)
HELD = Total(
    code="held",
    name=_("Held seats"),
    short=pgettext_lazy("head", "Held"),
    unit=Unit.SEAT,
    definition=_(
        "Seats kept for a negotiating or signed project at the end of the last day. They are not "
        "contracted."
    ),
    source="blocks",
    column="held",
)
CLOSED = Total(
    code="closed",
    name=_("Closed seats"),
    short=pgettext_lazy("head", "Closed"),
    unit=Unit.SEAT,
    definition=_(
        "Seats out of use for fit-out, repair or missing equipment at the end of the last day."
    ),
    source="blocks",
    column="closed",
)
FREE = Total(
    code="free",
    name=_("Free seats"),
    short=pgettext_lazy("head", "Free"),
    unit=Unit.SEAT,
    definition=_(
        "Seats that exist and are neither contracted, held nor closed at the end of the last day."
    ),
    source="floors",
    column="free",
)
CONTRACTED_RATE = Ratio(
    code="contracted_rate",
    name=_("Contracted rate of seats"),
    short=pgettext_lazy("head", "Contracted rate"),
    unit=Unit.PERCENT,
    definition=_("Contracted seats ÷ available seats, at the end of the last day."),
    numerator=FIRM,
    denominator=AVAILABLE,
    factor=100,
)
LETTABLE = Total(
    code="lettable_m2",
    name=_("Lettable area"),
    short=pgettext_lazy("head", "Lettable"),
    unit=Unit.SQUARE_METRE,
    definition=_("Lettable area of the floors that have seats at the end of the last day."),
    source="floors",
    column="lettable_m2",
    if_none=NO_AREA,
)
LET = Total(
    code="let_m2",
    name=_("Let area"),
    short=pgettext_lazy("head", "Let"),
    unit=Unit.SQUARE_METRE,
    definition=_(
        "Floor by floor: contracted seats ÷ seats that exist × lettable area, at the end of the "
        "last day. Held seats are not let."
    ),
    source="blocks",
    column="let_m2",
    if_none=NO_AREA,
)
LETTING_RATE = Ratio(
    code="letting_rate",
    name=_("Letting rate"),
    short=pgettext_lazy("head", "Letting rate"),
    unit=Unit.PERCENT,
    definition=_("Let area ÷ lettable area, at the end of the last day."),
    numerator=LET,
    denominator=LETTABLE,
    factor=100,
)

# Over the month
SEAT_DAYS = Total(
    code="seat_days",
    name=_("Seat-days that exist"),
    short=pgettext_lazy("head", "Exist"),
    unit=Unit.SEAT_DAY,
    definition=_("Every seat that exists, counted on each day of the month."),
    source="floors",
    column="seat_days",
)
FIRM_DAYS = Total(
    code="firm_days",
    name=_("Contracted seat-days"),
    short=pgettext_lazy("head", "Contracted"),
    unit=Unit.SEAT_DAY,
    definition=_("Every contracted seat, counted on each day of the month."),
    source="blocks",
    column="firm_days",
)
HELD_DAYS = Total(
    code="held_days",
    name=_("Held seat-days"),
    short=pgettext_lazy("head", "Held"),
    unit=Unit.SEAT_DAY,
    definition=_("Every held seat, counted on each day of the month."),
    source="blocks",
    column="held_days",
)
CLOSED_DAYS = Total(
    code="closed_days",
    name=_("Closed seat-days"),
    short=pgettext_lazy("head", "Closed"),
    unit=Unit.SEAT_DAY,
    definition=_("Every closed seat, counted on each day of the month."),
    source="blocks",
    column="closed_days",
)
FREE_DAYS = Total(
    code="free_days",
    name=_("Free seat-days"),
    short=pgettext_lazy("head", "Free"),
    unit=Unit.SEAT_DAY,
    definition=_("Every free seat, counted on each day of the month."),
    source="floors",
    column="free_days",
)


def _average(code: str, name: Text, total: Total) -> Ratio:
    return Ratio(
        code=code,
        name=name,
        short=total.short,
        unit=Unit.SEAT,
        definition=_("Seat-days of the month ÷ days of the month."),
        numerator=total,
        denominator=DAYS,
        decimals=1,
    )


SEATS_AVERAGE = _average("seats_average", _("Seats that exist, daily average"), SEAT_DAYS)
FIRM_AVERAGE = _average("firm_average", _("Contracted seats, daily average"), FIRM_DAYS)
HELD_AVERAGE = _average("held_average", _("Held seats, daily average"), HELD_DAYS)
CLOSED_AVERAGE = _average("closed_average", _("Closed seats, daily average"), CLOSED_DAYS)
FREE_AVERAGE = _average("free_average", _("Free seats, daily average"), FREE_DAYS)

# Chosen ahead
_AS_KNOWN_BEFORE_LOANS = _(
    "Seats contracted or held from a day after the month, or on a floor that is not handed over by "
    "then, as known at the end of its last day: what was decided later does not change it. Seats "
    "that the enterprise already has the day before do not count again."
)
_AS_KNOWN = _(
    "Seats contracted or held from a day after the month, or on a floor that is not handed over by "
    "then, as known at the end of its last day: what was decided later does not change it. Seats "
    "that the enterprise already has the day before do not count again. Seats on loan count "
    "neither when they go to the borrower nor when they come back."
)
AHEAD_SEATS = Total(
    code="ahead_seats",
    name=_("Seats chosen ahead"),
    short=pgettext_lazy("head", "Chosen ahead"),
    unit=Unit.SEAT,
    definition=_AS_KNOWN,
    version=2,
    source="ahead",
    column="seats",
)
AHEAD_FIRM = Total(
    code="ahead_firm",
    name=_("Chosen ahead, contracted"),
    short=pgettext_lazy("head", "Contracted"),
    unit=Unit.SEAT,
    definition=_("Of the seats chosen ahead, those contracted."),
    source="ahead",
    column="firm",
)
AHEAD_HELD = Total(
    code="ahead_held",
    name=_("Chosen ahead, held"),
    short=pgettext_lazy("head", "Held"),
    unit=Unit.SEAT,
    definition=_("Of the seats chosen ahead, those held (pre-selected)."),
    source="ahead",
    column="held",
)
AHEAD_ENTERPRISES = Distinct(
    code="ahead_enterprises",
    name=_("Enterprises that have chosen ahead"),
    short=pgettext_lazy("head", "Enterprises"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises with seats chosen ahead. One that has chosen in two places counts in each, "
        "and once in the total."
    ),
    source="ahead",
    column="seats",
    of="enterprise",
)

FORMER = (replace(AHEAD_SEATS, definition=_AS_KNOWN_BEFORE_LOANS, version=1),)

SOURCES = (CALENDAR_SOURCE, FLOORS, BLOCKS, AHEAD)
INDICATORS = (
    SEATS,
    CLOSED,
    AVAILABLE,
    FIRM,
    HELD,
    FREE,
    CONTRACTED_RATE,
    LETTABLE,
    LET,
    LETTING_RATE,
    SEAT_DAYS,
    FIRM_DAYS,
    HELD_DAYS,
    CLOSED_DAYS,
    FREE_DAYS,
    SEATS_AVERAGE,
    FIRM_AVERAGE,
    HELD_AVERAGE,
    CLOSED_AVERAGE,
    FREE_AVERAGE,
    AHEAD_ENTERPRISES,
    AHEAD_SEATS,
    AHEAD_FIRM,
    AHEAD_HELD,
    DAYS,
)
