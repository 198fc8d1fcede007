"""Signing in by e-mail or mobile number; what one may do follows from the roles alone."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


class RoleBackend(AuthenticationBackend):
    """allauth's sign-in, without its table of addresses and without Django's of permissions."""

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        """The address that the park has of a person is the only one that counts."""
        user = User.objects.filter(email=email.strip().lower()).first()
        return self._check_password(user, password)

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: object = None) -> set[str]:
        return set(user_obj.permissions) if isinstance(user_obj, User) else set()

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: object = None) -> bool:
        return isinstance(user_obj, User) and user_obj.has_perm(perm)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return isinstance(user_obj, User) and user_obj.has_module_perms(app_label)
