"""The numbers of this park's rules, for the system administrator."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from foundation.models import Setting


@admin.register(Setting, site=site)
class SettingAdmin(admin.ModelAdmin):
    """A setting that is not listed has its default."""

    list_display = ("name", "value", "default")
    ordering = ("name",)

    @admin.display(description=_("default"))
    def default(self, setting: Setting) -> int:
        return Setting.DEFAULTS[Setting.Name(setting.name)]

    def has_delete_permission(self, request: HttpRequest, obj: Setting | None = None) -> bool:
        return False
