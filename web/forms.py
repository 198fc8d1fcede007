"""Forms in our language: fields that read what people type, and the renderer that draws them.

People type full-width digits, thousands separators and 万元. The fields here accept all of that,
refuse what is ambiguous (`98,75`), and give back plain values: `int`, `Decimal` in 元, `date`.
Every field may have a `unit`; it is shown beside the entry before anything is typed.

    class RequestForm(VersionMixin, forms.Form):
        seats = CountField(label=_("Seats"), unit=_("seats"), min_value=1)
        start = DayField(label=_("First day"))
        revenue = MoneyField(label=_("Revenue"), required=False)

In a page: `{% form form url=… submit=_("Submit") %}{% endform %}` (see `{% load parts %}`).
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from web.formats import WAN
from web.refusals import Refusal
from web.rfc9457 import Text

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(9998, 12, 31)

GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
MONTH = re.compile(r"(\d{4})(?:(\d{2})|[-/.年](\d{1,2})月?)", re.ASCII)
DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)", re.ASCII)


def plain_number(typed: str) -> str:
    """Give a typed number as Python writes it, `２１，６００` as `21600`; ValueError if unclear."""
    text = _squeezed(typed).replace("−", "-")
    if PLAIN.fullmatch(text):
        return text
    if GROUPED.fullmatch(text):
        return text.replace(",", "")
    raise ValueError(typed)


class NumberInput(forms.TextInput):
    """A text entry with a number pad: type=number would refuse `1,038` and full-width digits."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, whole: bool = False) -> None:
        pad = "numeric" if whole else "decimal"
        super().__init__({"inputmode": pad, "autocomplete": "off", **(attrs or {})})


class _Unit:
    """Something counted or measured in `unit`."""

    unit: Text

    def _pop_unit(self, options: dict[str, Any], default: Text = "") -> None:
        self.unit = options.pop("unit", default)


class CountField(_Unit, forms.IntegerField):
    """A whole number of seats, people, desks."""

    default_error_messages = {"invalid": _("Type a whole number, for example 300.")}

    def __init__(self, **options: Any) -> None:
        self._pop_unit(options)
        options.setdefault("widget", NumberInput(whole=True))
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            try:
                value = plain_number(value)
            except ValueError:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class QuantityField(_Unit, forms.Field):
    """A decimal number with a fixed number of places: areas, prices, rates."""

    widget = NumberInput
    default_error_messages = {
        "invalid": _("Type a number, for example 2,160.00."),
        "places": ngettext_lazy(
            "At most %(count)d decimal place.", "At most %(count)d decimal places.", "count"
        ),
        "digits": _("This number is too long."),
    }
    scale = 1  # what one typed unit is in the database

    def __init__(
        self,
        *,
        places: int = 2,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **options: Any,
    ) -> None:
        self._pop_unit(options)
        self.places = places
        super().__init__(**options)
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            typed = Decimal(plain_number(str(value)))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if -typed.as_tuple().exponent > self.places:  # type: ignore[operator]
            message = self.error_messages["places"]
            raise ValidationError(message, code="places", params={"count": self.places})
        if typed.adjusted() > 14:
            raise ValidationError(self.error_messages["digits"], code="digits")
        return typed * self.scale

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, (Decimal, int)):
            return value
        exact = Decimal(value) / self.scale
        # More decimals than may be typed are shown, never rounded away behind the person's back.
        places = max(self.places, -exact.normalize().as_tuple().exponent)  # type: ignore[operator]
        return f"{exact:,.{places}f}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class MoneyField(QuantityField):
    """Money: typed and shown in 万元, 元 in `cleaned_data` and in the database.

    `min_value` and `max_value` are in 元.
    """

    scale = WAN

    def _pop_unit(self, options: dict[str, Any], default: Text = "") -> None:
        super()._pop_unit(options, default=_("10,000 yuan"))


class DayField(forms.DateField):
    """A day: the browser's calendar, or typed as 2024-02-20, 2024/2/20, 20240220, 2024年2月20日."""

    default_error_messages = {
        "invalid": _("Type a day as 2024-02-20."),
        "range": _("Days run from 1990-01-01 to 9998-12-31."),
    }

    def __init__(self, **options: Any) -> None:
        limits = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        options.setdefault("widget", forms.DateInput(limits, format="%Y-%m-%d"))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        return _typed_day(self, DAY.fullmatch(_squeezed(value)))


class MonthField(forms.Field):
    """A month, YYYY-MM; the value is its first day."""

    default_error_messages = {
        "invalid": _("Type a month as 2024-01."),
        "range": _("Days run from 1990-01-01 to 9998-12-31."),
    }

    def __init__(self, **options: Any) -> None:
        limits = {"type": "month", "min": f"{FIRST_DAY:%Y-%m}", "max": f"{LAST_DAY:%Y-%m}"}
        options.setdefault("widget", forms.TextInput(limits))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.replace(day=1)
        return _typed_day(self, MONTH.fullmatch(_squeezed(value)))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)


class VersionMixin(forms.Form):
    """Carries the version that the person saw; services take `expected_version`."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def expected_version(self) -> int | None:
        return self.cleaned_data.get("version")


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Say a refusal where the person is looking: each reason beside its field; at the form's head
    where the form has no such field."""
    for error in refusal.errors:
        field = error["field"] if error["field"] in form.fields else None
        form.add_error(field, ValidationError(str(error["message"]), code=error["code"]))
    if not refusal.errors:
        form.add_error(None, ValidationError(str(refusal.message), code=refusal.code))


class BoundField(forms.BoundField):
    """A field on a page: our classes, no placeholder, its unit read aloud with it."""

    @property
    def unit(self) -> Text:
        return getattr(self.field, "unit", "")

    @property
    def is_tick(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional(self) -> bool:
        return not (self.field.required or self.field.disabled or self.is_tick)

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if self.unit and self.auto_id and described is not None:
            return f"{self.auto_id}_unit {described}".strip()
        return described

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        built["placeholder"] = False  # the label says what, the help says how
        if classes := _widget_classes(widget, failed=bool(self.errors)):
            built["class"] = f"{widget.attrs.get('class', '')} {classes}".strip()
        return built


def _widget_classes(widget: forms.Widget, *, failed: bool) -> str:
    if widget.is_hidden or isinstance(widget, (forms.CheckboxInput, forms.RadioSelect)):
        return ""
    classes = ["x-in"]
    if isinstance(widget, NumberInput):
        classes.append("n")
    if failed:
        classes.append("must")
    return " ".join(classes)


class FormRenderer(TemplatesSetting):
    """Draws every form of the site; settings name it as FORM_RENDERER."""

    form_template_name = "web/form_body.html"
    field_template_name = "web/field.html"
    formset_template_name = "web/formset.html"
    bound_field_class = BoundField


def _typed_day(field: forms.Field, match: re.Match[str] | None) -> date:
    """The day (or the first of the month) that the parts of ``match`` name, within our limits."""
    parts = [int(part) for part in match.groups() if part] if match else []
    try:
        day = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    except (IndexError, ValueError):
        raise ValidationError(field.error_messages["invalid"], code="invalid") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(field.error_messages["range"], code="range")
    return day


def _squeezed(typed: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
