"""API addresses of reports."""

from django.urls import path

from reports import api

urlpatterns = [
    path("reports/", api.ReportList.as_view(), name="report-list"),
    path("reports/<int:pk>/", api.ReportDetail.as_view(), name="report-detail"),
    path("reports/<int:pk>/issue/", api.ReportIssue.as_view(), name="report-issue"),
    path(
        "reports/<int:pk>/files/<str:file_format>/",
        api.ReportFileView.as_view(),
        name="report-file",
    ),
]
