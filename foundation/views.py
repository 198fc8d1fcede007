"""Messages, the outbox, background work, and what tells a machine that we are well."""

from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from accounts.requests import UserRequest
from foundation import clock, results
from foundation.models import Heartbeat, Job, Message
from foundation.services import messages
from web.htmx import is_fragment_request, page_or_fragment, see_other
from web.pagination import Page
from web.posting import posted_from

HEARD_RECENTLY = timedelta(seconds=90)


@require_safe
@login_required
def message_list(request: UserRequest) -> HttpResponse:
    """What this person was told, newest first."""
    rows = Message.objects.visible_to(request.user).order_by("-created_at", "-pk")
    unread = Message.objects.visible_to(request.user).unread().count()
    return render(
        request, "foundation/message_list.html", {"page": Page(request, rows), "unread": unread}
    )


@posted_from("foundation:message-list")
@login_required
def message_open(request: UserRequest, pk: int) -> HttpResponse:
    """Note that the message was read and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    messages.mark_read(message=message, now=clock.now())
    return see_other(request, message.url or reverse("foundation:message-list"))


@posted_from("foundation:message-list")
@login_required
def message_read_all(request: UserRequest) -> HttpResponse:
    """Note that everything was read."""
    messages.mark_all_read(recipient=request.user, now=clock.now())
    return see_other(request, reverse("foundation:message-list"))


@require_safe
@login_required
@permission_required("foundation.view_outbox", raise_exception=True)
def outbox_list(request: UserRequest) -> HttpResponse:
    """Mail as it was or will be sent: to whom, when, how often tried."""
    mail = Message.objects.filter(address__gt="")
    page = Page(request, mail.order_by("-created_at", "-pk"))
    context = {
        "page": page,
        "waiting": mail.filter(sent_at__isnull=True).count(),
        "is_sent": bool(settings.MAIL_TRANSPORT),
        "is_shown": settings.SHOW_MAIL,
    }
    return render(request, "foundation/outbox_list.html", context)


@require_safe
@login_required
def job_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Background work: how far it is, then the way to its result."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.is_finished and is_fragment_request(request):
        return see_other(request, request.path)  # the head of the page says it too
    context = {"job": job, "url": request.path, **results.result_of(job)}
    return page_or_fragment(request, "foundation/job_detail.html", "web/_progress.html", context)


@require_safe
@never_cache
def healthz(request: UserRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: UserRequest) -> HttpResponse:
    """Database, queue and a worker answer too; 503 says which does not."""
    checks = {"database": _database_answers(), "queue": _queue_answers()}
    checks["worker"] = checks["database"] and _worker_was_heard()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def _worker_was_heard() -> bool:
    since = clock.now() - HEARD_RECENTLY
    return Heartbeat.objects.filter(name="worker", heard_at__gte=since).exists()
