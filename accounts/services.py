"""Every write to people and their tokens."""

import secrets
from datetime import datetime, timedelta

import pghistory
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User

TOKEN_LIFE = timedelta(days=90)
LINK_LIFE = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def make_api_token(*, user: User, name: str, now: datetime) -> str:
    """Make a token for `user`, valid for 90 days, and return it: it is shown this once.

    Older tokens stay valid.
    """
    token = f"xy_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user=user,
        name=name,
        digest=ApiToken.digest_of(token),
        hint=token[:7],
        fingerprint=user.get_session_auth_hash(),
        created_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    return token


def revoke_api_token(*, token: ApiToken, now: datetime) -> None:
    """End a token at once."""
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])


def save_user(*, user: User, now: datetime, acting_user: User | None) -> None:
    """Add a person, or change who they are and what they may do. Sessions and tokens follow.

    Who is new gets a mail with the link to choose a password. `acting_user` None: the command line.
    """
    is_new = user._state.adding
    user.email = user.email.strip().lower() if user.email else None
    user.phone = user.phone or None
    if not user.password:
        user.set_unusable_password()
    with transaction.atomic(), pghistory.context(user=acting_user.pk if acting_user else None):
        user.save()
        EmailAddress.objects.filter(user=user).delete()  # allauth notes some: none of them counts
        end_outdated_tokens(user=user, now=now)
        if is_new and user.email and user.is_active:
            _welcome(user, user.email, now)


def _welcome(user: User, address: str, now: datetime) -> None:
    """Tell somebody new, in their language, that they may sign in, and where to begin."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = _("Your access to Xiyuan")
        body = _(
            "%(name)s, you may now sign in to Xiyuan, the software of your park, with this "
            "address. Choose a password here:\n\n%(url)s\n\nThe link is yours alone. It works "
            "once, until %(day)s; after that, “Forgot your password?” on the sign-in page sends "
            "another."
        ) % {
            "name": user.name,
            "url": password_url(user),
            "day": timezone.localdate(now + LINK_LIFE).isoformat(),
        }
    send_mail(subject, body, None, [address])


def password_url(user: User) -> str:
    """The address where `user` chooses a password: a key to the account, good once."""
    token = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    url: str = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
    return url


def end_outdated_tokens(*, user: User, now: datetime) -> None:
    """End for good the tokens of who `user` was before: what was taken away may come back later."""
    outdated = user.api_tokens.usable(now).exclude(fingerprint=user.get_session_auth_hash())
    outdated.update(revoked_at=now)


def edit_profile(*, user: User, name: str, language: str) -> None:
    """Change one's own name and language."""
    with pghistory.context(user=user.pk):
        user.name, user.language = name, language
        user.save(update_fields=["name", "language"])


def set_language(*, user: User, language: str) -> None:
    """Remember the language a person chose, for their next visit and their mail."""
    if language in dict(settings.LANGUAGES) and language != user.language:
        user.language = language
        user.save(update_fields=["language"])
