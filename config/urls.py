"""Every address, by room."""

from django.conf import settings
from django.urls import include, path

from accounts.admin_site import site as admin_site
from accounts.views import set_language

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.not_found"
handler429 = "web.errors.too_many_requests"
handler500 = "web.errors.server_error"

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("foundation.urls")),
    path("park/", include("park.urls")),
    path("park/", include("seats.place_urls")),
    path("seats/", include("seats.urls")),
    path("tenants/", include("tenants.urls")),
    path("returns/", include("returns.urls")),
    path("reports/", include("reports.urls")),
    path("audit/", include("audit.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/language/", set_language, name="set_language"),
    path("accounts/", include("accounts.sign_in_urls")),
    path("admin/", admin_site.urls),
    path("api/v1/", include("config.api_urls", namespace="api")),
]
if settings.DEBUG:
    urlpatterns.append(path("", include("web.urls")))
