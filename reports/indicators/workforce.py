"""The indicators of who works here: education, age and origin, as filed.

A return may leave a breakdown empty, so each share is of the staff of those that give it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month
from reports.indicators.facts import invented
from reports.indicators.registry import Ratio, Source, Total
from reports.units import Unit
from returns.models import BREAKDOWNS, ReturnRevision
from web.rfc9457 import Text


class StaffFact(NamedTuple):
    """The staff of an enterprise at the end of a month, by three breakdowns that it may give.

    `by_education`, `by_age` and `by_origin` are the staff that the breakdown is of.
    """

    month: str
    enterprise: int
    by_education: int | None
    postgraduate: int | None
    bachelor: int | None
    junior_college: int | None
    below_college: int | None
    by_age: int | None
    age_18_26: int | None
    age_27_35: int | None
    age_36_up: int | None
    by_origin: int | None
    local: int | None
    same_province: int | None
    elsewhere: int | None
    sample_fields: list[str]


PARTS = [name for names in BREAKDOWNS.values() for name in names]
_MADE_OF = {
    **{name: (name,) for name in PARTS},
    **{f"by_{breakdown}": names for breakdown, names in BREAKDOWNS.items()},
}


def take_staff(months: Sequence[date], _columns: Collection[str] = ()) -> list[StaffFact]:
    """One fact for each return that counts and gives a breakdown, in one query."""
    revisions = (
        ReturnRevision.objects.counting()
        .filter(monthly_return__month__in=list(months))
        .order_by("monthly_return__month", "monthly_return__enterprise")
        .values_list(
            "monthly_return__month",
            "monthly_return__enterprise",
            "monthly_return__sample_fields",
            *PARTS,
        )
    )
    facts = []
    for month, enterprise, sample_fields, *counts in revisions:
        people = dict(zip(PARTS, counts, strict=True))
        given = {f"by_{breakdown}": _given(people, breakdown) for breakdown in BREAKDOWNS}
        if any(count is not None for count in given.values()):
            facts.append(
                StaffFact(
                    month=format_month(month),
                    enterprise=enterprise,
                    **given,
                    **people,
                    sample_fields=invented(sample_fields, _MADE_OF),
                )
            )
    return facts


def _given(people: dict[str, int | None], breakdown: str) -> int | None:
    """The staff that a breakdown is of; None where it is not given."""
    counts = [people[name] for name in BREAKDOWNS[breakdown]]
    given = [count for count in counts if count is not None]
    return sum(given) if given else None


STAFF = Source("staff", StaffFact, take_staff, names_enterprises=True)


def _people(code: str, name: Text, short: Text, definition: Text) -> Total:
    return Total(
        code=code,
        name=name,
        short=short,
        unit=Unit.PERSON,
        definition=definition,
        source="staff",
        column=code,
        if_none=None,
    )


def _share(part: Total, whole: Total, name: Text) -> Ratio:
    return Ratio(
        code=f"{part.code}_share",
        name=name,
        short=part.short,
        unit=Unit.PERCENT,
        definition=_("Of the staff in those returns that give this breakdown, the share of these."),
        decimals=2,
        numerator=part,
        denominator=whole,
        factor=100,
    )


BY_EDUCATION = _people(
    "by_education",
    _("Staff by education"),
    pgettext_lazy("head", "Education given"),
    _("Staff at the end of the month in those returns that break it down by education."),
)
BY_AGE = _people(
    "by_age",
    _("Staff by age"),
    pgettext_lazy("head", "Age given"),
    _("Staff at the end of the month in those returns that break it down by age."),
)
BY_ORIGIN = _people(
    "by_origin",
    _("Staff by origin"),
    pgettext_lazy("head", "Origin given"),
    _("Staff at the end of the month in those returns that break it down by origin."),
)
_EDUCATION = _("Staff at the end of the month with this education as their highest, as filed.")
_AGE = _("Staff of this age at the end of the month, as filed.")
_ORIGIN = _("Staff at the end of the month whose household is registered there, as filed.")

POSTGRADUATE = _people(
    "postgraduate", _("Postgraduates"), pgettext_lazy("staff", "Postgraduate"), _EDUCATION
)
BACHELOR = _people(
    "bachelor", _("People with a bachelor's degree"), pgettext_lazy("staff", "Bachelor"), _EDUCATION
)
JUNIOR_COLLEGE = _people(
    "junior_college",
    _("People from junior colleges"),
    pgettext_lazy("staff", "Junior college"),
    _EDUCATION,
)
BELOW_COLLEGE = _people(
    "below_college",
    _("People without college"),
    pgettext_lazy("staff", "Below college"),
    _EDUCATION,
)
AGE_18_26 = _people("age_18_26", _("Staff aged 18–26"), pgettext_lazy("staff", "18–26"), _AGE)
AGE_27_35 = _people("age_27_35", _("Staff aged 27–35"), pgettext_lazy("staff", "27–35"), _AGE)
AGE_36_UP = _people(
    "age_36_up", _("Staff aged 36 and over"), pgettext_lazy("staff", "36 and over"), _AGE
)
LOCAL = _people("local", _("Staff from this city"), pgettext_lazy("staff", "This city"), _ORIGIN)
SAME_PROVINCE = _people(
    "same_province",
    _("Staff from elsewhere in the province"),
    pgettext_lazy("staff", "Elsewhere in the province"),
    _ORIGIN,
)
ELSEWHERE = _people(
    "elsewhere",
    _("Staff from other provinces and abroad"),
    pgettext_lazy("staff", "Other provinces, abroad"),
    _ORIGIN,
)

WHOLES: dict[str, Total] = {"education": BY_EDUCATION, "age": BY_AGE, "origin": BY_ORIGIN}
BREAKDOWN_PARTS: dict[str, tuple[Total, ...]] = {
    "education": (POSTGRADUATE, BACHELOR, JUNIOR_COLLEGE, BELOW_COLLEGE),
    "age": (AGE_18_26, AGE_27_35, AGE_36_UP),
    "origin": (LOCAL, SAME_PROVINCE, ELSEWHERE),
}
AGE_18_26_SHARE = _share(AGE_18_26, BY_AGE, _("Share of staff aged 18–26"))
LOCAL_SHARE = _share(LOCAL, BY_ORIGIN, _("Share of staff from this city"))

SOURCES: tuple[Source, ...] = (STAFF,)
INDICATORS: tuple[Any, ...] = (
    *(one for name, parts in BREAKDOWN_PARTS.items() for one in (WHOLES[name], *parts)),
    AGE_18_26_SHARE,
    LOCAL_SHARE,
)
