"""What people say about themselves."""

from allauth.account.fields import EmailField
from allauth.account.forms import ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ProfileForm(forms.ModelForm):
    """Name and language."""

    class Meta:
        model = User
        fields = ("name", "language")

    language = forms.ChoiceField(
        label=_("Language of pages and mail"),
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )


class PasswordResetForm(ResetPasswordForm):
    """Where the link to a new password goes: to the address that the park has, and to no other."""

    email = EmailField(required=True, max_length=254)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email


class TokenForm(forms.Form):
    """What a token is for: people have several and must know which to end."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
