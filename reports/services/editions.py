"""The editions of a report: one after another, under one lock, with their files."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import translation

from accounts.models import User
from foundation.locks import Lock, holding
from reports.display import Edition, document_of
from reports.files import WRITERS
from reports.models import MonthlyReport, ReportFile, ReportKind, ReportState


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


def render(
    edition: Edition, content: Mapping[str, Any], former: Mapping[str, Any] | None
) -> dict[str, tuple[str, bytes]]:
    """The files of an edition, as name and bytes by format. They are always in Chinese.

    They mark what differs from `former`, the content of the edition before.
    """
    with translation.override(settings.LANGUAGE_CODE):
        document = document_of(edition, content, former)
        return {
            form: (f"{document.file_name}.{form}", write(document))
            for form, write in WRITERS.items()
        }


def replace_files(report: MonthlyReport, files: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """Put `files` in the place of the draft's; give the SHA-256 of each."""
    for former in report.files.all():
        former.file.delete(save=False)
        former.delete()
    digests = {form: sha256(data).hexdigest() for form, (_name, data) in files.items()}
    for form, (name, data) in files.items():
        row = ReportFile(report=report, format=form, sha256=digests[form])
        row.file.save(f"reports/{report.pk}/{name}", ContentFile(data), save=False)
        row.save()
    return digests
