"""What an export is of: a month, the quarter that a month is in, or the year up to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from foundation.months import add_months, last_day, months_between
from web import formats


class Length(TextChoices):
    """How long a period is."""

    MONTH = "month", pgettext_lazy("period of an export", "The month")
    QUARTER = "quarter", pgettext_lazy("period of an export", "Its quarter")
    YEAR = "year", pgettext_lazy("period of an export", "The year to date")


@dataclass(frozen=True)
class Period:
    """Whole months of one calendar year, from `first` to `last`."""

    first: date
    last: date

    @classmethod
    def around(cls, length: str, month: date) -> Period:
        """The period of that length that `month` stands for."""
        if length == Length.MONTH:
            return cls(month, month)
        if length == Length.QUARTER:
            first = month.replace(month=(month.month - 1) // 3 * 3 + 1)
            return cls(first, add_months(first, 2))
        return cls(month.replace(month=1), month)

    @property
    def months(self) -> list[date]:
        return list(months_between(self.first, self.last))

    @property
    def end(self) -> date:
        """Its last day."""
        return last_day(self.last)

    @property
    def to_date(self) -> Period:
        """The year up to its last month."""
        return Period(self.first.replace(month=1), self.last)

    @property
    def year_before(self) -> Period:
        """The same months of the year before."""
        return Period(add_months(self.first, -12), add_months(self.last, -12))

    def __str__(self) -> str:
        if self.first == self.last:
            return formats.month(self.first)
        words = {"first": formats.month(self.first), "last": formats.month(self.last)}
        return _("%(first)s to %(last)s") % words
