"""The figures of a return: what each is called, its unit, its section, whether it may be negative.

Forms, pages, workbooks, the API and the columns of the database are all made from this list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.rfc9457 import Text


class Unit(TextChoices):
    """In what a figure is typed. Money is kept in 元 and typed in 万元."""

    MONEY = "money", _("10,000 yuan")
    PAY = "pay", _("yuan a month")
    PEOPLE = "people", _("people")
    CONTRACTS = "contracts", pgettext_lazy("unit", "contracts")
    SEATS = "seats", pgettext_lazy("unit", "seats")
    SHIFTS = "shifts", pgettext_lazy("unit", "shifts")
    POSTS = "posts", pgettext_lazy("unit", "posts")

    @property
    def is_money(self) -> bool:
        return self in {Unit.MONEY, Unit.PAY}


class Sign(Enum):
    """Whether a figure may be negative: never, with the reason for a reversal (冲减), or freely."""

    NEVER = "never"
    REVERSAL = "reversal"
    FREE = "free"


class Part(TextChoices):
    """The two halves of a return, which different people may answer for."""

    MONEY = "money", pgettext_lazy("part of a return", "Money")
    PEOPLE = "people", pgettext_lazy("part of a return", "People")


class Section(TextChoices):
    """In the order of the form."""

    BUSINESS = "business", pgettext_lazy("section of a return", "Business")
    OUTSOURCING = "outsourcing", _("Outsourced services")
    STAFF = "staff", _("Staff")
    STRUCTURE = "structure", _("Structure of the staff")
    SEATS = "seats", _("Seats and shifts")
    HIRING = "hiring", _("Planned hiring")
    FINANCE = "finance", _("Results")

    @property
    def part(self) -> Part:
        """Who answers for it: the money or the people."""
        money = {Section.BUSINESS, Section.OUTSOURCING, Section.FINANCE}
        return Part.MONEY if self in money else Part.PEOPLE


@dataclass(frozen=True)
class Figure:
    """One figure. `is_carried`: a new month begins with what the last one ended with."""

    name: str
    label: Text
    unit: Unit
    section: Section
    sign: Sign = Sign.NEVER
    is_carried: bool = False
    is_required: bool = False
    code: str = ""  # of the indicator in the statistics (domain), where it has one
    help: Text = ""

    @property
    def part(self) -> Part:
        return self.section.part


_REVERSAL, _FREE = Sign.REVERSAL, Sign.FREE
_MONEY, _PEOPLE = Unit.MONEY, Unit.PEOPLE

_BUSINESS = (
    Figure(
        *("revenue", _("Revenue of the month"), _MONEY, Section.BUSINESS, _REVERSAL),
        is_required=True,
    ),
    Figure("taxes", _("Taxes of the month, all together"), _MONEY, Section.BUSINESS, _REVERSAL),
    Figure(
        *("internal_settlement", _("Internal settlement"), _MONEY, Section.BUSINESS, _REVERSAL),
        help=_("Of a cost centre: what its parent settles with it. It is not revenue."),
    ),
)
_OUTSOURCING = (
    Figure(
        *("contracts", _("Contracts signed"), Unit.CONTRACTS, Section.OUTSOURCING),
        code="SO01",
        help=_("By the day of signing; orders under a framework contract count each."),
    ),
    Figure(
        *("contract_value", _("Contract value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
        code="SO02",
        help=_("Of the contracts signed in the month."),
    ),
    Figure(
        *("offshore_contract_value", _("of which offshore"), _MONEY, Section.OUTSOURCING),
        _REVERSAL,
        code="SO04",
        help=_("The client is outside the mainland: Hong Kong, Macao and Taiwan are offshore."),
    ),
    Figure(
        *("executed_value", _("Executed value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
        code="SO03",
        help=_("Delivered and recognised or received in the month."),
    ),
    Figure(
        *("offshore_executed_value", _("of which offshore"), _MONEY, Section.OUTSOURCING),
        _REVERSAL,
        code="SO04",
    ),
    Figure(
        *("onshore_executed_value", _("of which onshore"), _MONEY, Section.OUTSOURCING),
        _REVERSAL,
        code="SO05",
    ),
)
_STAFF = (
    Figure(
        *("opening", _("Staff at the start of the month"), _PEOPLE, Section.STAFF),
        is_carried=True,
    ),
    Figure("joined", _("Joined in the month"), _PEOPLE, Section.STAFF, code="SO10"),
    Figure("left", _("Left in the month"), _PEOPLE, Section.STAFF),
    Figure(
        *("headcount", _("Staff at the end of the month"), _PEOPLE, Section.STAFF),
        is_required=True,
        code="SO10",
        help=_("With a labour contract; without dispatched workers, interns and trainees."),
    ),
    Figure(
        *("returnees", _("of which returnees"), _PEOPLE, Section.STAFF),
        is_carried=True,
        help=_("Worked outside this city before."),
    ),
    Figure(
        *("graduates", _("of which graduates"), _PEOPLE, Section.STAFF),
        is_carried=True,
        help=_("Left college within the last two years."),
    ),
    Figure(
        *("insured", _("of which insured"), _PEOPLE, Section.STAFF),
        is_carried=True,
        help=_("Social insurance is paid for them here."),
    ),
    Figure(
        *("average_pay", _("Average pay"), Unit.PAY, Section.STAFF),
        help=_("Gross, of the staff."),
    ),
    Figure("dispatched", _("Dispatched workers"), _PEOPLE, Section.STAFF, is_carried=True),
    Figure("interns", _("Interns"), _PEOPLE, Section.STAFF, is_carried=True),
    Figure("trainees", _("Trainees"), _PEOPLE, Section.STAFF, is_carried=True),
)
_STRUCTURE = (
    Figure("postgraduate", _("Postgraduate"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("bachelor", _("Bachelor"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("junior_college", _("Junior college"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("below_college", _("Below college"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("age_18_26", _("18–26"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("age_27_35", _("27–35"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("age_36_up", _("36 and over"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("local", _("This city"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure("same_province", _("Same province"), _PEOPLE, Section.STRUCTURE, is_carried=True),
    Figure(
        *("elsewhere", pgettext_lazy("where people come from", "Elsewhere")),
        *(_PEOPLE, Section.STRUCTURE),
        is_carried=True,
    ),
)
_SEATS = (
    Figure(
        *("peak_seats", _("Seats in use at the peak"), Unit.SEATS, Section.SEATS),
        help=_("The most that were in use at once on a day of the month."),
    ),
    Figure("shifts", _("Shifts a day"), Unit.SHIFTS, Section.SEATS, is_carried=True),
)
_HIRING = (
    Figure(
        *("planned_hires", _("To be hired next month"), Unit.POSTS, Section.HIRING),
        help=_("Posts, not job titles."),
    ),
)
_FINANCE = tuple(
    Figure(name, label, _MONEY, Section.FINANCE, _FREE)
    for name, label in (
        ("business_costs", _("Business costs")),
        ("tax_surcharge", _("Tax and extra charges")),
        ("selling_expenses", _("Selling expenses")),
        ("admin_expenses", _("Administrative expenses")),
        ("finance_expenses", _("Financial expenses")),
        ("investment_income", _("Investment income")),
        ("operating_profit", _("Business profits")),
        ("total_profit", _("Total profits")),
        ("income_tax", _("Income tax")),
        ("wages_payable", _("Total wages payable")),
        ("vat_payable", _("VAT payable")),
    )
)

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        *(*_BUSINESS, *_OUTSOURCING, *_STAFF, *_STRUCTURE, *_SEATS, *_HIRING, *_FINANCE),
    )
}

# The three breakdowns of the headcount at the end of the month. Each adds up to it, or is empty.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "origin": ("local", "same_province", "elsewhere"),
    "education": ("postgraduate", "bachelor", "junior_college", "below_college"),
    "age": ("age_18_26", "age_27_35", "age_36_up"),
}

# Measures of one class of services, and of one market (these in the currency of the market)
CLASS_MEASURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("contracts", _("Contracts signed"), Unit.CONTRACTS, Section.OUTSOURCING),
        Figure("contract_value", _("Contract value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
        Figure("executed_value", _("Executed value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
        Figure(
            *("offshore_executed_value", _("of which offshore"), _MONEY, Section.OUTSOURCING),
            _REVERSAL,
        ),
    )
}
MARKET_MEASURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("contract_amount", _("Contract value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
        Figure("executed_amount", _("Executed value"), _MONEY, Section.OUTSOURCING, _REVERSAL),
    )
}


def figures_in(section: Section) -> Iterator[Figure]:
    """The figures of a section, in the order of the form."""
    return (figure for figure in FIGURES.values() if figure.section == section)


def names_of(unit: Unit) -> list[str]:
    """The names of the figures of a unit."""
    return [figure.name for figure in FIGURES.values() if figure.unit == unit]
