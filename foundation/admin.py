"""The numbers of this park's rules and its working calendar, for the system administrator."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from foundation.models import Setting, WorkingDay
from foundation.working_days import KNOWN_YEARS


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


@admin.register(WorkingDay, site=site)
class WorkingDayAdmin(admin.ModelAdmin):
    """Days on which this park works, or does not, against the calendar of the state."""

    list_display = ("day", "is_working", "name")
    list_filter = ("is_working",)
    date_hierarchy = "day"
    ordering = ("-day",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the years whose holidays are known: what is beyond them has to be entered here."""
        messages.info(
            request,
            gettext(
                "Holidays are known until %(year)s. In later years Monday to Friday count as "
                "working days, unless a day is entered here."
            )
            % {"year": KNOWN_YEARS[-1]},
        )
        return super().changelist_view(request, extra_context)
