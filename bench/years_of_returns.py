"""Returns of every enterprise for every month of the park's years, written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from bench.life import FIRST_DAY, Size

# 元 and heads from the numbers of enterprise and month alone; all that a return must satisfy holds.
_MADE_UP = """
    CREATE TEMPORARY TABLE made_up ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY month, e.id) AS id, e.id AS enterprise, month::date,
           20 + (e.id * 7) %% 400 AS staff, e.id %% 6 AS moved,
           (100000 + (e.id * 7919 + extract(epoch FROM month)::bigint / 86400 * 104729) %% 9000000)
               ::numeric / 100 * 37 AS money
    FROM tenants_enterprise e
    CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS month
"""
_FIGURES = """
    is_cost_centre, is_nil, reversal_reason, notes, revenue, taxes, contracts, contract_value,
    offshore_contract_value, executed_value, offshore_executed_value, onshore_executed_value,
    opening, joined, "left", headcount, returnees, graduates, insured, average_pay, dispatched,
    interns, trainees, postgraduate, bachelor, junior_college, below_college, age_18_26, age_27_35,
    age_36_up, local, same_province, elsewhere, peak_seats, shifts
"""
_VALUES = """
    false, false, '', '{}'::jsonb, round(money * 2, 2), round(money / 10, 2), 2,
    round(money, 2) * 2,
    7000, round(money, 2) * 2 + 7000, 7000, round(money, 2) * 2,
    staff, moved, moved, staff, staff / 2, staff / 5, staff - staff / 10, 4321, 5,
    6, 7, staff / 20, staff / 2, staff - staff / 20 - staff / 2, 0, staff / 2, staff - staff / 2,
    0, staff / 2, staff - staff / 2, 0, staff - staff / 10, 2
"""
# The columns are our own.
_RETURNS = f"""
    INSERT INTO returns_monthlyreturn (id, enterprise_id, month, state, revision_count, question,
        since, saved_at, saves, broken_rules, sample_fields, source, version, {_FIGURES})
    SELECT id, enterprise, month, 'accepted', 1, '', now(), now(), '{{}}', '{{}}', '{{}}', '',
        1, {_VALUES}
    FROM made_up
"""  # noqa: S608
_REVISIONS = f"""
    INSERT INTO returns_returnrevision (id, monthly_return_id, number, signer, reason,
        submitted_by_id, submitted_at, catalogue, {_FIGURES})
    SELECT id, id, 1, '李娜', '', %(author)s, now(), '', {_VALUES} FROM made_up
"""  # noqa: S608
_CLASSES = """
    INSERT INTO returns_revisionclass (revision_id, service_class, contracts, contract_value,
        executed_value, offshore_executed_value)
    SELECT m.id, l.code, 1, round(m.money, 2),
           round(m.money, 2) + CASE l.n WHEN 1 THEN 7000 ELSE 0 END,
           CASE l.n WHEN 1 THEN 7000 ELSE 0 END
    FROM made_up m
    CROSS JOIN LATERAL (VALUES
        (1, (ARRAY['BPO-2-1', 'BPO-2-3', 'BPO-2-5', 'ITO-1-1'])[1 + m.enterprise %% 4]),
        (2, (ARRAY['BPO-1-1', 'KPO-1-2', 'ITO-2-1', 'KPO-3-9'])[1 + m.enterprise / 4 %% 4])
    ) AS l (n, code)
"""
_MARKETS = """
    INSERT INTO returns_revisionmarket (revision_id, market, currency, rate, contract_amount,
        executed_amount)
    SELECT id, (ARRAY['HKG', 'USA', 'JPN', 'DEU', 'SGP'])[1 + enterprise %% 5], 'USD', 7, 1000, 1000
    FROM made_up
"""


def file_returns(size: Size, author: int) -> date:
    """File them all; give the last month."""
    last = date(size.last_day.year - 1, 12, 1)
    asked: dict[str, Any] = {"first": FIRST_DAY, "last": last, "author": author}
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in (_MADE_UP, _RETURNS, _REVISIONS, _CLASSES, _MARKETS):
            cursor.execute(statement, asked)
        cursor.execute("COMMIT")
        cursor.execute("VACUUM (ANALYZE)")
    return last
