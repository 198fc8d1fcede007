"""A whole workbook beside what is stored: read, matched, judged; every error of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.spreadsheets import Problems, read_workbook
from returns.models import MonthlyReturn, MonthlyReturnQuerySet
from returns.workbooks.comparing import Compared, compared, seen_of
from returns.workbooks.filled import Filled
from returns.workbooks.judging import judge
from returns.workbooks.reading import filled_in
from returns.workbooks.stamp import Kind, Stamp, stamp_of
from tenants.models import Enterprise
from web import formats
from web.refusals import Refusal


class OtherWorkbook(Refusal):
    """The workbook is of another month or enterprise than the page it was uploaded on."""

    status = 400
    code = "other_workbook"
    title = gettext_lazy("Another workbook")


class Read(NamedTuple):
    """A workbook as it was read; what could not be read is among the problems."""

    stamp: Stamp
    filled: Sequence[Filled]
    problems: Problems


@dataclass
class Comparison:
    """All returns of a workbook; `seen` says what a person had before them."""

    stamp: Stamp
    enterprise: Enterprise | None
    found: list[Compared]

    @property
    def changed(self) -> list[Compared]:
        return [one for one in self.found if one.is_changed]

    @property
    def new_count(self) -> int:
        return sum(one.is_new for one in self.found)

    @property
    def changed_count(self) -> int:
        """Returns that are there and change."""
        return len(self.changed) - self.new_count

    @property
    def unchanged_count(self) -> int:
        return len(self.found) - len(self.changed)

    @property
    def cell_count(self) -> int:
        return sum(len(one.changes) for one in self.found)

    @property
    def seen(self) -> str:
        return seen_of(self.found)

    @property
    def is_overtaken(self) -> bool:
        """Whether the return was saved by somebody after the workbook was downloaded."""
        versions = [one.version for one in self.found]
        return self.stamp.kind == Kind.RETURN and versions != [self.stamp.version]


def read_returns(data: bytes) -> Read:
    """The returns of an uploaded workbook, in a few seconds of another process.

    Raises `NotAWorkbook`, `WorkbookTooLarge`, `NotOurWorkbook` or `OtherFormat`.
    """
    sheets = read_workbook(data)
    stamp, problems = stamp_of(sheets), Problems()
    return Read(stamp, filled_in(sheets, stamp, problems), problems)


def compare_returns(
    read: Read, *, user: User, today: date, rows: MonthlyReturnQuerySet | None = None
) -> Comparison:
    """What a workbook changes of what `user` may see. `rows`: those to look among.

    Raises `OtherWorkbook`, and `SpreadsheetErrors` with all that keeps it from being saved.
    """
    stamp, problems = read.stamp, read.problems
    enterprises = _enterprises(read, user)
    rows = MonthlyReturn.objects.visible_to(user) if rows is None else rows
    returns = {
        (row.enterprise_id, row.month): row
        for row in rows.filter(
            enterprise__in=[one.pk for one in enterprises.values()],
            month__in={filled.key.month for filled in read.filled},
        ).prefetch_related("classes", "markets")
    }
    found = []
    for filled in read.filled:
        enterprise = enterprises.get(filled.key.credit_code)
        if enterprise is None:
            said = _("There is no enterprise with this credit code: %(code)s.")
            problems.add(filled.place, said % {"code": filled.key.credit_code}, "unknown")
            continue
        row = returns.get((enterprise.pk, filled.key.month))
        found.append(compared(filled, enterprise, row))
    judge(found, user, today, problems)
    problems.refuse_if_any()
    return Comparison(stamp, enterprises.get(stamp.credit_code), found)


def _enterprises(read: Read, user: User) -> dict[str, Enterprise]:
    """Those that the workbook names and this person may see, by credit code."""
    if read.stamp.kind == Kind.PARK and not user.has_perm("returns.view_every_monthlyreturn"):
        raise OtherWorkbook(_("This workbook holds all enterprises: only the park uploads it."))
    codes = {filled.key.credit_code for filled in read.filled} | {read.stamp.credit_code}
    rows = Enterprise.objects.visible_to(user).filter(credit_code__in=codes)
    found = {row.credit_code: row for row in rows}
    if read.stamp.kind != Kind.PARK and read.stamp.credit_code not in found:
        said = _("This workbook is of an enterprise that is not yours: %(code)s.")
        raise OtherWorkbook(said % {"code": read.stamp.credit_code})
    return found


def refuse_other(
    stamp: Stamp, *, kind: Kind, enterprise: Enterprise | None, month: date | None
) -> None:
    """Refuse the workbook of another page by name. Raises `OtherWorkbook`."""
    here = Stamp(kind, enterprise.credit_code if enterprise else "", month)
    if stamp[:3] == here[:3]:
        return
    said = _("This workbook is %(theirs)s; this page takes %(ours)s.")
    raise OtherWorkbook(said % {"theirs": what_it_is(stamp), "ours": what_it_is(here)})


def what_it_is(stamp: Stamp) -> str:
    """A workbook in words: whose, and which month."""
    month = formats.month(stamp.month)
    if stamp.kind == Kind.PARK:
        return _("that of all enterprises for %(month)s") % {"month": month}
    row = Enterprise.objects.filter(credit_code=stamp.credit_code).first()
    words = {"enterprise": row.short_name if row else stamp.credit_code, "month": month}
    if stamp.kind == Kind.MONTHS:
        return _("that of all months of %(enterprise)s") % words
    return _("that of %(enterprise)s for %(month)s") % words
