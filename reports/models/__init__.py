"""The nouns of reports: editions and their files, targets, subscriptions, exports."""

from reports.models.exports import ExportKind, StatisticsExport
from reports.models.month_files import MonthFile
from reports.models.monthly import (
    Audience,
    FileFormat,
    MonthlyReport,
    MonthlyReportQuerySet,
    ReportFile,
    ReportKind,
    ReportState,
)
from reports.models.subscriptions import (
    DayRule,
    DeliveredEdition,
    Delivery,
    SubscribedKind,
    Subscription,
)
from reports.models.targets import Scope, Span, Target

__all__ = [
    "Audience",
    "DayRule",
    "DeliveredEdition",
    "Delivery",
    "ExportKind",
    "FileFormat",
    "MonthFile",
    "MonthlyReport",
    "MonthlyReportQuerySet",
    "ReportFile",
    "ReportKind",
    "ReportState",
    "Scope",
    "Span",
    "StatisticsExport",
    "SubscribedKind",
    "Subscription",
    "Target",
]
