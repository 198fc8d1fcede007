"""The audit trail: what was changed, by whom, when, from what to what."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.forms import TrailForm
from audit.trail import Trail


@require_safe
@login_required
@permission_required("audit.view_event", raise_exception=True)
def event_list(request: HttpRequest) -> HttpResponse:
    """Changes, newest first; by person, by kind of row, by day."""
    form = TrailForm(request.GET or None)
    choices = form.cleaned_data if form.is_valid() else {}
    return render(
        request, "audit/event_list.html", {"form": form, "trail": Trail(request, **choices)}
    )
