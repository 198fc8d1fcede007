"""Which workbook it is: one line in a hidden row of its first sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.months import format_month, parse_month
from foundation.spreadsheets import Sheet
from web.refusals import Refusal

FORMAT = 1
_LINE = re.compile(
    r"xiyuan-(?P<kind>return|months|park)/(?P<format>\d{1,4}) (?P<whose>[0-9A-Z]{18}|-) "
    r"(?P<month>\d{4}-\d{2}|-) r(?P<revision>\d{1,6}) v(?P<version>\d{1,9})"
)
_LOOKED_AT = 5  # rows of a sheet


class Kind(StrEnum):
    """Whose returns of which months a workbook holds."""

    RETURN = "return"  # one of one
    MONTHS = "months"  # all months of one enterprise
    PARK = "park"  # all enterprises of a month


class NotOurWorkbook(Refusal):
    """The workbook was not downloaded here, or what says so was taken out of it."""

    status = 400
    code = "not_our_workbook"
    title = gettext_lazy("Not a workbook of returns")


class OtherFormat(Refusal):
    """The workbook has another arrangement than this edition of Xiyuan reads."""

    status = 400
    code = "other_format"
    title = gettext_lazy("Made by another edition")


class Stamp(NamedTuple):
    """Kind, credit code ("" in that of the park), month (None in that of all months), and the
    revision and version of the return as it was downloaded (of one return)."""

    kind: Kind
    credit_code: str = ""
    month: date | None = None
    revision: int = 0
    version: int = 0

    def __str__(self) -> str:
        month = format_month(self.month) if self.month else "-"
        whose = self.credit_code or "-"
        what = f"xiyuan-{self.kind}/{FORMAT} {whose} {month}"
        return f"{what} r{self.revision} v{self.version}"


def stamp_of(sheets: Iterable[Sheet]) -> Stamp:
    """The stamp of a workbook. Raises `NotOurWorkbook` or `OtherFormat`."""
    for sheet in sheets:
        for row in sheet.rows[:_LOOKED_AT]:
            for value in row.values:
                if isinstance(value, str) and (found := _LINE.fullmatch(value.strip())):
                    return _stamp(found)
    raise NotOurWorkbook(
        _("This is not a workbook that was downloaded here. Download it, fill it in, upload it.")
    )


def _stamp(found: re.Match[str]) -> Stamp:
    made = int(found["format"])
    if made > FORMAT:
        raise OtherFormat(
            _("This workbook is newer than this system reads. Download it anew and copy into it.")
        )
    if made < FORMAT:
        raise OtherFormat(
            _("This workbook was made by an older edition. Download it anew and copy into it.")
        )
    kind = Kind(found["kind"])
    month = parse_month(found["month"])
    whose = found["whose"].strip("-")
    if (kind != Kind.PARK and not whose) or (kind != Kind.MONTHS and month is None):
        raise NotOurWorkbook(_("This workbook does not say whose it is. Download it anew."))
    return Stamp(kind, whose, month, int(found["revision"]), int(found["version"]))
