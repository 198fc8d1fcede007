"""Opening a fit-out, planning its days, taking its steps, adding files, narrowing the list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from foundation.uploads import ACCEPTED
from park.models import Zone
from seats.models import Allocation, FitOutRun, FitOutStage, FitOutState
from seats.models.fit_outs import FitOutQuerySet
from seats.services.fit_out_steps import TAKE_MONEY
from seats.services.fit_outs import FIT_OUT_STEPS, is_of_the_park
from seats.wording import zone_name
from tenants.models import Enterprise
from web.forms import DayField, QuantityField, VersionMixin

PLANNED: dict[FitOutStage, Any] = {
    FitOutStage.PLAN: _("Plan handed in by"),
    FitOutStage.REVIEW: _("Plan reviewed by"),
    FitOutStage.DEPOSIT: _("Deposit paid by"),
    FitOutStage.START: _("Works start on"),
    FitOutStage.INSPECTION: _("Inspection on"),
    FitOutStage.ACCEPTANCE: _("Acceptance on"),
}


class DaysForm(VersionMixin):
    """When each milestone is planned. Fields are named as the stages."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for stage, label in PLANNED.items():
            self.fields[stage.value] = DayField(label=label, required=False)

    @property
    def planned(self) -> dict[FitOutStage, date | None]:
        return {stage: self.cleaned_data.get(stage.value) for stage in PLANNED}


class FitOutForm(DaysForm):
    """Who fits out, what is done, when. The seats are a `RunFormSet` beside it."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), empty_label=_("choose one")
    )
    allocation = forms.ModelChoiceField(
        Allocation.objects.none(), required=False, widget=forms.HiddenInput
    )
    description = forms.CharField(
        label=_("What is done"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Partitions, floor, power, air conditioning, fire protection …"),
    )
    closes_seats = forms.BooleanField(
        label=_("Close the vacant ones of these seats while work is done"),
        required=False,
        help_text=_("The enterprise's own seats need no closure."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        visible = Enterprise.objects.visible_to(user).by_name()
        if not is_of_the_park(user):  # they act for their own
            self.fields["enterprise"].empty_label = None  # type: ignore[attr-defined]
        self.fields["enterprise"].queryset = visible  # type: ignore[attr-defined]
        own = Allocation.objects.visible_to(user).exclude(enterprise=None)
        self.fields["allocation"].queryset = own  # type: ignore[attr-defined]
        if not is_of_the_park(user):
            del self.fields["closes_seats"]


class FileForm(forms.Form):
    """A file to keep with the case."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput({"accept": ACCEPTED}),
        help_text=_("PDF, pictures or Office files, at most 20 MB each."),
    )


class StepForm(VersionMixin):
    """What is said with a step: the day, an amount where money moves, a note."""

    on = DayField(label=_("Done on"))
    amount = QuantityField(label=_("Amount"), unit=pgettext_lazy("money", "yuan"), min_value=0)
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, step: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if step not in TAKE_MONEY:
            del self.fields["amount"]
        if FIT_OUT_STEPS[step].needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = _("Why; the other side reads it")


class FitOutFilter(forms.Form):
    """By state, by zone, by enterprise; only what is overdue."""

    WAITS_FOR_PARK, WAITS_FOR_ENTERPRISE = "park", "enterprise"

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("every state", "All")),
            (WAITS_FOR_PARK, _("Waits for the park")),
            (WAITS_FOR_ENTERPRISE, _("Waits for the enterprise")),
            *FitOutState.choices,
        ],
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)

    def __init__(self, *args: Any, user: User, today: date) -> None:
        super().__init__(*args)
        self._user, self._today = user, today
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]
        if not is_of_the_park(user):
            del self.fields["enterprise"]

    def narrow(self, cases: FitOutQuerySet) -> FitOutQuerySet:
        """Those of `cases` that were asked for; all of them where it makes no sense."""
        for name, value in (self.cleaned_data if self.is_valid() else {}).items():
            if value:
                cases = getattr(self, f"_by_{name}")(cases, value)
        return cases

    def _by_state(self, cases: FitOutQuerySet, value: str) -> FitOutQuerySet:
        if value == self.WAITS_FOR_PARK:
            return cases.waiting_for_park()
        if value == self.WAITS_FOR_ENTERPRISE:
            return cases.waiting_for_enterprise()
        return cases.filter(state=value)

    def _by_zone(self, cases: FitOutQuerySet, code: str) -> FitOutQuerySet:
        there = FitOutRun.objects.filter(fit_out=OuterRef("pk"), floor__building__zone__code=code)
        return cases.filter(Exists(there))

    def _by_enterprise(self, cases: FitOutQuerySet, words: str) -> FitOutQuerySet:
        enterprises = Enterprise.objects.visible_to(self._user).matching(words)
        return cases.filter(enterprise__in=enterprises)

    def _by_overdue(self, cases: FitOutQuerySet, _value: bool) -> FitOutQuerySet:
        return cases.overdue(self._today)
