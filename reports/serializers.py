"""Monthly reports: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.models import User
from foundation.months import format_month
from park.serializers import MonthField
from reports.models import FileFormat, MonthlyReport, ReportFile, ReportKind, ReportState
from reports.month_page import MonthPage
from web.instants import iso_instant
from web.serializers import Body, Query, Text


class NewReport(Body):
    """A report for a month that is over."""

    kind = serializers.ChoiceField(ReportKind.choices)
    month = MonthField(help_text="YYYY-MM.")


class SignaturesBody(Body):
    """Who answers for a report, as its foot says."""

    head = Text(required=False, allow_blank=True, default="", max_length=40)
    statistician = Text(required=False, allow_blank=True, default="", max_length=40)
    filled_in_by = Text(required=False, allow_blank=True, default="", max_length=40)
    telephone = Text(required=False, allow_blank=True, default="", max_length=40)


class Reason(Body):
    """Why an issued report is replaced, and who answers for it: as last time, if left out."""

    ignores_unknown = True

    reason = Text(required=False, allow_blank=True, default="", max_length=500)
    signatures = SignaturesBody(required=False)


class ReportFilters(Query):
    kind = serializers.ChoiceField(ReportKind.choices, required=False)
    month = MonthField(required=False)
    state = serializers.ChoiceField(ReportState.choices, required=False)


class TicketShape(serializers.Serializer):
    """The job that does the work: follow jobs/{id}/."""

    job = serializers.IntegerField()


class FilesShape(serializers.Serializer):
    xlsx = serializers.URLField(allow_null=True)
    pdf = serializers.URLField(allow_null=True)
    csv = serializers.URLField(allow_null=True)


class DigestsShape(serializers.Serializer):
    """SHA-256 of each file."""

    xlsx = serializers.CharField(allow_null=True)
    pdf = serializers.CharField(allow_null=True)
    csv = serializers.CharField(allow_null=True)


class ReportShape(serializers.Serializer):
    """One edition of one report for one month. Once issued it is frozen."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ReportKind.choices)
    month = serializers.CharField(help_text="YYYY-MM.")
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(ReportState.choices)
    issued_at = serializers.DateTimeField(allow_null=True)
    issued_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField(
        allow_blank=True, help_text="Of a restatement: what changed and why."
    )
    restatement_due = serializers.BooleanField(
        help_text="The data were corrected, or its month reopened, after it was issued."
    )
    files = FilesShape()
    sha256 = DigestsShape()
    issue_sha256 = serializers.CharField(
        allow_null=True, help_text="Of the issue: the figures, the files, the previous issue."
    )
    previous_sha256 = serializers.CharField(allow_null=True)
    filed = serializers.IntegerField(help_text="Returns filed for the month.")
    expected = serializers.IntegerField(help_text="Returns owed for the month.")
    data_as_of = serializers.DateTimeField()
    has_sample = serializers.BooleanField(help_text="Some of its figures are invented.")


def report_values(reports: QuerySet[MonthlyReport]) -> QuerySet[MonthlyReport, dict[str, Any]]:
    """`reports`, which have `restatement_due`, as `report_rows` wants them."""
    return reports.values(
        *("id", "kind", "month", "revision", "state", "issued_at", "issued_by__name", "reason"),
        *("restatement_due", "sha256", "previous_sha256", "filed", "expected", "data_as_of"),
        *("has_sample", "version"),
    )


def report_rows(
    rows: Sequence[dict[str, Any]], user: User, address: Callable[[int, str], str]
) -> list[dict[str, Any]]:
    """`rows` with the files that `user` gets, in one query; `address` of a report's file."""
    digests: dict[int, dict[str, str]] = {row["id"]: {} for row in rows}
    files = ReportFile.objects.for_reader(user).filter(report__in=list(digests))
    for report, form, sha256 in files.values_list("report_id", "format", "sha256"):
        digests[report][form] = sha256
    return [_report_row(row, digests[row["id"]], address) for row in rows]


def _report_row(
    row: dict[str, Any], digests: dict[str, str], address: Callable[[int, str], str]
) -> dict[str, Any]:
    pk = row["id"]
    return {
        "id": pk,
        "kind": row["kind"],
        "month": format_month(row["month"]),
        "revision": row["revision"],
        "state": row["state"],
        "issued_at": iso_instant(row["issued_at"]),
        "issued_by": row["issued_by__name"],
        "reason": row["reason"],
        "restatement_due": row["restatement_due"],
        "files": {
            form: address(pk, form) if form in digests else None for form in FileFormat.values
        },
        "sha256": {form: digests.get(form) for form in FileFormat.values},
        "issue_sha256": row["sha256"],
        "previous_sha256": row["previous_sha256"],
        "filed": row["filed"],
        "expected": row["expected"],
        "data_as_of": iso_instant(row["data_as_of"]),
        "has_sample": row["has_sample"],
    }


class MonthFilters(Query):
    drafts = serializers.BooleanField(
        required=False, default=False, help_text="Drafts too, for those who may see them."
    )


class MonthFileShape(serializers.Serializer):
    """All reports of the month in one file."""

    url = serializers.URLField()
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class MonthFilesShape(serializers.Serializer):
    """Null while they are not put together."""

    xlsx = MonthFileShape(allow_null=True)
    pdf = MonthFileShape(allow_null=True)


class MonthKindShape(serializers.Serializer):
    """A kind of report in the month: the edition that is valid, and the open draft."""

    kind = serializers.ChoiceField(ReportKind.choices)
    form = serializers.CharField(allow_blank=True, help_text="The number of its form: Y1.")
    state = serializers.ChoiceField(["not_made", "being_made", "draft", "issued", "due"])
    issued = serializers.IntegerField(allow_null=True)
    draft = serializers.IntegerField(allow_null=True)


class ReportMonthShape(serializers.Serializer):
    """A month with all its reports. Officials see what was issued."""

    month = serializers.CharField(help_text="YYYY-MM.")
    is_closed = serializers.BooleanField()
    reports = MonthKindShape(many=True)
    files = MonthFilesShape(help_text="Of the issued editions.")


def month_row(page: MonthPage, address: Callable[[str, str], str]) -> dict[str, Any]:
    """A month as the API shows it; `address` of its file in a format."""
    files = {file.format: file for file in page.issued_files.files}
    month = format_month(page.month)
    return {
        "month": month,
        "is_closed": bool(page.closing and page.closing.is_closed),
        "reports": [
            {
                "kind": line.kind.code.value,
                "form": line.kind.number,
                "state": line.state,
                "issued": line.issued.pk if line.issued else None,
                "draft": line.draft.pk if line.draft else None,
            }
            for line in page.lines
        ],
        "files": {
            form: {
                "url": address(month, form),
                "sha256": files[form].sha256,
                "made_at": iso_instant(files[form].made_at),
            }
            if form in files
            else None
            for form in ("xlsx", "pdf")
        },
    }
