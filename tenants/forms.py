"""What people type about enterprises and about who acts for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tenants.credit_codes import clean_credit_code
from tenants.industries import clean_industry_code, industries
from tenants.models import (
    LONGEST_EMAIL,
    BusinessClass,
    BusinessLine,
    Contact,
    Enterprise,
    EnterpriseQuerySet,
    EnterpriseState,
    RegistrationType,
)
from tenants.services.enterprises import EDITABLE, NewContact
from web.forms import DayField, VersionMixin
from web.refusals import Refusal

LONGEST_NAME, MOST_NAMES = 120, 50


class BusinessLineForm(forms.Form):
    """A line of business that an enterprise takes up."""

    business_class = forms.ChoiceField(label=_("Business"), choices=BusinessClass.choices)
    name = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=120,
        help_text=_("As the enterprise calls it."),
    )
    started_on = DayField(label=_("First day"))

    def clean_business_class(self) -> BusinessClass:
        """The class itself."""
        return BusinessClass(self.cleaned_data["business_class"])


class EnterpriseSearchForm(forms.Form):
    """What narrows the list of enterprises."""

    words = forms.CharField(
        label=_("Name, other name, initials or credit code"), required=False, max_length=120
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *EnterpriseState.choices]
    )
    business = forms.ChoiceField(
        label=_("Business"), required=False, choices=[("", _("all")), *BusinessClass.choices]
    )

    def narrow(self, enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
        """Those that fit what was typed; `enterprises` come with their state."""
        self.is_valid()
        wanted = self.cleaned_data if self.is_bound else {}
        if words := wanted.get("words"):
            enterprises = enterprises.matching(words)
        if state := wanted.get("state"):
            enterprises = enterprises.in_state(state)
        if business := wanted.get("business"):
            lines = BusinessLine.objects.filter(business_class=business)
            enterprises = enterprises.filter(pk__in=lines.values("enterprise"))
        return enterprises


class Newer(NamedTuple):
    """A value that somebody else gave meanwhile; taken over where one typed none of one's own."""

    label: Any
    value: Any
    is_taken: bool


class EnterpriseForm(VersionMixin, forms.Form):
    """An enterprise, its other names, its main business and whom one calls."""

    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=60,
        help_text=_("18 characters, as on the business licence."),
    )
    name = forms.CharField(label=_("Full name, as on the licence"), max_length=120)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=40,
        help_text=_("What people say; lists are in its order."),
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One on each line: earlier names, names in the press, misspelt ones."),
    )
    business_class = forms.ChoiceField(
        label=_("Main business"),
        required=False,
        choices=[("", _("not known yet")), *BusinessClass.choices],
        help_text=_("Its output is counted there."),
    )
    industry_code = forms.CharField(
        label=_("Industry (GB/T 4754)"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "industries", "autocomplete": "off"}),
        help_text=_(
            "Four digits, as on the licence or in the statistics. Its threshold depends on it."
        ),
    )
    registration_type = forms.ChoiceField(
        label=_("Registration type"),
        required=False,
        choices=[("", _("not known yet")), *RegistrationType.choices],
    )
    parent_group = forms.CharField(label=_("Parent group"), required=False, max_length=120)
    origin = forms.CharField(
        label=_("Comes from"), required=False, max_length=60, help_text=_("City or country.")
    )
    is_fortune_500 = forms.BooleanField(
        label=_("Belongs to a Fortune Global 500 group"), required=False
    )
    is_industry_top_100 = forms.BooleanField(
        label=_("One of its industry's top 100"), required=False
    )
    contact_name = forms.CharField(label=_("Contact person"), required=False, max_length=80)
    contact_title = forms.CharField(label=_("Position"), required=False, max_length=60)
    contact_phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    contact_email = forms.EmailField(
        label=_("E-mail address"), required=False, max_length=LONGEST_EMAIL
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Only the park's people read it."),
    )

    @classmethod
    def of(cls, enterprise: Enterprise, typed: Any = None) -> EnterpriseForm:
        """The form of an enterprise that is known, filled with what is known.

        It carries what it showed, so that a second person's changes can be told from one's own.
        """
        form = cls(typed, initial={**_known(enterprise), "version": enterprise.version})
        invented = _invented(enterprise)
        for name, field in form.fields.items():
            field.show_hidden_initial = name != "version"
            if name in invented:
                field.help_text = _("A sample value until somebody changes it.")
        if form.initial["business_class"]:
            form.fields["business_class"].choices = BusinessClass.choices  # type: ignore[attr-defined]
        return form

    def clean_credit_code(self) -> str:
        return _cleaned(clean_credit_code, self.cleaned_data["credit_code"])

    def clean_industry_code(self) -> str:
        return _cleaned(clean_industry_code, self.cleaned_data["industry_code"])

    @property
    def industries(self) -> list[str]:
        """What may be chosen while typing: codes with their names."""
        return [str(industry) for industry in industries().values()]

    def clean_aliases(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        if any(len(name) > LONGEST_NAME for name in names):
            raise ValidationError(_("A name has at most 120 characters."))
        if len(names) > MOST_NAMES:
            raise ValidationError(_("Give at most 50 names."))
        return [name for name in names if name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        others = [values.get(f"contact_{part}") for part in ("title", "phone", "email")]
        if any(others) and not values.get("contact_name"):
            self.add_error("contact_name", _("Say whose number or address this is."))
        return values

    def values(self) -> dict[str, Any]:
        """What the services `add_enterprise` and `edit_enterprise` take."""
        typed = self.cleaned_data
        business = typed["business_class"]
        return {
            **{name: typed[name] for name in EDITABLE},
            "aliases": typed["aliases"],
            "business_class": BusinessClass(business) if business else None,
            "contact": NewContact(
                name=typed["contact_name"],
                title=typed["contact_title"],
                phone=typed["contact_phone"],
                email=typed["contact_email"],
            ),
        }

    def take_newer(self, enterprise: Enterprise) -> list[Newer]:
        """What somebody else changed while this was being typed.

        Their values stand in the form now, except where both changed the same: there one's own
        stays, and sending the form again writes over theirs.
        """
        data = dict(self.data.items())
        newer = []
        for name, value in _known(enterprise).items():
            shown, typed = self._shown(name), self._typed(name)
            if _same(value, shown):
                continue
            is_taken = _same(typed, shown)
            if is_taken:
                data[self.add_prefix(name)] = value or ""
            data[self.add_initial_prefix(name)] = str(value)
            newer.append(Newer(self.fields[name].label, self._in_words(name, value), is_taken))
        data[self.add_prefix("version")] = str(enterprise.version)
        self.data = data
        return newer

    def _shown(self, name: str) -> Any:
        return self.fields[name].to_python(self.data.get(self.add_initial_prefix(name)))

    def _typed(self, name: str) -> Any:
        return self.fields[name].to_python(self[name].data)

    def _in_words(self, name: str, value: Any) -> Any:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return choices.get(value, value)


def _invented(enterprise: Enterprise) -> set[str]:
    """The fields of the form whose values are invented."""
    names = set(EDITABLE) if enterprise.is_sample else set(enterprise.sample_fields) & set(EDITABLE)
    if enterprise.business_lines.filter(is_main=True).exclude(sample_fields=[]).exists():
        names.add("business_class")
    if enterprise.contacts.exclude(sample_fields=[]).exists():
        names.add("contact_name")
    return names


def _known(enterprise: Enterprise) -> dict[str, Any]:
    """What the form shows of an enterprise, by the names of its fields."""
    contact = enterprise.contacts.order_by("pk").first() or Contact()
    main = enterprise.business_lines.filter(is_main=True).first()
    aliases = enterprise.aliases.order_by("pk").values_list("name", flat=True)
    return {
        **{name: getattr(enterprise, name) for name in EDITABLE},
        "aliases": "\n".join(aliases),
        "business_class": main.business_class if main else "",
        **{f"contact_{name}": getattr(contact, name) for name in NewContact._fields},
    }


def _cleaned(clean: Callable[[str], str], typed: str) -> str:
    try:
        return clean(typed)
    except Refusal as refusal:
        raise ValidationError(str(refusal), code=refusal.errors[0]["code"]) from None


def _same(one: Any, other: Any) -> bool:
    return str(one).split() == str(other).split()


class UploadForm(forms.Form):
    """A list of enterprises."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"), widget=forms.ClearableFileInput({"accept": ".xlsx"})
    )


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_EMAIL,
        help_text=_("The link goes there. It is theirs alone; don't pass it on."),
    )
    role = forms.ChoiceField(
        label=_("Acts as"),
        widget=forms.RadioSelect,
        choices=[
            ("manager", _("Manager: everything, and invites the others")),
            ("member", _("Member: files returns and follows requests")),
        ],
    )

    @property
    def is_manager(self) -> bool:
        return self.cleaned_data["role"] == "manager"


class AcceptanceForm(forms.Form):
    """How somebody who was invited comes in: their name and a password of their own."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
    )
    again = forms.CharField(
        label=_("The password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "password" in values:
            self._check_password(values)
        return values

    def _check_password(self, values: dict[str, Any]) -> None:
        person = User(email=self.email, name=values.get("name", ""))
        password = values["password"]
        if values.get("again", password) != password:
            self.add_error("again", _("The two passwords differ."))
        try:
            password_validation.validate_password(password, person)
        except ValidationError as error:
            self.add_error("password", error)
