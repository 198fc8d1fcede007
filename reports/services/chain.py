"""The chain of issued editions: each is sealed by its SHA-256, which holds that of the one before.

Whoever changes a figure, a row behind it or a file, even below the triggers, breaks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from hashlib import sha256
from typing import NamedTuple

from foundation.months import format_month
from reports.models import MonthlyReport, ReportFile

BEGINNING = "0" * 64


class Break(NamedTuple):
    """Where the chain does not hold: `part` is content, link, or what a file is sealed as."""

    report: MonthlyReport
    part: str


def head_of_chain() -> str:
    """The seal of the edition issued last; before any was, the beginning. Needs the lock."""
    issued = MonthlyReport.objects.issued()
    sealed = issued.exclude(sha256__in=issued.values("previous_sha256"))
    return sealed.values_list("sha256", flat=True).first() or BEGINNING


def seal(report: MonthlyReport, files: Mapping[str, str]) -> str:
    """The SHA-256 of all that an edition says, its files' and that of the edition before."""
    said = {
        "kind": report.kind,
        "month": format_month(report.month),
        "revision": report.revision,
        "reason": report.reason,
        "issued_at": report.issued_at.astimezone(UTC).isoformat() if report.issued_at else None,
        "issued_by": report.issued_by_id,
        "content": report.content,
        "facts": report.facts,
        "files": dict(files),
        "previous_sha256": report.previous_sha256,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def verify_chain() -> list[Break]:
    """Compute every seal again, from the first edition on. Empty where all of them hold."""
    return list(_breaks())


def _breaks() -> Iterator[Break]:
    issued = MonthlyReport.objects.issued().prefetch_related("files").order_by("pk")
    after = {report.previous_sha256: report for report in issued}
    reached = BEGINNING
    while report := after.pop(reached, None):
        yield from _breaks_of(report)
        reached = report.sha256 or ""
    # What no link leads to
    for report in after.values():
        yield from _breaks_of(report)
        yield Break(report, "link")


def _digest_of(file: ReportFile) -> str | None:
    """The SHA-256 of what is stored; None where it is gone."""
    if not file.file.storage.exists(str(file.file.name)):
        return None
    with file.file.open() as stored:
        return sha256(stored.read()).hexdigest()


def _breaks_of(report: MonthlyReport) -> Iterator[Break]:
    digests = {}
    for file in report.files.all():
        digests[file.sealed_as] = file.sha256
        if _digest_of(file) != file.sha256:
            yield Break(report, file.sealed_as)
    if seal(report, digests) != report.sha256:
        yield Break(report, "content")
