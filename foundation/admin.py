"""The numbers of this park's rules and its working calendar, for the system administrator."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import site
from foundation.models import MONTH_DAYS, Setting, WorkingDay
from foundation.services.settings import settings_of
from foundation.working_days import KNOWN_YEARS


class SettingForm(forms.ModelForm):
    """One number. What it must not break together with others is said beside it."""

    def clean(self) -> dict[str, Any] | None:
        """Keep the days of a month in order: the database refuses any other, without words."""
        typed = super().clean() or self.cleaned_data
        name, value = typed.get("name"), typed.get("value")
        if name in MONTH_DAYS and value is not None:
            days = settings_of(MONTH_DAYS) | {name: value}
            due, review, close = (days[one] for one in MONTH_DAYS)
            if not 1 < due <= review <= close:
                self.add_error("value", _not_in_order(due, review, close))
        return typed


def _not_in_order(due: int, review: int, close: int) -> str:
    return gettext(
        "Returns would be due on day %(due)s, looked at by day %(review)s and closed on day "
        "%(close)s. The due day comes after the 1st, and none of these before the one before it. "
        "To make all of them later, begin with the closing day."
    ) % {"due": due, "review": review, "close": close}


@admin.register(Setting, site=site)
class SettingAdmin(admin.ModelAdmin):
    """A setting that is not listed has its default."""

    form = SettingForm
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
