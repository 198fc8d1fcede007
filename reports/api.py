"""Monthly reports: asked for, followed as a job, issued, downloaded."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from reports import serializers, services
from reports.downloads import MEDIA_TYPES, download, download_month
from reports.models import MonthlyReport, ReportFile
from reports.month_page import MonthPage, month_file
from web.api import ActionView, ApiView, DetailView, ListView, NounView, Row, Rows
from web.negotiation import WhateverIsAccepted


class ReportNoun(NounView):
    shape = serializers.ReportShape
    detail_name = "report-detail"

    def rows(self) -> Rows:
        reports = MonthlyReport.objects.visible_to(self.user)
        return serializers.report_values(reports.with_restatement_due())

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return serializers.report_rows(
            rows, self.user, lambda *file: self.address("report-file", *file)
        )


class ReportList(ReportNoun, ListView):
    """Reports, newest month first. Officials see what was issued."""

    permissions = {"GET": "reports.view_monthlyreport", "POST": "reports.build_monthlyreport"}
    filters = serializers.ReportFilters
    form = serializers.NewReport
    created = {"202": serializers.TicketShape}
    ordering = ("-month", "kind", "-revision")

    @once
    def post(self, request: Request) -> Response:
        """Have a report made, or its open draft made again; the job's result names it."""
        job = services.request_report(
            **self.body(), owner=self.user, now=clock.now(), today=clock.today()
        )
        location = self.address("job-detail", job.pk)
        return Response({"job": job.pk}, 202, headers={"Location": location})


class ReportDetail(ReportNoun, DetailView):
    """A report."""

    permissions = {"GET": "reports.view_monthlyreport"}


class ReportIssue(ReportNoun, ActionView):
    """Issue a draft: from now on it is frozen, and officials see it."""

    permissions = {"POST": "reports.issue_monthlyreport"}
    form = serializers.Reason

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.issue_report(report_id=pk, now=clock.now(), **told, **who)


class MonthView(ApiView):
    """A month: each kind of report with where it is, and the month in one file."""

    permissions = {"GET": "reports.view_monthlyreport"}
    shape = serializers.ReportMonthShape

    def get(self, request: Request, month: date) -> Response:
        page = MonthPage(month, self.user, today=clock.today())
        if not page.is_over:
            raise Http404
        row = serializers.month_row(page, lambda *file: self.address("month-file", *file))
        return Response(row)


class MonthFileView(ApiView):
    """A whole month as one xlsx or pdf; once issued always the same bytes. Accept is ignored."""

    permissions = {"GET": "reports.view_monthlyreport"}
    filters = serializers.MonthFilters
    content_negotiation_class = WhateverIsAccepted
    answers = {
        ("200", MEDIA_TYPES[form].partition(";")[0]): OpenApiTypes.BINARY
        for form in ("xlsx", "pdf")
    }

    def get(self, request: Request, month: date, file_format: str) -> HttpResponseBase:
        with_drafts = self.query()["drafts"]
        file = month_file(month, self.user, file_format, with_drafts=with_drafts)
        if file is None:
            raise Http404
        return download_month(request, file)


class ReportFileView(ApiView):
    """A report's file, xlsx, pdf or csv. Accept is ignored; the ETag is the file's SHA-256."""

    permissions = {"GET": "reports.view_monthlyreport"}
    content_negotiation_class = WhateverIsAccepted
    answers = {
        ("200", media_type.partition(";")[0]): OpenApiTypes.BINARY
        for media_type in MEDIA_TYPES.values()
    }

    def get(self, request: Request, pk: int, file_format: str) -> HttpResponseBase:
        reports = MonthlyReport.objects.visible_to(self.user).filter(pk=pk)
        files = ReportFile.objects.for_reader(self.user).filter(report__in=reports)
        file = files.filter(format=file_format).select_related("report").first()
        if file is None:
            raise Http404
        return download(request, file)
