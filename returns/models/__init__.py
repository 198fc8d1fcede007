"""Monthly returns: what each enterprise files once a month, and every revision of it.

MonthlyReturn   one enterprise, one month: the draft that people edit, and where it is
  ReturnClass, ReturnMarket          its classes of services and its markets
ReturnRevision  what was submitted, by whom, why again; never changed
  RevisionClass, RevisionMarket
ReturnReminder  somebody was told about a month, once each
ReturnImport    a workbook of returns that was uploaded
"""

from returns.figures import BREAKDOWNS
from returns.models.figures import ClassFigures, MarketFigures, ReturnFigures
from returns.models.filling_in import ExchangeRate, PartAssignment
from returns.models.importing import ReturnImport, ReturnImportQuerySet
from returns.models.reminders import Occasion, ReturnReminder
from returns.models.returns import (
    MonthlyReturn,
    MonthlyReturnQuerySet,
    ReturnClass,
    ReturnMarket,
    ReturnRevision,
    ReturnRevisionQuerySet,
    ReturnState,
    RevisionClass,
    RevisionMarket,
)

__all__ = [
    "BREAKDOWNS",
    "ClassFigures",
    "ExchangeRate",
    "MarketFigures",
    "MonthlyReturn",
    "MonthlyReturnQuerySet",
    "Occasion",
    "PartAssignment",
    "ReturnClass",
    "ReturnFigures",
    "ReturnImport",
    "ReturnImportQuerySet",
    "ReturnMarket",
    "ReturnReminder",
    "ReturnRevision",
    "ReturnRevisionQuerySet",
    "ReturnState",
    "RevisionClass",
    "RevisionMarket",
]
