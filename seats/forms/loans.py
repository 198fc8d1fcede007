"""Loans of seats: proposing, agreeing, arranging, giving back early; narrowing their list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.uploads import FileTooLarge, Upload, WrongFile, checked_upload
from park.axis import Span
from seats.forms.allocations import RunForm, floor_numbers
from seats.forms.changes import ConfirmedMixin
from seats.loan_desk import PHASES, in_phase
from seats.rectangles import ONE_DAY
from seats.services.loans import NO_PAPER
from tenants.models import Enterprise
from web.forms import DayField, VersionMixin

_FIELDS = {"first_seat": "first", "last_seat": "last", "blocks": "first"}


class ConsentMixin(forms.Form):
    """The landlord's consent, where the zone is leased in."""

    consent_reference = forms.CharField(
        label=_("Landlord's consent"),
        required=False,
        max_length=200,
        help_text=_("Number or title of the letter. Needed where the zone is leased in."),
    )
    consent_on = DayField(label=_("Day of the consent"), required=False)

    def clean_consent(self) -> None:
        """Both or neither."""
        given = {name: self.cleaned_data.get(name) for name in ("consent_reference", "consent_on")}
        if any(given.values()) and not all(given.values()):
            missing = next(name for name, value in given.items() if not value)
            message = gettext("Give the consent and its day, or neither.")
            self.add_error(missing, ValidationError(message, code="required"))


class LoanForm(RunForm, ConsentMixin):
    """Which run goes to whom, from which to which day."""

    start = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), help_text=_("The seats go back the day after."))
    borrower = forms.ModelChoiceField(Enterprise.objects.none(), label=_("Goes to"))
    reason = forms.CharField(
        label=pgettext_lazy("loan of seats", "Reason"), required=False, max_length=200
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, floors=floor_numbers(), **options)
        enterprises = Enterprise.objects.visible_to(user).by_name()
        self.fields["borrower"].queryset = enterprises  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        self.clean_consent()
        typed = self.cleaned_data
        if typed.get("start") and typed.get("last_day") and typed["last_day"] < typed["start"]:
            message = gettext("The last day must not come before the first.")
            self.add_error("last_day", ValidationError(message, code="invalid"))

    @property
    def seats(self) -> Span:
        return self.rectangle(self.cleaned_data["start"], None).seats

    @property
    def end(self) -> date:
        """The day on which the lender has them again."""
        last: date = self.cleaned_data["last_day"]
        return last + ONE_DAY


def at_fields(errors: list[dict[str, Any]]) -> None:
    """Let errors of the services stand at the entries of `LoanForm`."""
    for error in errors:
        error["field"] = {**_FIELDS, "end": "last_day"}.get(error["field"], error["field"])


class AgreeForm(VersionMixin):
    """Who agrees; for the park, on which paper."""

    name = forms.CharField(label=_("Who agrees"), max_length=80)
    reference = forms.CharField(
        label=_("On which paper"),
        max_length=200,
        help_text=_("Title or number, and where it is kept."),
    )
    paper = forms.FileField(
        label=_("Scan of the paper"), required=False, help_text=_("PDF, JPEG or PNG.")
    )

    def __init__(self, *args: Any, is_of_park: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_of_park:
            del self.fields["reference"], self.fields["paper"]

    def clean_paper(self) -> Upload | None:
        """The scan, told by its content; a page called .pdf is none."""
        scan = self.cleaned_data["paper"]
        try:
            return checked_upload(scan, field="paper") if scan else None
        except WrongFile as refusal:
            raise ValidationError(NO_PAPER, code=refusal.code) from refusal
        except FileTooLarge as refusal:
            raise ValidationError(str(refusal.message), code=refusal.code) from refusal


class LoanNoteForm(VersionMixin):
    """Why a loan does not come about."""

    note = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ArrangeForm(VersionMixin, ConsentMixin):
    """The landlord's consent, where it is needed; `leased_zone` is the zone that needs it."""

    def __init__(self, *args: Any, leased_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if not leased_zone:
            del self.fields["consent_reference"], self.fields["consent_on"]
            return
        message = gettext(
            "Zone %(zone)s is leased in: give the landlord's consent, what it is and its day."
        )
        for name in ("consent_reference", "consent_on"):
            field = self.fields[name]
            field.required = True
            field.error_messages["required"] = message % {"zone": leased_zone}


class ReturnForm(ConfirmedMixin):
    """From which day the lender has the seats again, earlier than agreed."""

    start = DayField(label=_("Back with the lender from"))
    note = forms.CharField(label=_("Why"), required=False, max_length=500)


class LoanFilter(forms.Form):
    """By where it is, and by enterprise."""

    phase = forms.ChoiceField(
        label=_("Where it is"),
        required=False,
        choices=[("", pgettext_lazy("every loan", "All")), *PHASES],
    )
    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)

    def __init__(self, query: QueryDict, *, user: User) -> None:
        super().__init__(query)
        self._user = user
        if not user.has_perm("seats.view_every_seatloan"):
            del self.fields["enterprise"]

    def narrow(self, loans: Any, today: date) -> Any:
        """Those that are in the phase, of the enterprises whose names were typed."""
        typed = self.cleaned_data if self.is_valid() else {}
        if phase := typed.get("phase"):
            loans = in_phase(loans, phase, today)
        if words := typed.get("enterprise"):
            found = Enterprise.objects.visible_to(self._user).matching(words)
            loans = loans.filter(lender__in=found) | loans.filter(borrower__in=found)
        return loans
