"""People, and the tokens with which their programs come in."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cached_property

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.permissions import ENTERPRISE_ROLES, Role, permissions_of


class UserManager(BaseUserManager["User"]):
    """Creates people. E-mail addresses are kept in lower case: they are compared that way."""

    def create_user(self, *, email: str | None, password: str | None = None, **fields) -> User:
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save()
        return user


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login"],
)
class User(AbstractBaseUser):
    """A person who signs in, by e-mail address or mobile number."""

    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    phone = models.CharField(_("mobile number"), max_length=16, null=True, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=80)
    roles = ArrayField(
        models.CharField(max_length=32, choices=Role.choices),
        verbose_name=_("roles"),
        default=list,
        blank=True,
    )
    area_code = models.CharField(
        _("area (GB/T 2260)"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[1-9][0-9]{5}$", _("Six digits, such as 511011."))],
        help_text=_("Officials see the parks of this district, city or province."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sample_fields = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("sample values")
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = pgettext_lazy("who may sign in", "people")
        constraints = [
            models.CheckConstraint(
                name="accounts_user_email_in_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.UniqueConstraint("phone", name="accounts_user_phone_unique"),
            models.CheckConstraint(
                name="accounts_user_phone_form",
                condition=models.Q(phone__isnull=True)
                | models.Q(phone__regex=r"^\+861[3-9]\d{9}$"),
            ),
            models.CheckConstraint(
                name="accounts_user_area_code_form",
                condition=models.Q(area_code__regex=r"^([1-9]\d{5})?$"),
            ),
            models.CheckConstraint(
                name="accounts_user_can_be_reached",
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or ""

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything this person may do; nothing once they have left."""
        return permissions_of(self.roles) if self.is_active else frozenset()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return perm in self.permissions

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.permissions.issuperset(perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.permissions)

    @property
    def is_staff(self) -> bool:
        """Whether /admin/ opens: for the system administrator alone."""
        return Role.SYSTEM_ADMINISTRATOR in self.roles

    @property
    def main_role(self) -> Role | None:
        """The first of this person's roles, in the order of `Role`."""
        return next((role for role in Role if role in self.roles), None)

    @property
    def role_names(self) -> list[str]:
        """The person's roles in words."""
        return [str(role.label) for role in Role if role in self.roles]

    @property
    def is_of_enterprise(self) -> bool:
        return not ENTERPRISE_ROLES.isdisjoint(self.roles)

    def get_session_auth_hash(self) -> str:
        """Ends every session when the password, the address, the roles or the access change."""
        return self._auth_hash()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return self._auth_hash(secret)

    def _auth_hash(self, secret: str | None = None) -> str:
        state = [self.password, self.email, self.phone, sorted(self.roles), self.is_active]
        return salted_hmac(
            "accounts.models.User",
            json.dumps([*state, self.area_code]),
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        return self.filter(expires_at__gt=now, revoked_at__isnull=True)


class ApiToken(models.Model):
    """A secret with which a person's program uses the API. Only its hash is kept.

    `fingerprint` is the person's session hash when the token was made: the token ends, as sessions
    do, when password, address, roles or access change. `services.save_user` ends it for good.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.hint}…"

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
