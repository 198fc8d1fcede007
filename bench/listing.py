"""Lists of the API, against the same JSON made by PostgreSQL itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bench.asking import asker, statements
from bench.desk import Desk
from bench.timing import Figure, Wrong
from foundation import clock
from seats.api.allocations import AllocationList
from tenants.api import EnterpriseList
from web.api import ListView

_ALLOCATIONS = """
    SELECT json_agg(list)::text FROM (
        SELECT a.id, a.enterprise_id AS enterprise, e.short_name AS enterprise_name, a.kind,
               a.expires_at, a.ended_at, a.request_id AS request, a.reason, a.due_on,
               a.created_at,
               b.blocks, a.sample_fields, a.source
        FROM seats_allocation a
        LEFT JOIN tenants_enterprise e ON e.id = a.enterprise_id
        CROSS JOIN LATERAL (
            SELECT coalesce(json_agg(block), '[]') AS blocks FROM (
                SELECT s.id, s.floor_id AS floor, s.kind,
                       lower(s.seats) AS first_seat, upper(s.seats) - 1 AS last_seat,
                       f.label || to_char(lower(s.seats) %% 4096 + 1, '"-"FM9000') AS first_label,
                       f.label || to_char((upper(s.seats) - 1) %% 4096 + 1, '"-"FM9000')
                           AS last_label,
                       lower(s.period) AS start, upper(s.period) - 1 AS end
                FROM seats_seatblock s JOIN park_floor f ON f.id = s.floor_id
                WHERE s.allocation_id = a.id
                ORDER BY lower(s.seats), lower(s.period)
            ) block
        ) b
        ORDER BY a.id DESC LIMIT %(size)s
    ) list
"""

_ENTERPRISES = """
    SELECT json_agg(list)::text FROM (
        SELECT e.id, e.credit_code, e.name, e.short_name,
               ARRAY(SELECT name FROM tenants_alias WHERE enterprise_id = e.id ORDER BY id)
                   AS aliases,
               CASE WHEN EXISTS (SELECT FROM tenants_tenancy
                                 WHERE enterprise_id = e.id AND period @> %(today)s) THEN 'tenant'
                    WHEN EXISTS (SELECT FROM tenants_tenancy
                                 WHERE enterprise_id = e.id AND upper(period) <= %(today)s)
                        THEN 'left'
                    ELSE 'prospect' END AS state,
               e.parent_group, e.origin, e.industry_code, e.registration_type,
               e.is_fortune_500, e.is_industry_top_100,
               (SELECT business_class FROM tenants_businessline
                WHERE enterprise_id = e.id AND is_main) AS main_business,
               (SELECT json_build_object('name', name, 'title', title, 'phone', phone,
                                         'email', email)
                FROM tenants_contact WHERE enterprise_id = e.id ORDER BY id LIMIT 1) AS contact,
               e.note, e.sample_fields, e.source
        FROM tenants_enterprise e
        ORDER BY e.pinyin, e.id LIMIT %(size)s
    ) list
"""


def measure(desk: Desk) -> Iterator[Figure]:
    """Allocations with their blocks, and enterprises: a usual page and a long one."""
    everybody = len(desk.park.enterprises)
    yield from _list(desk, "allocations", AllocationList, _ALLOCATIONS, (50, 1000))
    yield from _list(desk, "enterprises", EnterpriseList, _ENTERPRISES, (50, everybody))


def _list(
    desk: Desk, noun: str, view: type[ListView], by_hand: str, sizes: tuple[int, int]
) -> Iterator[Figure]:
    sent = set()
    for size, bar in zip(sizes, (3.5, 2), strict=True):
        ask = asker(view, desk.park.operator, page_size=size)
        given = {"size": size, "today": clock.today()}

        def floor(given: dict = given) -> str:
            (text,) = desk.plain.execute(by_hand, given).fetchall()[0]
            return text

        if json.loads(ask())["results"] != json.loads(floor()):
            raise Wrong(f"the list of {noun} is not what the tables hold")
        texts = statements(ask)
        sent.add(len(texts))
        if any("COUNT(" in text.upper() for text in texts):
            raise Wrong(f"the list of {noun} counts its rows")
        pair = desk.rounds.beside(ask, floor)
        yield Figure(area=f"list of {size} {noun} (API)", **pair._asdict(), bar=bar)
    if len(sent) > 1:
        raise Wrong(f"the list of {noun} takes more statements for more rows")
