"""A whole month in one workbook and one PDF: asked for, put together by the worker, kept.

The files of issued editions are made once for each set of editions and stay: whoever downloads an
issued month gets the same bytes. They are sealed one after the other, as editions are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext_noop, pgettext

from accounts.models import User
from foundation.models import Job
from foundation.months import format_month
from foundation.services.jobs import Progress, enqueue
from reports.display import Edition, document_of
from reports.document import Document
from reports.files.month import MONTH_WRITERS
from reports.kinds import KINDS
from reports.models import Audience, MonthFile, MonthlyReport, ReportState
from reports.public import has_two_editions, public_of
from reports.services.editions import content_before, reports_locked
from web import formats

BUNDLE = "reports.bundle"
BEGINNING = "0" * 64


def request_month_files(*, month: date, with_drafts: bool, owner: User | None) -> Job:
    """Have the files of a whole month put together. One such job at a time."""
    return enqueue(
        kind=BUNDLE,
        key=f"{format_month(month)}/{'drafts' if with_drafts else 'issued'}",
        arguments={"month": format_month(month), "drafts": with_drafts},
        owner=owner,
    )


def editions_in(month: date, *, with_drafts: bool) -> list[MonthlyReport]:
    """What is in the files of a month: of each kind its draft, if asked for, or what is valid."""
    states = [ReportState.ISSUED, *([ReportState.DRAFT] if with_drafts else [])]
    editions = MonthlyReport.objects.filter(month=month, state__in=states)
    latest: dict[str, MonthlyReport] = {}
    for report in editions.defer("facts").select_related("issued_by").order_by("revision"):
        latest[report.kind] = report
    return [latest[kind] for kind in KINDS if kind in latest]


def composition_of(editions: Sequence[MonthlyReport]) -> str:
    """Which editions they are, and of drafts which version, in one digest."""
    return sha256(json.dumps([_identity(one) for one in editions]).encode()).hexdigest()


def _identity(report: MonthlyReport) -> list[Any]:
    return [report.pk, report.sha256 or report.version]


def put_together(
    *,
    month: date,
    with_drafts: bool,
    now: datetime,
    owner: User | None,
    progress: Progress | None = None,
) -> list[MonthFile]:
    """Make the files of a month, unless they are there. Empty where the month has no reports.

    Raises `JobLostError` if `progress` was taken over.
    """
    while True:
        editions = editions_in(month, with_drafts=with_drafts)
        composition = composition_of(editions)
        made = {} if _kept(composition) else _made(editions, progress)
        with reports_locked(owner):
            if composition_of(editions_in(month, with_drafts=with_drafts)) != composition:
                continue  # another edition was made or issued meanwhile
            if progress is not None:
                progress.confirm()
            if made and not _kept(composition):
                _keep(editions, composition, made, now)
            files = _kept(composition)
            if progress is not None:
                progress.end({"files": [file.pk for file in files]})
            return files


def _kept(composition: str) -> list[MonthFile]:
    return list(MonthFile.objects.filter(composition=composition).order_by("pk"))


Made = dict[tuple[str, str], bytes]  # by audience and format


def _made(editions: Sequence[MonthlyReport], progress: Progress | None) -> Made:
    """The bytes, always in Chinese: one set, or one for the park and a public one.

    With drafts in it is for the park alone.
    """
    made: Made = {}
    audiences = _audiences(editions)
    steps = len(audiences) * len(MONTH_WRITERS)
    for audience in audiences:
        with translation.override(settings.LANGUAGE_CODE):
            documents = [_document(one, audience) for one in editions]
            for form, write in MONTH_WRITERS.items():
                made[audience, form] = write(documents)
                if progress is not None:
                    progress.tell(len(made), steps, gettext_noop("The files of the month"))
    return made


def _audiences(editions: Sequence[MonthlyReport]) -> list[str]:
    if not editions:
        return []
    if not any(has_two_editions(one.content) for one in editions):
        return [Audience.ALL]
    is_issued = all(one.is_issued for one in editions)
    return [Audience.PARK, *([Audience.PUBLIC] if is_issued else [])]


def _document(report: MonthlyReport, audience: str) -> Document:
    edition = Edition.of(report)
    former = content_before(edition)
    if audience != Audience.PUBLIC:
        return document_of(edition, report.content, former)
    return document_of(edition, public_of(report.content), former and public_of(former))


def _keep(
    editions: Sequence[MonthlyReport],
    composition: str,
    made: Mapping[tuple[str, str], bytes],
    now: datetime,
) -> None:
    month = editions[0].month
    has_drafts = any(not one.is_issued for one in editions)
    drafts = MonthFile.objects.filter(month=month, has_drafts=True)
    if has_drafts:
        for former in drafts:
            former.file.delete(save=False)
        drafts.delete()
    for (audience, form), data in made.items():
        row = MonthFile(
            month=month,
            format=form,
            audience=audience,
            has_drafts=has_drafts,
            editions=[_said(one) for one in editions],
            composition=composition,
            sha256=sha256(data).hexdigest(),
            made_at=now,
        )
        if not has_drafts:
            row.previous_seal = head_of_month_files()
            row.seal = seal_of(row)
        is_public = audience == Audience.PUBLIC
        name = f"{_name(month, has_drafts=has_drafts, is_public=is_public)}.{form}"
        path = f"reports/months/{composition[:16]}/{audience}/{name}"
        row.file.save(path, ContentFile(data), save=False)
        row.save()


def _said(report: MonthlyReport) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "revision": report.revision,
        "state": report.state,
        "sha256": report.sha256,
    }


def _name(month: date, *, has_drafts: bool, is_public: bool) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        form = (
            pgettext("file", "%(month)s-tables-of-the-month-with-drafts")
            if has_drafts
            else pgettext("file", "%(month)s-tables-of-the-month")
        )
        name = form % {"month": formats.iso_month(month)}
        return pgettext("file", "%(name)s-public") % {"name": name} if is_public else name


def head_of_month_files() -> str:
    """The seal of the files kept last; before any was, the beginning. Needs the lock."""
    issued = MonthFile.objects.issued()
    last = issued.exclude(seal__in=issued.values("previous_seal"))
    return last.values_list("seal", flat=True).first() or BEGINNING


def seal_of(row: MonthFile) -> str:
    """The SHA-256 of what a file of issued editions is, its bytes' and that of the one before."""
    said = [
        format_month(row.month),
        row.format,
        row.audience,
        row.editions,
        row.composition,
        row.sha256,
        row.made_at.astimezone(UTC).isoformat(),
        row.previous_seal,
    ]
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


class MonthBreak(NamedTuple):
    """Where the files of a month do not hold: `part` is its format, seal, or link."""

    file: MonthFile
    part: str


def verify_month_files() -> list[MonthBreak]:
    """Compute every seal of the files of months again. Empty where all of them hold."""
    return list(_breaks())


def _breaks() -> Iterator[MonthBreak]:
    after = {row.previous_seal: row for row in MonthFile.objects.issued().order_by("pk")}
    reached = BEGINNING
    while row := after.pop(reached, None):
        yield from _breaks_of(row)
        reached = row.seal or ""
    for row in after.values():
        yield from _breaks_of(row)
        yield MonthBreak(row, "link")


def _breaks_of(row: MonthFile) -> Iterator[MonthBreak]:
    storage, name = row.file.storage, str(row.file.name)
    if not storage.exists(name):
        yield MonthBreak(row, row.format)
    else:
        with row.file.open() as stored:
            if sha256(stored.read()).hexdigest() != row.sha256:
                yield MonthBreak(row, row.format)
    if seal_of(row) != row.seal:
        yield MonthBreak(row, "seal")
