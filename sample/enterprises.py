"""The sample's enterprises: those that the articles name, and invented ones beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from audit.context import recorded
from sample import files
from tenants.models import Alias, BusinessClass, Enterprise, RegistrationType
from tenants.services import add_enterprise
from tenants.services.enterprises import NewContact

# No telephone number in China begins with 0 after the area code.
PHONE = "0832-0000{:03d}"


def add_enterprises(acting_user: User) -> dict[str, Enterprise]:
    """Add everybody of sample/data/enterprises.yaml; return them by their keys."""
    data = files.read("enterprises.yaml")
    rows = [(row, _invented(row)) for row in data["named"]]
    rows += [(row, ["*", "contact", "business_class"]) for row in data["invented"]]
    industries: dict[str, str] = data["industries"]
    return {
        row["key"]: _add(
            {"industry": industries.get(row["business"], ""), **row},
            sample_fields,
            number,
            acting_user,
        )
        for number, (row, sample_fields) in enumerate(rows, start=1)
    }


def businesses() -> dict[str, str]:
    """The business of each enterprise by its key."""
    data = files.read("enterprises.yaml")
    return {row["key"]: row["business"] for row in [*data["named"], *data["invented"]]}


def _invented(row: Mapping[str, Any]) -> list[str]:
    """What is invented about an enterprise that an article names."""
    return ["credit_code", "contact", "industry_code", "registration_type", *row.get("sample", [])]


def _add(
    row: Mapping[str, Any], sample_fields: Iterable[str], number: int, acting_user: User
) -> Enterprise:
    name, title = row["contact"]
    aliases: dict[str, str] = row.get("aliases", {})
    enterprise = add_enterprise(
        credit_code=row["credit_code"],
        name=row["name"],
        short_name=row["short_name"],
        aliases=list(aliases),
        parent_group=row.get("parent_group", ""),
        origin=row.get("origin", ""),
        industry_code=row["industry"],
        registration_type=row.get("registration", RegistrationType.DOMESTIC),
        is_fortune_500=row.get("is_fortune_500", False),
        is_industry_top_100=row.get("is_industry_top_100", False),
        note="\n".join(row[part] for part in ("place", "note") if part in row),
        business_class=BusinessClass(row["business"]),
        contact=NewContact(name, title, PHONE.format(number), f"{row['key']}@example.com"),
        source=row.get("source", ""),
        sample_fields=list(sample_fields),
        acting_user=acting_user,
    )
    with recorded(acting_user):
        for alias in Alias.objects.filter(enterprise=enterprise):
            alias.source = aliases[alias.name]
            alias.save(update_fields=["source"])
    return enterprise
