"""What stands in the bar of every page: the rooms a person may enter, and who they are."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from foundation.models import Message


class Room(NamedTuple):
    """A way into a room: its name, its address, the permission that opens it.

    `beside` names pages that are reached from it and have no way of their own in the bar.
    """

    label: str | Promise
    url_name: str
    permission: str
    beside: tuple[str, ...] = ()


class Door(NamedTuple):
    """What stands in the bar: its own address is the first of its rooms', where it has several."""

    label: str | Promise
    url_name: str
    permission: str
    rooms: tuple[Room, ...] = ()


SEATS = (
    Room(_("The place"), "place:zone-list", "park.view_place"),
    Room(_("Park map"), "seats:map", "park.view_place", ("seats:change-list",)),
    Room(_("Planner"), "seats:planner", "seats.view_occupancy"),
    Room(_("Ends ahead"), "seats:ends", "seats.view_occupancy"),
    Room(
        _("Allocations"), "seats:allocation-list", "seats.view_allocation", ("seats:import-list",)
    ),
    Room(_("Holds"), "seats:hold-list", "seats.view_allocation", ("seats:promise-list",)),
    Room(pgettext_lazy("of seats", "Loans"), "seats:loan-list", "seats.view_seatloan"),
    Room(_("Closed seats"), "seats:closure-list", "seats.view_every_allocation"),
    Room(_("Fit-outs"), "seats:fit-out-list", "seats.view_fitout"),
    Room(_("Handover lists"), "seats:handover-list", "seats.view_handover"),
)
REQUESTS = (
    Room(_("All requests"), "seats:request-list", "seats.view_every_seatrequest"),
    Room(_("Waiting list"), "seats:waiting-list", "seats.view_every_seatrequest"),
)
REPORTS = (
    Room(
        pgettext_lazy("navigation", "Monthly reports"),
        "reports:report-list",
        "reports.view_monthlyreport",
    ),
    Room(_("Dashboard"), "reports:dashboard", "reports.view_monthlyreport"),
    Room(_("Targets"), "reports:target-list", "reports.view_monthlyreport"),
    Room(_("Subscriptions"), "reports:subscription-list", "reports.manage_subscription"),
    Room(_("Thresholds"), "reports:threshold-list", "returns.view_every_monthlyreturn"),
    Room(_("Exports"), "reports:export-list", "reports.view_every_statisticsexport"),
)
DOORS = (
    Door(_("Seats"), "place:zone-list", "park.view_place", SEATS),
    Door(
        pgettext_lazy("navigation", "Requests"),
        "seats:request-list",
        "seats.view_seatrequest",
        REQUESTS,
    ),
    Door(_("Enterprises"), "tenants:enterprise-list", "tenants.view_every_enterprise"),
    Door(_("Returns"), "returns:return-list", "returns.view_monthlyreturn"),
    Door(_("Reports"), "reports:report-list", "reports.view_monthlyreport", REPORTS),
    Door(_("Indicators"), "reports:indicator-list", "reports.view_monthlyreport"),
    Door(_("Quoted figures"), "park:figure-list", "park.view_referencefigure"),
    Door(_("Audit trail"), "audit:event-list", "audit.view_event"),
    Door(_("People"), "admin:accounts_user_changelist", "accounts.view_user"),
    Door(_("Settings"), "admin:foundation_setting_changelist", "foundation.view_setting"),
    Door(_("Outbox"), "foundation:outbox-list", "foundation.view_outbox"),
)
TODAY = Door(_("Today"), "portal:start", "")

Way = TypeVar("Way", Door, Room)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`, `rooms` and `me` for templates/web/bar.html and rooms.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "rooms": {}, "me": {}}
    here = TODAY if request.path == reverse(TODAY.url_name) else _here(DOORS, request.path)
    doors = [TODAY, *(door for door in DOORS if user.has_perm(door.permission))]
    return {
        "navigation": [_link(door, current=door is here) for door in doors],
        "rooms": _rooms(here, request.path, user),
        "me": _me(user),
    }


def _here(ways: Iterable[Way], path: str) -> Way | None:
    """Whose address the path begins with; the longest of several, None without any."""
    found = max(ways, key=lambda way: _fits(way, path), default=None)
    return found if found and _fits(found, path) else None


def _fits(way: Door | Room, path: str) -> int:
    """How much of the path is this way's: the length of its address that the path begins with."""
    names = {way.url_name, *(way.beside if isinstance(way, Room) else ())}
    rooms = way.rooms if isinstance(way, Door) else ()
    own = [len(url) for url in map(reverse, names) if path.startswith(url)]
    return max([0, *own, *(_fits(room, path) for room in rooms)])


def _rooms(door: Door | None, path: str, user: User) -> dict[str, Any]:
    """The rooms behind the door where somebody is, if there is a choice."""
    choice = [room for room in door.rooms if user.has_perm(room.permission)] if door else []
    if door is None or len(choice) < 2:
        return {}
    here = _here(choice, path)
    return {"label": door.label, "links": [_link(room, current=room is here) for room in choice]}


def _link(way: Door | Room, *, current: bool) -> dict[str, Any]:
    return {"label": way.label, "url": reverse(way.url_name), "current": current}


def _me(user: User) -> dict[str, Any]:
    return {
        "name": str(user),
        "role": user.main_role.label if user.main_role else "",
        "messages": Message.objects.visible_to(user).unread().count(),
        "messages_url": reverse("foundation:message-list"),
        "profile_url": reverse("accounts:profile"),
        "logout_url": reverse("account_logout"),
    }
