"""The checks by which a return can be sent back: a code, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from returns.checks import RULES
from web.refusals import Invalid

# What every return says, or it could not be submitted; and that a closed month stays
_NONE_OF_A_RETURN = frozenset({"V0", "V14"})


class Choice(NamedTuple):
    """A rule that somebody may pick."""

    code: str
    words: str


def rules() -> list[Choice]:
    """Every check that a submitted return can break, as the checks say it, in their order."""
    return [
        Choice(rule.code, _in_a_row(str(rule.says)))
        for rule in RULES.values()
        if rule.code not in _NONE_OF_A_RETURN
    ]


def _in_a_row(sentence: str) -> str:
    """A sentence without its full stop: others may follow."""
    return sentence.rstrip(".。")


def known_rules(codes: Iterable[str]) -> list[str]:
    """`codes` in the order of the rules, each once; raises `Invalid` where one is none."""
    wanted = set(codes)
    if unknown := wanted - {rule.code for rule in rules()}:
        message = _("There is no rule %(code)s.") % {"code": ", ".join(sorted(unknown))}
        raise Invalid({"rules": message})
    return [rule.code for rule in rules() if rule.code in wanted]


def rules_in_words(codes: Iterable[str]) -> list[str]:
    """What the rules of `codes` say, each with its code; one that is gone is its code alone."""
    words = {rule.code: rule.words for rule in rules()}
    return [f"{code} {words[code]}" if code in words else code for code in codes]


def why(codes: Iterable[str], question: str) -> str:
    """Why a return was sent back, as a text: the rules, then the question."""
    parts = [*rules_in_words(codes), *([question] if question else [])]
    return pgettext("between sentences of a list", "; ").join(parts)


# For messages, which are written in the language of each who gets them
lazy_why = lazy(why, str)
