"""Sentences, each translated as a whole, set one after the other."""

from collections.abc import Iterable

from django.utils.translation import get_language


def in_one_paragraph(sentences: Iterable[str]) -> str:
    """The sentences in one paragraph: Chinese ones follow without a space."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return ("" if is_chinese else " ").join(sentences)
