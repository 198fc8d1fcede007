"""Who the enterprises of an export are: registration, industry, address in the park, contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from seats.models import BlockKind, SeatBlock
from tenants.industries import section_of
from tenants.models import Alias, BusinessLine, Contact, Enterprise, Tenancy


@dataclass
class Firm:
    """An enterprise as it is known today; where it sits and since when, on the last day."""

    enterprise: Enterprise
    aliases: list[str] = field(default_factory=list)
    business: str = ""
    contact: Contact | None = None
    since: date | None = None
    is_tenant: bool = False  # on the last day
    floors: list[str] = field(default_factory=list)
    seats: int = 0

    @property
    def name(self) -> str:
        return self.enterprise.name

    @property
    def section(self) -> str:
        return section_of(self.enterprise.industry_code)

    @property
    def is_sample(self) -> bool:
        return bool(self.enterprise.sample_fields)


def read_firms(firms: Iterable[int], day: date) -> dict[int, Firm]:
    """Those enterprises by their ids, in the order of names, as of `day`; six queries."""
    rows = Enterprise.objects.filter(pk__in=list(firms)).by_name()
    found = {row.pk: Firm(row) for row in rows}
    _read_names(found)
    _read_tenancies(found, day)
    _read_seats(found, day)
    return found


def _read_names(found: dict[int, Firm]) -> None:
    for alias in Alias.objects.filter(enterprise__in=found).order_by("pk"):
        found[alias.enterprise_id].aliases.append(alias.name)
    for line in BusinessLine.objects.filter(enterprise__in=found, is_main=True):
        found[line.enterprise_id].business = line.get_business_class_display()
    for contact in Contact.objects.filter(enterprise__in=found).order_by("-pk"):
        found[contact.enterprise_id].contact = contact  # the first one stays


def _read_tenancies(found: dict[int, Firm], day: date) -> None:
    """Since when each is here: from the first day of the last tenancy that had begun by `day`."""
    begun = Tenancy.objects.filter(enterprise__in=found, period__startswith__lte=day)
    for tenancy in begun.order_by("period"):
        firm = found[tenancy.enterprise_id]
        firm.since = tenancy.period.lower
        firm.is_tenant = tenancy.period.upper is None or tenancy.period.upper > day


def _read_seats(found: dict[int, Firm], day: date) -> None:
    blocks = SeatBlock.objects.on(day).filter(enterprise__in=found, kind=BlockKind.FIRM)
    for block in blocks.select_related("floor__building__zone").order_by("floor", "seats"):
        assert block.enterprise_id is not None  # noqa: S101 — it was found by it
        firm = found[block.enterprise_id]
        firm.seats += block.seats.upper - block.seats.lower
        if block.floor.label not in firm.floors:
            firm.floors.append(block.floor.label)
