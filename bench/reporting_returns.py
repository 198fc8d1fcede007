"""The reports of what enterprises file: 500 enterprises, ten years, every figure of a return."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Iterator
from datetime import date

from bench.asking import statements
from bench.desk import Desk
from bench.life import FIRST_DAY
from bench.reporting import plain_cells
from bench.timing import Figure, Wrong
from bench.years_of_returns import file_returns
from foundation.months import format_month, months_between
from reports.assembly import assemble
from reports.display import Edition, document_of
from reports.files.workbook import xlsx_of
from reports.models import ReportKind
from reports.services.snapshots import take_snapshot
from returns.models import MonthlyReturn

MB = 1024.0  # ru_maxrss is in kB
LARGEST_MB = 50


def measure(desk: Desk) -> Iterator[Figure]:
    """Tables against their statements alone; every month once; a cell of XLSX; memory."""
    last = file_returns(desk.park.size, desk.park.operator.pk)
    kinds: list[ReportKind] = [kind for kind in ReportKind if kind != ReportKind.OCCUPANCY]
    for kind in kinds:
        yield _tables(desk, [kind], last, f"{kind} report: facts and tables")
    yield _memory(kinds, last)
    yield _tables(desk, list(ReportKind), last, "all reports of a month: facts and tables")
    yield _every_month(desk, kinds, last)
    yield _workbook(desk, last)


def _made(kinds: list[ReportKind], month: date) -> None:
    for kind in kinds:
        assemble(kind, month, take_snapshot(kind, month).facts)


def _tables(desk: Desk, kinds: list[ReportKind], month: date, area: str) -> Figure:
    _check(desk, month)
    sent = [
        text
        for text in statements(lambda: _made(kinds, month))
        if text.lstrip().startswith(("SELECT", "WITH"))
    ]

    def floor() -> None:
        with desk.plain.transaction():
            for text in sent:
                desk.plain.execute(text.encode()).fetchall()

    pair = desk.rounds.beside(lambda: _made(kinds, month), floor)
    return Figure(area=area, **pair._asdict(), bar=5)


def _check(desk: Desk, month: date) -> None:
    """The revenue of the year is what the returns add up to."""
    facts = take_snapshot(ReportKind.OUTPUT, month).facts
    months = {format_month(one) for one in months_between(month.replace(month=1), month)}
    given = sum(fact.revenue or 0 for fact in facts.of("returns") if fact.month in months)
    (wanted,) = desk.plain.execute(
        "SELECT sum(revenue) FROM returns_monthlyreturn WHERE month BETWEEN %s AND %s",
        [month.replace(month=1), month],
    ).fetchall()[0]
    if given != wanted:
        raise Wrong("the facts of the output report are not what the returns add up to")


def _every_month(desk: Desk, kinds: list[ReportKind], last: date) -> Figure:
    """All months once, one after another, against reading all that they are made of once."""
    months = list(months_between(FIRST_DAY, last))
    start = time.perf_counter()
    for month in months:
        _made(kinds, month)
    product = (time.perf_counter() - start) * 1000
    start = time.perf_counter()
    for table in ("returnrevision", "revisionclass", "revisionmarket"):
        desk.plain.execute(f"SELECT * FROM returns_{table}").fetchall()  # noqa: S608 — our own
    floor = (time.perf_counter() - start) * 1000
    returns = MonthlyReturn.objects.count()
    area = f"reports of all {len(months)} months, {returns:,} returns"
    return Figure(area=area, product=product, floor=floor, bar=None)


def _memory(kinds: list[ReportKind], month: date) -> Figure:
    """How much larger the process grows over all the reports of a month."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _made(kinds, month)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MB
    area = "reports of returns: memory beyond the largest before"
    return Figure(area=area, product=grown, floor=LARGEST_MB, bar=1, unit="MB")


def _workbook(desk: Desk, month: date) -> Figure:
    """The report with the longest table: every enterprise, compared in every way."""
    snapshot = take_snapshot(ReportKind.OUTPUT, month)
    content = assemble(ReportKind.OUTPUT, month, snapshot.facts)
    content |= {**snapshot.head, "filing": snapshot.filing}
    document = document_of(Edition(ReportKind.OUTPUT, month, 1, desk.park.now), content)
    with zipfile.ZipFile(io.BytesIO(xlsx_of(document))) as book:
        cells = sum(
            book.read(name).count(b"<c ") for name in book.namelist() if "worksheets/sheet" in name
        )
    rows = [[row.label, *row.cells] for table in document.tables for row in table.rows]
    pair = desk.rounds.beside(lambda: xlsx_of(document), plain_cells(rows))
    return Figure(
        area=f"XLSX of the output report, {cells:,} cells",
        product=pair.product * 1000 / cells,
        floor=pair.floor * 1000 / sum(map(len, rows)),
        unit="µs",
        bar=11,
    )
