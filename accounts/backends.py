"""Signing in by e-mail or mobile number; what one may do follows from the roles alone."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class RoleBackend(AuthenticationBackend):
    """allauth's sign-in, without Django's permission tables."""

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        return set(user_obj.permissions)

    def has_perm(self, user_obj: User, perm: str, obj: object = None) -> bool:
        return user_obj.has_perm(perm)

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return user_obj.has_module_perms(app_label)
