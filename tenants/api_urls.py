"""API addresses of tenants."""

from django.urls import path

from tenants.api import EnterpriseDetail, EnterpriseList

urlpatterns = [
    path("enterprises/", EnterpriseList.as_view(), name="enterprise-list"),
    path("enterprises/<int:pk>/", EnterpriseDetail.as_view(), name="enterprise-detail"),
]
