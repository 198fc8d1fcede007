"""Preparing a handover list, filling it in, signing it, noting differences, narrowing the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from park.axis import Span, floor_of, run_label
from park.models import Floor, Zone
from seats.handover_gaps import Gap
from seats.handover_lines import KIT, NewLine
from seats.models import Direction, HandoverLine, HandoverState, Item
from seats.models.handovers import HandoverQuerySet
from seats.services.handover_lists import MOST_LINES, MOST_OF_A_KIND
from seats.services.handovers import is_of_the_park
from seats.wording import zone_name
from tenants.models import Enterprise
from web.forms import CountField, DayField, VersionMixin

COUNTS = ("count", "worn", "damaged", "missing")
LARGEST_SEAT = 2**31 - 2


class PrepareForm(forms.Form):
    """When the seats change hands. The runs are a `RunChoice` beside it."""

    on = DayField(label=_("Day of the handover"))


class HandoverForm(VersionMixin):
    """The day and a note. The lines are a `LineFormSet` beside it."""

    on = DayField(label=_("Day of the handover"))
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def ask_again(self, version: int) -> None:
        """Let the page carry the version as it is now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]


class LineForm(forms.Form):
    """So many things of a kind in a run. Without a count the line is left out."""

    lower = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST_SEAT)
    upper = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST_SEAT)
    item = forms.ChoiceField(choices=Item.choices, widget=forms.HiddenInput)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=60, required=False)
    count = CountField(
        label=_("Should be there"), min_value=0, max_value=MOST_OF_A_KIND, required=False
    )
    worn = CountField(label=_("Worn"), min_value=0, max_value=MOST_OF_A_KIND, required=False)
    damaged = CountField(label=_("Damaged"), min_value=0, max_value=MOST_OF_A_KIND, required=False)
    missing = CountField(
        label=pgettext_lazy("handover", "Missing"),
        min_value=0,
        max_value=MOST_OF_A_KIND,
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("name", *COUNTS, "note"):
            label = f"{self.initial.get('run', '')} {self.thing}: {self.fields[name].label}"
            self.fields[name].widget.attrs["aria-label"] = label

    @property
    def thing(self) -> str:
        """What the line is about."""
        item = self.initial.get("item", Item.OTHER)
        return str(self.initial.get("name") or Item(item).label)

    @property
    def is_named(self) -> bool:
        """Whether somebody types what it is."""
        return self.initial.get("item", Item.OTHER) == Item.OTHER

    def clean(self) -> None:
        typed = self.cleaned_data
        if self.errors or self.is_left_out:
            return
        if typed["count"] is None:
            message = gettext("Say how many there should be.")
            self.add_error("count", ValidationError(message, code="required"))
        elif sum(typed[name] or 0 for name in COUNTS[1:]) > typed["count"]:
            message = gettext("Worn, damaged and missing are together more than there should be.")
            self.add_error("count", ValidationError(message, code="invalid"))
        elif typed["item"] == Item.OTHER and not typed["name"]:
            message = gettext("Say what it is.")
            self.add_error("name", ValidationError(message, code="required"))

    @property
    def is_left_out(self) -> bool:
        """Nothing was typed: the thing is not on the list."""
        return all(self.cleaned_data.get(name) in {None, ""} for name in (*COUNTS, "note"))

    @property
    def line(self) -> NewLine:
        typed = self.cleaned_data
        item = Item(typed["item"])
        return NewLine(
            seats=Span(typed["lower"], typed["upper"]),
            item=item,
            name=typed["name"] if item == Item.OTHER else "",
            note=typed["note"],
            **{name: typed[name] or 0 for name in COUNTS},
        )


class RunForms(NamedTuple):
    """The forms of one run."""

    label: str
    seats: int
    forms: list[LineForm]


class BaseLineFormSet(forms.BaseFormSet):
    """The lines of a list, run by run."""

    @property
    def lines(self) -> list[NewLine]:
        return [form.line for form in self.forms if not form.is_left_out]

    @property
    def by_run(self) -> list[RunForms]:
        groups: dict[str, list[LineForm]] = {}
        for form in self.forms:
            groups.setdefault(form.initial.get("run", ""), []).append(form)
        return [
            RunForms(label, rows[0].initial.get("seats", 0), rows) for label, rows in groups.items()
        ]


LineFormSet = forms.formset_factory(
    LineForm,
    formset=BaseLineFormSet,
    extra=0,
    max_num=MOST_LINES + 100,
    absolute_max=MOST_LINES + 100,
)


def entries(lines: Iterable[HandoverLine]) -> list[dict[str, Any]]:
    """What the forms of a list start with: its lines, the kit's that are not on it, one more."""
    runs: dict[Span, dict[tuple[str, str], HandoverLine]] = {}
    for line in lines:
        runs.setdefault(line.span, {})[line.item, line.name] = line
    floors = Floor.objects.in_bulk({floor_of(span.lower) for span in runs})
    return [
        entry
        for span, known in sorted(runs.items())
        for entry in _entries_of(span, run_label(floors[floor_of(span.lower)].label, span), known)
    ]


def _entries_of(
    span: Span, label: str, known: dict[tuple[str, str], HandoverLine]
) -> Sequence[dict[str, Any]]:
    keys = [(item.value, "") for item in KIT]
    keys += [key for key in known if key not in keys]
    where = {"lower": span.lower, "upper": span.upper, "run": label, "seats": span.length}
    return [
        *({**where, "item": item, "name": name, **_values(known.get((item, name)))}
          for item, name in keys),
        {**where, "item": Item.OTHER},
    ]  # fmt: skip


def _values(line: HandoverLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    then = {"then_count": line.then_count, "then_damaged": line.then_damaged}
    return {"note": line.note, **{name: getattr(line, name) for name in COUNTS}, **then}


class SignForm(VersionMixin):
    """Who signs, by full name. The enterprise may add a remark."""

    signer = forms.CharField(label=_("Full name of who signs"), max_length=80)
    note = forms.CharField(
        label=_("Remark"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("It is kept beside your signature and changes nothing in the list."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].required = True
        if is_of_the_park(user):
            del self.fields["note"]


class DisputeForm(VersionMixin):
    """What differs from what is there."""

    note = forms.CharField(
        label=_("What differs, and where"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class CorrectForm(forms.Form):
    """Why a signed list is corrected."""

    reason = forms.CharField(label=_("Reason for the correction"), max_length=300)


class HandoverFilter(forms.Form):
    """By state, by direction, by zone, by enterprise; or the seats without a list."""

    WAITS_FOR_PARK, WAITS_FOR_ENTERPRISE = "park", "enterprise"
    NO_MOVE_IN, NO_RETURN = "no_move_in", "no_return"

    show = forms.ChoiceField(label=_("State"), required=False)
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("", pgettext_lazy("every direction", "Both")), *Direction.choices],
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=60)

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self._user = user
        of_park = is_of_the_park(user)
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every state", "All")),
            (self.WAITS_FOR_PARK, _("Waits for the park")),
            (self.WAITS_FOR_ENTERPRISE, _("Waits for the enterprise")),
            (HandoverState.SIGNED, HandoverState.SIGNED.label),
            *([(self.NO_MOVE_IN, _("Moved in without a list"))] if of_park else []),
            *([(self.NO_RETURN, _("Given back without a list"))] if of_park else []),
        ]
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]
        if not of_park:
            del self.fields["enterprise"]

    @property
    def gap(self) -> Direction | None:
        """Whether the seats without a list are wanted, and which."""
        show = self.cleaned_data.get("show") if self.is_valid() else ""
        asked = {self.NO_MOVE_IN: Direction.MOVE_IN, self.NO_RETURN: Direction.RETURN}
        return asked.get(show or "")

    def narrow(self, rows: HandoverQuerySet) -> HandoverQuerySet:
        """Those of `rows` that were asked for; all of them where it makes no sense."""
        for name, value in (self.cleaned_data if self.is_valid() else {}).items():
            if value:
                rows = getattr(self, f"_by_{name}")(rows, value)
        return rows

    def narrow_gaps(self, rows: Iterable[Gap]) -> list[Gap]:
        """Those of `rows` of the zone and of the enterprise that were asked for."""
        typed = self.cleaned_data if self.is_valid() else {}
        rows = list(rows)
        if words := typed.get("enterprise"):
            found = Enterprise.objects.visible_to(self._user).matching(words)
            enterprises = set(found.values_list("pk", flat=True))
            rows = [gap for gap in rows if gap.enterprise_id in enterprises]
        if code := typed.get("zone"):
            there = Floor.objects.filter(building__zone__code=code).values_list("pk", flat=True)
            floors = set(there)
            rows = [gap for gap in rows if gap.floors & floors]
        return rows

    def _by_show(self, rows: HandoverQuerySet, value: str) -> HandoverQuerySet:
        if value == self.WAITS_FOR_PARK:
            return rows.filter(state__in=HandoverQuerySet.CHANGEABLE)
        if value == self.WAITS_FOR_ENTERPRISE:
            return rows.filter(state=HandoverState.OFFERED)
        return rows.filter(state=value)

    def _by_direction(self, rows: HandoverQuerySet, value: str) -> HandoverQuerySet:
        return rows.filter(direction=value)

    def _by_zone(self, rows: HandoverQuerySet, code: str) -> HandoverQuerySet:
        there = HandoverLine.objects.filter(
            handover=OuterRef("pk"), floor__building__zone__code=code
        )
        return rows.filter(Exists(there))

    def _by_enterprise(self, rows: HandoverQuerySet, words: str) -> HandoverQuerySet:
        enterprises = Enterprise.objects.visible_to(self._user).matching(words)
        return rows.filter(enterprise__in=enterprises)
