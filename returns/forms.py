"""The monthly return as people fill it in, submit it, and send it back."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from returns import services
from returns.checking import checked
from returns.checks import in_ten_thousands
from returns.figures import BREAKDOWNS
from returns.models import MonthlyReturn
from returns.rules import rules
from returns.services.filing import refuse_findings
from tenants.models import Enterprise, EnterpriseQuerySet
from web.forms import CountField, MoneyField, MonthField, VersionMixin, add_refusal
from web.refusals import Invalid, Refusal

PEOPLE = _("people")
NEGATIVE = {"min_value": _("This can't be negative.")}


class RevenueField(MoneyField):
    """Revenue in 10,000 yuan, to the fen: two decimals are shown, and more where there are more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(places=6, min_value=0, error_messages=NEGATIVE, **options)

    def prepare_value(self, value: Any) -> Any:
        text = super().prepare_value(value)
        if not isinstance(value, (Decimal, int)):
            return text
        whole, _point, rest = text.partition(".")
        return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"


def place_of(field: str) -> str:
    """Where a field's errors and questions are said: beside it, or under its group."""
    groups = (group for group, names in BREAKDOWNS.items() if field in names)
    return next(groups, field)


def _people(label: Any) -> CountField:
    return CountField(
        label=label, unit=PEOPLE, required=False, min_value=0, error_messages=NEGATIVE
    )


class Clash(NamedTuple):
    """A figure that somebody else saved while one typed another: theirs is kept, and said."""

    field: str
    value: Decimal | int | None


class ReturnForm(forms.Form):
    """The figures of a month; a draft may have gaps.

    Two people may fill in the same return. The form carries what it showed (`known`), so it saves
    only what was changed here, and notices where the same figure was changed elsewhere.
    """

    revenue = RevenueField(label=_("Revenue of the month"), required=False)
    joined = _people(_("Joined in the month"))
    left = _people(_("Left in the month"))
    headcount = _people(_("Staff at the end of the month"))
    postgraduate = _people(_("Postgraduate"))
    bachelor = _people(_("Bachelor"))
    junior_college = _people(_("Junior college"))
    below_college = _people(_("Below college"))
    age_18_26 = _people(_("18–26"))
    age_27_35 = _people(_("27–35"))
    age_36_up = _people(_("36 and over"))
    local = _people(_("This city"))
    same_province = _people(_("Same province"))
    elsewhere = _people(pgettext_lazy("where people come from", "Elsewhere"))

    def __init__(self, typed: Any = None, *, row: MonthlyReturn) -> None:
        super().__init__(typed, initial=row.figures())
        self.row = row
        self.readable: dict[str, Any] = {}
        self.clashes: list[Clash] = []
        self.is_checked = False
        self.is_divided = False
        self.saved_at: datetime | None = None
        self.shown: dict[str, Any] = row.figures()
        if typed is not None:
            self.shown |= {name: self._shown_before(name) for name in self.fields}
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"notice-{place_of(name)}"

    @classmethod
    def checked(cls, row: MonthlyReturn) -> ReturnForm:
        """The form of what is stored, with what keeps it from being submitted beside its fields."""
        unbound = cls(row=row)
        stored = {name: unbound[name].value() for name in unbound.fields}
        form = cls({name: value for name, value in stored.items() if value is not None}, row=row)
        form.is_checked = True
        try:
            refuse_findings(one for one in checked(row).blocking if one.place in form.fields)
        except Invalid as refusal:
            add_refusal(form, refusal)
        return form

    def save(self, now: datetime, user: User, *, divide: bool = False) -> None:
        """Save what was changed here and can be read; the rest stays typed, with its error.

        Raises a refusal of `services.save_draft`.
        """
        self.is_valid()
        figures = {name: value for name, value in self.cleaned_data.items() if self._is_new(name)}
        if divide and self.cleaned_data.get("revenue") is not None:
            figures["revenue"] = self._divide()
        figures = dict(self._without_clashes(figures))
        if figures:
            self.row = services.save_draft(
                return_id=self.row.pk,
                figures=figures,
                now=now,
                acting_user=user,
                expected_version=self.row.version,
            )
            self.saved_at = now
        self.shown |= figures

    def _divide(self) -> Decimal:
        """What was typed in yuan, read as that; the entry shows it from now on."""
        self.is_divided = True
        revenue = in_ten_thousands(self.cleaned_data["revenue"])
        self.cleaned_data["revenue"] = self.readable["revenue"] = revenue
        text = self.fields["revenue"].prepare_value(revenue)
        self.data = {**dict(self.data.items()), self.add_prefix("revenue"): text}
        return revenue

    def divided_entry(self) -> str:
        """The entry of the revenue, to be put in place of the one on the page."""
        return self.entries["revenue"].as_widget(attrs={"hx-swap-oob": "true"})

    @cached_property
    def entries(self) -> ReturnForm:
        """The same entries without their errors: the page says those beside the cells, from where
        saving while one types can take them away again."""
        quiet = copy(self)
        quiet._errors = ErrorDict()  # type: ignore[attr-defined]
        quiet._bound_fields_cache = {}  # type: ignore[attr-defined]
        return quiet

    def known(self) -> list[tuple[str, str]]:
        """What the page shows now, as hidden entries: (name, text)."""
        return [
            (self.add_initial_prefix(name), self.fields[name].prepare_value(value) or "")
            if value is not None
            else (self.add_initial_prefix(name), "")
            for name, value in self.shown.items()
        ]

    def clean(self) -> dict[str, Any] | None:
        """Note what can be read: a refusal that comes later takes its entry out of the rest."""
        self.readable = dict(self.cleaned_data)
        return super().clean()

    def figures(self) -> dict[str, Any]:
        """The figures as they stand on the page; None for an entry that cannot be read."""
        if not self.is_bound:
            return self.row.figures()
        self.is_valid()
        return {**self.row.figures(), **dict.fromkeys(self.fields), **self.readable}

    def _shown_before(self, name: str) -> Any:
        """What this page showed when it was opened; what is stored, where it does not say."""
        text = self.data.get(self.add_initial_prefix(name))
        try:
            return self.shown[name] if text is None else self.fields[name].clean(text)
        except forms.ValidationError:
            return self.shown[name]

    def _is_new(self, name: str) -> bool:
        return self.cleaned_data[name] != self.shown[name]

    def _without_clashes(self, figures: dict[str, Any]) -> Iterable[tuple[str, Any]]:
        stored = self.row.figures()
        for name, value in figures.items():
            if stored[name] in (self.shown[name], value):
                yield name, value
            else:
                self.clashes.append(Clash(name, stored[name]))
                self.shown[name] = stored[name]


class OpeningForm(forms.Form):
    """Which month's return is begun; at the park also whose."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), empty_label=None
    )
    month = MonthField(label=_("Month"))

    def __init__(
        self,
        *args: Any,
        enterprises: EnterpriseQuerySet,
        own: Enterprise | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.own = own
        if own is None:
            self.fields["enterprise"].queryset = enterprises.by_name()  # type: ignore[attr-defined]
        else:
            del self.fields["enterprise"]

    @property
    def whose(self) -> Enterprise:
        return self.own or self.cleaned_data["enterprise"]

    @property
    def month_begun(self) -> date:
        return self.cleaned_data["month"]


class StepForm(VersionMixin, forms.Form):
    """A step of a return that takes words: it goes with the version that the person saw."""

    def __init__(self, *args: Any, row: MonthlyReturn, **options: Any) -> None:
        options["initial"] = {"version": row.version, **options.get("initial", {})}
        super().__init__(*args, **options)
        self.row = row

    def refuse(self, refusal: Refusal) -> None:
        """Say why not. The page shows the return as it is now: the form goes with that."""
        add_refusal(self, refusal)
        self.data = {**dict(self.data.items()), self.add_prefix("version"): str(self.row.version)}


class SigningForm(StepForm):
    """Who answers for the figures, and from the second time on why they changed."""

    signer = forms.CharField(
        label=_("Signed by"),
        max_length=80,
        help_text=_("The person who answers for these figures."),
    )
    reason = forms.CharField(
        label=_("What changed, and why"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.row.revision_count == 0:
            del self.fields["reason"]


class QuestionForm(StepForm):
    """Why a return goes back: the rules that it breaks, a question, or both."""

    rules = forms.MultipleChoiceField(
        label=_("Rules that it breaks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(rule.code, f"{rule.code} {rule.words}") for rule in rules()],
    )
    question = forms.CharField(
        label=_("Question to the enterprise"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Name the rule or what is unclear, never the figure you would like."),
    )


class ReopeningForm(forms.Form):
    """Why a closed month is opened again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays with the month and in the audit trail."),
    )
