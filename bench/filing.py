"""Returns of every enterprise for every month of the park's years, made in the database.

All that a return must satisfy holds, every figure of the form is given, and some came late, were
sent back and filed again, or never came: no report of them is empty.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from bench.life import FIRST_DAY
from bench.park import Park
from foundation.months import add_months, month_of
from returns.models import MonthlyReturn

TABLES = (
    *("returns_monthlyreturn", "returns_returnrevision", "returns_revisionclass"),
    *("returns_revisionmarket", "returns_returnclass", "returns_returnmarket"),
)
EVENTS = "returns_monthlyreturnevent"
RATE = 7
SECOND_REVISIONS = 1_000_000  # where their numbers begin

# One row for each return, from the numbers of enterprise and month alone: a small multiple of
# both says which came late, which was sent back and filed again, and which is missing.
_FILED = """
    CREATE TEMPORARY TABLE filed AS
    SELECT *, opening + joined - gone AS headcount, opening / 20 AS few,
           round(revenue * 9 / 10, -2) AS executed, round(revenue / 4, -2) AS second_executed,
           round(revenue / 5 / %(rate)s, -2) AS dollars,
           CASE WHEN dice %% 20 = 3 THEN 2 ELSE 1 END AS revisions,
           month + CASE WHEN dice %% 25 = 4 THEN 50 ELSE 35 END AS handed_in
    FROM (
        SELECT row_number() OVER (ORDER BY m, e.id) AS id, e.id AS enterprise, m::date AS month,
               e.id + age AS dice, 40 + e.id * 7 %% 400 + age AS opening,
               3 AS joined, 2 AS gone,
               ((40 + e.id * 7 %% 400 + age) * 9500 + e.id * age %% 50 * 100)::numeric AS revenue
        FROM tenants_enterprise e
        CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 month')
            WITH ORDINALITY AS months (m, age)
    ) worked
    WHERE dice %% 60 <> 5
"""
_OFFSHORE = f"dollars * {RATE}"
_FIGURES = {
    "is_cost_centre": "false",
    "is_nil": "false",
    "reversal_reason": "''",
    "notes": "'{}'",
    "revenue": "revenue",
    "taxes": "round(revenue / 20, -2)",
    "contracts": "2",
    "contract_value": "executed",
    "offshore_contract_value": _OFFSHORE,
    "executed_value": "executed",
    "offshore_executed_value": _OFFSHORE,
    "onshore_executed_value": f"executed - {_OFFSHORE}",
    "opening": "opening",
    "joined": "joined",
    "left": "gone",
    "headcount": "headcount",
    "returnees": "few",
    "graduates": "few",
    "insured": "headcount - few",
    "average_pay": "5000",
    "dispatched": "5",
    "interns": "few",
    "trainees": "few",
    "postgraduate": "few",
    "bachelor": "headcount - 3 * few",
    "junior_college": "few",
    "below_college": "few",
    "age_18_26": "headcount - few",
    "age_27_35": "few",
    "age_36_up": "0",
    "local": "headcount - few",
    "same_province": "few",
    "elsewhere": "0",
    "peak_seats": "headcount",
    "shifts": "1",
    "planned_hires": "few",
}
_RETURN = {
    "id": "id",
    "enterprise_id": "enterprise",
    "month": "month",
    "state": "'accepted'",
    "revision_count": "revisions",
    "question": "''",
    "since": "handed_in",
    "saved_at": "handed_in",
    "saves": "'{}'",
    "broken_rules": "'{}'",
    "source": "''",
    "sample_fields": "'{}'",
    "version": "1",
}
_REVISION = {
    "id": "id",
    "monthly_return_id": "id",
    "number": "1",
    "signer": "'李娜'",
    "reason": "''",
    "submitted_at": "handed_in",
    "catalogue": "'2024/2024/2006/2024'",
}
_CORRECTION = {
    **_REVISION,
    "id": f"id + {SECOND_REVISIONS}",
    "number": "2",
    "reason": "'合同额漏报一项'",
    "submitted_at": "handed_in + 3",
}
_SENT_BACK = {
    "id": "id",
    "pgh_obj_id": "id",
    "pgh_label": "'update'",
    "pgh_created_at": "handed_in + 1",
    "enterprise_id": "enterprise",
    "month": "month",
    "state": "'sent_back'",
    "revision_count": "1",
    "question": "'V8：合同额与执行额不符，请核对。'",
    "since": "handed_in + 1",
    "broken_rules": "'{V8}'",
    "saved_at": "handed_in",
    "source": "''",
    "sample_fields": "'{}'",
    "version": "2",
}
_MAIN_CLASS = {
    "service_class": "(ARRAY['BPO-2-1', 'BPO-2-3', 'BPO-2-5', 'ITO-1-1'])[1 + enterprise % 4]",
    "contracts": "1",
    "contract_value": "executed",
    "executed_value": "executed - second_executed",
    "offshore_executed_value": _OFFSHORE,
}
_SECOND_CLASS = {
    "service_class": "(ARRAY['BPO-1-1', 'KPO-1-2', 'ITO-2-1', 'KPO-3-9'])[1 + enterprise / 4 % 4]",
    "contracts": "1",
    "contract_value": "0",
    "executed_value": "second_executed",
    "offshore_executed_value": "0",
}
_MARKET = {
    "market": "(ARRAY['HKG', 'USA', 'JPN', 'DEU', 'SGP'])[1 + enterprise % 5]",
    "currency": "'USD'",
    "rate": str(RATE),
    "contract_amount": "dollars",
    "executed_amount": "dollars",
}


def file_returns(park: Park) -> date:
    """File the returns of all months of the park's years, all accepted; give the last month.

    Where that is done already, nothing happens.
    """
    last = add_months(month_of(park.today), -1)
    if MonthlyReturn.objects.filter(month=last).exists():
        return last
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_FILED, {"first": FIRST_DAY, "last": last, "rate": RATE})
        _insert_all({"submitted_by_id": str(park.operator.pk)})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in TABLES[:2]:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
            )
        cursor.execute("DROP TABLE filed")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join((*TABLES, EVENTS))}")
    return last


def _insert_all(by: dict[str, str]) -> None:
    """The return, what was submitted of it once or twice, and the lines of each."""
    twice = "WHERE revisions = 2"
    _insert("returns_monthlyreturn", {**_RETURN, **_FIGURES})
    _insert(EVENTS, _SENT_BACK, twice)
    _insert("returns_returnrevision", {**_REVISION, **by, **_FIGURES})
    _insert("returns_returnrevision", {**_CORRECTION, **by, **_FIGURES}, twice)
    for owner, key, where in (
        ("return", {"monthly_return_id": "id"}, ""),
        ("revision", {"revision_id": "id"}, ""),
        ("revision", {"revision_id": f"id + {SECOND_REVISIONS}"}, twice),
    ):
        for line in (_MAIN_CLASS, _SECOND_CLASS):
            _insert(f"returns_{owner}class", {**key, **line}, where)
        _insert(f"returns_{owner}market", {**key, **_MARKET}, where)


def _insert(table: str, columns: dict[str, str], where: str = "") -> None:
    """From the temporary table: each column by its expression."""
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM filed {where} ORDER BY id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement)
