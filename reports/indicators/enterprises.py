"""Who the enterprises of a report are, as of when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.indicators.facts import UNCLASSIFIED, EnterpriseFact
from tenants.models import BusinessLine, Enterprise


def take_enterprises(tables: Mapping[str, Sequence[Any]]) -> list[EnterpriseFact]:
    """Those that the facts of `tables` mention, by name, with their main business."""
    mentioned = {
        fact.enterprise
        for facts in tables.values()
        for fact in facts
        if getattr(fact, "enterprise", None) is not None
    }
    main = dict(
        BusinessLine.objects.filter(is_main=True, enterprise__in=mentioned).values_list(
            "enterprise", "business_class"
        )
    )
    return [
        EnterpriseFact(
            enterprise=enterprise.pk,
            name=enterprise.name,
            short_name=enterprise.short_name,
            business_class=main.get(enterprise.pk, UNCLASSIFIED),
            is_sample=not {"*", "name"}.isdisjoint(enterprise.sample_fields),
        )
        for enterprise in Enterprise.objects.filter(pk__in=mentioned).by_name()
    ]
