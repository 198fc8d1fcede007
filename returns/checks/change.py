"""By how much a figure differs from the last month's, and how that is said."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from foundation.models import Setting
from web.formats import percent

USUAL_MOST = Decimal(Setting.DEFAULTS[Setting.Name.CHECK_CHANGE]) / 100


class Change(NamedTuple):
    """By how much a figure differs from the last month's; `most` is no surprise."""

    ratio: Decimal
    most: Decimal = USUAL_MOST

    @property
    def is_big(self) -> bool:
        """Whether it catches the eye."""
        return abs(self.ratio) > self.most


def change_of(
    value: Decimal | int | None, before: Decimal | int | None, most: Decimal = USUAL_MOST
) -> Change | None:
    """The relative change; None where there is nothing to compare with."""
    if value is None or not before:
        return None
    return Change(Decimal(value) / Decimal(before) - 1, most)


def jump_in_words(change: Change, people: str = "") -> str:
    """38.2% more than last month (+198)."""
    said = {"percent": percent(abs(change.ratio)), "people": people}
    if change.ratio > 0:
        return (
            _("%(percent)s more than last month (%(people)s).")
            if people
            else _("%(percent)s more than last month.")
        ) % said
    return (
        _("%(percent)s fewer than last month (%(people)s).")
        if people
        else _("%(percent)s less than last month.")
    ) % said


def how_much(most: Decimal) -> str:
    """From which change on a reason is asked for."""
    said = {"most": percent(most, 0)}
    return _("More than %(most)s: please say why; you can still submit.") % said
