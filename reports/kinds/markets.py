"""Y4 离岸业务分国别（地区）表: for whom outside the mainland, in US dollars and in yuan."""

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
    Disclosure,
    Table,
    in_the_year,
)
from web.rfc9457 import Text

_MARKETS = ("market", TOTAL)
_GROUPS = ("market_group", TOTAL)
_EXECUTED, _CONTRACTED = Disclosure("executed"), Disclosure("contracted")


_MEASURES: tuple[tuple[str, Text, Text, Total, Total, Disclosure], ...] = (
    (
        "executed_usd",
        gettext_lazy("Executed value by country or region, US dollars"),
        gettext_lazy("Executed value by group of countries, US dollars"),
        *(services.MARKET_EXECUTED_USD, services.MARKET_EXECUTED_USD_TO_DATE, _EXECUTED),
    ),
    (
        "executed",
        gettext_lazy("Executed value by country or region, yuan"),
        gettext_lazy("Executed value by group of countries, yuan"),
        *(services.MARKET_EXECUTED, services.MARKET_EXECUTED_TO_DATE, _EXECUTED),
    ),
    (
        "contract_usd",
        gettext_lazy("Contract value by country or region, US dollars"),
        gettext_lazy("Contract value by group of countries, US dollars"),
        *(services.MARKET_CONTRACTS_USD, services.MARKET_CONTRACTS_USD_TO_DATE, _CONTRACTED),
    ),
    (
        "contract",
        gettext_lazy("Contract value by country or region, yuan"),
        gettext_lazy("Contract value by group of countries, yuan"),
        *(services.MARKET_CONTRACTS, services.MARKET_CONTRACTS_TO_DATE, _CONTRACTED),
    ),
)
_TABLES = (
    *(
        Table(f"market_{code}", f"Y4-{at}", title, _MARKETS, in_the_year(month, to_date), shown)
        for at, (code, title, _title, month, to_date, shown) in enumerate(_MEASURES, start=1)
    ),
    *(
        Table(f"group_{code}", f"Y4-{at}", title, _GROUPS, in_the_year(month, to_date), shown)
        for at, (code, _title, title, month, to_date, shown) in enumerate(_MEASURES, start=5)
    ),
)


def _notes(_month: date, content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "Where the client is: Hong Kong, Macao and Taiwan are offshore. Amounts in US dollars as "
        "they were filed; others in yuan ÷ the month's rate of the dollar, and “–” where the park "
        "has no such rate."
    )
    yield _(
        "Y4-5 to Y4-8: groups of countries overlap with the countries, and may with each other. "
        "They are not summed up; their last row is all that is offshore."
    )
    yield filing_compared(content["filing"])
    yield filing_to_date(content["filing"])


KIND = Kind(
    code=ReportKind.MARKETS,
    number="Y4",
    title=pgettext_lazy("title", "Offshore business by country or region"),
    short_title=pgettext_lazy("file", "markets"),
    draft_subject=gettext_noop("Draft of the report on offshore business for %(month)s"),
    restatement_subject=gettext_noop("Report on offshore business for %(month)s is to be restated"),
    tables=_TABLES,
    indicators=services.OF_MARKETS,
    waits_for_closing=True,
    counts_returns=True,
    filing_compared=FILING_COMPARED,
    notes=_notes,
    lists=(MISSING_RETURNS,),
)
