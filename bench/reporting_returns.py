"""All reports of a month, where every enterprise has filed for years: tables, months, memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bench.asking import statements
from bench.desk import Desk
from bench.filing import file_returns
from bench.life import FIRST_DAY
from bench.month_by_hand import Month
from bench.timing import Figure, Wrong
from foundation.months import format_month, months_between
from reports.assembly import assemble
from reports.models import ReportKind
from reports.public import public_of
from reports.services.snapshots import take_snapshot
from reports.services.target_rows import target_rows
from reports.telling import draft, kept

KINDS_OF_RETURNS = (
    *(ReportKind.OUTPUT, ReportKind.SERVICES, ReportKind.MARKETS, ReportKind.WORKFORCE),
    ReportKind.FILING,
)
# The kind that is made for every month: it has the most lines of returns behind it
EVERY_MONTH = ReportKind.SERVICES
LARGEST_MB = 50


def measure(desk: Desk) -> Iterator[Figure]:
    """The tables of a month together and by kind; every month once; what a worker grows by."""
    last = file_returns(desk.park)
    desk = replace(desk, rounds=desk.rounds.few())
    yield _month(desk, last)
    for kind in KINDS_OF_RETURNS:
        yield _kind(desk, kind, last)
    yield _every_month(desk, last)
    yield _memory(last)


def made(kinds: Iterable[ReportKind], month: date) -> dict[str, dict[str, Any]]:
    """The contents of reports as a worker makes them, by kind; without files, not kept."""
    contents: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        snapshot = take_snapshot(kind, month)
        snapshot.frozen()
        contents[kind] = {
            **assemble(kind, month, snapshot.facts),
            **snapshot.head,
            "filing": snapshot.filing,
            **target_rows(kind, month, snapshot.filed),
        }
    if ReportKind.TEXT in contents:
        public = {kind: public_of(content) for kind, content in contents.items()}
        contents[ReportKind.TEXT]["paragraphs"] = kept(draft(public), [])
    return contents


def _month(desk: Desk, last: date) -> Figure:
    """All kinds, against every row behind them read once."""
    month = Month(last)
    compared = month.check(month.read(desk.plain), contents := made(ReportKind, last))
    _check_text(contents)
    area = f"all tables of a month, {compared:,} cells compared"
    pair = desk.rounds.beside(lambda: made(ReportKind, last), lambda: month.read(desk.plain))
    return Figure(area=area, **pair._asdict(), bar=35)  # ours: a quarter over what was measured


def _check_text(contents: Mapping[str, Mapping[str, Any]]) -> None:
    """It tells of seats and of returns, and names their tables."""
    paragraphs = contents[ReportKind.TEXT]["paragraphs"]
    told = {one["kind"] for paragraph in paragraphs for one in paragraph["cited"]}
    if not told >= {ReportKind.OCCUPANCY, ReportKind.OUTPUT}:
        raise Wrong(f"the text of the month tells of {sorted(told)} only")


def _kind(desk: Desk, kind: ReportKind, month: date) -> Figure:
    """One kind, against the statements that it sends and fetching their rows."""
    sent = [
        text
        for text in statements(lambda: made([kind], month))
        if text.lstrip().startswith(("SELECT", "WITH"))
    ]

    def floor() -> None:
        with desk.plain.transaction():
            for text in sent:
                desk.plain.execute(text.encode()).fetchall()

    pair = desk.rounds.beside(lambda: made([kind], month), floor)
    return Figure(area=f"... {kind}", **pair._asdict(), bar=5)


def _every_month(desk: Desk, last: date) -> Figure:
    """Each month once, by turns with the rows behind it."""
    months = list(months_between(FIRST_DAY, last))
    product = floor = 0.0
    for one in months:
        start = time.perf_counter()
        contents = made([EVERY_MONTH], one)
        between = time.perf_counter()
        read = Month(one).read(desk.plain)
        floor += time.perf_counter() - between
        product += between - start
        if not Month(one).check(read, contents):
            raise Wrong(f"nothing of {one:%Y-%m} could be compared")
    area = f"{EVERY_MONTH} report of all {len(months)} months"
    return Figure(area=area, product=product * 1000, floor=floor * 1000, bar=None)


def _memory(month: date) -> Figure:
    """What a worker grows by at its peak, making all reports of a month and its files."""
    worker = [sys.executable, "-m", "bench.worker", format_month(month)]
    before, grown = map(float, subprocess.check_output(worker, text=True).split())  # noqa: S603
    area = f"a worker of {before:.0f} MB grows by, all reports"
    return Figure(area=area, product=grown, floor=LARGEST_MB, bar=1, unit="MB")
