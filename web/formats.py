"""How numbers, money and days are written, in both languages.

One function a form; `{% load formats %}` offers the same names to templates, and messages written
in Python use them from here. Units are never part of a number: the page prints them beside it or
in the head of the column. Nothing known is “–”.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, ngettext

Number = int | float | Decimal

MISSING = "–"
MINUS = "−"
WAN = 10_000
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"


class DayRange(Protocol):
    """A half-open range of days as PostgreSQL gives it."""

    lower: date | None
    upper: date | None


def number(value: Number | None, places: int | None = None) -> str:
    """1038 → 1,038; with ``places`` 1038.5 → 1,038.50; without, as many decimals as it has."""
    if value is None or value == "":  # a template writes "" for what a row does not have
        return MISSING
    return f"{_rounded(value, places):,f}".replace("-", MINUS)


def yuan(value: Number | None) -> str:
    """Money in 元, with its 分: 20000 → 20,000.00."""
    return number(value, 2)


def megabytes(size: int | None) -> str:
    """The size of a file in MB, at least 0.01: 1500000 → 1.43."""
    return MISSING if size is None else number(max(size / 1024**2, 0.01), 2)


def signed(value: Number | None, places: int | None = None) -> str:
    """A change: 60 → +60, -24 → −24, 0 → 0."""
    if value is None:
        return MISSING
    text = number(value, places)
    return f"+{text}" if _rounded(value, places) > 0 else text


def percent(ratio: Number | None, places: int = 1) -> str:
    """A ratio: 0.8826 → 88.3%. Print what it is divided by beside it."""
    if ratio is None:
        return MISSING
    return f"{number(_exact(ratio) * 100, places)}%"


def signed_percent(ratio: Number | None, places: int = 1) -> str:
    """A relative change: 0.067 → +6.7%."""
    if ratio is None:
        return MISSING
    return f"{signed(_exact(ratio) * 100, places)}%"


def wan(yuan: Number | None, places: int = 2) -> str:
    """Money in 万元 from 元: 21600000 → 2,160.00."""
    if yuan is None or yuan == "":
        return MISSING
    return number(_exact(yuan) / WAN, places)


def area(square_metres: Number | None) -> str:
    """Area in whole m²: 3340.4 → 3,340."""
    return number(square_metres, 0)


def day(value: date | None) -> str:
    """In titles and prose: 2024年2月20日 / 20 February 2024."""
    if value is None:
        return MISSING
    local = _local_day(value)
    if _chinese():
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def weekday(value: date | None) -> str:
    """星期四 / Thursday."""
    if value is None:
        return MISSING
    index = _local_day(value).weekday()
    return f"星期{WEEKDAYS_ZH[index]}" if _chinese() else WEEKDAYS[index]


def iso_day(value: date | None) -> str:
    """In fields and tables: 2024-02-20."""
    return MISSING if value is None else _local_day(value).isoformat()


def short_day(value: date | None) -> str:
    """Where the year is plain: 02-20."""
    return MISSING if value is None else f"{_local_day(value):%m-%d}"


def moment(value: datetime | None) -> str:
    """A time where the year is plain: 02-20 09:12."""
    return MISSING if value is None else f"{timezone.localtime(value):%m-%d %H:%M}"


def full_moment(value: datetime | None) -> str:
    """A time with its year: 2024-02-20 09:12."""
    return MISSING if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def month(value: date | None) -> str:
    """2024年1月 / January 2024."""
    if value is None:
        return MISSING
    if _chinese():
        return f"{value.year}年{value.month}月"
    return f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date | None) -> str:
    """Where the year is plain: 1 月 / Jan."""
    if value is None:
        return MISSING
    return f"{value.month} 月" if _chinese() else MONTHS[value.month - 1][:3]


# The same for what is written once and read in several languages, like `gettext_lazy`
lazy_month = lazy(month, str)
lazy_day = lazy(day, str)


def iso_month(value: date | None) -> str:
    """In fields and addresses: 2024-01."""
    return MISSING if value is None else f"{value:%Y-%m}"


def period(first: date | None, last: date | None) -> str:
    """Both days included: 2024-03-01 至 2025-02-28; without an end: 2024-03-01 起."""
    if first is None and last is None:
        return MISSING
    days = {"first": iso_day(first), "last": iso_day(last)}
    if last is None:
        return gettext("from %(first)s") % days
    if first is None:
        return gettext("until %(last)s") % days
    if first == last:
        return iso_day(first)
    return gettext("%(first)s to %(last)s") % days


def days_of(range_: DayRange | None) -> str:
    """A half-open range from the database, written with its first and its last day."""
    if range_ is None:
        return MISSING
    last = None if range_.upper is None else range_.upper - timedelta(days=1)
    return period(range_.lower, last)


def run(first_label: str, last_label: str) -> str:
    """A run of seats: C-1-3F-345, C-1-3F-404 → C-1-3F-345 — 404."""
    if first_label == last_label:
        return first_label
    floor, _, last_number = last_label.rpartition("-")
    same_floor = floor and first_label.rpartition("-")[0] == floor
    return f"{first_label} — {last_number if same_floor else last_label}"


def elapsed(since: datetime | None, now: datetime) -> str:
    """How long something has been waiting: 2 天 / 2 days."""
    if since is None:
        return MISSING
    hours = max(0, int((now - since).total_seconds() // 3600))
    if hours < 1:
        return gettext("less than an hour")
    if hours < 24:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // 24
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def masked_phone(phone: str | None) -> str:
    """13812345678 → 138 **** 5678."""
    if not phone:
        return MISSING
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) < 8:
        return "****"
    prefix = "+86 " if phone.startswith("+86") else ""
    local = digits[2:] if prefix else digits
    return f"{prefix}{local[:3]} **** {local[-4:]}"


def masked_email(email: str | None) -> str:
    """zhou.ting@example.com → z***@example.com."""
    if not email:
        return MISSING
    name, _, host = email.partition("@")
    return f"{name[:1]}***@{host}"


def short_digest(digest: str) -> str:
    """The first digits of a SHA-256: enough to tell two apart by eye."""
    return f"{digest[:12]}…"


def _exact(value: Number) -> Decimal:
    # A float goes through its shortest text, so that 0.1 is a tenth.
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _rounded(value: Number, places: int | None) -> Decimal:
    exact = _exact(value)
    if places is None:
        short = exact.normalize()
        rounded = short if short.as_tuple().exponent < 0 else exact.quantize(Decimal(1))  # type: ignore[operator]
    else:
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)  # no minus before a nought


def _local_day(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
