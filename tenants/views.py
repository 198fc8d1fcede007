"""Pages of enterprises and of the people who act for them."""

from __future__ import annotations

from io import BytesIO

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required, permission_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from foundation.spreadsheets import SpreadsheetErrors, bytes_of
from tenants import services
from tenants.blank_list import blank_list
from tenants.forms import (
    AcceptanceForm,
    BusinessLineForm,
    EnterpriseForm,
    EnterpriseSearchForm,
    InvitationForm,
    UploadForm,
)
from tenants.models import BusinessLine, Enterprise, Invitation, Membership
from tenants.services.imports import import_enterprises
from tenants.services.members import InvitationOver, open_invitation
from web.forms import add_refusal
from web.htmx import page_or_fragment, see_other
from web.pagination import Page
from web.refusals import Refusal, Stale


@require_safe
@login_required
@permission_required("tenants.view_enterprise", raise_exception=True)
def enterprise_list(request: UserRequest) -> HttpResponse:
    """Find enterprises by name, state and business."""
    form = EnterpriseSearchForm(request.GET or None)
    enterprises = Enterprise.objects.visible_to(request.user).with_state(clock.today())
    rows = form.narrow(enterprises).by_name().prefetch_related("business_lines", "tenancies")
    return page_or_fragment(
        request,
        "tenants/enterprise_list.html",
        "tenants/_enterprise_list.html",
        {"form": form, "page": Page(request, rows), "is_narrowed": any(request.GET.values())},
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.add_enterprise", raise_exception=True)
def enterprise_create(request: UserRequest) -> HttpResponse:
    """Add an enterprise."""
    form = EnterpriseForm(request.POST or None)
    if form.is_valid():
        try:
            enterprise = services.add_enterprise(acting_user=request.user, **form.values())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s was added.") % {"name": enterprise.name})
            return see_other(request, _page_of(enterprise))
    return render(request, "tenants/enterprise_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.change_enterprise", raise_exception=True)
def enterprise_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change what is known of an enterprise."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    form = EnterpriseForm.of(enterprise, request.POST or None)
    context = {"form": form, "enterprise": enterprise}
    if form.is_valid():
        try:
            _save(enterprise, form, request.user)
        except Stale:
            context |= {"newer": form.take_newer(enterprise), "change": _last_change(enterprise)}
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s was changed.") % {"name": enterprise.name})
            return see_other(request, _page_of(enterprise))
    return render(request, "tenants/enterprise_form.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.change_enterprise", raise_exception=True)
def business_line_create(request: UserRequest, pk: int) -> HttpResponse:
    """Note a line of business that an enterprise takes up beside its main one."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    form = BusinessLineForm(request.POST or None)
    if form.is_valid():
        try:
            _add_line(request, enterprise, form)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The line of business is noted."))
            return see_other(request, _page_of(enterprise))
    context = {"form": form, "enterprise": enterprise, "back_url": _page_of(enterprise)}
    return render(request, "tenants/business_line_form.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.change_enterprise", raise_exception=True)
def business_line_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take back a line of business that was noted by mistake, after saying what that means."""
    theirs = Enterprise.objects.visible_to(request.user)
    further = BusinessLine.objects.filter(enterprise__in=theirs, is_main=False)
    line = get_object_or_404(further.select_related("enterprise"), pk=pk)
    context = {"line": line, "back_url": _page_of(line.enterprise)}
    if request.method == "POST":
        try:
            services.remove_business_line(line_id=line.pk, acting_user=request.user)
        except Refusal as refusal:
            context["refusal"] = refusal
        else:
            messages.success(request, _("The line of business is taken back."))
            return see_other(request, _page_of(line.enterprise))
    return render(request, "tenants/business_line_remove.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.import_enterprises", raise_exception=True)
def enterprise_import(request: UserRequest) -> HttpResponse:
    """Add the enterprises of a workbook, all of them or none."""
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            _import(request, form.cleaned_data["file"])
            return see_other(request, reverse("tenants:enterprise-list"))
        except SpreadsheetErrors as refusal:
            context["refusal"] = refusal
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(request, "tenants/enterprise_import.html", context)


@require_safe
@login_required
@permission_required("tenants.import_enterprises", raise_exception=True)
def import_template(request: UserRequest) -> FileResponse:
    """The empty workbook that `enterprise_import` takes."""
    return FileResponse(
        BytesIO(blank_list()), as_attachment=True, filename=_("Enterprises") + ".xlsx"
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.invite_member", raise_exception=True)
def member_invite(request: UserRequest, pk: int) -> HttpResponse:
    """See who acts for an enterprise; invite somebody."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    people = list(_members_of(enterprise))
    form = InvitationForm(request.POST or None, initial={"role": "member" if people else "manager"})
    if form.is_valid() and _invite(request, enterprise, form):
        return see_other(request, request.path)
    context = {
        "form": form,
        "enterprise": enterprise,
        "people": people,
        "invitations": _open_invitations(enterprise),
        "now": clock.now(),
    }
    return render(request, "tenants/member_invite.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.invite_member", raise_exception=True)
def member_end(request: UserRequest, pk: int) -> HttpResponse:
    """End somebody's access, after showing what that means."""
    theirs = Enterprise.objects.visible_to(request.user)
    memberships = Membership.objects.current().filter(enterprise__in=theirs)
    membership = get_object_or_404(memberships.select_related("user", "enterprise"), pk=pk)
    if request.method == "POST":
        services.end_membership(membership=membership, now=clock.now(), acting_user=request.user)
        messages.success(request, _("%(name)s has no access any more.") % {"name": membership.user})
        return see_other(request, _after_end(request.user, membership))
    return render(request, "tenants/member_end.html", {"membership": membership})


@never_cache
@require_http_methods(["GET", "POST"])
def invitation_accept(request: UserRequest, token: str) -> HttpResponse:
    """Let in whoever holds the link: a name, a password, and they are signed in."""
    try:
        invitation = open_invitation(token, clock.now())
        form = AcceptanceForm(
            request.POST or None, email=invitation.email, initial={"name": invitation.name}
        )
        if form.is_valid():
            return _let_in(request, token, form)
    except InvitationOver as refusal:
        context = {"refusal": refusal}
        return render(request, "tenants/invitation_over.html", context, status=refusal.status)
    except Refusal as refusal:
        add_refusal(form, refusal)
    return render(
        request, "tenants/invitation_accept.html", {"form": form, "invitation": invitation}
    )


def _save(enterprise: Enterprise, form: EnterpriseForm, user: User) -> None:
    """Edit the enterprise; where it is stale, read what it is now, and say so."""
    try:
        services.edit_enterprise(
            enterprise_id=enterprise.pk,
            expected_version=form.expected_version,
            acting_user=user,
            **form.values(),
        )
    except Stale:
        enterprise.refresh_from_db()
        raise
    enterprise.refresh_from_db()


def _add_line(request: UserRequest, enterprise: Enterprise, form: BusinessLineForm) -> None:
    services.add_business_line(
        enterprise=enterprise,
        today=clock.today(),
        acting_user=request.user,
        **form.cleaned_data,
    )


def _import(request: UserRequest, upload: UploadedFile) -> None:
    counts = import_enterprises(data=bytes_of(upload), acting_user=request.user)
    said = _("%(new)s enterprises were added; %(known)s were known just the same.")
    messages.success(request, said % {"new": counts.new, "known": counts.known})


def _last_change(enterprise: Enterprise) -> dict[str, object]:
    """Who changed the enterprise last, and when."""
    events = enterprise.events  # type: ignore[attr-defined]  # django-pghistory adds them
    event = events.select_related("pgh_context").latest("pgh_id")
    people = [event.pgh_context.metadata.get("user")] if event.pgh_context else []
    return {"at": event.pgh_created_at, "by": User.objects.filter(pk__in=people).first()}


def _members_of(enterprise: Enterprise) -> QuerySet[Membership]:
    current = Membership.objects.current().filter(enterprise=enterprise)
    return current.select_related("user").order_by("-is_manager", "started_at", "pk")


def _open_invitations(enterprise: Enterprise) -> QuerySet[Invitation]:
    is_open = enterprise.invitations.filter(accepted_at=None, withdrawn_at=None)
    return is_open.select_related("invited_by").order_by("-created_at", "-pk")


def _invite(request: UserRequest, enterprise: Enterprise, form: InvitationForm) -> bool:
    """Send the invitation, or say in the form why not."""
    try:
        invitation = services.invite_member(
            enterprise=enterprise,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            is_manager=form.is_manager,
            now=clock.now(),
            acting_user=request.user,
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("The invitation goes to %(email)s.") % {"email": invitation.email})
    return True


def _let_in(request: UserRequest, token: str, form: AcceptanceForm) -> HttpResponse:
    """Accept, and sign in as the person who was invited; a second factor is still asked for."""
    user = services.accept_invitation(
        token=token,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        now=clock.now(),
    )
    logout(request)
    return perform_login(request, user, email_verification="none")


def _after_end(user: User, membership: Membership) -> str:
    """Back to the people of the enterprise; whoever ended their own access has left."""
    if membership.user_id == user.pk:
        return reverse("account_login")
    return reverse("tenants:member-invite", args=[membership.enterprise_id])


def _page_of(enterprise: Enterprise) -> str:
    return reverse("portal:enterprise-detail", args=[enterprise.pk])
