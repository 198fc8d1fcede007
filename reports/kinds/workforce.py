"""Y5 从业人员结构表: education, age and origin of the staff, who came and went, what is of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from reports.indicators import staffing as people
from reports.indicators.facts import TOTAL
from reports.indicators.output import HEADCOUNT
from reports.indicators.registry import Ratio, Total
from reports.kinds.counting_returns import (
    FILING_COMPARED,
    MISSING_RETURNS,
    filing_compared,
    filing_to_date,
)
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import (
    CHANGE,
    PREVIOUS,
    TO_DATE_BEFORE,
    TOTAL_ONLY,
    YEAR_BEFORE,
    Column,
    Disclosure,
    Group,
    Table,
    compared,
    rate_compared,
)
from web.rfc9457 import Text

_CLASSES = ("class", TOTAL)
_BASES = (PREVIOUS, YEAR_BEFORE)


def _breakdown(at: int, level: str, title: Text, count: Total, share: Ratio) -> Table:
    return Table(
        f"{level}_people",
        f"Y5-{at}",
        title,
        (level, TOTAL),
        (
            (count.code, compared(count, *_BASES)),
            *rate_compared(share, *_BASES),
        ),
        Disclosure(level),
    )


def _of_the_staff(count: Total, share: Ratio) -> tuple[Group, ...]:
    """Some of the staff: how many, of how many, which share, and how that changed."""
    return (
        (
            f"{count.code}_of_staff",
            (
                Column(count),
                Column(share.denominator),
                Column(share),
                Column(share, CHANGE, PREVIOUS),
                Column(share, CHANGE, YEAR_BEFORE),
            ),
        ),
    )


_SHARES: tuple[tuple[Total, Ratio], ...] = (
    (people.COLLEGE, people.COLLEGE_SHARE),
    (people.RETURNEES, people.RETURNEES_SHARE),
    (people.GRADUATES, people.GRADUATES_SHARE),
    (people.INSURED, people.INSURED_SHARE),
)
_TABLES = (
    _breakdown(
        *(1, "education", gettext_lazy("Staff by education")),
        *(people.EDUCATION_PEOPLE, people.EDUCATION_SHARE),
    ),
    _breakdown(*(2, "age", gettext_lazy("Staff by age")), *(people.AGE_PEOPLE, people.AGE_SHARE)),
    _breakdown(
        *(3, "origin", gettext_lazy("Staff by origin")),
        *(people.ORIGIN_PEOPLE, people.ORIGIN_SHARE),
    ),
    Table(
        "class_staff",
        "Y5-4",
        gettext_lazy("Staff and pay by business class"),
        _CLASSES,
        (
            ("headcount", compared(HEADCOUNT, *_BASES)),
            *rate_compared(people.AVERAGE_PAY, *_BASES),
        ),
        Disclosure("staff"),
    ),
    Table(
        "class_moves",
        "Y5-5",
        gettext_lazy("Joined and left by business class"),
        _CLASSES,
        (
            ("joined", compared(people.JOINED, *_BASES)),
            ("left", compared(people.LEFT, *_BASES)),
        ),
        TOTAL_ONLY,  # of classes it would tell what the table of the staff hides
    ),
    Table(
        "class_of_staff",
        "Y5-6",
        gettext_lazy("Of the staff, by business class"),
        _CLASSES,
        tuple(group for count, share in _SHARES[:2] for group in _of_the_staff(count, share)),
        TOTAL_ONLY,
    ),
    Table(
        "class_beside",
        "Y5-7",
        gettext_lazy("Beside the staff, by business class"),
        _CLASSES,
        (
            ("dispatched", compared(people.DISPATCHED, *_BASES)),
            ("interns", compared(people.INTERNS, *_BASES)),
            ("trainees", compared(people.TRAINEES, *_BASES)),
        ),
        TOTAL_ONLY,
    ),
    Table(
        "class_moves_to_date",
        "Y5-8",
        gettext_lazy("Joined and left by business class, year to date"),
        _CLASSES,
        (
            ("joined_to_date", compared(people.JOINED_TO_DATE, TO_DATE_BEFORE)),
            ("left_to_date", compared(people.LEFT_TO_DATE, TO_DATE_BEFORE)),
        ),
        TOTAL_ONLY,
    ),
    Table(
        "class_turnover",
        "Y5-9",
        gettext_lazy("Turnover by business class"),
        _CLASSES,
        rate_compared(people.TURNOVER, *_BASES),
        TOTAL_ONLY,
    ),
    Table(
        "class_insured",
        "Y5-10",
        gettext_lazy("Graduates and insured, by business class"),
        _CLASSES,
        tuple(group for count, share in _SHARES[2:] for group in _of_the_staff(count, share)),
        TOTAL_ONLY,
    ),
)


def _notes(_month: date, content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "The staff are people with a labour contract at the end of the month; dispatched workers, "
        "interns and trainees stand beside them. Each breakdown adds up to the staff of those who "
        "gave it."
    )
    yield _(
        "Turnover = left ÷ average staff, which is (start + end of the month) ÷ 2. The average pay "
        "is weighted by staff. Each rate stands beside what it is divided by: those who gave both."
    )
    yield filing_compared(content["filing"])
    yield filing_to_date(content["filing"])


KIND = Kind(
    code=ReportKind.WORKFORCE,
    number="Y5",
    title=pgettext_lazy("title", "Structure of the staff"),
    short_title=pgettext_lazy("file", "staff"),
    draft_subject=gettext_noop("Draft of the staff report for %(month)s"),
    restatement_subject=gettext_noop("Staff report for %(month)s is to be restated"),
    tables=_TABLES,
    heads={f"{count.code}_of_staff": count.short for count, _share in _SHARES},
    indicators=people.INDICATORS,
    waits_for_closing=True,
    counts_returns=True,
    filing_compared=FILING_COMPARED,
    notes=_notes,
    lists=(MISSING_RETURNS,),
)
