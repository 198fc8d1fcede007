"""A target as people state it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.indicators import INDICATORS, indicator_named
from reports.models import Scope, Span, Target
from reports.units import Unit
from web.forms import DayField, QuantityField, VersionMixin


class ValueField(QuantityField):
    """A value of any unit: shown with as many decimals as it has, 500 and 82.41."""

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value).normalize():,f}" if isinstance(value, Decimal | int) else value


class TargetForm(VersionMixin):
    """What is to be reached, of what, by when, and who says so. Money is typed in 万元."""

    name_zh = forms.CharField(label=_("What is to be reached"), max_length=120)
    name_en = forms.CharField(label=_("The same in English"), max_length=160, required=False)
    qualifier = forms.ChoiceField(label=_("Qualifier"), required=False)
    value = ValueField(label=_("Value"))
    value_to = ValueField(
        label=_("To"), required=False, help_text=_("Only where the source gives a range.")
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit)
    indicator = forms.ChoiceField(
        label=_("Measured by"),
        required=False,
        help_text=_("The indicator whose figure is compared with it."),
    )
    span = forms.ChoiceField(label=_("Measured over"), choices=Span)
    scope = forms.ChoiceField(label=_("Scope"), choices=Scope)
    scope_code = forms.CharField(
        label=_("Code of the scope"),
        max_length=6,
        required=False,
        help_text=_("Of a zone its letter, of a district or city its six digits. None: the park."),
    )
    scope_zh = forms.CharField(
        label=_("Scope in words"),
        max_length=120,
        required=False,
        help_text=_("As the source calls it."),
    )
    scope_en = forms.CharField(label=_("Scope in English"), max_length=160, required=False)
    differs_zh = forms.CharField(
        label=_("What else it counts"),
        max_length=200,
        required=False,
        help_text=_("What the park's own figure does not count. Progress is then not shown."),
    )
    differs_en = forms.CharField(label=_("What else, in English"), max_length=200, required=False)
    year = forms.IntegerField(
        label=_("By the end of"),
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 4}),
        help_text=_("A year, where the source gives one."),
    )
    owner = forms.CharField(label=_("Who answers for it"), max_length=80, required=False)
    is_reached = forms.BooleanField(label=_("The source says that it is reached"), required=False)
    stated_on = DayField(label=_("Stated on"), required=False)
    source = forms.CharField(label=pgettext_lazy("of a figure", "Source"), max_length=300)
    quote = forms.CharField(
        label=_("Words of the source"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    is_dropped = forms.BooleanField(label=_("No longer pursued"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        blank = [("", pgettext_lazy("choice", "–"))]
        qualifiers = Target._meta.get_field("qualifier").choices or []
        self.fields["qualifier"].choices = [*blank, *qualifiers]  # type: ignore[attr-defined]
        named = [(one.code, one.name) for one in INDICATORS.values()]
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", _("no indicator counts it")),
            *named,
        ]

    @classmethod
    def of(cls, target: Target, typed: Any = None) -> TargetForm:
        """The form of a target that is known."""
        scale = Unit(target.unit).scale
        values = {
            name: None if getattr(target, name) is None else getattr(target, name) / scale
            for name in ("value", "value_to")
        }
        known = {name: getattr(target, name) for name in cls.base_fields}
        return cls(typed, initial={**known, **values})

    def clean(self) -> dict[str, Any]:
        """Money in 元. The unit of an indicator is its own."""
        cleaned = super().clean() or self.cleaned_data
        one = indicator_named(cleaned.get("indicator", ""))
        unit = Unit(cleaned["unit"]) if cleaned.get("unit") else one.unit if one else None
        for name in ("value", "value_to"):
            if unit is not None and cleaned.get(name) is not None:
                cleaned[name] = Decimal(cleaned[name]) * unit.scale
        return cleaned

    def show_newest(self, target: Target) -> None:
        """Who was overtaken has seen what is there now, and may save over it."""
        self.data = {**self.data.dict(), "version": str(target.version)}  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
