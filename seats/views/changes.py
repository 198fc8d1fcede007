"""Changing an allocation: released, moved, split, extended, ended. Each shows its effect first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from seats.views.allocation_pages import visible_or_404
from seats.views.change_pages import change
from seats.views.change_steps import EndStep, ExtendStep, MoveStep, ReleaseStep, SplitStep


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.release_allocation", raise_exception=True)
def allocation_release(request: UserRequest, pk: int) -> HttpResponse:
    """Free seats of an allocation from a day on."""
    return change(request, visible_or_404(pk, request.user), ReleaseStep)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.change_allocation", raise_exception=True)
def allocation_move(request: UserRequest, pk: int) -> HttpResponse:
    """Let an allocation leave seats for others on a day."""
    return change(request, visible_or_404(pk, request.user), MoveStep)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.change_allocation", raise_exception=True)
def allocation_split(request: UserRequest, pk: int) -> HttpResponse:
    """Make some of an allocation's seats one of their own."""
    return change(request, visible_or_404(pk, request.user), SplitStep)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.change_allocation", raise_exception=True)
def allocation_extend(request: UserRequest, pk: int) -> HttpResponse:
    """Let an allocation last longer."""
    return change(request, visible_or_404(pk, request.user), ExtendStep)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.change_allocation", raise_exception=True)
def allocation_end(request: UserRequest, pk: int) -> HttpResponse:
    """End all of an allocation on a day."""
    return change(request, visible_or_404(pk, request.user), EndStep)
