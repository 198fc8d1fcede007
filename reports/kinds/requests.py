"""Y9 企业诉求办理表: until there is a room for help, the requests for seats, named as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.indicators import requests
from reports.indicators.facts import TOTAL
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import PREVIOUS, YEAR_BEFORE, Column, Table, compared, rate_compared


def _notes(_month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "These are requests for seats only: other requests for help are not kept yet. Each stands "
        "as it was at the end of the month in which it was received."
    )


KIND = Kind(
    code=ReportKind.REQUESTS,
    number="Y9",
    title=pgettext_lazy("title", "Requests of the enterprises (for seats)"),
    short_title=pgettext_lazy("file", "requests"),
    tables=(
        Table(
            "request_kinds",
            "Y9-1",
            gettext_lazy("Requests for seats by kind"),
            ("request_kind", TOTAL),
            (
                ("requests_received", compared(requests.RECEIVED, PREVIOUS)),
                (
                    "",
                    (
                        Column(requests.ANSWERED),
                        Column(requests.FIRST_ANSWER),
                        Column(requests.SETTLED),
                        Column(requests.OPEN),
                        Column(requests.OVERDUE),
                    ),
                ),
            ),
        ),
        Table(
            "request_rates",
            "Y9-2",
            gettext_lazy("Requests settled compared"),
            ("request_kind", TOTAL),
            (
                *rate_compared(requests.SETTLED_RATE, PREVIOUS, YEAR_BEFORE),
                (
                    "first_answer",
                    (
                        Column(requests.FIRST_ANSWER),
                        Column(requests.FIRST_ANSWER, period=PREVIOUS),
                        Column(requests.FIRST_ANSWER, period=YEAR_BEFORE),
                    ),
                ),
            ),
        ),
    ),
    heads={"first_answer": pgettext_lazy("head", "First answer")},
    indicators=requests.INDICATORS,
    notes=_notes,
    to_come={
        "categories": pgettext_lazy("to come", "Requests for help by category"),
        "help_first_answer": pgettext_lazy("to come", "First answer to each category"),
        "escalated": pgettext_lazy("to come", "Requests passed to a task force"),
        "satisfaction": pgettext_lazy("to come", "How content enterprises were"),
    },
)
