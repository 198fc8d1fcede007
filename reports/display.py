"""From the frozen content of a report to what is read, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from reports.comparing import Cell, restated_cells
from reports.document import (
    Definition,
    Document,
    Row,
    Table,
    WordTable,
)
from reports.indicators.facts import TOTAL
from reports.kinds import KINDS, Kind
from reports.linking import cited_of, paragraphs_of
from reports.models import MonthlyReport, ReportKind
from reports.public import has_two_editions
from reports.suppression import LEAST_ENTERPRISES, LEAST_PEOPLE
from reports.tables import Period
from reports.units import Number
from reports.words import (
    columns_of,
    indicator_of,
    label_head,
    row_label,
)
from web import formats
from web.rfc9457 import Text

# Who answers for a table, as its foot says: the names are typed when it is issued, and frozen
SIGNATURES: dict[str, Text] = {
    "head": pgettext_lazy("foot", "Head of the unit"),
    "statistician": pgettext_lazy("foot", "Head of statistics"),
    "filled_in_by": pgettext_lazy("foot", "Filled in by"),
    "telephone": pgettext_lazy("foot", "Telephone"),
}


@dataclass(frozen=True)
class Edition:
    """What is known of an edition beside its content."""

    kind: ReportKind
    month: date
    revision: int
    data_as_of: datetime
    reason: str = ""
    issued_at: datetime | None = None
    issued_by: str = ""

    @classmethod
    def of(cls, report: MonthlyReport) -> Edition:
        return cls(
            kind=ReportKind(report.kind),
            month=report.month,
            revision=report.revision,
            data_as_of=report.data_as_of,
            reason=report.reason,
            issued_at=report.issued_at,
            issued_by=str(report.issued_by or ""),
        )

    @property
    def is_draft(self) -> bool:
        return self.issued_at is None


def document_of(
    edition: Edition, content: Mapping[str, Any], former: Mapping[str, Any] | None = None
) -> Document:
    """The report as it is read, in the language that is active.

    What differs from `former`, the content of the edition before, is marked.
    """
    kind = KINDS[edition.kind]
    restated = restated_cells(content, former) if former else {}
    tables = tuple(_table(kind, stored, restated) for stored in content["tables"])
    return Document(
        form=_("Management report of the park (not a government statistical survey)"),
        number=content["form"],
        park=content["park"],
        title=str(kind.title),
        month=edition.month,
        facts=tuple(_facts(edition, content)),
        edition=edition_line(edition),
        is_draft=edition.is_draft,
        has_sample=content["has_sample"],
        file_name=file_name(edition, is_public=content.get("is_public", False)),
        made_at=edition.issued_at or edition.data_as_of,
        tables=tables,
        chart=kind.chart(edition.month, tables) if kind.chart else None,
        lists=tuple(_lists(kind, content)),
        notes=tuple(_notes(edition, content, len(restated))),
        signatures=_signatures(edition, content),
        definitions=tuple(_definitions(content)),
        paragraphs=tuple(paragraphs_of(content)),
        cited=tuple(cited_of(content)),
    )


def edition_line(edition: Edition) -> str:
    """Which edition it is, and since when and by whom it stands."""
    if edition.is_draft:
        sentence = _("Edition %(revision)d, draft, not issued")
    elif edition.revision == 1:
        sentence = _("Edition %(revision)d, issued %(time)s by %(person)s")
    else:
        sentence = _("Edition %(revision)d, restated and issued %(time)s by %(person)s")
    return sentence % {
        "revision": edition.revision,
        "time": formats.full_moment(edition.issued_at),
        "person": edition.issued_by,
    }


def file_name(edition: Edition, *, is_public: bool = False) -> str:
    """2024-02-入驻月报-第1版, or that with -草稿; -公开 where there is more in another one."""
    form = (
        pgettext("file", "%(month)s-%(report)s-edition-%(revision)d-draft")
        if edition.is_draft
        else pgettext("file", "%(month)s-%(report)s-edition-%(revision)d")
    )
    name = form % {
        "month": formats.iso_month(edition.month),
        "report": KINDS[edition.kind].short_title,
        "revision": edition.revision,
    }
    return pgettext("file", "%(name)s-public") % {"name": name} if is_public else name


def value_of(cell: int | str | None) -> Number | None:
    """A stored cell as a number: decimals are kept as texts."""
    return Decimal(cell) if isinstance(cell, str) else cell


def _table(kind: Kind, stored: Mapping[str, Any], restated: Mapping[Cell, Any]) -> Table:
    code = stored["code"]
    depths = {level: depth for depth, level in enumerate(stored["levels"])} | {TOTAL: 0}
    columns = tuple(columns_of(stored["columns"]))
    return Table(
        code=code,
        number=stored["number"],
        title=kind.table_title(code),
        label_head=label_head(stored["levels"]),
        columns=columns,
        rows=tuple(
            Row(
                key=row["key"],
                level=row["level"],
                label=row_label(row),
                cells=tuple(value_of(cell) for cell in row["cells"]),
                before={
                    column.code: value_of(restated[place])
                    for column in columns
                    if (place := (code, row["key"], column.code)) in restated
                },
                depth=depths[row.get("inside") or row["level"]],
                inside=row.get("inside", ""),
            )
            for row in stored["rows"]
        ),
    )


def _facts(edition: Edition, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if content["form"]:
        yield pgettext("report", "Form"), content["form"]
    yield pgettext("report", "Made by"), content["operator"] or formats.MISSING
    yield pgettext("report", "Period"), KINDS[edition.kind].period(edition.month)
    yield pgettext("report", "Data as of"), formats.full_moment(edition.data_as_of)
    filed, expected = content["filing"][Period.MONTH.value]
    if content.get("is_public"):
        yield pgettext("report", "For"), pgettext("readers", "everybody")
    elif has_two_editions(content):
        yield pgettext("report", "For"), pgettext("readers", "the park only")
    yield (
        pgettext("report", "Returns filed"),
        _("%(filed)d ÷ %(expected)d enterprises")
        % {
            "filed": filed,
            "expected": expected,
        },
    )


def _notes(edition: Edition, content: Mapping[str, Any], restated: int) -> Iterator[str]:
    yield from KINDS[edition.kind].notes(edition.month, content)
    if content["tables"]:
        yield _(
            "“–”: nothing is known, or the base of a comparison is missing or 0. Rates are "
            "compared in percentage points."
        )
    if content.get("is_public"):
        yield _(
            "“Other (not public)”: rows to which fewer than %(enterprises)d enterprises or fewer "
            "than %(people)d people contribute stand together, with as many others as it takes to "
            "keep them apart from the sum. “–” where even the total would tell what one filed."
        ) % {"enterprises": LEAST_ENTERPRISES, "people": LEAST_PEOPLE}
    elif has_two_editions(content):
        yield _(
            "Holds what single enterprises filed: commercial secrets, for the park's work only. "
            "The public edition is beside it."
        )
    if content["has_sample"]:
        yield _("Sample: some of these figures are invented to show how the report works.")
    if edition.reason:
        yield _("Why it was restated: %(reason)s") % {"reason": edition.reason}
    if restated:
        yield ngettext(
            "“Rev.” marks the %(n)d figure that differs from the edition before.",
            "“Rev.” marks the %(n)d figures that differ from the edition before.",
            restated,
        ) % {"n": restated}


def _signatures(edition: Edition, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The foot of an official table: who answers for it, as it was said when it was issued.

    Where nobody is named the name is written there by hand.
    """
    named = content.get("signatures", {})
    issued_on = "" if edition.is_draft else formats.iso_day(edition.issued_at)
    return (
        *((str(word), named.get(name, "")) for name, word in SIGNATURES.items()),
        (pgettext("foot", "Reported on"), issued_on),
    )


def _lists(kind: Kind, content: Mapping[str, Any]) -> Iterator[WordTable]:
    for listed in kind.lists:
        if rows := content.get(listed.code):
            yield listed.table(rows)
    if codes := content.get("to_come"):
        yield _to_come(kind, codes)


def _to_come(kind: Kind, codes: Sequence[str]) -> WordTable:
    """The figures that the form has and nobody can know yet: no row of noughts stands for them."""
    rows = tuple(
        (str(kind.to_come[code]), _("Not kept here yet")) for code in codes if code in kind.to_come
    )
    return WordTable(
        title=_("Figures that are still to come"),
        heads=(pgettext("head", "Figure"), pgettext("head", "State")),
        rows=rows,
        counted=ngettext("%(n)d figure", "%(n)d figures", len(rows)) % {"n": len(rows)},
    )


def _definitions(content: Mapping[str, Any]) -> Iterator[Definition]:
    """Each indicator that the tables show, once, as it was defined."""
    shown = {
        (column["indicator"], column["version"]): column
        for table in content["tables"]
        for column in table["columns"]
    }
    for column in shown.values():
        one = indicator_of(column)
        yield Definition(
            name=str(one.name),
            unit=str(one.unit.label),
            definition=str(one.definition),
            divisor=str(one.divisor.name) if one.divisor else "",
            version=one.version,
        )
