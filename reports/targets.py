"""How far each target is, by month: what is reached ÷ what is to be reached, both printed.

Only like is compared with like. Where a target speaks of a city, counts other people too, or of
what no indicator counts, it says so and shows no progress. Where it has no year, nothing can be
behind plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.months import add_months, month_of, months_between
from reports.indicators import INDICATORS, Indicator, levels_of
from reports.indicators.facts import TOTAL
from reports.models import Scope, Span, Target
from reports.shown import Edition, Shown, ShownFigures, Wanted, indicator_url
from reports.units import Number, Unit, rounded, written
from web import formats

HUNDRED_MILLION = 100_000_000
_LARGE: dict[str, tuple[int, str]] = {
    "zh": (HUNDRED_MILLION, "亿元"),
    "en": (10 * HUNDRED_MILLION, "billion yuan"),
}


class Amount(NamedTuple):
    """A value and its unit in words: 130 亿元."""

    text: str
    unit: str


class MonthPart(NamedTuple):
    """What one of several months adds to what is reached; `url` leads to its rows."""

    month: date
    value: Number
    url: str


class Progress(NamedTuple):
    """What is reached of a target in a month, in the unit that is kept.

    `parts`, the months that are known, of `months` are in it. `url` leads to its rows; it is empty
    where these are the months themselves. `before`: the same a year earlier, where all of both is
    known.
    """

    actual: Number
    share: Decimal
    parts: list[MonthPart]
    months: int
    url: str
    edition: Edition | None
    has_sample: bool
    before: Number | None

    @property
    def known(self) -> int:
        return len(self.parts)


class TargetLine(NamedTuple):
    """A target in a month. `progress` is None where `why_not` says why.

    `time_share`: how much of the time until its year's end has passed, where it has a year.
    """

    target: Target
    month: date
    progress: Progress | None
    why_not: str
    time_share: Decimal | None

    @property
    def indicator(self) -> Indicator | None:
        return INDICATORS.get(self.target.indicator)

    @property
    def wanted(self) -> str:
        """What is to be reached, in words: at least 500, 3,000 to 4,000."""
        target = self.target
        least = amount(target.value, Unit(target.unit), like=target.value_to or target.value)
        if target.value_to is None:
            return least.text
        most = amount(target.value_to, Unit(target.unit))
        words = {"least": least.text, "most": most.text}
        return pgettext("a range", "%(least)s to %(most)s") % words

    @property
    def unit(self) -> str:
        return amount(self.target.value_to or self.target.value, Unit(self.target.unit)).unit

    @property
    def actual(self) -> str:
        """What is reached, in the unit of the target."""
        target = self.target
        value = self.progress.actual if self.progress else None
        return amount(value, Unit(target.unit), like=target.value_to or target.value).text

    @property
    def parts(self) -> list[tuple[MonthPart, str]]:
        """The months that add up to what is reached, each in the unit of the target."""
        target = self.target
        like = target.value_to or target.value
        found = self.progress.parts if self.progress and self.progress.months > 1 else []
        return [
            (one, amount(one.value, Unit(target.unit), like=like, places=2).text) for one in found
        ]

    @property
    def has_sample(self) -> bool:
        """Whether what is reached holds invented figures."""
        return self.progress is not None and self.progress.has_sample

    @property
    def is_met(self) -> bool:
        """Whether what is reached is what was to be reached."""
        if self.progress is None:
            return False
        if self.target.qualifier == "over":
            return self.progress.actual > self.target.value
        return self.progress.actual >= self.target.value

    @property
    def is_late(self) -> bool:
        """Whether its year is over and it is not met."""
        year = self.target.year
        return (
            year is not None
            and self.progress is not None
            and not self.is_met
            and (self.month >= date(year, 12, 1))
        )

    @property
    def is_behind(self) -> bool:
        """Whether less is reached than time has passed. Never without a year."""
        if self.progress is None or self.time_share is None or self.is_met:
            return False
        return self.progress.share < self.time_share


def amount(
    value: Number | None, unit: Unit, *, like: Number | None = None, places: int | None = None
) -> Amount:
    """`value` as people say it; large sums as `like` is said: 130 亿元, 13 billion yuan.

    `places`: how many decimals a large sum has; without, as many as it needs.
    """
    if unit == Unit.YUAN and abs(Decimal(like or value or 0)) >= HUNDRED_MILLION:
        size, word = _LARGE["zh" if (get_language() or "zh").startswith("zh") else "en"]
        in_words = None if value is None else rounded(Decimal(value) / size, 2)
        return Amount(formats.number(in_words, places), word)
    if unit == Unit.PERCENT:
        return Amount(formats.number(value), str(unit.label))
    places = 0 if unit == Unit.YUAN else unit.places
    return Amount(written(value, unit, places=places), str(unit.label))


def targets_in(
    month: date, *, user: User | None = None, targets: Iterable[Target] | None = None
) -> list[TargetLine]:
    """Every target that was stated by the end of `month`, with what is reached in it.

    For a page of `user`: what is issued, and provisional figures for the park's people. Without a
    user: what the data say, for a report that is being made.
    """
    if targets is None:
        targets = Target.objects.pursued().known_in(month).in_order()
    rows = list(targets)
    wanted = [one for row in rows for one in _wanted(row, month, for_report=user is None)]
    shown = ShownFigures(user, wanted)
    return [_line(row, month, shown) for row in rows]


def _wanted(target: Target, month: date, *, for_report: bool) -> list[Wanted]:
    if _why_unlike(target):
        return []
    level = _key_of(target).partition(".")[0]
    months = _months_of(target, month)
    if for_report:  # and what was a year before, for the forecast
        months = [*_months_of(target, add_months(month, -12)), *months]
    return [Wanted(target.indicator, months, level)]


def _line(target: Target, month: date, shown: ShownFigures) -> TargetLine:
    why_not = _why_unlike(target)
    progress = None if why_not else _progress(target, month, shown)
    if progress is None and not why_not:
        why_not = _("Nothing of it is known, or issued, for this month.")
    return TargetLine(target, month, progress, why_not, _time_share(target, month))


def _progress(target: Target, month: date, shown: ShownFigures) -> Progress | None:
    months, key = _months_of(target, month), _key_of(target)
    known = _known(target, months, shown)
    if month not in known:
        return None
    actual = _sum(known)
    editions = [one.edition for one in known.values()]
    level = key.partition(".")[0]
    return Progress(
        actual=actual,
        share=rounded(actual * 100 / target.value, 1),
        parts=[MonthPart(one, at.value or 0, at.url) for one, at in known.items()],
        months=len(months),
        url=_rows_of(target, month, known[month], shown),
        edition=editions[-1] if all(editions) else None,
        has_sample=any(shown.has_sample(target.indicator, one, level) for one in months),
        before=_before(target, month, shown) if len(known) == len(months) else None,
    )


def _known(target: Target, months: list[date], shown: ShownFigures) -> dict[date, Shown]:
    """Those of `months` that have a figure, with it."""
    found = {one: shown.at(target.indicator, one, _key_of(target)) for one in months}
    return {one: at for one, at in found.items() if at is not None and at.value is not None}


def _sum(known: Mapping[date, Shown]) -> Decimal:
    return Decimal(sum(at.value or 0 for at in known.values()))


def _before(target: Target, month: date, shown: ShownFigures) -> Decimal | None:
    """The same figure a year earlier, for a report, if all of it is known."""
    if shown.user is not None:
        return None
    months = _months_of(target, add_months(month, -12))
    known = _known(target, months, shown)
    return _sum(known) if len(known) == len(months) else None


def _rows_of(target: Target, month: date, last: Shown, shown: ShownFigures) -> str:
    """Where the rows stand: the park's of all months; officials open each month's own edition."""
    if target.span == Span.MONTH:
        return last.url
    if not shown.sees_drafts:
        return ""
    return indicator_url(target.indicator, month, _key_of(target), span=target.span)


def target_months(month: date) -> Iterator[date]:
    """The months that a report on targets can be made of: twelve, and those a year before."""
    return months_between(add_months(month, -23), month)


def _months_of(target: Target, month: date) -> list[date]:
    first = add_months(month, 1 - Span(target.span).months)
    return list(months_between(first, month))


def _key_of(target: Target) -> str:
    return TOTAL if target.scope == Scope.PARK else f"zone.{target.scope_code}"


def _why_unlike(target: Target) -> str:
    """Why the park's own figures cannot be compared with a target; empty where they can."""
    one = INDICATORS.get(target.indicator)
    if target.scope in {Scope.DISTRICT, Scope.CITY}:
        return _("It speaks of %(scope)s; the park counts only itself.") % {
            "scope": target.scope_name
        }
    if target.differs:
        return _("It counts more than the park does: %(more)s.") % {"more": target.differs}
    if one is None:
        return _("No indicator counts this.")
    if target.scope == Scope.ZONE and "zone" not in levels_of(one):
        return _("%(indicator)s is not counted by zone.") % {"indicator": one.name}
    return ""


def _time_share(target: Target, month: date) -> Decimal | None:
    """The months that have passed since it was stated, of those until the end of its year."""
    if target.year is None or target.stated_on is None:
        return None
    start = month_of(target.stated_on)
    whole = len(list(months_between(start, date(target.year, 12, 1))))
    passed = len(list(months_between(start, month)))
    return rounded(Decimal(min(passed, whole) * 100) / whole, 1) if whole else None
