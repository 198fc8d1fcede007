"""Lines of business that the sample's enterprises took up beside their main one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from accounts.models import User
from sample import files
from sample.days import day_of
from tenants.models import BusinessClass, Enterprise
from tenants.services import add_business_line


def add_lines(enterprises: Mapping[str, Enterprise], today: date, acting_user: User) -> None:
    """Note everything of sample/data/lines.yaml."""
    for row in files.read("lines.yaml")["lines"]:
        add_business_line(
            enterprise=enterprises[row["who"]],
            business_class=BusinessClass(row["business"]),
            name=row.get("name", ""),
            started_on=day_of(row["since"], today),
            source=row.get("source", ""),
            sample_fields=row["sample"],
            today=today,
            acting_user=acting_user,
        )
