"""What is done with monthly reports.

`building` is not named here: it needs pandas, and only the worker imports it.
"""

from reports.services.chain import verify_chain
from reports.services.exporting import request_export
from reports.services.issuing import NotADraft, ReportOutdated, issue_report
from reports.services.requesting import draft_due_reports, request_report

__all__ = [
    "NotADraft",
    "ReportOutdated",
    "draft_due_reports",
    "issue_report",
    "request_export",
    "request_report",
    "verify_chain",
]
