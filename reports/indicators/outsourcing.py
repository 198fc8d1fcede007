"""The indicators of outsourced services: by class of services, and by country or region."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.indicators.lines import CLASSES, MARKETS
from reports.indicators.output import to_date
from reports.indicators.registry import Distinct, Ratio, Source, Total
from reports.units import Unit

FIRMS = Distinct(
    code="outsourcing_firms",
    name=_("Enterprises with outsourced services"),
    short=pgettext_lazy("head", "Enterprises"),
    unit=Unit.ENTERPRISE,
    definition=_("Enterprises with an executed value in the month. Each counts once in a row."),
    number="SO09",
    source="classes",
    column="executed",
    of="enterprise",
)
CONTRACTS = Total(
    code="contracts",
    name=_("Contracts signed"),
    short=pgettext_lazy("head", "Contracts"),
    unit=Unit.CONTRACT,
    definition=_(
        "Contracts signed in the month, by the day of signing; orders under a framework contract "
        "count each."
    ),
    number="SO01",
    source="classes",
    column="contracts",
    if_none=None,
)
CONTRACTS_TO_DATE = to_date(CONTRACTS)
CONTRACT_VALUE = Total(
    code="contract_value",
    name=_("Contract value"),
    short=pgettext_lazy("head", "Contract value"),
    unit=Unit.YUAN,
    definition=_("The value of the contracts signed in the month."),
    number="SO02",
    source="classes",
    column="contract_value",
    if_none=None,
)
CONTRACT_VALUE_TO_DATE = to_date(CONTRACT_VALUE)
EXECUTED = Total(
    code="service_executed",
    name=_("Executed value by class of services"),
    short=pgettext_lazy("head", "Executed value"),
    unit=Unit.YUAN,
    definition=_(
        "Outsourced services that were delivered and recognised or received in the month, in the "
        "class that they were filed in. The classes add up to the executed value of the park."
    ),
    number="SO06",
    source="classes",
    column="executed",
    if_none=None,
)
EXECUTED_TO_DATE = to_date(EXECUTED)
OFFSHORE = Total(
    code="offshore_executed",
    name=_("Executed value, offshore"),
    short=pgettext_lazy("head", "Offshore"),
    unit=Unit.YUAN,
    definition=_(
        "Of the executed value, that for clients outside the mainland: Hong Kong, Macao and "
        "Taiwan are offshore."
    ),
    number="SO04",
    source="classes",
    column="offshore",
    if_none=None,
)
OFFSHORE_TO_DATE = to_date(OFFSHORE)
ONSHORE = Total(
    code="onshore_executed",
    name=_("Executed value, onshore"),
    short=pgettext_lazy("head", "Onshore"),
    unit=Unit.YUAN,
    definition=_("The executed value without what is offshore."),
    number="SO05",
    source="classes",
    column="onshore",
    if_none=None,
)
ONSHORE_TO_DATE = to_date(ONSHORE)
OFFSHORE_SHARE = Ratio(
    code="offshore_share",
    name=_("Share of offshore"),
    short=pgettext_lazy("head", "Share of offshore"),
    unit=Unit.PERCENT,
    definition=_("Offshore executed value ÷ executed value."),
    numerator=OFFSHORE,
    denominator=EXECUTED,
    factor=100,
)

_DOLLARS = _(
    "Amounts in US dollars as they are; others in yuan by the rate of the return ÷ the month's "
    "rate of the dollar. Unknown where that rate is missing."
)


def _market(code: str, column: str, unit: Unit, number: str, **words: Any) -> Total:
    return Total(
        code=code,
        unit=unit,
        number=number,
        source="markets",
        column=column,
        if_none=None,
        unknown_if=f"{column.removesuffix('_usd')}_unknown" if unit == Unit.USD else "",
        **words,
    )


MARKET_EXECUTED_USD = _market(
    *("market_executed_usd", "executed_usd", Unit.USD, "SO07"),
    name=_("Offshore executed value in US dollars"),
    short=pgettext_lazy("head", "Executed value, US dollars"),
    definition=_DOLLARS,
)
MARKET_EXECUTED_USD_TO_DATE = to_date(MARKET_EXECUTED_USD)
MARKET_EXECUTED = _market(
    *("market_executed", "executed_yuan", Unit.YUAN, "SO07"),
    name=_("Offshore executed value"),
    short=pgettext_lazy("head", "Executed value"),
    definition=_(
        "Executed for clients of the country or region, in yuan by the rate of the return."
    ),
)
MARKET_EXECUTED_TO_DATE = to_date(MARKET_EXECUTED)
MARKET_CONTRACTS_USD = _market(
    *("market_contract_usd", "contract_usd", Unit.USD, "SO04"),
    name=_("Offshore contract value in US dollars"),
    short=pgettext_lazy("head", "Contract value, US dollars"),
    definition=_DOLLARS,
)
MARKET_CONTRACTS_USD_TO_DATE = to_date(MARKET_CONTRACTS_USD)
MARKET_CONTRACTS = _market(
    *("market_contract", "contract_yuan", Unit.YUAN, "SO04"),
    name=_("Offshore contract value"),
    short=pgettext_lazy("head", "Contract value"),
    definition=_(
        "Contracts signed with clients of the country or region, in yuan by the rate of the return."
    ),
)
MARKET_CONTRACTS_TO_DATE = to_date(MARKET_CONTRACTS)

SOURCES: tuple[Source, ...] = (CLASSES, MARKETS)
OF_CLASSES: tuple[Any, ...] = (
    FIRMS,
    CONTRACTS,
    CONTRACTS_TO_DATE,
    CONTRACT_VALUE,
    CONTRACT_VALUE_TO_DATE,
    EXECUTED,
    EXECUTED_TO_DATE,
    OFFSHORE,
    OFFSHORE_TO_DATE,
    ONSHORE,
    ONSHORE_TO_DATE,
    OFFSHORE_SHARE,
)
OF_MARKETS: tuple[Any, ...] = (
    MARKET_CONTRACTS_USD,
    MARKET_CONTRACTS_USD_TO_DATE,
    MARKET_CONTRACTS,
    MARKET_CONTRACTS_TO_DATE,
    MARKET_EXECUTED_USD,
    MARKET_EXECUTED_USD_TO_DATE,
    MARKET_EXECUTED,
    MARKET_EXECUTED_TO_DATE,
)
INDICATORS: tuple[Any, ...] = (*OF_CLASSES, *OF_MARKETS)
