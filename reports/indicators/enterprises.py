"""Who the enterprises of a report are as of when it is made, and what they did in closed months."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from foundation.months import parse_month
from reports.indicators.facts import UNCLASSIFIED, EnterpriseFact
from returns.thresholds import above_threshold, threshold
from tenants.models import BusinessLine, Enterprise

# Every main business as it was known when a month that is closed now was closed: the figures of its
# class stay as they were then. From the history, which is never changed.
_WHEN_CLOSED = """
    WITH closing AS (
        SELECT m.month, max(e.pgh_created_at) AS at
        FROM park_reportingmonth m
        JOIN park_reportingmonthevent e ON e.pgh_obj_id = m.id AND e.is_closed
        WHERE m.is_closed AND to_char(m.month, 'YYYY-MM') = ANY(%(months)s)
        GROUP BY m.month
    ),
    known AS (
        SELECT DISTINCT ON (closing.month, line.pgh_obj_id)
               closing.month, line.pgh_label, line.is_main, line.enterprise_id, line.business_class
        FROM closing
        JOIN tenants_businesslineevent line ON line.pgh_created_at <= closing.at
        ORDER BY closing.month, line.pgh_obj_id, line.pgh_id DESC
    )
    SELECT to_char(closing.month, 'YYYY-MM'), known.enterprise_id, known.business_class
    FROM closing
    LEFT JOIN known
        ON known.month = closing.month AND known.is_main AND known.pgh_label <> 'delete'
"""

# Which lists of large firms each enterprise was on when a month that is closed now was closed.
_GROUPS_WHEN_CLOSED = """
    WITH closing AS (
        SELECT m.month, max(e.pgh_created_at) AS at
        FROM park_reportingmonth m
        JOIN park_reportingmonthevent e ON e.pgh_obj_id = m.id AND e.is_closed
        WHERE m.is_closed AND to_char(m.month, 'YYYY-MM') = ANY(%(months)s)
        GROUP BY m.month
    )
    SELECT DISTINCT ON (closing.month, one.pgh_obj_id)
           to_char(closing.month, 'YYYY-MM'), one.pgh_obj_id,
           one.is_fortune_500, one.is_industry_top_100
    FROM closing
    JOIN tenants_enterpriseevent one ON one.pgh_created_at <= closing.at
    WHERE one.pgh_obj_id = ANY(%(enterprises)s)
    ORDER BY closing.month, one.pgh_obj_id, one.pgh_id DESC
"""


def take_enterprises(tables: Mapping[str, Sequence[Any]]) -> list[EnterpriseFact]:
    """Those that the facts of `tables` mention, by name, with their main business."""
    facts = [
        fact
        for facts in tables.values()
        for fact in facts
        if getattr(fact, "enterprise", None) is not None
    ]
    mentioned = {fact.enterprise for fact in facts}
    main = dict(
        BusinessLine.objects.filter(is_main=True, enterprise__in=mentioned).values_list(
            "enterprise", "business_class"
        )
    )
    months = {fact.month for fact in facts}
    then, groups_then = _when_closed(months), _groups_when_closed(months, mentioned)
    last = parse_month(max((fact.month for fact in tables.get("returns", ())), default=""))
    above = above_threshold(last) if last else set()
    return [
        EnterpriseFact(
            enterprise=enterprise.pk,
            name=enterprise.name,
            short_name=enterprise.short_name,
            business_class=main.get(enterprise.pk, UNCLASSIFIED),
            former=_former(enterprise.pk, main.get(enterprise.pk, UNCLASSIFIED), then),
            is_sample=not {"*", "name"}.isdisjoint(enterprise.sample_fields),
            groups=(groups := _groups(enterprise.is_fortune_500, enterprise.is_industry_top_100)),
            former_groups={
                month: was
                for month, known in sorted(groups_then.items())
                if (was := known.get(enterprise.pk, groups)) != groups
            },
            size=_size(enterprise, above, last),
        )
        for enterprise in Enterprise.objects.filter(pk__in=mentioned).by_name()
    ]


def _when_closed(months: Iterable[str]) -> dict[str, dict[int, str]]:
    """For each of `months` that is closed: the main businesses that counted in it."""
    with connection.cursor() as cursor:
        cursor.execute(_WHEN_CLOSED, {"months": sorted(months)})
        found: dict[str, dict[int, str]] = {}
        for month, enterprise, business_class in cursor.fetchall():
            found.setdefault(month, {})[enterprise] = business_class
    return found


def _size(enterprise: Enterprise, above: Collection[int], month: date | None) -> str:
    """Whether it is above the designated size (规上) at the end of the last month; "": unknown."""
    if month is None or threshold(enterprise.industry_code, month) is None:
        return ""
    return "above" if enterprise.pk in above else "below"


def _groups(is_fortune_500: bool, is_industry_top_100: bool) -> list[str]:
    is_on = {"fortune_500": is_fortune_500, "industry_top_100": is_industry_top_100}
    return [group for group, is_member in is_on.items() if is_member]


def _groups_when_closed(
    months: Iterable[str], enterprises: Iterable[int]
) -> dict[str, dict[int, list[str]]]:
    """For each of `months` that is closed: which lists of large firms the enterprises were on."""
    with connection.cursor() as cursor:
        cursor.execute(
            _GROUPS_WHEN_CLOSED, {"months": sorted(months), "enterprises": sorted(enterprises)}
        )
        found: dict[str, dict[int, list[str]]] = {}
        for month, enterprise, *is_on in cursor.fetchall():
            found.setdefault(month, {})[enterprise] = _groups(*is_on)
    return found


def _former(enterprise: int, now: str, then: Mapping[str, Mapping[int, str]]) -> dict[str, str]:
    """The closed months in which the business of an enterprise was another than now."""
    businesses = {month: known.get(enterprise, UNCLASSIFIED) for month, known in then.items()}
    return {month: was for month, was in sorted(businesses.items()) if was != now}
