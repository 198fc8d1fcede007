"""How programs sign in: `Authorization: Bearer xy_…`."""

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """A token counts until its day, and as long as password, roles and access stay as they were."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.usable(now)
            .select_related("user")
            .filter(digest=ApiToken.digest_of(secret.strip()))
            .first()
        )
        if token is None or not self._still_counts(token):
            raise AuthenticationFailed(_("This token is not valid, or not any more."))
        today = timezone.localdate(now)
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    @staticmethod
    def _still_counts(token: ApiToken) -> bool:
        return token.user.is_active and constant_time_compare(
            token.fingerprint, token.user.get_session_auth_hash()
        )
