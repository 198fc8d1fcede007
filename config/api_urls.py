"""The API, version 1: every room's addresses, and the schema that describes them."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from config import openapi  # noqa: F401 - registers itself

app_name = "api"
urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[AllowAny]),
        name="schema",
    ),
    path("", include("seats.api_urls")),
    path("", include("tenants.api_urls")),
    path("", include("returns.api_urls")),
    path("", include("reports.api_urls")),
    path("", include("foundation.api_urls")),
]
