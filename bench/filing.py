"""Ten years of returns of every enterprise, made in the database: sums are right, nothing is odd.

They are as a take-over leaves them, without the events of their history: nothing measured reads it.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from accounts.models import User
from returns.models import MonthlyReturn

TABLES = (
    *("returns_monthlyreturn", "returns_returnrevision", "returns_revisionclass"),
    *("returns_revisionmarket", "returns_returnclass", "returns_returnmarket"),
)
RATE = 7

# One row for each return. Everybody grows by one a month; every tenth works offshore, too.
_FILED = """
    CREATE TEMPORARY TABLE filed AS
    SELECT id, enterprise, month, opening, opening + 1 AS headcount, revenue, executed,
           offshore_amount, offshore_amount * %(rate)s AS offshore,
           round(executed / 4, -2) AS second_executed
    FROM (
        SELECT *, round(revenue * 9 / 10, -2) AS executed,
               CASE WHEN enterprise %% 10 = 0 THEN round(revenue / 4 / %(rate)s, -2) ELSE 0 END
                   AS offshore_amount
        FROM (
            SELECT row_number() OVER () AS id, e.id AS enterprise, m::date AS month,
                   40 + e.id * 7 %% 400 + age AS opening,
                   ((40 + e.id * 7 %% 400 + age) * 9500 + e.id * age %% 50 * 100)::numeric
                       AS revenue
            FROM tenants_enterprise e
            CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 month')
                WITH ORDINALITY AS months (m, age)
        ) earned
    ) worked
"""
_STATED = {
    "is_cost_centre": "false",
    "is_nil": "false",
    "reversal_reason": "''",
    "notes": "'{}'",
}
_FIGURES = {
    "revenue": "revenue",
    "taxes": "round(revenue / 20, -2)",
    "contracts": "1",
    "contract_value": "executed",
    "offshore_contract_value": "offshore",
    "executed_value": "executed",
    "offshore_executed_value": "offshore",
    "onshore_executed_value": "executed - offshore",
    "opening": "opening",
    "joined": "3",
    "left": "2",
    "headcount": "headcount",
    "insured": "headcount",
    "average_pay": "5000",
    "bachelor": "headcount",
    "age_18_26": "headcount",
    "local": "headcount",
    "peak_seats": "0",
    "shifts": "1",
}
_RETURN = {
    "id": "id",
    "enterprise_id": "enterprise",
    "month": "month",
    "state": "'accepted'",
    "revision_count": "1",
    "question": "''",
    "since": "month + 35",
    "saved_at": "month + 33",
    "saves": "'{}'",
    "source": "''",
    "sample_fields": "'{}'",
    "version": "1",
    "broken_rules": "'{}'",
}
_REVISION = {
    "id": "id",
    "monthly_return_id": "id",
    "number": "1",
    "signer": "'李娜'",
    "reason": "''",
    "submitted_at": "month + 35",
    "catalogue": "'2024/2024/2006/2024'",
}


def file_returns(first: date, last: date, operator: User) -> None:
    """File the returns of every enterprise for the months from `first` to `last`, all accepted.

    Where they are filed already, nothing is done.
    """
    if MonthlyReturn.objects.filter(month__range=(first, last)).exists():
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_FILED, {"first": first, "last": last, "rate": RATE})
        by = {"submitted_by_id": str(operator.pk)}
        _insert("returns_monthlyreturn", {**_RETURN, **_STATED, **_FIGURES})
        _insert("returns_returnrevision", {**_REVISION, **by, **_STATED, **_FIGURES})
        for owner in ("return", "revision"):
            _insert_lines(owner)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in TABLES[:2]:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
            )
        cursor.execute("DROP TABLE filed")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def _insert_lines(owner: str) -> None:
    """Two classes each, and a market of those that work offshore."""
    key = {"monthly_return_id" if owner == "return" else "revision_id": "id"}
    main = {
        "service_class": "'BPO-2-3'",
        "contracts": "1",
        "contract_value": "executed",
        "executed_value": "executed - second_executed",
        "offshore_executed_value": "offshore",
    }
    second = {
        "service_class": "'BPO-2-1'",
        "contracts": "0",
        "contract_value": "0",
        "executed_value": "second_executed",
        "offshore_executed_value": "0",
    }
    market = {
        "market": "'USA'",
        "currency": "'USD'",
        "rate": str(RATE),
        "contract_amount": "offshore_amount",
        "executed_amount": "offshore_amount",
    }
    for line in (main, second):
        _insert(f"returns_{owner}class", {**key, **line})
    _insert(f"returns_{owner}market", {**key, **market}, "WHERE offshore > 0")


def _insert(table: str, columns: dict[str, str], where: str = "") -> None:
    """From the temporary table: each column by its expression."""
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM filed {where} ORDER BY id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement)
