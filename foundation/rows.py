"""Rows of a file as people write them: columns found by their heads, values checked one by one.

A column is a form field with the heads that people give it, in Chinese or English. What a cell
holds is cleaned by the field as if it had been typed into a form, so one and the same entry is
right or wrong everywhere; what is wrong is noted with its cell and the reading goes on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from foundation.spreadsheets import Formula, Place, Problems, Row, Sheet, Value, cell_address
from web.refusals import Refusal

SEPARATORS = re.compile(r"[;；、,，\n]")
YES = {"是", "有", "yes", "y", "true", "1", "√", "✓"}
NO = {"否", "无", "no", "n", "false", "0", ""}


class Cell(NamedTuple):
    """What stands at a place, as it was read."""

    value: Any
    place: Place


class Column(NamedTuple):
    """A column: the field that cleans it and its heads, the usual Chinese one first."""

    field: forms.Field
    heads: tuple[str, ...]


Columns = Mapping[str, Column]


class Record:
    """One row: its cleaned values by column, where each stands, and which were given at all."""

    def __init__(self, place: Place, places: dict[str, Place]) -> None:
        self.place = place
        self.places = places
        self.values: dict[str, Any] = {}
        self.given: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def at(self, name: str) -> Place:
        """Where the value of `name` stands, or would stand: at least its row."""
        return self.places.get(name, self.place)


class NamesField(forms.Field):
    """Several names in one cell, with ; 、 or a comma between them; in YAML a list."""

    LONGEST = 120

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if any(len(name) > self.LONGEST for name in value):
            raise forms.ValidationError(_("A name has at most 120 characters."))

    def to_python(self, value: Any) -> list[str]:
        parts = value if isinstance(value, (list, tuple)) else SEPARATORS.split(str(value or ""))
        return list(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


class SampleField(NamesField):
    """Which values of a row are invented: the names of the fields, or yes for the whole row."""

    def to_python(self, value: Any) -> list[str]:
        if value is True or folded(str(value or "")) in YES:
            return ["*"]
        return super().to_python(None if value is False else value)


class YesField(forms.Field):
    """Yes or no, in either language; nothing is no."""

    default_error_messages = {"invalid": gettext_lazy("Write 是 or 否 (yes or no).")}

    def to_python(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = folded(str(value or ""))
        if word not in YES | NO:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return word in YES


class WordField(forms.Field):
    """One of a set of values, named by any of its words."""

    def __init__(self, words: Mapping[str, Iterable[str]], **options: Any) -> None:
        super().__init__(**options)
        self._values = {folded(word): value for value, names in words.items() for word in names}
        self._usual = [next(iter(names)) for names in words.values()]

    def to_python(self, value: Any) -> str | None:
        if value in self.empty_values:
            return None
        known = self._values.get(folded(str(value)))
        if known is None:
            raise ValidationError(
                _("Write one of: %(words)s.") % {"words": listed(self._usual)}, code="invalid"
            )
        return known


class CheckedField(forms.CharField):
    """Text that a function brings into its one form, or refuses."""

    def __init__(self, clean: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._check = clean

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return self._check(text) if text else text
        except Refusal as refusal:
            raise ValidationError(str(refusal), code=refusal.errors[0]["code"]) from None


def listed(words: Iterable[str]) -> str:
    """Words of a file as a list in a sentence."""
    return pgettext("between items of a list", ", ").join(words)


def sheet_called(sheets: Iterable[Sheet], names: Sequence[str]) -> Sheet | None:
    """The sheet with one of `names`, however it is spelt."""
    wanted = {folded(name) for name in names}
    return next((sheet for sheet in sheets if folded(sheet.name) in wanted), None)


def records_of(sheet: Sheet, columns: Columns, problems: Problems) -> list[Record]:
    """The rows of `sheet` below its heads. What is wrong with heads or cells goes to `problems`."""
    if not sheet.rows:
        problems.add(Place(sheet.name, "A1"), _("The sheet is empty: its first row has the heads."))
        return []
    heads = _found_heads(sheet, sheet.rows[0], columns, problems)
    return [
        cleaned_record(
            Place(sheet.name, cell_address(row.number, min(heads, default=0))),
            {
                name: Cell(_at(row, column), Place(sheet.name, cell_address(row.number, column)))
                for column, name in heads.items()
            },
            columns,
            problems,
        )
        for row in sheet.rows[1:]
    ]


def cleaned_record(
    place: Place, cells: Mapping[str, Cell], columns: Columns, problems: Problems
) -> Record:
    """A record of `cells`; columns that have none are blank and stand at `place`."""
    record = Record(place, {name: cell.place for name, cell in cells.items()})
    for name, column in columns.items():
        if name in cells and cells[name].value is not None:
            record.given.add(name)
        try:
            record.values[name] = column.field.clean(_typed(cells.get(name), column.field))
        except ValidationError as error:
            for one in error.error_list:
                problems.add(record.at(name), one.messages[0], one.code or "invalid")
    return record


def _found_heads(sheet: Sheet, row: Row, columns: Columns, problems: Problems) -> dict[int, str]:
    """Which column of the sheet is which; unknown, repeated and missing heads are told."""
    known = {folded(head): name for name, column in columns.items() for head in column.heads}
    found: dict[int, str] = {}
    for position, head in _heads_of(row):
        place = Place(sheet.name, cell_address(row.number, position))
        name = known.get(folded(head))
        if name is None:
            words = listed(column.heads[0] for column in columns.values())
            problems.add(
                place,
                _("“%(head)s” is no column here. Columns are: %(columns)s.")
                % {"head": head, "columns": words},
                "unknown_column",
            )
        elif name in found.values():
            problems.add(place, _("This column is there twice."), "column_twice")
        else:
            found[position] = name
    for name, column in columns.items():
        if column.field.required and name not in found.values():
            problems.add(
                Place(sheet.name, cell_address(row.number, row.first_column)),
                _("The column “%(head)s” is missing.") % {"head": column.heads[0]},
                "column_missing",
            )
    return found


def _heads_of(row: Row) -> Iterator[tuple[int, str]]:
    for offset, value in enumerate(row.values):
        if value is not None:
            yield row.first_column + offset, str(value)


def _at(row: Row, column: int) -> Value:
    offset = column - row.first_column
    return row.values[offset] if 0 <= offset < len(row.values) else None


def _typed(cell: Cell | None, field: forms.Field) -> Any:
    """The value as the field expects it: as if typed. Whole numbers lose their `.0`."""
    if cell is None or cell.value is None:
        return None
    value = cell.value
    if isinstance(value, Formula):
        raise ValidationError(
            _("Formulas are not read, and no value is saved with this one. Type the value."),
            code="formula",
        )
    if isinstance(value, (list, dict)) and not isinstance(field, NamesField):
        raise ValidationError(_("Write one value here."), code="one_value")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value.isoformat() if isinstance(value, date) else value
    if not isfinite(value):
        return str(value)
    if abs(value) >= 10**15 and not isinstance(value, int):
        raise ValidationError(
            _("This is a number, so its last digits are lost. Format the cell as text, then type."),
            code="number_not_text",
        )
    return str(int(value)) if value == int(value) else repr(value)


def folded(text: str) -> str:
    """For comparing words: half width, small letters, no spaces, nothing in brackets."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\(.*?\)|[\s_*]", "", text)
