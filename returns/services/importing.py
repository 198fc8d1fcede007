"""Workbooks of returns: kept between the comparison and the button, and saved as drafts.

All of a workbook in one transaction, or nothing. Submitting stays the signed act of a person.
"""

from __future__ import annotations

import hashlib
from copy import copy
from datetime import date, datetime
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.models import StoredFile
from park.lock import park_locked
from returns.models import MonthlyReturn, ReturnImport
from returns.services.many import Written, write_drafts
from returns.workbooks.comparing import Compared
from returns.workbooks.comparison import Comparison, Read, compare_returns, read_returns
from returns.workbooks.judging import notes_of
from returns.workbooks.stamp import Stamp
from tenants.models import Enterprise
from web.refusals import Refusal, Stale


class WorkbookExpired(Refusal):
    """A workbook waits a day for the button; what is stored may be quite another by then."""

    code = "workbook_expired"
    title = gettext_lazy("Uploaded too long ago")


def keep_workbook(
    *,
    file_name: str,
    data: bytes,
    stamp: Stamp,
    enterprise: Enterprise | None,
    now: datetime,
    acting_user: User,
) -> ReturnImport:
    """Keep a workbook that was read, until its changes are saved. Nothing of a return changes.

    Those of this person that nobody saved within a day are thrown away.
    """
    with recorded(acting_user):
        _forget_old(now, acting_user)
        file = StoredFile.objects.create(
            name=f"returns/{uuid4().hex}.xlsx",
            data=data,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        return ReturnImport.objects.create(
            kind=stamp.kind.value,
            enterprise=enterprise,
            month=stamp.month,
            file_name=file_name[-200:],
            file=file,
            created_by=acting_user,
            created_at=now,
        )


def apply_import(
    *, import_id: int, seen: str, now: datetime, today: date, acting_user: User
) -> ReturnImport:
    """Save what a kept workbook says; done once, however often it is asked for.

    Raises `WorkbookExpired`, and what `save_returns` raises.
    """
    kept = ReturnImport.objects.select_related("file").get(pk=import_id)
    read = read_returns(bytes(kept.file.data))
    with park_locked(acting_user, shared=True):
        row = ReturnImport.objects.select_for_update(of=("self",), no_key=True).get(pk=import_id)
        if row.applied_at is not None:
            return row
        if now - row.created_at > ReturnImport.WITHIN:
            raise WorkbookExpired(
                _("This workbook was uploaded more than a day ago. Upload it again.")
            )
        comparison = save_returns(
            read=read, seen=seen, now=now, today=today, acting_user=acting_user
        )
        row.counts, row.applied_at = counts_of(comparison), now
        row.save(update_fields=["counts", "applied_at"])
    return row


def save_returns(
    *, read: Read, seen: str | None, now: datetime, today: date, acting_user: User
) -> Comparison:
    """Save all that a workbook says as drafts, or nothing.

    `seen` is that of the comparison that the person had before them; None: whatever is stored.
    Raises `OtherWorkbook`, `SpreadsheetErrors`, `Stale`, and what saving a draft raises.
    """
    with park_locked(acting_user, shared=True):
        _lock(read)
        comparison = compare_returns(read, user=acting_user, today=today)
        if seen is not None and seen != comparison.seen:
            raise Stale
        written = [_written(one) for one in comparison.changed]
        write_drafts(written=written, now=now, acting_user=acting_user)
    return comparison


def counts_of(comparison: Comparison) -> dict[str, int]:
    """How many returns a workbook begins, changes, leaves as they are."""
    return {
        "new": comparison.new_count,
        "changed": comparison.changed_count,
        "unchanged": comparison.unchanged_count,
    }


def _lock(read: Read) -> None:
    """Lock the returns that the workbook names, in one order for everybody."""
    rows = MonthlyReturn.objects.filter(
        enterprise__credit_code__in={filled.key.credit_code for filled in read.filled},
        month__in={filled.key.month for filled in read.filled},
    )
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _written(one: Compared) -> Written:
    """What is written; the comparison itself stays as it was looked at."""
    return Written(
        enterprise=one.enterprise,
        month=one.month,
        row=copy(one.row),
        figures=one.figures,
        classes=one.classes,
        markets=one.markets,
        notes=notes_of(one),
    )


def _forget_old(now: datetime, user: User) -> None:
    old = ReturnImport.objects.filter(
        created_by=user, applied_at=None, created_at__lt=now - ReturnImport.WITHIN
    )
    files = list(old.values_list("file", flat=True))
    old.delete()
    StoredFile.objects.filter(pk__in=files).delete()
