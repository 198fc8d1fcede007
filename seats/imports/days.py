"""Days as people write them: 2024年3月1日, 二〇二四年三月一日, 2024.3.1, a serial number, 长期."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from foundation.spreadsheets import Value
from seats.imports.numerals import numeral

OPEN = date.max  # no last day: until further notice
_OPEN_WORDS = {
    "长期",
    "至今",
    "无固定期限",
    "不限",
    "永久",
    "无期限",
    "长期有效",
    "不定期",
    "续约中",
    "open",
}
_OPEN_WORDS |= {"openended", "untilfurthernotice", "indefinite", "none", "-", "--", "/", "无", "—"}
_DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)(?!\d)", re.ASCII)
_YEAR = r"[〇零一二三四五六七八九]{4}(?=年)"
_TO_31 = r"(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])"
_NUMERALS = re.compile(f"{_YEAR}|{_TO_31}")
_CLOCK = re.compile(r"(?:[ T]?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)", re.ASCII)
_FIRST_OF_SERIALS = date(1899, 12, 30)
_SERIALS = range(20_000, 120_000)  # 1954 to 2228


class NotADay(ValueError):
    """It is no day, or not just one."""


def day_of(value: Value) -> date | None:
    """The day in a cell; `OPEN` for "until further notice", None where nothing stands there."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise NotADay
    if isinstance(value, (int, float)):
        return _of_number(value)
    text = _plain(str(value))
    if not text:
        return None
    if _is_open(text):
        return OPEN
    return _only(text)


def days_of(value: Value) -> tuple[date, date]:
    """First and last day in one cell: 2024.3.1-2025.2.28, 2024年3月1日起, 2024/3/1至今."""
    text = _plain(str(value))
    days = [_day(match) for match in _DAY.finditer(text)]
    rest = re.sub(r"[\s\-~()]", "", _DAY.sub("", text)).lower()
    if len(days) == 2 and re.fullmatch(r"[自从]?起?[至到]?止?", rest):
        return days[0], days[1]
    if len(days) == 1 and _DAY.match(text) and _lasts(rest, text):
        return days[0], OPEN
    raise NotADay


def _lasts(rest: str, text: str) -> bool:
    """Whether what stands after the one day says that there is no last."""
    return (
        rest in {"起", "至", "至今"} or rest.removeprefix("至") in _OPEN_WORDS or text[-1] in "-~"
    )


def moment_of(value: Value) -> datetime | date | None:
    """The last day of a hold, or the moment at which it ends where one is written."""
    text = _plain(str(value)) if isinstance(value, str) else ""
    day, clock = _DAY.match(text), _CLOCK.search(text)
    if day is None or clock is None or text[: clock.start()].strip(" T") != day.group():
        return day_of(value)
    hour, minute = int(clock[1]), int(clock[2])
    if hour > 23 or minute > 59:
        raise NotADay
    return datetime.combine(_day(day), time(hour, minute))


def _of_number(value: float) -> date:
    if value == int(value) and int(value) in _SERIALS:
        return _FIRST_OF_SERIALS + timedelta(days=int(value))
    return _only(str(int(value)))  # 20240301


def _only(text: str) -> date:
    match = _DAY.match(text)
    if match is None or re.sub(r"[起止]$", "", text[match.end() :]).strip("0: T"):
        raise NotADay
    return _day(match)


def _day(match: re.Match[str]) -> date:
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADay from None


def _is_open(text: str) -> bool:
    return re.sub(r"[\s()]", "", text).lower().strip("至到") in _OPEN_WORDS or text.lower() in {
        "至今",
        "open-ended",
        "until further notice",
    }


def _plain(text: str) -> str:
    """Half width, one kind of dash and of numbers, no blanks among the parts of a day."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(r"\s*([年月日号/.])\s*", r"\1", text)
    text = _NUMERALS.sub(lambda match: numeral(match[0]), text)
    text = re.sub(r"(?<=\d)号", "日", text)
    text = re.sub(r"[—–−―～﹣]", "-", text)
    return re.sub(r"\s*-+\s*", "-", text)
