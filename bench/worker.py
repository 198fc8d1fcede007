"""How much a worker grows while it makes all reports of a month, and the files of the whole month.

Runs as a process of its own, as workers do; prints megabytes. It has made those of an early month
before, so that everything is loaded: what it prints is what the month took at its peak.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench.life import FIRST_DAY
from foundation.months import next_month, parse_month
from reports.models import ReportKind
from reports.services.building import build_report
from reports.services.month_files import put_together

KB_IN_MB = 1024
FORGET_THE_PEAK = "5"  # to /proc/self/clear_refs: it begins again with what is there now


def main() -> None:
    """Make the month that is named and print by how much it was larger at its peak."""
    month = parse_month(sys.argv[1])
    assert month is not None
    name = settings.DATABASES["default"]["TEST"]["NAME"]
    connection.settings_dict["NAME"] = name
    _make(next_month(FIRST_DAY))
    Path("/proc/self/clear_refs").write_text(FORGET_THE_PEAK)
    before = _megabytes("VmRSS")
    _make(month)
    print(f"{before:.1f} {_megabytes('VmHWM') - before:.1f}")


def _make(month: date) -> None:
    """As the tasks do it: every kind is drafted, with its files; then those of the month."""
    owner, now = User.objects.earliest("pk"), timezone.now()
    for kind in ReportKind:
        build_report(kind=kind, month=month, now=now, owner=owner)
    put_together(month=month, with_drafts=True, now=now, owner=owner)


def _megabytes(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / KB_IN_MB
    raise LookupError(name)


if __name__ == "__main__":
    main()
