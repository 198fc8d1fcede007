"""Start pages, and the one page per enterprise."""

from django.urls import path

from portal import enterprises, views

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("tenants/<int:pk>/", enterprises.enterprise_detail, name="enterprise-detail"),
    path("tenants/<int:pk>/leave/", enterprises.tenancy_end, name="tenancy-end"),
]
