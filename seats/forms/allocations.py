"""Giving, holding and closing seats by hand; narrowing the list of it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.axis import SLOT, floor_of, seat_at
from park.models import Floor, Zone
from seats.holdings import AHEAD, CURRENT, ENDED, FUTURE, Scope
from seats.models import AllocationKind
from seats.rectangles import ONE_DAY, Rectangle
from seats.wording import zone_name
from tenants.models import Enterprise
from web.forms import CountField, DayField
from web.refusals import Refusal

ANY_TIME = "any"
MOST_RUNS = 1000


class AllocationForm(forms.Form):
    """Who gets seats, of which kind, on which days. The runs are a `RunFormSet` beside it."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("allocation", "Kind"),
        choices=AllocationKind.choices,
        widget=forms.RadioSelect,
    )
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("Enterprise"),
        required=False,
        empty_label=_("none: the seats are closed"),
    )
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))
    expires_at = DayField(
        label=_("Hold until"),
        required=False,
        help_text=_("For a hold: its last day. Empty: the days that are set."),
    )
    reason = forms.CharField(
        label=pgettext_lazy("allocation", "Reason"), required=False, max_length=200
    )
    due_on = DayField(
        label=_("Meant to be back"),
        required=False,
        help_text=_("Of closed seats without a last day: they are overdue after it."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        enterprises = Enterprise.objects.visible_to(user).by_name()
        self.fields["enterprise"].queryset = enterprises  # type: ignore[attr-defined]

    @property
    def end_of_hold(self) -> datetime | None:
        """The end of the last day of a hold."""
        day: date | None = self.cleaned_data["expires_at"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))


class RunForm(forms.Form):
    """Seats side by side on one floor."""

    floor = forms.CharField(
        label=_("Floor"), max_length=30, widget=forms.TextInput({"list": "floors"})
    )
    first = CountField(label=_("First seat"), min_value=1, max_value=SLOT)
    last = CountField(label=_("Last seat"), min_value=1, max_value=SLOT)

    def __init__(self, *args: Any, floors: dict[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self._floors = floors

    def clean_floor(self) -> int:
        label = self.cleaned_data["floor"].strip().upper()
        if label not in self._floors:
            message = gettext("There is no floor %(label)s.") % {"label": label}
            raise ValidationError(message, code="no_such_floor")
        return self._floors[label]

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            message = gettext("The last seat must not come before the first.")
            self.add_error("last", ValidationError(message, code="invalid"))

    @property
    def places(self) -> tuple[int, int]:
        """First and last seat as the park counts them."""
        typed = self.cleaned_data
        return seat_at(typed["floor"], typed["first"]), seat_at(typed["floor"], typed["last"])

    def ends_after(self, last_seat: int | None) -> bool:
        """Whether it goes on after the last seat of its floor, which is `last_seat`."""
        last = self.places[1]
        return last_seat is not None and floor_of(last) == floor_of(last_seat) and last > last_seat

    def is_one_of(self, runs: Iterable[Mapping[str, int]]) -> bool:
        """Whether it is one of these runs, as a refusal names them."""
        return self.places in {(run["first_seat"], run["last_seat"]) for run in runs}

    def rectangle(self, start: date, end: date | None) -> Rectangle:
        """The run on the days of the allocation, both included."""
        return Rectangle.of_days(*self.places, start, end)


class BaseRunFormSet(forms.BaseFormSet):
    """At least one run."""

    default_error_messages = {"too_few_forms": _("Give at least one run of seats.")}

    def rectangles(self, start: date, end: date | None) -> list[Rectangle]:
        """Every run that was typed, on the days of the allocation."""
        return [form.rectangle(start, end) for form in self.forms if form.has_changed()]

    def say(self, refusal: Refusal) -> bool:
        """Say a refusal beside the run that it is about; False where it is about none alone."""
        rows = [form for form in self.forms if form.has_changed()]
        past_end = [row for row in rows if row.ends_after(refusal.extra.get("last_seat"))]
        shared = [row for row in rows if row.is_one_of(refusal.extra.get("runs", ()))]
        for found, name in ((past_end[:1], "last"), (shared[1:], "first")):
            for row in found[-1:]:
                row.add_error(name, ValidationError(str(refusal.message), code=refusal.code))
                return True
        return False


RunFormSet = forms.formset_factory(
    RunForm, formset=BaseRunFormSet, extra=3, min_num=1, validate_min=True, absolute_max=MOST_RUNS
)


def floor_numbers() -> dict[str, int]:
    """Every floor by its label, as one walks."""
    return dict(Floor.objects.in_order().values_list("label", "pk"))


def prefilled(query: QueryDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a link to the form has filled in: the form's values, and one run."""
    names = ("kind", "enterprise", "start", "end")
    values = {name: query[name] for name in names if query.get(name)}
    run = {name: query[name] for name in ("floor", "first", "last") if query.get(name)}
    return {"kind": AllocationKind.HOLD, **values}, [run] if run else []


class AllocationFilter(forms.Form):
    """By enterprise, by kind, by zone, by time. Building and floor come with a link only."""

    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=pgettext_lazy("allocation", "Kind"),
        required=False,
        choices=[("", pgettext_lazy("every kind", "All")), *AllocationKind.choices],
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[
            (CURRENT, pgettext_lazy("allocations", "On the day")),
            (AHEAD, pgettext_lazy("allocations", "From the day on")),
            (FUTURE, pgettext_lazy("allocations", "Later")),
            (ENDED, pgettext_lazy("allocations", "Ended")),
            (ANY_TIME, pgettext_lazy("allocations", "Whenever")),
        ],
    )
    on = DayField(label=_("Day"), required=False)
    building = forms.IntegerField(required=False, widget=forms.HiddenInput)
    floor = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, *, user: User, today: date) -> None:
        typed = query.copy()
        sees_all = user.has_perm("seats.view_every_allocation")
        typed.setdefault("on", today.isoformat())
        typed.setdefault("when", CURRENT if sees_all else ANY_TIME)
        super().__init__(typed)
        self._user = user
        if not sees_all:
            del self.fields["enterprise"]
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]

    def scope(self, today: date) -> Scope:
        """The part of the place and the time that were asked for; today where it is unclear."""
        typed = self.cleaned_data if self.is_valid() else {}
        when = typed.get("when") or CURRENT
        return Scope(
            day=typed.get("on") or today,
            today=today,
            when="" if when == ANY_TIME else when,
            kind=typed.get("kind", ""),
            zone=typed.get("zone", ""),
            building=typed.get("building"),
            floor=typed.get("floor"),
        )

    def narrow(self, allocations: Any) -> Any:
        """Those of the enterprises whose names were typed."""
        words = self.cleaned_data.get("enterprise", "") if self.is_valid() else ""
        if not words:
            return allocations
        enterprises = Enterprise.objects.visible_to(self._user).matching(words)
        return allocations.filter(enterprise__in=enterprises)


def typed_so_far(posted: QueryDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was typed into the form and its runs, as it stands, to be shown with room for more."""
    rows = [
        {name: posted.get(f"runs-{row}-{name}", "") for name in ("floor", "first", "last")}
        for row in range(MOST_RUNS)
    ]
    return posted.dict(), [row for row in rows if any(row.values())]
