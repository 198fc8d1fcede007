"""What an enterprise asks for, and how the list of requests is narrowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from park.models import Zone
from seats import desk
from seats.models import RequestKind, RequestState, SeatRequest
from seats.services.wishes import Wish
from seats.wording import zone_name
from tenants.models import Enterprise
from web import formats
from web.forms import CountField, DayField, VersionMixin

PREFILLED = ("enterprise", "kind", "seats", "start", "end", "note")


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
        help_text=_("What the park should know: business, shifts, equipment, which seats."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
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
        )


class EditForm(RequestForm):
    """The same of a draft, or of what was sent back. Its enterprise stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("enterprise", None)
        self.newer: list[tuple[Any, str]] = []

    def catch_up(self, request: SeatRequest) -> None:
        """Somebody else changed `request`: show what they made of it; sending again counts."""
        typed = self.wish._asdict()
        self.newer = [
            (self.fields[name].label, _as_text(request, name, value))
            for name, value in wish_of(request)._asdict().items()
            if value != typed[name]
        ]
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(request.version)  # type: ignore[index]


def wish_of(request: SeatRequest) -> Wish:
    """What `request` asks for."""
    return Wish(
        kind=RequestKind(request.kind),
        seats=request.seats,
        start=request.start,
        end=request.end,
        zones=request.zones,
        contiguous=request.contiguous,
        note=request.note,
    )


def _as_text(request: SeatRequest, name: str, value: Any) -> str:
    if name == "kind":
        return request.get_kind_display()
    if name in {"start", "end"}:
        return formats.iso_day(value)
    if name == "zones":
        return ", ".join(value) or formats.MISSING
    if name == "contiguous":
        return str(_("yes") if value else _("no"))
    return formats.number(value) if name == "seats" else str(value or formats.MISSING)


class NoteForm(VersionMixin):
    """Why a request is sent back or turned down."""

    note = forms.CharField(
        label=_("What the enterprise reads"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class RequestFilter(forms.Form):
    """By state, by enterprise, by kind."""

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

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self._user = user
        if not desk.is_of_the_park(user):
            del self.fields["enterprise"]

    def narrow(self, requests: QuerySet[SeatRequest]) -> QuerySet[SeatRequest]:
        """Those of `requests` that were asked for; all of them where it makes no sense."""
        for name, value in (self.cleaned_data if self.is_valid() else {}).items():
            if value:
                requests = getattr(self, f"_by_{name}")(requests, value)
        return requests

    def _by_state(self, requests: QuerySet[SeatRequest], value: str) -> QuerySet[SeatRequest]:
        if value == self.WAITS_FOR_PARK:
            return requests.filter(state__in=desk.AT_THE_PARK)
        if value == self.WAITS_FOR_ENTERPRISE:
            return requests.filter(state__in=desk.AT_THE_ENTERPRISE)
        return requests.filter(state=value)

    def _by_enterprise(self, requests: QuerySet[SeatRequest], words: str) -> QuerySet[SeatRequest]:
        enterprises: Iterable[Enterprise] = Enterprise.objects.visible_to(self._user)
        return requests.filter(enterprise__in=enterprises.matching(words))  # type: ignore[attr-defined]

    def _by_kind(self, requests: QuerySet[SeatRequest], value: str) -> QuerySet[SeatRequest]:
        return requests.filter(kind=value)
