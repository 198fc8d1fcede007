"""Which reports somebody wants to be told of, in which format, when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import DayRule, FileFormat, ReportKind, Subscription
from reports.services.subscribing import LAST_DAY
from web.forms import CountField, VersionMixin


class SubscriptionForm(VersionMixin):
    """A subscription as one chooses it."""

    kinds = forms.MultipleChoiceField(
        label=_("Reports"), choices=ReportKind, widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=FileFormat, widget=forms.RadioSelect, initial=FileFormat.XLSX
    )
    rule = forms.ChoiceField(
        label=_("When"), choices=DayRule, widget=forms.RadioSelect, initial=DayRule.WHEN_ISSUED
    )
    day = CountField(
        label=_("Day of the month"),
        required=False,
        min_value=1,
        max_value=LAST_DAY,
        help_text=_("For once a month: 1 to 28. You are told of what is issued by then."),
    )

    @classmethod
    def of(cls, subscription: Subscription, typed: Any = None) -> SubscriptionForm:
        """The form of a subscription that runs."""
        known = {
            "kinds": [kind.value for kind in subscription.chosen],
            "format": subscription.format,
            "rule": subscription.rule,
            "day": subscription.day,
            "version": subscription.version,
        }
        return cls(typed, initial=known)

    @property
    def chosen(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("kinds", "format", "rule", "day")}
