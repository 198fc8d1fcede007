"""Pages of monthly returns and of their months."""

from django.urls import path

from returns.views import filing, filling_in, month_work, months, rates, returns, workbooks

app_name = "returns"
urlpatterns = [
    path("", months.return_list, name="return-list"),
    path("months/<str:month>/", months.month_detail, name="month-detail"),
    path("months/<str:month>/close/", months.month_close, name="month-close"),
    path("months/<str:month>/reopen/", months.month_reopen, name="month-reopen"),
    path("months/<str:month>/remind/", month_work.month_remind, name="month-remind"),
    path("months/<str:month>/accept/", month_work.month_accept, name="month-accept"),
    path("months/<str:month>/export/", month_work.month_export, name="month-export"),
    path("months/<str:month>/workbook/", workbooks.month_workbook, name="month-workbook"),
    path("months/<str:month>/upload/", workbooks.month_upload, name="month-upload"),
    path(
        "enterprises/<int:pk>/workbook/", workbooks.enterprise_workbook, name="enterprise-workbook"
    ),
    path("enterprises/<int:pk>/upload/", workbooks.enterprise_upload, name="enterprise-upload"),
    path("uploads/<int:pk>/", workbooks.workbook_changes, name="workbook-changes"),
    path("uploads/<int:pk>/apply/", workbooks.workbook_apply, name="workbook-apply"),
    path("rates/", rates.rate_list, name="rate-list"),
    path("rates/copy/", rates.rate_copy, name="rate-copy"),
    path("checks/", filling_in.check_list, name="check-list"),
    path("parts/<int:enterprise>/", filling_in.part_assign, name="part-assign"),
    path("new/", filing.return_create, name="return-create"),
    path("<int:pk>/", returns.return_detail, name="return-detail"),
    path("<int:pk>/edit/", filing.return_edit, name="return-edit"),
    path("<int:pk>/news/", filing.return_news, name="return-news"),
    path("<int:pk>/nil/", filling_in.return_nil, name="return-nil"),
    path("<int:pk>/submit/", filing.return_submit, name="return-submit"),
    path("<int:pk>/accept/", returns.return_accept, name="return-accept"),
    path("<int:pk>/send-back/", returns.return_send_back, name="return-send-back"),
    path("<int:pk>/correct/", returns.return_correct, name="return-correct"),
    path("<int:pk>/workbook/", workbooks.return_workbook, name="return-workbook"),
    path("<int:pk>/upload/", workbooks.return_upload, name="return-upload"),
]
