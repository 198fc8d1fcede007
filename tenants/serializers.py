"""Enterprises: what the API takes and gives."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func, OuterRef, QuerySet, Subquery
from rest_framework import serializers

from accounts.models import User
from tenants.models import (
    LONGEST_EMAIL,
    Alias,
    BusinessClass,
    BusinessLine,
    Contact,
    Enterprise,
    EnterpriseState,
    RegistrationType,
)
from tenants.readers import may_call, reads_notes
from tenants.services.enterprises import NewContact
from web import formats
from web.serializers import Body, Query, Text, VisibleRow, YesNo


class AliasesField(serializers.ListField):
    """Other names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Text(max_length=120), max_length=50, **kwargs)


class ContactForm(Body):
    """Whom one calls."""

    name = Text(max_length=80)
    title = Text(required=False, allow_blank=True, default="", max_length=60)
    phone = Text(required=False, allow_blank=True, default="", max_length=30)
    email = serializers.EmailField(
        required=False, allow_blank=True, default="", max_length=LONGEST_EMAIL
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A contact is given whole, also where the rest of the enterprise is not (PATCH)."""
        if "name" not in attrs:
            required = self.fields["name"].error_messages["required"]
            raise serializers.ValidationError({"name": required}, code="required")
        return {"title": "", "phone": "", "email": "", **attrs}


class _Facts(Body):
    parent_group = Text(required=False, allow_blank=True, max_length=120)
    origin = Text(required=False, allow_blank=True, max_length=60)
    industry_code = Text(
        required=False,
        allow_blank=True,
        max_length=60,
        help_text="A class of GB/T 4754-2017: four digits.",
    )
    registration_type = serializers.ChoiceField(
        RegistrationType.choices, required=False, allow_blank=True
    )
    is_fortune_500 = YesNo(required=False)
    is_industry_top_100 = YesNo(required=False)
    note = Text(required=False, allow_blank=True, max_length=5000)
    aliases = AliasesField(required=False, help_text="All of them: the list replaces the old one.")
    main_business = serializers.ChoiceField(BusinessClass.choices, required=False)
    contact = ContactForm(required=False, allow_null=True, help_text="null: nobody.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Give the values that the services take."""
        if "main_business" in attrs:
            attrs["business_class"] = BusinessClass(attrs.pop("main_business"))
        if "contact" in attrs:
            contact = attrs["contact"]
            attrs["contact"] = NewContact(**contact) if contact else NewContact(name="")
        return attrs


class NewEnterprise(_Facts):
    """An enterprise that the park does not know yet."""

    credit_code = Text(
        max_length=100, help_text="统一社会信用代码: 18 characters with a check digit (GB 32100)."
    )
    name = Text(max_length=120)
    short_name = Text(
        required=False, max_length=40, help_text="Without it: the beginning of the full name."
    )
    source = Text(required=False, allow_blank=True, max_length=300)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return super().validate({"short_name": attrs["name"][:40], **attrs})


class EnterpriseChange(_Facts):
    """What is to be different."""

    credit_code = Text(required=False, max_length=100)
    name = Text(required=False, max_length=120)
    short_name = Text(required=False, max_length=40)


class EnterpriseFilters(Query):
    credit_code = serializers.CharField(required=False, max_length=100)
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of a name or alias, initials, or code."
    )
    state = serializers.ChoiceField(EnterpriseState.choices, required=False)


class ContactShape(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)


class EnterpriseShape(serializers.Serializer):
    """A firm that is, was or may become a tenant."""

    id = serializers.IntegerField()
    credit_code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(EnterpriseState.choices, help_text="Today.")
    parent_group = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(allow_blank=True)
    industry_code = serializers.CharField(
        allow_blank=True, help_text="A class of GB/T 4754-2017; empty: not known."
    )
    registration_type = serializers.ChoiceField(RegistrationType.choices, allow_blank=True)
    is_fortune_500 = serializers.BooleanField()
    is_industry_top_100 = serializers.BooleanField()
    main_business = serializers.ChoiceField(BusinessClass.choices, allow_null=True)
    contact = ContactShape(allow_null=True)
    note = serializers.CharField(allow_blank=True, help_text="For the park's people; else empty.")
    sample_fields = serializers.ListField(
        child=serializers.CharField(), help_text="Names of invented fields; *: the whole row."
    )
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


# As an array: JSON would be written and read for each row, which takes longer than all the rest.
_CONTACT = Func(
    *("name", "title", "phone", "email"),
    template="ARRAY[%(expressions)s]",
    output_field=ArrayField(CharField()),
)
# Made once: to build them takes longer than to read a page of enterprises.
_BESIDE = {
    "alias_names": ArraySubquery(
        Alias.objects.filter(enterprise=OuterRef("pk")).order_by("pk").values("name")
    ),
    "main_business": Subquery(
        BusinessLine.objects.filter(enterprise=OuterRef("pk"), is_main=True).values(
            "business_class"
        )[:1]
    ),
    "contact": Subquery(
        Contact.objects.filter(enterprise=OuterRef("pk")).order_by("pk").values(shape=_CONTACT)[:1]
    ),
}


def enterprise_values(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise, dict[str, Any]]:
    """`enterprises`, which have their state, as `enterprise_row` wants them; in one query."""
    return enterprises.annotate(**_BESIDE).values(
        *("id", "credit_code", "name", "short_name", "alias_names", "state", "parent_group"),
        *("origin", "industry_code", "registration_type", "is_fortune_500"),
        *("is_industry_top_100", "main_business", "contact", "note"),
        *("sample_fields", "source", "version", "pinyin"),
    )


def enterprise_row(row: dict[str, Any], user: User) -> dict[str, Any]:
    """An enterprise as the API shows it to `user`."""
    return {
        "id": row["id"],
        "credit_code": row["credit_code"],
        "name": row["name"],
        "short_name": row["short_name"],
        "aliases": row["alias_names"],
        "state": row["state"],
        "parent_group": row["parent_group"],
        "origin": row["origin"],
        "industry_code": row["industry_code"],
        "registration_type": row["registration_type"],
        "is_fortune_500": row["is_fortune_500"],
        "is_industry_top_100": row["is_industry_top_100"],
        "main_business": row["main_business"],
        "contact": _contact(row["contact"], user),
        "note": row["note"] if reads_notes(user) else "",
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def _contact(values: list[str] | None, user: User) -> dict[str, str] | None:
    if values is None:
        return None
    name, title, phone, email = values
    if not may_call(user):
        phone = phone and formats.masked_phone(phone)
        email = email and formats.masked_email(email)
    return {"name": name, "title": title, "phone": phone, "email": email}


class ActingForField(VisibleRow):
    """The enterprise that somebody acts for, by its id; inside, the enterprise.

    People of an enterprise always act for their own and may leave it out; the park names it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Enterprise,
            allow_null=True,
            default=None,
            help_text="Its id. People of an enterprise may leave it out: they act for their own.",
            **kwargs,
        )

    def run_validation(self, data: Any = serializers.empty) -> Enterprise:
        enterprise = super().run_validation(data)
        user: User = self.context["user"]
        if enterprise is None and not user.has_perm("tenants.view_every_enterprise"):
            enterprise = Enterprise.objects.visible_to(user).first()
        if enterprise is None:
            self.fail("required")
        return enterprise
