"""Which columns the sheets have, and what their heads are called in either language.

Below the heads stands a hidden row with the names of the columns: by these they are found however
they were moved, and whatever a head is called later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from foundation.rows import folded
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES, Figure, Section, figures_in
from returns.workbooks.values import Sort, sort_of
from web.rfc9457 import Text

# What is a part of another figure is called after it, where it does not stand below it.
WHOLES: Mapping[str, str] = {
    "offshore_contract_value": "contract_value",
    "offshore_executed_value": "executed_value",
    "onshore_executed_value": "executed_value",
    "returnees": "headcount",
    "graduates": "headcount",
    "insured": "headcount",
}
STATED: Mapping[str, tuple[Text, Sort]] = {
    "is_cost_centre": (gettext_lazy("Cost centre of another firm"), Sort.YES),
    "reversal_reason": (gettext_lazy("Reason for the reversal"), Sort.TEXT),
}
CURRENCY_UNIT = gettext_lazy("10,000 of the currency")


@dataclass(frozen=True)
class Column:
    """A column. `head` gives its name in the language that is active."""

    name: str
    head: Callable[[], str]
    sort: Sort = Sort.TEXT
    unit: Text = ""
    width: float = 12
    is_entry: bool = True
    help: Text = ""

    @property
    def is_hidden(self) -> bool:
        """Whether it is for programs only."""
        return self.name in {"code", "was"}

    @property
    def is_right(self) -> bool:
        """Whether its head stands over numbers."""
        return self.sort.is_number or self.name in {"last", "now"}

    def __hash__(self) -> int:
        return hash(self.name)


def label(name: str) -> str:
    """What a figure is called where it stands alone."""
    if name in STATED:
        return str(STATED[name][0])
    part = str(FIGURES[name].label)
    if name not in WHOLES:
        return part
    whole = str(FIGURES[WHOLES[name]].label)
    return _("%(whole)s, %(part)s") % {"whole": whole, "part": part}


def sort_named(name: str) -> Sort:
    """How a figure, or what is stated with the figures, is typed."""
    return STATED[name][1] if name in STATED else sort_of(FIGURES[name])


def names_in(section: Section) -> Iterator[str]:
    """What is typed in a section, in the order of the form."""
    if section == Section.BUSINESS:
        yield "is_cost_centre"
    yield from (figure.name for figure in figures_in(section))
    if section == Section.BUSINESS:
        yield "reversal_reason"


def typed_names() -> list[str]:
    """Everything of a return that is typed, without lines and notes."""
    return [name for section in Section for name in names_in(section)]


def _titled(text: Text) -> Callable[[], str]:
    return lambda: str(text)


def _labelled(name: str) -> Callable[[], str]:
    return lambda: label(name)


def figure_column(name: str) -> Column:
    """The column of a figure in a table."""
    figure = FIGURES.get(name)
    sort = sort_named(name)
    unit: Text = figure.unit.label if figure else ""
    width = 30 if sort == Sort.TEXT else 13
    help_text = figure.help if figure else ""
    return Column(name, _labelled(name), sort, unit, width, help=help_text)


def _measures(measures: Mapping[str, Figure], unit: Text | None = None) -> tuple[Column, ...]:
    wholes = {"offshore_executed_value": "executed_value"}
    return tuple(
        Column(
            name,
            _measure_label(measures, name, wholes.get(name)),
            sort_of(figure),
            unit or figure.unit.label,
            16,
        )
        for name, figure in measures.items()
    )


def _measure_label(
    measures: Mapping[str, Figure], name: str, whole: str | None
) -> Callable[[], str]:
    part = measures[name].label
    if whole is None:
        return _titled(part)
    words = {"whole": measures[whole].label, "part": part}
    return lambda: _("%(whole)s, %(part)s") % words


# What a row said when it was downloaded; out of sight
WAS = Column("was", _titled(gettext_lazy("As downloaded")), is_entry=False)

# The form of one return
CODE = Column("code", _titled(gettext_lazy("Code")), is_entry=False)
FORM = (
    CODE,
    Column("indicator", _titled(pgettext_lazy("form", "Indicator")), width=27, is_entry=False),
    Column("unit", _titled(pgettext_lazy("definition", "Unit")), width=9, is_entry=False),
    Column("last", _titled(gettext_lazy("Last month")), width=15, is_entry=False),
    Column("now", _titled(gettext_lazy("This month")), width=17),
    Column("note", _titled(gettext_lazy("Note")), Sort.REMARK, width=34),
    Column("help", _titled(pgettext_lazy("form", "Definition")), width=44, is_entry=False),
    WAS,
)

# Tables of many returns begin with whose and which month a row is.
MONTH = Column("month", _titled(gettext_lazy("Month")), Sort.CHOICE, width=10)
CREDIT_CODE = Column(
    *("credit_code", _titled(gettext_lazy("Unified social credit code"))), Sort.CHOICE, width=22
)
SHORT_NAME = Column("enterprise", _titled(gettext_lazy("Enterprise")), width=20, is_entry=False)
STATE = Column("state", _titled(gettext_lazy("State")), width=10, is_entry=False)
WHOSE = Column("whose", _titled(gettext_lazy("Enterprise")), Sort.CHOICE, width=34)

# Lines
CLASS = Column(
    *("service_class", _titled(gettext_lazy("Class of services"))), Sort.CHOICE, width=34
)
MARKET = Column("market", _titled(gettext_lazy("Country or region")), Sort.CHOICE, width=26)
CURRENCY = Column("currency", _titled(gettext_lazy("Currency")), Sort.CHOICE, width=20)
RATE = Column(
    *("rate", _titled(pgettext_lazy("currency", "Rate")), Sort.RATE),
    *(gettext_lazy("yuan for one unit"), 14),
)
CLASSES = (CLASS, *_measures(CLASS_MEASURES), WAS)
MARKETS = (MARKET, CURRENCY, RATE, *_measures(MARKET_MEASURES, CURRENCY_UNIT), WAS)

# Notes of many returns
FIGURE = Column("figure", _titled(pgettext_lazy("form", "Indicator")), Sort.CHOICE, width=34)
REMARK = Column("remark", _titled(gettext_lazy("Note")), Sort.REMARK, width=70)
NOTES = (FIGURE, REMARK, WAS)


class Sheets:
    """What the sheets are called."""

    @staticmethod
    def names() -> dict[str, str]:
        """By what they hold, in the language that is active."""
        return {
            "form": pgettext("sheet", "Return"),
            "returns": pgettext("sheet", "Returns"),
            "classes": pgettext("sheet", "Classes of services"),
            "markets": pgettext("sheet", "Countries and regions"),
            "notes": pgettext("sheet", "Notes"),
            "codes": pgettext("sheet", "Codes"),
        }


@cache
def known_heads(columns: tuple[Column, ...]) -> Mapping[str, str]:
    """The names of `columns` by everything that may stand over them, folded."""
    found = {folded(column.name): column.name for column in columns}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in columns:
                found.setdefault(folded(column.head()), column.name)
    return found


def line_label(cell: str) -> tuple[str, str]:
    """Of the cell of a line: its key (BPO-2-3, HKG.USD) and the name of its measure, or ""."""
    parts = cell.split(":")
    return parts[1], parts[2] if len(parts) > 2 else ""


def measure_column(cell: str) -> Column | None:
    """The column in which the cell of a line stands."""
    kind, _key, measure = (*cell.split(":"), "", "")[:3]
    columns = CLASSES if kind == "class" else MARKETS
    return next((column for column in columns if column.name == measure), None)
