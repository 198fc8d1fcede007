"""Y8 招聘活动统计表: its room is not built, so it says only which figures are to come."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from reports.kinds.kind import Kind
from reports.models import ReportKind

KIND = Kind(
    code=ReportKind.DRIVES,
    number="Y8",
    title=pgettext_lazy("title", "Hiring drives"),
    short_title=pgettext_lazy("file", "hiring-drives"),
    to_come={
        "drives": pgettext_lazy("to come", "Drives held"),
        "employers": pgettext_lazy("to come", "Enterprises that took part"),
        "openings": pgettext_lazy("to come", "Openings offered"),
        "visitors": pgettext_lazy("to come", "Visitors (people and visits)"),
        "signed_up": pgettext_lazy("to come", "People signed up and résumés"),
        "intents": pgettext_lazy("to come", "People with an offer that both sides want"),
        "viewers": pgettext_lazy("to come", "Live sessions and their viewers"),
        "hired": pgettext_lazy("to come", "Hired, and still there after 7, 30 and 90 days"),
    },
)
