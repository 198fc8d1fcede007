"""What an enterprise asks for, and how the list of requests is narrowed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.models import Zone
from seats import desk
from seats.forms.phases import phase_rows, typed_rows
from seats.models import (
    AT_THE_ENTERPRISE,
    AT_THE_PARK,
    Equipment,
    RequestKind,
    RequestState,
    SeatRequest,
)
from seats.services.telling import operators
from seats.services.wishes import MOST_DEVICES, Needs, Wish, wish_of, wrong_phases
from seats.wording import phases_in_words, zone_name
from tenants.models import BusinessClass, Enterprise
from web import formats
from web.forms import CountField, DayField, VersionMixin

PREFILLED = ("enterprise", "kind", "seats", "start", "end", "note", "business")


class RequestForm(VersionMixin):
    """A wish for seats. The park's people say for which enterprise."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), empty_label=_("choose one")
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("seat request", "Kind"),
        choices=RequestKind.choices,
        widget=forms.RadioSelect,
    )
    seats = CountField(label=_("Number of seats"), unit=_("seats"))
    start = DayField(label=_("From which day"))
    end = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))
    zones = forms.MultipleChoiceField(
        label=_("Zones"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any zone will do."),
    )
    contiguous = forms.BooleanField(label=_("All seats in one run"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("seat request", "Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What the park should know besides: shifts, which seats, whom to call."),
    )
    business = forms.ChoiceField(
        label=_("Line of business"),
        required=False,
        choices=[("", _("not said")), *BusinessClass.choices],
    )
    closed_room = forms.BooleanField(label=_("A closed workspace of our own"), required=False)
    all_hours = forms.BooleanField(label=_("Access 24 hours a day"), required=False)
    fit_out = forms.BooleanField(label=_("Fitted out by the park"), required=False)
    equipment = forms.ChoiceField(
        label=_("Desks and computers"),
        required=False,
        choices=[("", _("not said")), *Equipment.choices],
    )
    computers = CountField(
        label=_("Computers"),
        unit=pgettext_lazy("of computers", "pieces"),
        required=False,
        min_value=0,
        max_value=MOST_DEVICES,
    )
    network_ports = CountField(
        label=_("Network ports"),
        unit=pgettext_lazy("of network ports", "ports"),
        required=False,
        min_value=0,
        max_value=MOST_DEVICES,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        phases: Iterable[dict[str, Any]] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.phases = phase_rows(data, phases)
        self.phases_wrong = ""
        enterprises = Enterprise.objects.visible_to(user).by_name()
        self._own = None
        if desk.is_of_the_park(user):
            self.fields["enterprise"].queryset = enterprises  # type: ignore[attr-defined]
        else:
            del self.fields["enterprise"]
            self._own = enterprises.first()
            if self._own is None:
                raise PermissionDenied
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zones"].choices = [  # type: ignore[attr-defined]
            (code, zone_name(code)) for code in codes
        ]

    def clean(self) -> None:
        if self.phases.is_bound and not self.phases.is_valid():
            self._say_of_phases(gettext("Look at the phases: each has seats and a day."))
        elif not self.errors and (message := wrong_phases(self.wish)):
            self._say_of_phases(message)

    def _say_of_phases(self, message: str) -> None:
        self.phases_wrong = message
        self.add_error(None, ValidationError(message, code="phases"))

    @property
    def chosen_enterprise(self) -> Enterprise:
        return self._own or self.cleaned_data["enterprise"]

    @property
    def wish(self) -> Wish:
        """What is asked for, as the services take it."""
        typed = self.cleaned_data
        return Wish(
            kind=RequestKind(typed["kind"]),
            seats=typed["seats"],
            start=typed["start"],
            end=typed["end"],
            zones=typed["zones"],
            contiguous=typed["contiguous"],
            note=typed["note"],
            business=typed["business"],
            needs=Needs(**{name: typed[name] for name in Needs._fields}),
            phases=self.phases.phases,
        )


class EditForm(RequestForm):
    """The same of a draft, or of what was sent back. Its enterprise stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("enterprise", None)
        self.newer: list[tuple[Any, str]] = []

    def catch_up(self, request: SeatRequest) -> None:
        """Somebody else changed `request`: show what they made of it; sending again counts."""
        typed = _flat(self.wish)
        self.newer = [
            (self._label(name), self._as_text(name, value))
            for name, value in _flat(wish_of(request)).items()
            if value != typed[name]
        ]
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(request.version)  # type: ignore[index]

    def _label(self, name: str) -> Any:
        return _("Phases") if name == "phases" else self.fields[name].label

    def _as_text(self, name: str, value: Any) -> str:
        """How the page says a value that somebody else wrote."""
        if name == "phases":
            return phases_in_words(value) or formats.MISSING
        if isinstance(value, date):
            return formats.iso_day(value)
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if isinstance(value, int):
            return formats.number(value)
        if isinstance(value, list):
            return ", ".join(value) or formats.MISSING
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value) or value or formats.MISSING)


def written_so_far(request: SeatRequest) -> dict[str, Any]:
    """What `request` asks for, as the form and its rows of phases take it."""
    wish = wish_of(request)
    phases = [phase._asdict() for phase in wish.phases]
    return {"initial": {**_flat(wish), "version": request.version}, "phases": phases}


def typed_so_far(posted: QueryDict) -> dict[str, Any]:
    """What was typed into the form and its rows, to be shown again with room for more."""
    typed = {**posted.dict(), "zones": posted.getlist("zones")}
    return {"initial": typed, "phases": typed_rows(posted)}


def _flat(wish: Wish) -> dict[str, Any]:
    values = wish._asdict()
    return {**values, **values.pop("needs")._asdict()}


class NoteForm(VersionMixin):
    """Why a request is sent back, turned down, or its offer taken back."""

    note = forms.CharField(
        label=_("What the enterprise reads"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class DeclineForm(NoteForm):
    """Why the enterprise does not take an offer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].label = _("What the park reads")


class HandOverForm(VersionMixin):
    """Which colleague has the request from now on."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("To whom"), empty_label=_("choose one")
    )
    note = forms.CharField(
        label=_("What your colleague reads"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, owner: User | None, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [person.pk for person in operators() if person != owner]
        people = User.objects.filter(pk__in=others).order_by("name", "pk")
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class RequestFilter(forms.Form):
    """By state, by enterprise, by kind, and those that one has in hand oneself."""

    WAITS_FOR_PARK, WAITS_FOR_ENTERPRISE = "park", "enterprise"

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("every state", "All")),
            (WAITS_FOR_PARK, _("Waits for the park")),
            (WAITS_FOR_ENTERPRISE, _("Waits for the enterprise")),
            *RequestState.choices,
        ],
    )
    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=pgettext_lazy("seat request", "Kind"),
        required=False,
        choices=[("", pgettext_lazy("every kind", "All")), *RequestKind.choices],
    )
    mine = forms.BooleanField(label=_("In my hands"), required=False)

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self._user = user
        if not desk.is_of_the_park(user):
            del self.fields["enterprise"]
        if not user.has_perm("seats.decide_seatrequest"):
            del self.fields["mine"]

    def narrow(self, requests: QuerySet[SeatRequest]) -> QuerySet[SeatRequest]:
        """Those of `requests` that were asked for; all of them where it makes no sense."""
        for name, value in (self.cleaned_data if self.is_valid() else {}).items():
            if value:
                requests = getattr(self, f"_by_{name}")(requests, value)
        return requests

    def _by_state(self, requests: QuerySet[SeatRequest], value: str) -> QuerySet[SeatRequest]:
        if value == self.WAITS_FOR_PARK:
            return requests.filter(AT_THE_PARK)
        if value == self.WAITS_FOR_ENTERPRISE:
            return requests.filter(state__in=AT_THE_ENTERPRISE)
        return requests.filter(state=value)

    def _by_enterprise(self, requests: QuerySet[SeatRequest], words: str) -> QuerySet[SeatRequest]:
        enterprises: Iterable[Enterprise] = Enterprise.objects.visible_to(self._user)
        return requests.filter(enterprise__in=enterprises.matching(words))  # type: ignore[attr-defined]

    def _by_kind(self, requests: QuerySet[SeatRequest], value: str) -> QuerySet[SeatRequest]:
        return requests.filter(kind=value)

    def _by_mine(self, requests: QuerySet[SeatRequest], _value: bool) -> QuerySet[SeatRequest]:
        return requests.filter(owner=self._user).under_way()  # type: ignore[attr-defined]
