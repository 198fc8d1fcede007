"""What stands in the bar of every page: the rooms a person may enter, and who they are."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from foundation.models import Message


class Door(NamedTuple):
    """A way into a room: its name, its address, the permission that opens it."""

    label: str | Promise
    url_name: str
    permission: str


DOORS = (
    Door(_("Seats"), "place:zone-list", "park.view_place"),
    Door(pgettext_lazy("navigation", "Requests"), "seats:request-list", "seats.view_seatrequest"),
    Door(_("Enterprises"), "tenants:enterprise-list", "tenants.view_every_enterprise"),
    Door(_("Returns"), "returns:return-list", "returns.view_monthlyreturn"),
    Door(_("Reports"), "reports:report-list", "reports.view_monthlyreport"),
    Door(_("Indicators"), "reports:indicator-list", "reports.view_monthlyreport"),
    Door(_("Quoted figures"), "park:figure-list", "park.view_referencefigure"),
    Door(_("Audit trail"), "audit:event-list", "audit.view_event"),
    Door(_("People"), "admin:accounts_user_changelist", "accounts.view_user"),
    Door(_("Settings"), "admin:foundation_setting_changelist", "foundation.view_setting"),
    Door(_("Outbox"), "foundation:outbox-list", "foundation.view_outbox"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` and `me` for templates/web/bar.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "me": {}}
    return {"navigation": _doors(request, user), "me": _me(user)}


def _doors(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    doors: list[tuple[str | Promise, str]] = [(_("Today"), reverse("portal:start"))]
    doors += [
        (door.label, reverse(door.url_name)) for door in DOORS if user.has_perm(door.permission)
    ]
    here = max(
        (url for _label, url in doors if request.path.startswith(url) and url != "/"),
        key=len,
        default="/" if request.path == "/" else "",
    )
    return [{"label": label, "url": url, "current": url == here} for label, url in doors]


def _me(user: User) -> dict[str, Any]:
    return {
        "name": str(user),
        "role": user.main_role.label if user.main_role else "",
        "messages": Message.objects.visible_to(user).unread().count(),
        "messages_url": reverse("foundation:message-list"),
        "profile_url": reverse("accounts:profile"),
        "logout_url": reverse("account_logout"),
    }
