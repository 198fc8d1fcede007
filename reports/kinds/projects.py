"""Y6 招商项目进度表: until there is a promotion room, what seats are held and chosen ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.indicators import projects
from reports.indicators.facts import TOTAL
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import PREVIOUS, Column, Table, compared

_PROJECTS = (
    ("", (Column(projects.PROJECT_ENTERPRISES),)),
    ("project_held", compared(projects.PROJECT_HELD, PREVIOUS)),
    ("project_ahead", compared(projects.PROJECT_AHEAD, PREVIOUS)),
    ("", (Column(projects.PROJECT_PRESELECTED),)),
)


def _notes(_month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "There is no register of projects yet. This table says what the seats tell of them: what "
        "is held for whom, and what was chosen ahead."
    )


KIND = Kind(
    code=ReportKind.PROJECTS,
    number="Y6",
    title=pgettext_lazy("title", "Projects of investment promotion"),
    short_title=pgettext_lazy("file", "projects"),
    tables=(
        Table(
            "project_standing",
            "Y6-1",
            gettext_lazy("Seats held and chosen ahead by enterprise"),
            ("tenancy", "enterprise", TOTAL),
            _PROJECTS,
        ),
        Table(
            "project_places",
            "Y6-2",
            gettext_lazy("Seats held and chosen ahead by place"),
            ("zone", "building", TOTAL),
            _PROJECTS,
        ),
    ),
    indicators=projects.INDICATORS,
    notes=_notes,
    to_come={
        "stage": pgettext_lazy("to come", "Stage of each project"),
        "days_in_stage": pgettext_lazy("to come", "Days in its stage"),
        "agreed_investment": pgettext_lazy("to come", "Agreed investment (10,000 yuan)"),
        "commitments": pgettext_lazy("to come", "Commitments and what became of them"),
        "task_force": pgettext_lazy("to come", "Task force and who leads it"),
        "problems": pgettext_lazy("to come", "Problems that are open"),
    },
)
