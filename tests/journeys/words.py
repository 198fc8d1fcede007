"""Pages in one language: every word on them is either of that language or somebody's data."""

import re
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db import models

ROOMS = ("accounts", "park", "tenants", "seats", "returns", "reports", "foundation")
# What the park writes in its own language and keeps: names, notes, mail that was sent, work done.
CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3001-\u301f]+")
ENGLISH = re.compile(r"(?<![\w@./-])[A-Za-z][a-z]{2,}(?![\w@-])")
FINGERPRINT = re.compile(r"[0-9a-f]{4} [0-9a-f]{4} … [0-9a-f]{4}")
COMMAND = re.compile(r"manage\.py \w+")
OF_BOTH = {
    "zh-hans": {"English", "Excel", "Office", "Shift", "Xiyuan"},
    "en": {"中文", "简体中文"},
}


def foreign_words(text: str, language: str, codes: set[str]) -> list[str]:
    """The words of another language that are no data, each with what stands around it.

    `codes` are the same in every language: the page says so of them.
    """
    lines = [line for line in text.splitlines() if line.strip() not in codes]
    found = list(_foreign(lines, language, _data()))
    if found:
        _data.cache_clear()
        found = list(_foreign(lines, language, _data()))
    return found


def _foreign(lines: list[str], language: str, data: tuple[str, ...]) -> Iterator[str]:
    pattern = CHINESE if language == "en" else ENGLISH
    for line in lines:
        rest = COMMAND.sub(" ", FINGERPRINT.sub(" ", line))
        for known in data:
            if known in rest:
                rest = rest.replace(known, " ")
        words = set(pattern.findall(rest)) - OF_BOTH[language]
        if words:
            yield f"{', '.join(sorted(words))} in {line.strip()!r}"


@cache
def _data() -> tuple[str, ...]:
    """Every line of text in the database, the longest first."""
    lines: set[str] = set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if not model.__name__.endswith("Event"):
                lines.update(_lines_of(model))
    return tuple(sorted(lines, key=len, reverse=True))


def _lines_of(model: type[models.Model]) -> Iterator[str]:
    fields = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, (models.CharField, models.TextField)) and not field.choices
    ]
    for row in model._default_manager.values_list(*fields) if fields else ():
        for value in filter(None, row):
            yield from (line.strip() for line in str(value).splitlines() if len(line.strip()) > 1)
