"""Uploading a workbook of returns, and saving what it says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WorkbookForm(forms.Form):
    """A workbook that was downloaded here and filled in."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
        help_text=_("10 MB at most."),
    )


class SeenForm(forms.Form):
    """The comparison that the person had before them."""

    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)
