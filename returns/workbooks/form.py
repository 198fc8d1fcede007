"""The form of one return, as one fills it in on paper."""

from __future__ import annotations

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from returns.content import Content
from returns.desk import due_day
from returns.figures import BREAKDOWNS, FIGURES, Section
from returns.models import MonthlyReturn
from returns.past import past_of
from returns.workbooks.book import INK, QUIET, RULE, SHADE, Book
from returns.workbooks.codes import code_lists, codes_of
from returns.workbooks.layout import CLASSES, FORM, MARKETS, STATED, names_in, sort_named
from returns.workbooks.lines import class_cells, market_cells, write_lines
from returns.workbooks.remarks import remarks_of
from returns.workbooks.stamp import Kind, Stamp
from returns.workbooks.values import Sort, in_cell
from returns.workbooks.was import was_text
from web import formats

HEADS = 6  # the row of the heads, from 0
SPARE_LINES = 20
PLACE = {column.name: place for place, column in enumerate(FORM)}


def form_of(row: MonthlyReturn, *, is_open: bool) -> bytes:
    """The workbook of a return; not `is_open`: to read only. Five queries."""
    form = _Form(row, is_open)
    form.write()
    return form.book.bytes()


class _Form:
    def __init__(self, row: MonthlyReturn, is_open: bool) -> None:
        self.row, self.is_open = row, is_open
        self.content = Content.of(row)
        self.remarks = remarks_of(self.content.notes)
        self.before = past_of(row.enterprise_id, row.month).before
        self.title = _("Monthly return for %(month)s") % {"month": formats.month(row.month)}
        self.book = Book(f"{row.enterprise.name} {self.title}")
        self.book.lists(code_lists(row.month))

    def write(self) -> None:
        sheet = self.book.sheet("form", FORM, heads=HEADS, across=False)
        self._head(sheet)
        self.book.heads(sheet, HEADS, FORM)
        at = HEADS + 2
        for number, section in enumerate(Section, start=1):
            at = self._section(sheet, at, number, section)
        sheet.freeze_panes(HEADS + 2, PLACE["unit"])
        sheet.print_area(0, 1, at - 1, len(FORM) - 2)
        self._lines()

    def _head(self, sheet: Worksheet) -> None:
        row, book, last = self.row, self.book, len(FORM) - 2
        enterprise = row.enterprise
        stamp = Stamp(
            *(Kind.RETURN, enterprise.credit_code, row.month),
            *(row.revision_count, row.version),
        )
        book.stamp(sheet, str(stamp))
        book.across(sheet, 1, self.title, last, font_size=15, align="center", height=28)
        whose = f"{enterprise.name}　{enterprise.credit_code}"
        book.across(sheet, 2, whose, last, font_size=11)
        facts = [
            _("Due on %(day)s") % {"day": formats.iso_day(due_day(row.month))},
            _("Money in 10,000 yuan, people in heads at the end of the month"),
            self._state(),
        ]
        book.across(sheet, 3, "　　".join(facts), last, font_color=QUIET)
        book.across(sheet, 4, self._advice(), last, font_color=QUIET)
        question = _("The park asks: %(question)s") % {"question": row.question}
        asked = question if row.question else ""
        height = 18 + 15 * (len(asked) // 70)
        book.across(sheet, 5, asked, last, text_wrap=True, height=height, font_color="#9c2a1e")

    def _state(self) -> str:
        said = [str(self.row.get_state_display())]
        if self.row.revision_count:
            said.append(_("revision %(n)s") % {"n": self.row.revision_count})
        if self.row.is_nil:
            said.append(_("nil return"))
        return " · ".join(said)

    def _advice(self) -> str:
        if not self.is_open:
            return _("To read only: it is submitted, accepted or closed.")
        return _("White cells are filled in; 0 is a figure, a blank cell is one not known yet.")

    def _section(self, sheet: Worksheet, at: int, number: int, section: Section) -> int:
        head = {"bold": True, "top": 1, "top_color": INK, "bottom": 1, "bottom_color": RULE}
        sheet.set_row(at, 22)
        for place in range(1, len(FORM) - 1):
            text = f"{number}  {section.label}" if place == 1 else ""
            self.book.put(sheet, at, place, text, self.book.style(**head))
        for name in names_in(section):
            at += 1
            self._row(sheet, at, name)
        return at + 1

    def _row(self, sheet: Worksheet, at: int, name: str) -> None:
        book, figure, sort = self.book, FIGURES.get(name), sort_named(name)
        text = sort == Sort.TEXT or bool(self.remarks.get(name))
        help_text = _definition(name)
        sheet.set_row(at, 34 if text or len(help_text) > 40 else 19)
        line = {"bottom": 1, "bottom_color": RULE}
        book.said(sheet, at, PLACE["code"], name, font_color=QUIET)
        label = str(figure.label if figure else STATED[name][0])
        book.said(sheet, at, PLACE["indicator"], label, **line, text_wrap=True)
        unit = str(figure.unit.label) if figure else ""
        book.said(sheet, at, PLACE["unit"], unit, **line, font_color=QUIET)
        self._last_month(sheet, at, name, sort, line)
        value = self.content[name]
        book.entry(sheet, at, PLACE["now"], sort, value, is_open=self.is_open)
        book.rule(sheet, at, at, PLACE["now"], sort)
        if figure:
            remark = self.remarks.get(name)
            book.entry(sheet, at, PLACE["note"], Sort.REMARK, remark, is_open=self.is_open)
        else:
            book.said(sheet, at, PLACE["note"], "", **line)
        quiet = {"font_color": QUIET, "font_size": 9, "text_wrap": True}
        book.said(sheet, at, PLACE["help"], help_text, **line, **quiet)
        was = was_text({"now": value, "note": self.remarks.get(name)})
        book.said(sheet, at, PLACE["was"], was, font_color=QUIET)

    def _last_month(
        self, sheet: Worksheet, at: int, name: str, sort: Sort, line: dict[str, object]
    ) -> None:
        value = in_cell(sort, self.before.get(name)) if name in FIGURES else None
        look = {"align": "right", "font_color": QUIET, "bg_color": SHADE}
        style = self.book.style(**line, **look, num_format=sort.number_format)
        self.book.put(sheet, at, PLACE["last"], value, style)

    def _lines(self) -> None:
        book, month = self.book, self.row.month
        title = f"{self.row.enterprise.short_name}　{self.title}"
        note = _("Only classes in which something was signed or delivered.")
        rows = class_cells(self.content, codes_of(month))
        write_lines(book, "classes", CLASSES, rows, SPARE_LINES, (title, note), self.is_open)
        note = _("Clients outside the mainland, in their currency.")
        rows = market_cells(self.content, codes_of(month))
        write_lines(book, "markets", MARKETS, rows, SPARE_LINES, (title, note), self.is_open)


def _definition(name: str) -> str:
    figure = FIGURES.get(name)
    if figure is None:
        return _("Asked for where money is negative.") if name == "reversal_reason" else ""
    groups = [group for group, names in BREAKDOWNS.items() if name in names]
    words = [figure.code, *(_group(group) for group in groups), str(figure.help)]
    return "　".join(part for part in words if part)


def _group(breakdown: str) -> str:
    """Which breakdown a figure is of, and what holds of it."""
    title = {
        "education": _("Education"),
        "age": _("Age"),
        "origin": _("Where people come from"),
    }[breakdown]
    return _("%(title)s: adds up to the staff, or stays blank") % {"title": title}
