"""Returns as workbooks: the form of one to download, and any of the three to upload."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.months import format_month
from foundation.spreadsheets import bytes_of
from returns.desk import closed_among
from returns.models import MonthlyReturn
from returns.services.importing import save_returns
from returns.services.steps import EDITABLE
from returns.workbooks.comparison import compare_returns, read_returns
from returns.workbooks.form import form_of
from returns.workbooks.shown import as_data
from returns.workbooks.stamp import Kind
from web.api import ApiView
from web.attachments import attachment
from web.negotiation import WhateverIsAccepted
from web.serializers import Body

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookUpload(Body):
    """A workbook that was downloaded here and filled in, as `multipart/form-data`."""

    file = serializers.FileField(help_text=".xlsx, at most 10 MB.")
    apply = serializers.BooleanField(
        default=False, help_text="true: save it as drafts. Without it only what changes is told."
    )
    seen = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=32,
        help_text="That of the comparison you decided on: 412 `stale` if it has changed since.",
    )


class CellChangeShape(serializers.Serializer):
    """A cell that the workbook says another thing of; "" is a blank cell."""

    cell = serializers.CharField(help_text="revenue, class:BPO-2-3:executed_value, note:revenue.")
    at = serializers.CharField(help_text="Sheet and cell of the workbook.")
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """`label` is a field here, not the name of the serializer."""
        return {**super().get_fields(), "label": serializers.CharField()}


class ChangedReturnShape(serializers.Serializer):
    enterprise = serializers.IntegerField()
    month = serializers.CharField(help_text="YYYY-MM.")
    changes = CellChangeShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        number = serializers.IntegerField(allow_null=True, help_text="null: there is none yet.")
        return {"return": number, **super().get_fields()}


class ComparisonShape(serializers.Serializer):
    """What a workbook changes."""

    kind = serializers.ChoiceField([kind.value for kind in Kind])
    enterprise = serializers.IntegerField(allow_null=True)
    month = serializers.CharField(allow_null=True, help_text="YYYY-MM.")
    seen = serializers.CharField(help_text="Says what was compared; send it with `apply`.")
    applied = serializers.BooleanField(help_text="Whether it was saved.")
    new = serializers.IntegerField(help_text="Returns that it begins.")
    changed = serializers.IntegerField(help_text="Returns that it changes.")
    unchanged = serializers.IntegerField()
    returns = ChangedReturnShape(many=True)


class ReturnWorkbook(ApiView):
    """A return as a workbook to fill in; to read only where it cannot be. Accept is ignored."""

    permissions = {"GET": "returns.view_monthlyreturn"}
    content_negotiation_class = WhateverIsAccepted
    answers = {("200", XLSX): OpenApiTypes.BINARY}

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        rows = MonthlyReturn.objects.visible_to(self.user).select_related("enterprise")
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        may_file = self.user.has_perm("returns.file_monthlyreturn") and row.state in EDITABLE
        data = form_of(row, is_open=may_file and not closed_among([row.month]))
        response = HttpResponse(data, content_type=XLSX)
        name = f"{row.enterprise.short_name}-{format_month(row.month)}.xlsx"
        fallback = f"return-{row.pk}.xlsx"
        response.headers["Content-Disposition"] = attachment(name, fallback=fallback)
        response.headers["Cache-Control"] = "private, no-cache"
        return response


class ReturnUpload(ApiView):
    """What an uploaded workbook changes; with `apply` it is saved as drafts, all or nothing.

    The workbook says what it is: one return, all months of an enterprise, or, for the park, all
    enterprises of a month. `errors` of a 400 name sheet and cell.
    """

    permissions = {"POST": "returns.file_monthlyreturn"}
    parser_classes = [MultiPartParser]
    form = WorkbookUpload
    shape = ComparisonShape
    created = {"200": ComparisonShape}
    may_be_stale = True

    def body(self, *, partial: bool = False) -> dict[str, Any]:
        form = self.form(data=self.request.data, context={"user": self.user})
        form.is_valid(raise_exception=True)
        return form.validated_data

    def post(self, request: Request) -> Response:
        told = self.body()
        read, today = read_returns(bytes_of(told["file"])), clock.today()
        if not told["apply"]:
            comparison = compare_returns(read, user=self.user, today=today)
        else:
            comparison = save_returns(
                read=read,
                seen=told["seen"] or None,
                now=clock.now(),
                today=today,
                acting_user=self.user,
            )
        return Response(as_data(comparison, is_applied=told["apply"]))
