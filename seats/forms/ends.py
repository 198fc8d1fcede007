"""Which endings to look at: where, of which kind, within how many days."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from park.models import Building, Zone
from seats.ends import HORIZONS, Part
from seats.models import AllocationKind
from seats.wording import building_name, zone_name


class EndsFilter(forms.Form):
    """By zone, by building, by kind, by time; what makes no sense is left out."""

    within = forms.TypedChoiceField(
        label=pgettext_lazy("endings", "Within"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("allocation", "Kind"),
        required=False,
        choices=[("", pgettext_lazy("every kind", "All")), *AllocationKind.choices],
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)
    building = forms.TypedChoiceField(
        label=_("Building"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, query: QueryDict) -> None:
        typed = query.copy()
        typed.setdefault("within", str(HORIZONS[-1]))
        super().__init__(typed)
        codes = Zone.objects.order_by("code").values_list("code", flat=True)
        self.fields["within"].choices = [  # type: ignore[attr-defined]
            (days, gettext("%(days)d days") % {"days": days}) for days in HORIZONS
        ]
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every zone", "All")),
            *((code, zone_name(code)) for code in codes),
        ]
        rows = Building.objects.filter(floors__isnull=False).distinct().select_related("zone")
        ordered = sorted(rows, key=lambda row: (row.zone.code, len(row.code), row.code))
        self.buildings = {row.label: row.pk for row in ordered}
        self.fields["building"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every building", "All")),
            *((pk, building_name(label)) for label, pk in self.buildings.items()),
        ]
        self.is_valid()

    @property
    def part(self) -> Part:
        """The part of the place, and of what can end."""
        typed = self.cleaned_data
        return Part(typed.get("zone", ""), typed.get("building"), typed.get("kind", ""))

    @property
    def days(self) -> int:
        return self.cleaned_data.get("within") or HORIZONS[-1]

    @property
    def chosen_buildings(self) -> dict[str, int]:
        """The buildings of that part of the place."""
        part = self.part
        return {
            label: pk
            for label, pk in self.buildings.items()
            if part.building in (None, pk)
            if not part.zone or label.startswith(f"{part.zone}-")
        }
