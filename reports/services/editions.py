"""The editions of a report: one after another, under one lock, with their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import translation

from accounts.models import User
from foundation.locks import Lock, holding
from reports.display import Edition, document_of
from reports.files import WRITERS
from reports.models import Audience, MonthlyReport, ReportFile, ReportKind, ReportState
from reports.public import has_two_editions, public_of


def reports_locked(acting_user: User | None) -> AbstractContextManager[None]:
    """One recorded transaction in which nobody else drafts or issues a report. Raises `Busy`."""
    return holding(Lock.REPORTS, acting_user)


def open_revision(kind: ReportKind, month: date) -> int:
    """The revision of the open draft; without one, that of the next."""
    editions = MonthlyReport.objects.filter(kind=kind, month=month)
    draft = editions.filter(state=ReportState.DRAFT).values_list("revision", flat=True).first()
    last = editions.aggregate(last=Max("revision"))["last"]
    return draft or (last or 0) + 1


def content_before(edition: Edition) -> Mapping[str, Any] | None:
    """What the edition before this one says; None of the first."""
    before = MonthlyReport.objects.filter(
        kind=edition.kind, month=edition.month, revision=edition.revision - 1
    )
    return before.values_list("content", flat=True).first()


class Printed(NamedTuple):
    """A file as it is written."""

    format: str
    audience: Audience
    name: str
    data: bytes


def render(
    edition: Edition, content: Mapping[str, Any], former: Mapping[str, Any] | None
) -> list[Printed]:
    """The files of an edition, always in Chinese: one set, or one for the park and a public one.

    They mark what differs from `former`, the content of the edition before.
    """
    if not has_two_editions(content):
        return _printed(Audience.ALL, edition, content, former)
    return [
        *_printed(Audience.PARK, edition, content, former),
        *_printed(Audience.PUBLIC, edition, public_of(content), former and public_of(former)),
    ]


def _printed(
    audience: Audience,
    edition: Edition,
    content: Mapping[str, Any],
    former: Mapping[str, Any] | None,
) -> list[Printed]:
    with translation.override(settings.LANGUAGE_CODE):
        document = document_of(edition, content, former)
        return [
            Printed(form, audience, f"{document.file_name}.{form}", write(document))
            for form, write in WRITERS.items()
        ]


def replace_files(report: MonthlyReport, files: Iterable[Printed]) -> dict[str, str]:
    """Put `files` in the place of the draft's; give the SHA-256 of each, as it is sealed."""
    for former in report.files.all():
        former.file.delete(save=False)
        former.delete()
    digests = {}
    for printed in files:
        row = ReportFile(
            report=report,
            format=printed.format,
            audience=printed.audience,
            sha256=sha256(printed.data).hexdigest(),
        )
        path = f"reports/{report.pk}/{printed.name}"
        row.file.save(path, ContentFile(printed.data), save=False)
        row.save()
        digests[row.sealed_as] = row.sha256
    return digests
