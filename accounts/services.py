"""Every write to people and their tokens."""

import secrets
from datetime import datetime, timedelta

import pghistory
from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import ApiToken, User

TOKEN_LIFE = timedelta(days=90)


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


def save_user(*, user: User, now: datetime, acting_user: User) -> None:
    """Add a person, or change who they are and what they may do. Sessions and tokens follow.

    Who has no password yet chooses one through "forgot password".
    """
    user.email = user.email.strip().lower() if user.email else None
    user.phone = user.phone or None
    if not user.password:
        user.set_unusable_password()
    with pghistory.context(user=acting_user.pk):
        user.save()
        EmailAddress.objects.filter(user=user).delete()  # allauth notes some: none of them counts
        end_outdated_tokens(user=user, now=now)


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
