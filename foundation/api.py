"""Background work, as whoever asked for it follows it."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from foundation.models import Job, in_words
from web.api import DetailView, Row, Rows
from web.instants import iso_instant


class JobShape(serializers.Serializer):
    """Work in the background. Ask again every second or so until it is done or failed."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(Job.State.choices)
    done = serializers.IntegerField(help_text="Steps done of `total`.")
    total = serializers.IntegerField(help_text="0 until it is known.")
    message = serializers.CharField(help_text="What is being done, in words.")
    result = serializers.DictField(
        allow_null=True, help_text='What came of it: for a report {"report": id}.'
    )
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class JobDetail(DetailView):
    """Work that you asked for."""

    permissions = {"GET": None}
    shape = JobShape
    detail_name = "job-detail"

    def rows(self) -> Rows:
        return Job.objects.visible_to(self.user).values(
            *("id", "state", "done", "total", "message", "parameters", "result"),
            *("created_at", "finished_at"),
        )

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [_presented(**row) for row in rows]


def _presented(*, message: str, parameters: dict[str, Any], **row: Any) -> Row:
    instants = {name: iso_instant(row[name]) for name in ("created_at", "finished_at")}
    return {**row, "message": in_words(message, parameters), **instants}
