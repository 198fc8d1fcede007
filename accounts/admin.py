"""People, for the system administrator: who may sign in, as what."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import services
from accounts.adapter import MobileField
from accounts.admin_site import site
from accounts.models import User
from accounts.permissions import Role


class UserForm(forms.ModelForm):
    """A person; they choose their password themselves, by the link that they get."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    email = forms.EmailField(label=gettext_lazy("e-mail address"), max_length=254, required=False)
    phone = MobileField(label=gettext_lazy("mobile number"), required=False)

    class Meta:
        model = User
        fields = ("name", "email", "phone", "roles", "area_code", "language", "is_active")

    def clean_email(self) -> str | None:
        """Addresses are kept, and compared, in lower case."""
        return self.cleaned_data["email"].lower() or None


@admin.register(User, site=site)
class UserAdmin(admin.ModelAdmin):
    """Adds people and changes their roles; nobody is deleted: what they did stays theirs."""

    form = UserForm
    list_display = ("name", "email", "phone", "roles_in_words", "may_sign_in", "last_login")
    list_filter = ("is_active",)
    search_fields = ("name", "email", "phone")
    ordering = ("name", "pk")

    @admin.display(description=gettext_lazy("roles"))
    def roles_in_words(self, user: User) -> str:
        return pgettext("between items of a list", ", ").join(user.role_names)

    @admin.display(description=gettext_lazy("may sign in"))
    def may_sign_in(self, user: User) -> str:
        return _("yes") if user.is_active else _("no")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        services.save_user(user=obj, now=timezone.now(), acting_user=cast("User", request.user))
        if not change and obj.is_active:
            self._say_how_they_come_in(request, obj)

    def _say_how_they_come_in(self, request: HttpRequest, user: User) -> None:
        words = {"name": user.name, "address": user.email, "days": services.LINK_LIFE.days}
        if not user.email:
            message = _(
                "%(name)s has no e-mail address, so no link to choose a password can be sent, and "
                "without one nobody signs in. Give an address."
            )
            messages.warning(request, message % words)
        elif not settings.MAIL_TRANSPORT:
            message = _(
                "Mail is not set up here: the link with which %(name)s chooses a password stays in "
                "the outbox. On the server, manage.py invite %(address)s prints one to pass on."
            )
            messages.warning(request, message % words)
        else:
            message = _(
                "%(name)s gets a mail to %(address)s with the link to choose a password. It works "
                "for %(days)d days; after that, “Forgot your password?” on the sign-in page sends "
                "another."
            )
            messages.info(request, message % words)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filters are those of the list: any other would ask for what nobody may read."""
        return lookup.startswith("is_active__")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
