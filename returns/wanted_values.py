"""退回不得指定数字: a question to an enterprise never names the figure that somebody would like.

Whoever files answers for the figures (统计法). So a text that tells which number to write is
refused; what is unclear, or which rule is broken, can always be said without it. This recognises
the usual ways to put it, no more: 改成 120, 应为 120 人, “should be 120”, “change it to 120”.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.refusals import Refusal

# 120, 1,200.5, 一百二十; not a month, a day, a place or how something is written
_NUMBER = (
    r"(?:[+\-−]?\d[\d,.]*+|[〇零一二两三四五六七八九十百千万亿]{2,}+)"
    r"(?!\s*(?:年|月|日|号|位|栏|行|项|条|份|次|天|月份|decimal|digit|day|month|:))(?![\-/]\d)"
)
_GAP = r"[\s:“”\"'「」*()约大概是为在到至]{0,6}"
_CHINESE = (
    r"(?:改|更正|修正|修改|调整|调|订正|填|填写|写|报|填报|上报|录入|变更|补|增加|减少|提高|降低)"
    r"(?:为|成|到|至|作|个|上)"
    r"|(?:应|应该|应当|须|必须|需|需要|该|要)(?:是|为|填|填写|写|报|填报|改|达到|有)(?:为|成|写)?"
    r"|(?:不少于|不低于|不得少于|不得低于|至少(?:填|报|写))"
    r"|(?:请|按|就|直接)(?:填|报|写|填写|填报|按)"
)
_ENGLISH = (
    r"(?:should|must|ought\s+to|has\s+to|have\s+to|needs?\s+to)\s+(?:be|read|say|show|equal)"
    r"|(?:chang|correct|set|rais|lower|adjust|increas|reduc|amend|updat)e?(?:d|t)?"
    r"\s+(?:(?:it|this|that|them|the\s+\w+(?:\s+\w+)?|\w+)\s+)?(?:from\s+\S+\s+)?to"
    r"|(?:make|put|enter|write|type|report|fill\s+in)\s+(?:it\s+|this\s+|that\s+)?(?:as\s+)?"
)
_WANTED = re.compile(rf"(?:{_CHINESE}){_GAP}{_NUMBER}|\b(?:{_ENGLISH})\s*{_GAP}{_NUMBER}", re.I)
# Asking why something was changed tells nobody what to write
_PAST = re.compile(
    r"(?:为什么|为何|何以|怎么)(?!不)|原因|说明|\b(?:why|how\s+come)\b(?!\s+not)|\bwhat\b"
    r"|\b(?:explain|reason)",
    re.I,
)
_PART = re.compile(r"[。！？；;!?\n]|\.(?=\s|$)")
_NONE = re.compile(r"没有|如无|若无|\bnone\b|\bno\b|\bnothing\b", re.I)


class WantedValue(Refusal):
    """A return goes back with a rule or a question, never with the figure that somebody wants."""

    status = 400
    code = "wanted_value"
    title = gettext_lazy("No wanted figures")


def names_wanted_value(text: str) -> bool:
    """Whether `text` tells which number to write."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_tells(part) for part in _PART.split(plain))


def _tells(sentence: str) -> bool:
    if _PAST.search(sentence):
        return False
    found = _WANTED.search(sentence)
    if found is None:
        return False
    is_nought = re.search(r"(?<!\d)0$", found[0]) is not None
    return not (is_nought and _NONE.search(sentence))


def refuse_wanted_value(question: str) -> None:
    """Raise `WantedValue` where `question` names the figure that is wanted."""
    if names_wanted_value(question):
        raise WantedValue(
            _(
                "This names a figure to write. Under the Statistics Law nobody may tell an "
                "enterprise which figure to report; whoever signs finds it and answers for it. "
                "Name the rule that is broken, or ask what is unclear."
            ),
            field="question",
        )
