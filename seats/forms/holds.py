"""Holds: until when one lasts from now on, and which of them a list shows."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from park.models import Zone
from seats.models import SeatBlock
from seats.rectangles import ONE_DAY
from seats.wording import zone_name
from tenants.models import Enterprise
from web.forms import DayField, VersionMixin


class ExtendForm(VersionMixin):
    """The last day of a hold, and why it is extended."""

    expires_at = DayField(label=_("Hold until"), help_text=_("Its last day."))
    reason = forms.CharField(label=pgettext_lazy("allocation", "Reason"), max_length=200)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def end_of_hold(self) -> datetime:
        """The end of the last day."""
        day: date = self.cleaned_data["expires_at"]
        return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))

    def ask_again(self, version: int) -> None:
        """Let the page carry the version as it is now, and nothing as confirmed."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"], self.data["version"] = "", str(version)  # type: ignore[index]


class PlaceFilter(forms.Form):
    """By enterprise, for those who see more than one, and by zone."""

    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)
    zone = forms.ChoiceField(label=_("Zone"), required=False)

    def __init__(self, query: QueryDict, *, user: User) -> None:
        super().__init__(query)
        self._user = user
        if not user.has_perm("seats.view_every_allocation"):
            del self.fields["enterprise"]
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]

    @property
    def zone_chosen(self) -> str:
        return self.cleaned_data.get("zone", "") if self.is_valid() else ""

    @property
    def enterprises(self) -> QuerySet[Enterprise] | None:
        """Those whose names were typed; None for all."""
        words = self.cleaned_data.get("enterprise", "") if self.is_valid() else ""
        return Enterprise.objects.visible_to(self._user).matching(words) if words else None

    def narrow(self, allocations: Any) -> Any:
        """Those of `allocations` that are of the enterprise and in the zone."""
        if self.enterprises is not None:
            allocations = allocations.filter(enterprise__in=self.enterprises)
        if self.zone_chosen:
            there = SeatBlock.objects.filter(floor__building__zone__code=self.zone_chosen)
            allocations = allocations.filter(Exists(there.filter(allocation=OuterRef("pk"))))
        return allocations


class PromiseFilter(PlaceFilter):
    """Also by whether the floor is still to come."""

    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[
            ("", pgettext_lazy("broken promises", "Still to come")),
            ("any", pgettext_lazy("broken promises", "Whenever")),
        ],
    )

    def narrow(self, promises: Any, today: date) -> Any:  # type: ignore[override]
        """Those of `promises` that are asked for."""
        if self.enterprises is not None:
            promises = promises.filter(allocation__enterprise__in=self.enterprises)
        if self.zone_chosen:
            promises = promises.filter(floor__building__zone__code=self.zone_chosen)
        if self.is_valid() and self.cleaned_data["when"] == "any":
            return promises
        return promises.still_open(today)
