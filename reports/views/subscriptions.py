"""Subscriptions: choosing, changing, stopping, and where their messages lead to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from reports import services
from reports.forms import SubscriptionForm
from reports.models import Delivery, Subscription
from reports.subscriptions import Subscribed, editions_of
from web.forms import add_refusal
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Invalid, Stale


@require_safe
@login_required
@permission_required("reports.manage_subscription", raise_exception=True)
def subscription_list(request: UserRequest) -> HttpResponse:
    """One's own subscriptions beside the form for another."""
    return _list_page(request, SubscriptionForm())


def _list_page(request: UserRequest, form: SubscriptionForm) -> HttpResponse:
    context = {"subscribed": Subscribed(request.user), "form": form}
    return render(request, "reports/subscription_list.html", context)


@posted_from("reports:subscription-list")
@login_required
@permission_required("reports.manage_subscription", raise_exception=True)
def subscription_create(request: UserRequest) -> HttpResponse:
    """Subscribe."""
    form = SubscriptionForm(request.POST)
    if form.is_valid():
        try:
            services.subscribe(subscriber=request.user, now=clock.now(), **form.chosen)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("You are told of what is issued from now on."))
            return see_other(request, reverse("reports:subscription-list"))
    return _list_page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.manage_subscription", raise_exception=True)
def subscription_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change what one is told of, and when."""
    subscription = _running_or_404(request, pk)
    form = SubscriptionForm.of(subscription, request.POST if request.method == "POST" else None)
    if form.is_valid() and _changed(request, subscription, form):
        return see_other(request, reverse("reports:subscription-list"))
    context = {"form": form, "subscription": subscription}
    return render(request, "reports/subscription_form.html", context)


def _changed(request: UserRequest, subscription: Subscription, form: SubscriptionForm) -> bool:
    try:
        services.change_subscription(
            subscription_id=subscription.pk,
            now=clock.now(),
            acting_user=request.user,
            expected_version=form.expected_version,
            **form.chosen,
        )
    except (Invalid, Stale) as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("The subscription is changed."))
    return True


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.manage_subscription", raise_exception=True)
def subscription_stop(request: UserRequest, pk: int) -> HttpResponse:
    """Shows what stopping does, then stops."""
    subscription = _running_or_404(request, pk)
    if request.method == "GET":
        context = {"subscription": subscription}
        return render(request, "reports/subscription_stop.html", context)
    services.stop_subscription(subscription_id=pk, now=clock.now(), acting_user=request.user)
    messages.success(request, _("The subscription is stopped."))
    return see_other(request, reverse("reports:subscription-list"))


@require_safe
@login_required
@permission_required("reports.manage_subscription", raise_exception=True)
def delivery_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Where a message of a subscription leads to: its editions, as far as one may read them."""
    deliveries = Delivery.objects.visible_to(request.user).select_related("subscription")
    delivery = get_object_or_404(deliveries, pk=pk)
    context = {"delivery": delivery, "editions": list(editions_of(delivery, request.user))}
    return render(request, "reports/delivery_detail.html", context)


def _running_or_404(request: UserRequest, pk: int) -> Subscription:
    running = Subscription.objects.visible_to(request.user).filter(stopped_at__isnull=True)
    return get_object_or_404(running.prefetch_related("kinds"), pk=pk)
