"""Giving, holding and closing seats by hand; giving them back; narrowing the list of it all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.axis import SLOT, Span, intersection, place_of, run_label, seat_at
from park.models import Floor, Zone
from seats.holdings import CURRENT, ENDED, FUTURE, Scope, count_covered, count_seats, label_of
from seats.models import AllocationKind, SeatBlock
from seats.rectangles import ONE_DAY, Rectangle
from seats.wording import zone_name
from tenants.models import Enterprise
from web import formats
from web.forms import CountField, DayField, VersionMixin

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

    def rectangle(self, start: date, end: date | None) -> Rectangle:
        """The run on the days of the allocation, both included."""
        typed = self.cleaned_data
        floor = typed["floor"]
        first, last = seat_at(floor, typed["first"]), seat_at(floor, typed["last"])
        return Rectangle.of_days(first, last, start, end)


class BaseRunFormSet(forms.BaseFormSet):
    """At least one run."""

    default_error_messages = {"too_few_forms": _("Give at least one run of seats.")}

    def rectangles(self, start: date, end: date | None) -> list[Rectangle]:
        """Every run that was typed, on the days of the allocation."""
        return [form.rectangle(start, end) for form in self.forms if form.has_changed()]


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


def asked_to_release(query: QueryDict) -> dict[str, str]:
    """What a link to the page of a release has filled in: which run, which seats, from when."""
    return {name: query[name] for name in ("start", "run", "first", "last") if query.get(name)}


class Freed(NamedTuple):
    """Seats that a release would free, from a day on."""

    floor: int
    label: str
    seats: Span
    day: date


class ReleaseForm(VersionMixin):
    """From which day which seats of an allocation are free again."""

    EVERY_RUN = "all"

    start = DayField(label=_("Free from"))
    run = forms.ChoiceField(label=_("Which seats"))
    first = CountField(
        label=_("First seat"),
        required=False,
        min_value=1,
        max_value=SLOT,
        help_text=_("Of the run chosen above. Empty: the whole run."),
    )
    last = CountField(label=_("Last seat"), required=False, min_value=1, max_value=SLOT)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, blocks: Iterable[SeatBlock], **options: Any) -> None:
        super().__init__(*args, **options)
        self._blocks = {str(block.pk): block for block in blocks}
        self.fields["run"].choices = [  # type: ignore[attr-defined]
            (self.EVERY_RUN, _("All of its seats")),
            *((key, _named(block)) for key, block in self._blocks.items()),
        ]

    def clean(self) -> None:
        typed = self.cleaned_data
        if self.errors or not (typed.get("first") or typed.get("last")):
            return
        block = self._block
        if block is None:
            message = gettext("Choose a run first: seats are numbered floor by floor.")
            self.add_error("run", ValidationError(message, code="invalid"))
        elif not intersection(self._typed(block), _span(block)):
            message = gettext("This run has no such seats.")
            self.add_error("first", ValidationError(message, code="no_such_seat"))

    @property
    def _block(self) -> SeatBlock | None:
        """The run that was chosen; with seats typed, the only one that there still is by then."""
        typed = self.cleaned_data
        if typed["run"] in self._blocks or not (typed.get("first") or typed.get("last")):
            return self._blocks.get(typed["run"])
        still = [block for block in self._blocks.values() if _is_there_from(block, typed["start"])]
        return still[0] if len(still) == 1 else None

    @property
    def span(self) -> Span | None:
        """The seats that come back; None for all of the allocation's."""
        block = self._block
        return intersection(self._typed(block), _span(block)) if block else None

    @property
    def freed(self) -> list[Freed]:
        """What the release would free: parts of the blocks that are not over by its day."""
        start, span = self.cleaned_data["start"], self.span
        return [
            Freed(
                block.floor_id,
                run_label(block.floor.label, part),
                part,
                max(start, block.period.lower),
            )
            for block in self._blocks.values()
            if _is_there_from(block, start)
            if (part := intersection(span or _span(block), _span(block)))
        ]

    @property
    def before_and_after(self) -> tuple[int, int]:
        """How many seats the allocation has from the day on, without and with the release."""
        start = self.cleaned_data["start"]
        blocks = self._blocks.values()
        had = count_seats(block for block in blocks if _is_there_from(block, start))
        floors = {freed.floor for freed in self.freed}
        freed = sum(
            count_covered(floor, [f.seats for f in self.freed if f.floor == floor])
            for floor in floors
        )
        return had, had - freed

    def ask_again(self, version: int) -> None:
        """Let the page carry the version as it is now, and nothing as confirmed."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"], self.data["version"] = "", str(version)  # type: ignore[index]

    def _typed(self, block: SeatBlock) -> Span:
        first = self.cleaned_data.get("first") or place_of(block.seats.lower)
        last = self.cleaned_data.get("last") or place_of(block.seats.upper - 1)
        floor = block.floor_id
        return Span(seat_at(floor, first), seat_at(floor, max(first, last)) + 1)


def _span(block: SeatBlock) -> Span:
    return Span(block.seats.lower, block.seats.upper)


def _is_there_from(block: SeatBlock, day: date) -> bool:
    return block.period.upper is None or block.period.upper > day


def _named(block: SeatBlock) -> str:
    return f"{label_of(block)} · {formats.days_of(block.period)}"


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
