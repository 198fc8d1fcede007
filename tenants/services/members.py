"""The people who act for an enterprise: invited by a secret link, gone at once when they leave."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import ENTERPRISE_ROLES, Role
from audit.context import recorded
from foundation.models import Setting
from foundation.services.messages import write_to
from foundation.services.settings import setting
from tenants.models import Enterprise, Invitation, Membership
from web.refusals import Invalid, Refusal


class InvitationOver(Refusal):
    """The link was used, withdrawn, or is too old."""

    status = 410
    code = "invitation_over"
    title = gettext_lazy("Invitation no longer valid")


def invite_member(
    *,
    enterprise: Enterprise,
    email: str,
    name: str,
    is_manager: bool,
    now: datetime,
    acting_user: User,
) -> Invitation:
    """Invite somebody to act for `enterprise`; a link goes to their address.

    A newer invitation to the same address replaces the older one. Raises `Invalid` on `email`
    where the person acts for an enterprise already, or is of the park.
    """
    email = email.strip().lower()
    token = secrets.token_urlsafe(32)
    with recorded(acting_user):
        # One at a time: a click repeated withdraws the first invitation and is no conflict with it.
        Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
        if reason := _reason_against(email):
            raise Invalid({"email": reason})
        Invitation.objects.filter(
            enterprise=enterprise, email=email, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            enterprise=enterprise,
            email=email,
            name=name.strip(),
            is_manager=is_manager,
            digest=_digest(token),
            invited_by=acting_user,
            created_at=now,
            expires_at=now + timedelta(days=setting(Setting.Name.INVITATION_DAYS)),
        )
        write_to(
            address=email,
            subject=_("Invitation: act for %(enterprise)s in Xiyuan")
            % {"enterprise": enterprise.name},
            body=_(
                "%(name)s, %(inviter)s invites you to act for %(enterprise)s. Open the link and "
                "choose a password. The link is yours alone; it works until %(day)s."
            )
            % {
                "name": invitation.name,
                "inviter": acting_user.name,
                "enterprise": enterprise.name,
                "day": timezone.localdate(invitation.expires_at).isoformat(),
            },
            url=reverse("tenants:invitation-accept", args=[token]),
        )
    return invitation


def _reason_against(email: str) -> str | None:
    """Why whoever has this address cannot come to act for an enterprise; None if they can."""
    user = User.objects.filter(email=email).first()
    if user is not None and Membership.objects.current().filter(user=user).exists():
        return _("This person acts for an enterprise already.")
    if user is not None and not ENTERPRISE_ROLES.issuperset(user.roles):
        return _("This address belongs to somebody of the park.")
    return None


def open_invitation(token: str, now: datetime) -> Invitation:
    """The invitation that a link stands for. Raises `InvitationOver` where it no longer counts."""
    return _open(Invitation.objects.all(), token, now)


def _open(invitations: QuerySet[Invitation], token: str, now: datetime) -> Invitation:
    invitation = (
        invitations.select_related("enterprise")
        .filter(digest=_digest(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        raise InvitationOver(_("This link is no longer valid. Please ask for a new invitation."))
    return invitation


def accept_invitation(*, token: str, name: str, password: str, now: datetime) -> User:
    """Let the invited person in: their account, their membership, their role.

    Raises `InvitationOver`, also where the person has joined elsewhere since they were invited.
    """
    with transaction.atomic():
        invitation = _open(Invitation.objects.select_for_update(of=("self",)), token, now)
        if reason := _reason_against(invitation.email):
            raise InvitationOver(reason)
        user = User.objects.filter(email=invitation.email).first()
        role = Role.ENTERPRISE_MANAGER if invitation.is_manager else Role.ENTERPRISE_MEMBER
        if user is None:
            user = User.objects.create_user(email=invitation.email, name=name.strip())
        with pghistory.context(user=user.pk):
            user.name, user.roles, user.is_active = name.strip(), [role], True
            user.set_password(password)
            user.save(update_fields=["name", "roles", "is_active", "password"])
            Membership.objects.create(
                enterprise=invitation.enterprise,
                user=user,
                is_manager=invitation.is_manager,
                started_at=now,
            )
            invitation.accepted_at = now
            invitation.save(update_fields=["accepted_at"])
    return user


def end_membership(*, membership: Membership, now: datetime, acting_user: User) -> None:
    """Let a person go: sessions and tokens end with their role, at once. Once is enough."""
    with recorded(acting_user):
        membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if membership.ended_at is not None:
            return
        membership.ended_at = now
        membership.save(update_fields=["ended_at"])
        user = membership.user
        user.roles = [role for role in user.roles if role not in ENTERPRISE_ROLES]
        user.save(update_fields=["roles"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
