"""API addresses of reports."""

from django.urls import path

from reports import api, export_api
from reports.months import MONTH

urlpatterns = [
    path("reports/", api.ReportList.as_view(), name="report-list"),
    path("exports/", export_api.ExportList.as_view(), name="export-list"),
    path("exports/<int:pk>/", export_api.ExportDetail.as_view(), name="export-detail"),
    path("exports/<int:pk>/file/", export_api.ExportFile.as_view(), name="export-file"),
    path("reports/<int:pk>/", api.ReportDetail.as_view(), name="report-detail"),
    path(f"reports/months/<{MONTH}:month>/", api.MonthView.as_view(), name="month-detail"),
    path(
        f"reports/months/<{MONTH}:month>/files/<str:file_format>/",
        api.MonthFileView.as_view(),
        name="month-file",
    ),
    path("reports/<int:pk>/issue/", api.ReportIssue.as_view(), name="report-issue"),
    path(
        "reports/<int:pk>/files/<str:file_format>/",
        api.ReportFileView.as_view(),
        name="report-file",
    ),
]
