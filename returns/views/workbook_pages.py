"""What the pages of workbooks show."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import format_month
from foundation.spreadsheets import SpreadsheetErrors, bytes_of
from returns.desk import closed_among
from returns.models import MonthlyReturn, ReturnImport
from returns.services.importing import keep_workbook
from returns.workbooks.comparison import (
    OtherWorkbook,
    compare_returns,
    read_returns,
    refuse_other,
)
from returns.workbooks.entry_forms import WorkbookForm
from returns.workbooks.shown import Difference
from returns.workbooks.stamp import Kind
from tenants.models import Enterprise
from web import formats
from web.attachments import attachment
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal, Stale

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Target(NamedTuple):
    """What a workbook is uploaded for: one return, all months of one, or all of a month."""

    kind: Kind
    enterprise: Enterprise | None = None
    month: date | None = None
    row: MonthlyReturn | None = None

    @property
    def _names(self) -> tuple[str, int | str]:
        if self.kind == Kind.RETURN and self.row:
            return "return", self.row.pk
        if self.kind == Kind.MONTHS and self.enterprise:
            return "enterprise", self.enterprise.pk
        return "month", format_month(self.month) if self.month else ""

    @property
    def download_url(self) -> str:
        name, argument = self._names
        return reverse(f"returns:{name}-workbook", args=[argument])

    @property
    def upload_url(self) -> str:
        name, argument = self._names
        return reverse(f"returns:{name}-upload", args=[argument])

    @property
    def url(self) -> str:
        """The page that it belongs to."""
        name, argument = self._names
        room = "portal" if name == "enterprise" else "returns"
        return reverse(f"{room}:{name}-detail", args=[argument])

    @property
    def title(self) -> str:
        """What is uploaded, in words."""
        name = self.enterprise.short_name if self.enterprise else ""
        words = {"enterprise": name, "month": formats.month(self.month)}
        if self.kind == Kind.RETURN:
            return _("%(enterprise)s: return for %(month)s from Excel") % words
        if self.kind == Kind.MONTHS:
            return _("%(enterprise)s: returns of all months from Excel") % words
        return _("Returns of all enterprises for %(month)s from Excel") % words

    @property
    def name(self) -> str:
        """The page that it belongs to, as the way to this one names it."""
        return formats.month(self.month) if self.month else _("All months")


def target_of(request: UserRequest, row: ReturnImport) -> Target:
    """What a kept workbook was uploaded for."""
    kind = Kind(row.kind)
    if kind != Kind.RETURN:
        return Target(kind, row.enterprise, row.month)
    rows = MonthlyReturn.objects.visible_to(request.user)
    found = get_object_or_404(rows, enterprise=row.enterprise, month=row.month)
    return Target(kind, row.enterprise, row.month, found)


def is_closed(month: date) -> bool:
    """Whether a month is closed."""
    return month in closed_among([month])


def workbook(data: bytes, name: str, plain: str) -> HttpResponse:
    """A workbook to download."""
    response = HttpResponse(data, content_type=XLSX)
    fallback = f"returns-{plain}.xlsx"
    response.headers["Content-Disposition"] = attachment(f"{name}.xlsx", fallback=fallback)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def upload_page(request: UserRequest, target: Target) -> HttpResponse:
    """A place for the file; every error of it with its cell; else on to what it changes."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "target": target}
    status = 200
    if form.is_valid():
        try:
            return see_other(request, _kept(request, target, form))
        except SpreadsheetErrors as refusal:
            context["refusal"], status = refusal, refusal.status
        except Refusal as refusal:
            add_refusal(form, refusal)
            status = refusal.status
    return render(request, "returns/workbook_upload.html", context, status=status)


def _kept(request: UserRequest, target: Target, form: WorkbookForm) -> str:
    """Read a workbook, compare it, keep it; where its changes are to be seen."""
    upload = form.cleaned_data["file"]
    data = bytes_of(upload)
    read = read_returns(data)
    refuse_other(read.stamp, kind=target.kind, enterprise=target.enterprise, month=target.month)
    compare_returns(read, user=request.user, today=clock.today())
    row = keep_workbook(
        file_name=upload.name or "",
        data=data,
        stamp=read.stamp,
        enterprise=target.enterprise,
        now=clock.now(),
        acting_user=request.user,
    )
    return reverse("returns:workbook-changes", args=[row.pk])


def changes_page(
    request: UserRequest, row: ReturnImport, refusal: Refusal | None = None
) -> HttpResponse:
    """What a workbook changes of what is stored now; `refusal`: why it was not saved."""
    context: dict[str, object] = {"row": row, "target": target_of(request, row)}
    context["is_stale"] = isinstance(refusal, Stale)
    try:
        read = read_returns(bytes(row.file.data))
        comparison = compare_returns(read, user=request.user, today=clock.today())
        context["difference"] = Difference(comparison)
    except (SpreadsheetErrors, OtherWorkbook) as errors:
        refusal = refusal if isinstance(refusal, SpreadsheetErrors) else errors
    context["refusal"] = refusal
    status = refusal.status if refusal else 200
    return render(request, "returns/workbook_changes.html", context, status=status)
