"""Taking a request off the waiting list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms import VersionMixin


class TakeOffForm(VersionMixin):
    """Why a request waits no longer; its enterprise reads it."""

    reason = forms.CharField(
        label=_("Why it is taken off"), max_length=200, help_text=_("The enterprise reads this.")
    )

    def show_again(self, version: int) -> None:
        """Let the page carry the version as it is now."""
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["version"] = str(version)  # type: ignore[index]
