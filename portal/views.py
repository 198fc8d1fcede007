"""Each role's start page: what waits for this person, and how things stand."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Role
from accounts.requests import UserRequest
from foundation import clock
from portal import starts

Start = Callable[[UserRequest], dict[str, Any]]

STARTS: dict[Role, tuple[str, Start]] = {
    Role.OPERATOR_MANAGER: ("portal/start_park.html", starts.of_park),
    Role.OPERATOR_STAFF: ("portal/start_park.html", starts.of_park),
    Role.PROMOTION_OFFICER: ("portal/start_park.html", starts.of_park),
    Role.AUDITOR: ("portal/start_park.html", starts.of_park),
    Role.ENTERPRISE_MANAGER: ("portal/start_enterprise.html", starts.of_enterprise),
    Role.ENTERPRISE_MEMBER: ("portal/start_enterprise.html", starts.of_enterprise),
    Role.OFFICIAL: ("portal/start_official.html", starts.of_official),
    Role.SYSTEM_ADMINISTRATOR: ("portal/start_system.html", starts.of_system),
}


@require_safe
@login_required
def start(request: UserRequest) -> HttpResponse:
    """The start page of the person's first role."""
    role = request.user.main_role
    template, context_of = STARTS[role] if role else ("portal/start_nobody.html", lambda _r: {})
    context = {"today": clock.today(), "now": clock.now(), **context_of(request)}
    return render(request, template, context)
