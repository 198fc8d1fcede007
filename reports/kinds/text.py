"""文字说明: a page about the month, drafted from the figures of its tables (`telling`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext_lazy

from reports.kinds.kind import Kind
from reports.models import ReportKind


def _notes(_month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "The numbers of the text are those of the month's tables; its page and the workbook say "
        "where each stands."
    )


KIND = Kind(
    code=ReportKind.TEXT,
    number="",
    title=pgettext_lazy("title", "Text of the month"),
    short_title=pgettext_lazy("file", "text"),
    draft_subject=gettext_noop("Draft of the text for %(month)s"),
    restatement_subject=gettext_noop("Text for %(month)s is to be restated"),
    is_text=True,
    waits_for_closing=True,
    announces_itself=True,
    notes=_notes,
)
