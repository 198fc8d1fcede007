"""Pages of monthly reports and indicators."""

from django.urls import path

from reports.months import MONTH
from reports.views import (
    dashboard,
    exports,
    making,
    months,
    reading,
    subscriptions,
    targets,
    texts,
    then,
    thresholds,
)

app_name = "reports"
urlpatterns = [
    path("", reading.report_list, name="report-list"),
    path("build/", making.report_build, name="report-build"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("indicators/", reading.indicator_list, name="indicator-list"),
    path("indicators/<slug:code>/", dashboard.indicator_detail, name="indicator-detail"),
    path("indicators/<slug:code>/rows/", dashboard.indicator_rows, name="indicator-rows"),
    path("targets/", targets.target_list, name="target-list"),
    path("targets/new/", targets.target_create, name="target-create"),
    path("targets/<int:pk>/", targets.target_change, name="target-change"),
    path("subscriptions/", subscriptions.subscription_list, name="subscription-list"),
    path("subscriptions/new/", subscriptions.subscription_create, name="subscription-create"),
    path("subscriptions/<int:pk>/", subscriptions.subscription_change, name="subscription-change"),
    path("subscriptions/<int:pk>/stop/", subscriptions.subscription_stop, name="subscription-stop"),
    path("subscriptions/sent/<int:pk>/", subscriptions.delivery_detail, name="delivery-detail"),
    path("thresholds/", thresholds.threshold_list, name="threshold-list"),
    path("thresholds/file/", thresholds.threshold_export, name="threshold-export"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/create/", exports.export_create, name="export-create"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("<int:pk>/", reading.report_detail, name="report-detail"),
    path(f"months/<{MONTH}:month>/", months.month_detail, name="month-detail"),
    path(f"months/<{MONTH}:month>/drafts/", months.month_drafts, name="month-drafts"),
    path(f"months/<{MONTH}:month>/issue/", months.month_issue, name="month-issue"),
    path(f"months/<{MONTH}:month>/files/", months.month_bundle, name="month-bundle"),
    path(
        f"months/<{MONTH}:month>/files/<str:which>/<str:format>/",
        months.month_file,
        name="month-file",
    ),
    path("<int:pk>/text/", texts.text_edit, name="text-edit"),
    path("<int:pk>/today/", then.report_today, name="report-today"),
    path("on/<str:day>/", then.report_on, name="report-on"),
    path("<int:pk>/issue/", making.report_issue, name="report-issue"),
    path("<int:pk>/rows/", reading.report_rows, name="report-rows"),
    path("<int:pk>/files/<str:format>/", reading.report_file, name="report-file"),
]
