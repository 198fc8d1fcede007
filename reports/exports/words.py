"""What the sheets of several workbooks say alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.exports.facts import Facts
from reports.exports.firms import Firm
from returns.figures import BREAKDOWNS

EDUCATION = BREAKDOWNS["education"]


def identity(firm: Firm) -> Mapping[str, Any]:
    """What stands at the beginning of each row."""
    return {"name": firm.name, "credit_code": firm.enterprise.credit_code}


def missing_rows(facts: Facts) -> Iterator[Mapping[str, Any]]:
    """The returns that are owed and do not count."""
    for pk, month in facts.missing:
        state = facts.states.get((pk, month)) or _("Not filed")
        yield {**identity(facts.firms[pk]), "month": month, "state": state}
