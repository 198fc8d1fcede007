"""What people say about themselves."""

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


class TokenForm(forms.Form):
    """What a token is for: people have several and must know which to end."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
