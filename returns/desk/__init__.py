"""Who owes which month, and where each return is: the lists that people work from."""

from returns.desk.month import FiledRow, Group, MonthDesk, groups_of
from returns.desk.owed import (
    GLYPHS,
    OwedMonth,
    closed_among,
    counts,
    due_day,
    first_month,
    owed_months,
    waiting,
    with_returns,
)
from returns.desk.park_months import ParkMonth, counted, park_months

__all__ = [
    "GLYPHS",
    "FiledRow",
    "Group",
    "MonthDesk",
    "OwedMonth",
    "ParkMonth",
    "closed_among",
    "counted",
    "counts",
    "due_day",
    "first_month",
    "groups_of",
    "owed_months",
    "park_months",
    "waiting",
    "with_returns",
]
