"""Chinese numerals as they stand in lists: 十二层, 二〇二六年五月三十一日."""

from __future__ import annotations

import re

_DIGITS = "〇一二三四五六七八九"
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")


def numeral(text: str) -> str:
    """十二 → 12; without tens digit by digit: 二零二六 → 2026. What is no number stays."""
    if "十" not in text:
        return "".join(str(_DIGITS.index(sign)) for sign in text.replace("零", "〇"))
    if tens := _TENS.fullmatch(text):
        return str(10 * _DIGITS.index(tens[1] or "一") + _DIGITS.index(tens[2] or "〇"))
    return text
