"""What is done with monthly reports.

`building` is not named here: only the worker imports it.
"""

from reports.services.chain import verify_chain
from reports.services.exporting import request_export
from reports.services.issuing import NotADraft, ReportOutdated, issue_report
from reports.services.month_files import request_month_files, verify_month_files
from reports.services.requesting import (
    draft_due_reports,
    request_month,
    request_report,
    retry_failed_builds,
)
from reports.services.signing import names_below
from reports.services.subscribing import change_subscription, stop_subscription, subscribe
from reports.services.targets import add_target, change_target, load_targets
from reports.services.telling import TablesNotIssued, write_text

__all__ = [
    "NotADraft",
    "ReportOutdated",
    "TablesNotIssued",
    "add_target",
    "change_subscription",
    "change_target",
    "draft_due_reports",
    "issue_report",
    "load_targets",
    "names_below",
    "request_export",
    "request_month",
    "request_month_files",
    "request_report",
    "retry_failed_builds",
    "stop_subscription",
    "subscribe",
    "verify_chain",
    "verify_month_files",
    "write_text",
]
