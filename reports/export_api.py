"""Exports of statistics: asked for, followed as a job, listed, downloaded."""

from __future__ import annotations

from collections.abc import Sequence

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.downloads import stored_file
from foundation.idempotency import once
from reports import export_serializers as serializers
from reports import services
from reports.models import StatisticsExport
from web.api import ApiView, DetailView, ListView, NounView, Row, Rows
from web.negotiation import WhateverIsAccepted


class ExportNoun(NounView):
    shape = serializers.ExportShape
    detail_name = "export-detail"

    def rows(self) -> Rows:
        return serializers.export_values(StatisticsExport.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [
            serializers.export_row(row, self.user, self.address("export-file", row["id"]))
            for row in rows
        ]


class ExportList(ExportNoun, ListView):
    """Exports, newest first: who took what. Others than the park's people see their own."""

    permissions = {
        "GET": "reports.view_statisticsexport",
        "POST": "reports.export_statistics",
    }
    filters = serializers.ExportFilters
    form = serializers.NewExport
    created = {"202": serializers.TicketShape}

    @once
    def post(self, request: Request) -> Response:
        """Have a workbook made; the job's result names it."""
        job = services.request_export(**self.body(), owner=self.user, today=clock.today())
        location = self.address("job-detail", job.pk)
        return Response({"job": job.pk}, 202, headers={"Location": location})


class ExportDetail(ExportNoun, DetailView):
    """An export."""

    permissions = {"GET": "reports.view_statisticsexport"}


class ExportFile(ApiView):
    """The workbook, for who made it, within a day. Accept is ignored; the ETag is its SHA-256."""

    permissions = {"GET": "reports.export_statistics"}
    content_negotiation_class = WhateverIsAccepted
    answers = {("200", StatisticsExport.media_type): OpenApiTypes.BINARY}

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        exports = StatisticsExport.objects.to_download(self.user)
        return stored_file(request, get_object_or_404(exports, pk=pk), plain="statistics")
