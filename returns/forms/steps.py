"""The steps of a return: begun, signed, sent back; and a month that is opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from returns.models import MonthlyReturn
from returns.rules import rules
from tenants.models import Enterprise, EnterpriseQuerySet
from web.forms import MonthField, VersionMixin, add_refusal
from web.refusals import Refusal


class OpeningForm(forms.Form):
    """Which month's return is begun; at the park also whose."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), empty_label=None
    )
    month = MonthField(label=_("Month"))

    def __init__(
        self,
        *args: Any,
        enterprises: EnterpriseQuerySet,
        own: Enterprise | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.own = own
        if own is None:
            self.fields["enterprise"].queryset = enterprises.by_name()  # type: ignore[attr-defined]
        else:
            del self.fields["enterprise"]

    @property
    def whose(self) -> Enterprise:
        return self.own or self.cleaned_data["enterprise"]

    @property
    def month_begun(self) -> date:
        return self.cleaned_data["month"]


class StepForm(VersionMixin, forms.Form):
    """A step of a return that takes words: it goes with the version that the person saw."""

    def __init__(self, *args: Any, row: MonthlyReturn, **options: Any) -> None:
        options["initial"] = {"version": row.version, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.row = row

    def refuse(self, refusal: Refusal) -> None:
        """Say why not. The page shows the return as it is now: the form goes with that."""
        add_refusal(self, refusal)
        self.data = {**dict(self.data.items()), self.add_prefix("version"): str(self.row.version)}


class SigningForm(StepForm):
    """Who answers for the figures, and from the second time on why they changed."""

    signer = forms.CharField(
        label=_("Signed by"),
        max_length=80,
        help_text=_("The person who answers for these figures."),
    )
    reason = forms.CharField(
        label=_("What changed, and why"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.row.revision_count == 0:
            del self.fields["reason"]


class QuestionForm(StepForm):
    """Why a return goes back: the rules that it breaks, a question, or both."""

    rules = forms.MultipleChoiceField(
        label=_("Rules that it breaks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(rule.code, f"{rule.code} {rule.words}") for rule in rules()],
    )
    question = forms.CharField(
        label=_("Question to the enterprise"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Name the rule or what is unclear, never the figure you would like."),
    )


class ReopeningForm(forms.Form):
    """Why a closed month is opened again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays with the month and in the audit trail."),
    )
