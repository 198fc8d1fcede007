"""Pages of monthly reports and indicators."""

from django.urls import path

from reports.views import exports, making, reading, then, thresholds

app_name = "reports"
urlpatterns = [
    path("", reading.report_list, name="report-list"),
    path("build/", making.report_build, name="report-build"),
    path("indicators/", reading.indicator_list, name="indicator-list"),
    path("thresholds/", thresholds.threshold_list, name="threshold-list"),
    path("thresholds/file/", thresholds.threshold_export, name="threshold-export"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/create/", exports.export_create, name="export-create"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("<int:pk>/", reading.report_detail, name="report-detail"),
    path("<int:pk>/today/", then.report_today, name="report-today"),
    path("on/<str:day>/", then.report_on, name="report-on"),
    path("<int:pk>/issue/", making.report_issue, name="report-issue"),
    path("<int:pk>/rows/", reading.report_rows, name="report-rows"),
    path("<int:pk>/files/<str:format>/", reading.report_file, name="report-file"),
]
