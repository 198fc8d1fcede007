"""The checks of a return as data: code, whether it blocks, what it says, by which threshold.

The codes are those of the park's 审核关系 (V1–V15) and, from V16 on, what it lacks. Thresholds are
settings, so the park can change them without a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from foundation.models import Setting
from web.rfc9457 import Text


@dataclass(frozen=True)
class Rule:
    """`is_hard`: keeps a return from being submitted; `yields`: unless a note explains it."""

    code: str
    is_hard: bool
    says: Text
    thresholds: tuple[Setting.Name, ...] = ()
    yields: bool = False


_NAME = Setting.Name
_RULES = (
    Rule("V0", True, _("What every return must say is there.")),
    Rule("V1", True, _("The year to date never falls, unless a reversal is explained.")),
    Rule("V2", True, _("The classes add up to the executed value; so do offshore and onshore.")),
    Rule("V3", True, _("The markets add up to offshore.")),
    Rule("V4", True, _("Education, age and origin each add up to the staff at the end.")),
    Rule("V5", True, _("Opening + joined − left = closing, and opening = last month's closing.")),
    Rule("V6", False, _("A change on the month before is explained."), (_NAME.CHECK_CHANGE,)),
    Rule(
        *("V7", False, _("Revenue per head is near the park's median.")),
        (_NAME.CHECK_PER_HEAD_LOW, _NAME.CHECK_PER_HEAD_HIGH),
    ),
    Rule("V8", False, _("No more seats are in use than are contracted on any day of the month.")),
    Rule("V9", False, _("No more is executed than contracts leave.")),
    Rule("V10", False, _("Taxes are a plausible part of revenue."), (_NAME.CHECK_TAXES,)),
    Rule("V11", True, _("Money has two decimals; nothing is negative but a reversal.")),
    Rule(
        *("V12", True, _("No yuan are typed where 10,000 yuan are meant.")),
        (_NAME.CHECK_UNIT,),
        yields=True,
    ),
    Rule("V13", False, _("Staff without revenue for two months is explained.")),
    Rule("V14", True, _("A closed month is not changed; a reopened one by a revision.")),
    Rule("V15", False, _("Most of the staff are insured."), (_NAME.CHECK_INSURED,)),
    Rule("V16", True, _("No part of the staff is larger than the staff.")),
    Rule("V17", False, _("Where the staff changed, it is said who joined and left.")),
    Rule("V18", True, _("Internal settlement is filed by cost centres only.")),
)
RULES: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}


class Thresholds:
    """The thresholds of all checks, read once."""

    def __init__(self, values: Mapping[str, int]) -> None:
        self._values = values

    @classmethod
    def load(cls) -> Thresholds:
        """As they are set now: one query."""
        stored = Setting.objects.filter(name__startswith="check_").values_list("name", "value")
        defaults = {name.value: value for name, value in Setting.DEFAULTS.items()}
        return cls({**defaults, **dict(stored)})

    @classmethod
    def usual(cls) -> Thresholds:
        """As they are where nobody has set them."""
        return cls({name.value: value for name, value in Setting.DEFAULTS.items()})

    def __getitem__(self, name: Setting.Name) -> int:
        return self._values[name.value]

    def percent(self, name: Setting.Name) -> Decimal:
        """A threshold in percent, as a part of one."""
        return Decimal(self[name]) / 100
