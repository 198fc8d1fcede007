"""Who of an enterprise fills in which part of its returns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from returns.figures import Part
from returns.models import PartAssignment
from tenants.models import Enterprise


class PartsForm(forms.Form):
    """For each part a person of the enterprise, or nobody in particular."""

    money = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Money"),
        required=False,
        empty_label=_("whoever comes first"),
        help_text=_("Business, outsourced services and results."),
    )
    people = forms.ModelChoiceField(
        User.objects.none(),
        label=_("People"),
        required=False,
        empty_label=_("whoever comes first"),
        help_text=_("Staff and its structure, seats and shifts, planned hiring."),
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **options: Any) -> None:
        assigned = PartAssignment.objects.filter(enterprise=enterprise)
        options["initial"] = dict(assigned.values_list("part", "user"))
        super().__init__(*args, **options)
        members = User.objects.filter(
            memberships__enterprise=enterprise, memberships__ended_at=None, is_active=True
        ).order_by("name", "pk")
        for part in Part:
            self.fields[part.value].queryset = members  # type: ignore[attr-defined]

    def chosen(self) -> dict[Part, User | None]:
        """Who was chosen for each part."""
        return {part: self.cleaned_data[part.value] for part in Part}
