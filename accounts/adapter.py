"""How allauth treats our people: no sign-up, mobile numbers of the mainland, mail by the outbox."""

import re
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import CharField, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")


def clean_mobile(text: str) -> str | None:
    """A mobile number in any usual spelling as `+8613800000000`; None where it is none."""
    digits = re.sub(r"[\s\-()]", "", normalize("NFKC", text))  # full width as half width
    match = _MOBILE.fullmatch(digits)
    return f"+86{match[1]}" if match else None


class MobileField(CharField):
    """A mobile number as people type it, without +86."""

    def clean(self, value: Any) -> str | None:
        typed = super().clean(value)
        if typed in self.empty_values:
            return None
        number = clean_mobile(typed)
        if number is None:
            raise ValidationError(_("Please type a mobile number of 11 digits."))
        return number


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; they sign in by e-mail address or mobile number."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail: to where the park is, whatever the request called it."""
        names = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=names)
        return settings.PUBLIC_URL + path.replace("UID-KEY", quote(key))

    def clean_phone(self, phone: str) -> str:
        return clean_mobile(phone) or phone

    def phone_form_field(self, **kwargs: Any) -> MobileField:
        return MobileField(label=gettext_lazy("Mobile number"), **kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=clean_mobile(phone)).first()

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = clean_mobile(phone)
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Numbers are entered by the park, which knows its people: nothing to note."""

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Codes are not sent: ACCOUNT_PHONE_VERIFICATION_ENABLED is off."""
