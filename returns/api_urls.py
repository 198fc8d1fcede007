"""API addresses of returns."""

from django.urls import path

from returns import api, workbook_api

urlpatterns = [
    path("returns/", api.ReturnList.as_view(), name="return-list"),
    path("return-reminders/", api.ReturnRemind.as_view(), name="return-remind"),
    path("returns/import/", workbook_api.ReturnUpload.as_view(), name="return-import"),
    path("returns/<int:pk>/", api.ReturnDetail.as_view(), name="return-detail"),
    path("returns/<int:pk>/submit/", api.ReturnSubmit.as_view(), name="return-submit"),
    path("returns/<int:pk>/nil/", api.ReturnNil.as_view(), name="return-nil"),
    path("returns/<int:pk>/correct/", api.ReturnCorrect.as_view(), name="return-correct"),
    path("returns/<int:pk>/send-back/", api.ReturnSendBack.as_view(), name="return-send-back"),
    path("returns/<int:pk>/accept/", api.ReturnAccept.as_view(), name="return-accept"),
    path(
        "returns/<int:pk>/workbook/", workbook_api.ReturnWorkbook.as_view(), name="return-workbook"
    ),
]
