"""The people who act for an enterprise: invited by a secret link, gone at once when they leave."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.db.models import QuerySet
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import ENTERPRISE_ROLES, Role
from accounts.services import end_outdated_tokens
from audit.context import recorded
from foundation.models import Setting
from foundation.services.messages import write_to
from foundation.services.settings import setting
from tenants.models import Enterprise, Invitation, Membership
from web.refusals import Invalid, Refusal

MOST_OPEN = 20  # invitations of one enterprise that wait for an answer


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
        if reason := _reason_against(email, enterprise, acting_user):
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


def _reason_against(email: str, enterprise: Enterprise, acting_user: User) -> str | None:
    """Why this invitation must not be sent; None if it may.

    Who is known to the system is the park's business: an enterprise's people are not told.
    """
    is_of_park = acting_user.has_perm("tenants.view_every_enterprise")
    if not is_of_park and _open_invitations(enterprise, email) >= MOST_OPEN:
        return _("There are %(count)d open invitations. Wait until some are accepted.") % {
            "count": MOST_OPEN
        }
    if Membership.objects.current().filter(user__email=email, enterprise=enterprise).exists():
        return _("This person acts for the enterprise already.")
    reason = _reason_not_to_come(email)
    if reason and not is_of_park:
        return _("This address cannot be invited. Please ask your contact at the park.")
    return reason


def _open_invitations(enterprise: Enterprise, email: str) -> int:
    """How many invitations of `enterprise` are open, to others than `email`."""
    open_ones = Invitation.objects.filter(
        enterprise=enterprise, accepted_at=None, withdrawn_at=None
    )
    return open_ones.exclude(email=email).count()


def _reason_not_to_come(email: str) -> str | None:
    """Why whoever has this address cannot come to act for an enterprise; None if they can."""
    user = User.objects.filter(email=email).first()
    if user is None:
        return None
    if not user.is_active:
        return _("The system administrator has ended this person's access.")
    if Membership.objects.current().filter(user=user).exists():
        return _("This person acts for an enterprise already.")
    if not ENTERPRISE_ROLES.issuperset(user.roles):
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
    try:
        return _accept(token, name, password, now)
    except IntegrityError as error:  # two invitations of one person, accepted at once
        raise InvitationOver(_("This person acts for an enterprise already.")) from error


def _accept(token: str, name: str, password: str, now: datetime) -> User:
    with transaction.atomic():
        invitation = _open(Invitation.objects.select_for_update(of=("self",)), token, now)
        if reason := _reason_not_to_come(invitation.email):
            raise InvitationOver(reason)
        user = User.objects.filter(email=invitation.email).first()
        role = Role.ENTERPRISE_MANAGER if invitation.is_manager else Role.ENTERPRISE_MEMBER
        if user is None:
            user = User.objects.create_user(email=invitation.email, name=name.strip())
        with pghistory.context(user=user.pk):
            user.name, user.roles = name.strip(), [role]
            user.set_password(password)
            user.save(update_fields=["name", "roles", "password"])
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
        end_outdated_tokens(user=user, now=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
