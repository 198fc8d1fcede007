"""Y3 服务外包业务分类表: what was contracted and executed, by ITO, BPO, KPO and their classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from reports.indicators import outsourcing as services
from reports.indicators.facts import TOTAL
from reports.indicators.registry import Total
from reports.kinds.counting_returns import (
    FILING_COMPARED,
    MISSING_RETURNS,
    filing_compared,
    filing_to_date,
)
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import (
    GROWTH,
    PREVIOUS,
    TO_DATE,
    TO_DATE_BEFORE,
    TOTAL_ONLY,
    YEAR_BEFORE,
    Column,
    Disclosure,
    Group,
    Table,
    in_the_year,
    rate_compared,
)
from web.rfc9457 import Text

_CLASSES = ("service_1", "service_2", "service_3", TOTAL)
_EXECUTED, _CONTRACTED = Disclosure("executed"), Disclosure("contracted")


def _of_the_month(month: Total) -> Group:
    return (month.code, (Column(month), Column(month, GROWTH, YEAR_BEFORE)))


def _of_the_year(to_date: Total) -> Group:
    return (
        to_date.code,
        (Column(to_date, period=TO_DATE), Column(to_date, GROWTH, TO_DATE_BEFORE)),
    )


_MEASURES: tuple[tuple[str, Text, Total, Total, Disclosure], ...] = (
    (
        "services_executed",
        gettext_lazy("Executed value by class of services"),
        *(services.EXECUTED, services.EXECUTED_TO_DATE, _EXECUTED),
    ),
    (
        "services_offshore",
        gettext_lazy("Offshore executed value by class of services"),
        *(services.OFFSHORE, services.OFFSHORE_TO_DATE, _EXECUTED),
    ),
    (
        "services_onshore",
        gettext_lazy("Onshore executed value by class of services"),
        *(services.ONSHORE, services.ONSHORE_TO_DATE, _EXECUTED),
    ),
    (
        "services_contracts",
        gettext_lazy("Contracts signed by class of services"),
        *(services.CONTRACTS, services.CONTRACTS_TO_DATE, _CONTRACTED),
    ),
    (
        "services_contract_value",
        gettext_lazy("Contract value by class of services"),
        *(services.CONTRACT_VALUE, services.CONTRACT_VALUE_TO_DATE, _CONTRACTED),
    ),
)
_TABLES = (
    Table(
        "services",
        "Y3-1",
        gettext_lazy("Outsourced services by class"),
        _CLASSES,
        (
            ("", (Column(services.FIRMS),)),
            *(_of_the_month(month) for _code, _title, month, _to_date, _of in _MEASURES),
        ),
        TOTAL_ONLY,  # contracts and what was executed hide other rows: each has its own tables
    ),
    *(
        Table(code, f"Y3-{at}", title, _CLASSES, in_the_year(month, to_date), disclosure)
        for at, (code, title, month, to_date, disclosure) in enumerate(_MEASURES, start=2)
    ),
    Table(
        "services_share",
        "Y3-7",
        gettext_lazy("Share of offshore by class of services"),
        _CLASSES,
        rate_compared(services.OFFSHORE_SHARE, PREVIOUS, YEAR_BEFORE),
        _EXECUTED,
    ),
    Table(
        "services_to_date",
        "Y3-8",
        gettext_lazy("Outsourced services by class, year to date"),
        _CLASSES,
        tuple(_of_the_year(to_date) for _code, _title, _month, to_date, _of in _MEASURES),
        TOTAL_ONLY,
    ),
)


def _notes(_month: date, content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "ITO, BPO and KPO add up to the executed value; offshore and onshore too. Hong Kong, Macao "
        "and Taiwan are offshore. Classes are called as in the month of the report."
    )
    yield _(
        "Not collected here, so in no table: executed value by ownership (SO08), certifications "
        "(SO12), trained people (SO13)."
    )
    yield filing_compared(content["filing"])
    yield filing_to_date(content["filing"])


KIND = Kind(
    code=ReportKind.SERVICES,
    number="Y3",
    title=pgettext_lazy("title", "Outsourced services by class"),
    short_title=pgettext_lazy("file", "services"),
    draft_subject=gettext_noop("Draft of the report on outsourced services for %(month)s"),
    restatement_subject=gettext_noop(
        "Report on outsourced services for %(month)s is to be restated"
    ),
    tables=_TABLES,
    indicators=services.OF_CLASSES,
    waits_for_closing=True,
    counts_returns=True,
    filing_compared=FILING_COMPARED,
    notes=_notes,
    lists=(MISSING_RETURNS,),
)
