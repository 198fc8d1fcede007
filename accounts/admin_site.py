"""/admin/: people and settings, for the system administrator. Other admins are not shown."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _


class SystemSite(AdminSite):
    """Django's admin with what is registered on it by name, and nothing that apps bring along."""

    site_title = site_header = _("Xiyuan: people and settings")
    index_title = _("People and settings")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one door: with its limits and its second step."""
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the way to a row's page on the site: it asks tables that do not exist."""
        urls = super().get_urls()
        return [url for url in urls if getattr(url, "name", None) != "view_on_site"]


site = SystemSite(name="admin")
