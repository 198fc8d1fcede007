"""The indicators of the staff report: who works here, who came and went, what is of them.

Every share is of the staff of those who gave it, and both are printed.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.indicators.output import to_date
from reports.indicators.people import AGE, EDUCATION, ORIGIN, USE
from reports.indicators.registry import Ratio, Source, Total
from reports.units import Unit
from web.rfc9457 import Text


def _people(code: str, name: Text, short: Text, definition: Text, **other: Any) -> Total:
    """People of the returns of a month; unknown where nobody gave them."""
    fields = {"source": "returns", "column": code, "unit": Unit.PERSON, "if_none": None}
    return Total(code=code, name=name, short=short, definition=definition, **(fields | other))


def _breakdown(source: str, name: Text) -> tuple[Total, Total, Ratio]:
    """The people of a category, all of whom the category is known, and its share."""
    people = _people(
        f"{source}_people",
        name,
        pgettext_lazy("head", "People"),
        _("Staff at the end of the month, of the enterprises that gave this breakdown."),
        source=source,
        column="people",
    )
    given = _people(
        f"{source}_given",
        _("Staff of those who gave the breakdown"),
        pgettext_lazy("head", "all of those who gave it"),
        _("Staff at the end of the month of the enterprises that gave this breakdown."),
        source=source,
        column="people",
        is_whole=True,
    )
    share = Ratio(
        code=f"{source}_share",
        name=_("Share of the staff"),
        short=pgettext_lazy("head", "Share"),
        unit=Unit.PERCENT,
        definition=_("People of the category ÷ staff of those who gave the breakdown."),
        decimals=2,  # as the park's releases have them
        numerator=people,
        denominator=given,
        factor=100,
    )
    return people, given, share


EDUCATION_PEOPLE, EDUCATION_GIVEN, EDUCATION_SHARE = _breakdown("education", _("Education"))
AGE_PEOPLE, AGE_GIVEN, AGE_SHARE = _breakdown("age", _("Age"))
ORIGIN_PEOPLE, ORIGIN_GIVEN, ORIGIN_SHARE = _breakdown("origin", _("Origin"))
# By the level whose rows are their categories
BREAKDOWNS: dict[str, Total] = {
    "education": EDUCATION_PEOPLE,
    "age": AGE_PEOPLE,
    "origin": ORIGIN_PEOPLE,
}

JOINED = _people(
    "joined",
    _("Joined"),
    pgettext_lazy("head", "Joined"),
    _("People who joined in the month, as filed."),
    number="SO10",
)
JOINED_TO_DATE = to_date(JOINED)
LEFT = _people(
    "left",
    _("Left"),
    pgettext_lazy("head", "Left"),
    _("People who left in the month, as filed."),
)
LEFT_TO_DATE = to_date(LEFT)
_LEFT_OF_AVERAGE = _people(
    "left_of_average",
    _("Left, of those who gave their staff at the start"),
    pgettext_lazy("head", "Left"),
    _("People who left in the month, of the enterprises whose average staff is known."),
)
AVERAGE_STAFF = _people(
    "average_staff",
    _("Average staff"),
    pgettext_lazy("head", "average staff"),
    _(
        "(Staff at the start + staff at the end of the month) ÷ 2, of those who gave how many were "
        "there at the start and how many left."
    ),
    decimals=1,
)
TURNOVER = Ratio(
    code="turnover",
    name=_("Turnover"),
    short=pgettext_lazy("head", "Turnover"),
    unit=Unit.PERCENT,
    definition=_("People who left in the month ÷ average staff of the month."),
    numerator=_LEFT_OF_AVERAGE,
    denominator=AVERAGE_STAFF,
    factor=100,
)


def _share(
    code: str, name: Text, part: Total, of: Text, decimals: int | None = None
) -> tuple[Total, Ratio]:
    """The staff of those who gave a figure, and its share of them."""
    whole = _people(
        f"{code}_of",
        of,
        pgettext_lazy("head", "staff of those who gave it"),
        _("Staff at the end of the month of the enterprises that gave this figure."),
    )
    share = Ratio(
        code=f"{code}_share",
        name=name,
        short=pgettext_lazy("head", "Share"),
        unit=Unit.PERCENT,
        definition=_("This figure ÷ staff of the enterprises that gave it."),
        decimals=decimals,
        numerator=part,
        denominator=whole,
        factor=100,
    )
    return whole, share


COLLEGE = _people(
    "college",
    _("College and above"),
    pgettext_lazy("head", "College and above"),
    _("Postgraduate, bachelor and junior college (GB/T 4658: 10, 20 and 30)."),
    number="SO11",
)
COLLEGE_OF, COLLEGE_SHARE = _share(
    *("college", _("Share of college and above"), COLLEGE),
    _("Staff of those who gave the education"),
    decimals=2,
)
RETURNEES = _people(
    "returnees",
    _("Returnees"),
    pgettext_lazy("head", "Returnees"),
    _("Staff who worked outside this city before, as filed."),
)
RETURNEES_OF, RETURNEES_SHARE = _share(
    *("returnees", _("Share of returnees"), RETURNEES),
    _("Staff of those who gave the returnees"),
)
GRADUATES = _people(
    "graduates",
    _("Graduates"),
    pgettext_lazy("head", "Graduates"),
    _("Staff who left college within the last two years, as filed."),
)
GRADUATES_OF, GRADUATES_SHARE = _share(
    *("graduates", _("Share of graduates"), GRADUATES),
    _("Staff of those who gave the graduates"),
)
INSURED = _people(
    "insured",
    _("Insured"),
    pgettext_lazy("head", "Insured"),
    _("Staff for whom social insurance is paid here, as filed."),
)
INSURED_OF, INSURED_SHARE = _share(
    *("insured", _("Insured rate"), INSURED), _("Staff of those who gave the insured")
)
DISPATCHED = _people(
    "dispatched",
    _("Dispatched workers"),
    pgettext_lazy("head", "Dispatched workers"),
    _("Dispatched workers at the end of the month. They are not of the staff."),
)
INTERNS = _people(
    "interns",
    _("Interns"),
    pgettext_lazy("head", "Interns"),
    _("Interns at the end of the month. They are not of the staff."),
)
TRAINEES = _people(
    "trainees",
    _("Trainees"),
    pgettext_lazy("head", "Trainees"),
    _("Trainees at the end of the month. They are not of the staff."),
)
_PAY = Total(
    code="pay",
    name=_("Pay of the staff"),
    short=pgettext_lazy("head", "Pay"),
    unit=Unit.YUAN,
    definition=_("Average pay × staff at the end of the month, of those who gave it."),
    source="returns",
    column="pay",
    if_none=None,
)
PAY_OF = _people(
    "pay_of",
    _("Staff of those who gave the average pay"),
    pgettext_lazy("head", "staff of those who gave it"),
    _("Staff at the end of the month of the enterprises that gave their average pay."),
)
AVERAGE_PAY = Ratio(
    code="average_pay",
    name=_("Average pay"),
    short=pgettext_lazy("head", "Average pay"),
    unit=Unit.YUAN_PER_PERSON,
    definition=_(
        "Gross pay of the month per head: the average pay of each enterprise, weighted by its "
        "staff at the end of the month."
    ),
    numerator=_PAY,
    denominator=PAY_OF,
)

SOURCES: tuple[Source, ...] = (EDUCATION, AGE, ORIGIN, USE)
INDICATORS: tuple[Any, ...] = (
    *(EDUCATION_PEOPLE, EDUCATION_GIVEN, EDUCATION_SHARE),
    *(AGE_PEOPLE, AGE_GIVEN, AGE_SHARE),
    *(ORIGIN_PEOPLE, ORIGIN_GIVEN, ORIGIN_SHARE),
    *(JOINED, JOINED_TO_DATE, LEFT, LEFT_TO_DATE, _LEFT_OF_AVERAGE, AVERAGE_STAFF, TURNOVER),
    *(COLLEGE, COLLEGE_OF, COLLEGE_SHARE),
    *(RETURNEES, RETURNEES_OF, RETURNEES_SHARE),
    *(GRADUATES, GRADUATES_OF, GRADUATES_SHARE),
    *(INSURED, INSURED_OF, INSURED_SHARE),
    *(DISPATCHED, INTERNS, TRAINEES),
    *(_PAY, PAY_OF, AVERAGE_PAY),
)
