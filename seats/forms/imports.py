"""What people choose on the way of a list: the file, its sheet, its columns, whom names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.spreadsheets import cell_address
from seats.imports.fields import NAMES, Field
from seats.imports.grid import Grid, Heads, heads_of, named
from seats.imports.names import LEAVE_OUT, Question, Register
from seats.models import AllocationImport, AllocationKind
from seats.services.imports.opening import Choices
from seats.wording import zone_name
from web.forms import CountField, DayField, VersionMixin

MOST_NAMES = 50  # asked at a time


class UploadForm(forms.Form):
    """A list of allocations."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
        help_text=_("10 MB and 20,000 lines at most."),
    )


class SheetForm(forms.Form):
    """Which of several sheets."""

    sheet = forms.ChoiceField(
        label=pgettext_lazy("of a workbook", "Sheet"), widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, row: AllocationImport) -> None:
        super().__init__(data, initial={"sheet": row.sheet})
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (
                sheet["name"],
                gettext("%(name)s, %(rows)d rows") % {"name": sheet["name"], "rows": sheet["rows"]},
            )
            for sheet in row.sheets
        ]


class ColumnRow(NamedTuple):
    """A column on the page: its letter, its head, what stands in it, what it is taken for."""

    letter: str
    head: str
    examples: list[str]
    field: forms.BoundField


class ColumnsForm(VersionMixin):
    """What stands in which column, and how the rows are to be read."""

    head_row = CountField(
        label=_("The heads end in row"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("0 where there are none."),
    )
    usual_kind = forms.ChoiceField(
        label=_("Rows that say no kind are"), choices=AllocationKind.choices
    )
    repeats = forms.BooleanField(
        label=_("An empty cell of the enterprise means the same as the one above"), required=False
    )

    def __init__(self, data: Any, *, row: AllocationImport, grid: Grid) -> None:
        super().__init__(
            data,
            initial={
                "version": row.version,
                "head_row": row.head_rows[-1] if row.head_rows else 0,
                "usual_kind": row.usual_kind,
                "repeats": row.repeats,
            },
        )
        self._row, self._grid = row, grid
        for column in range(grid.width):
            label = gettext("Column %(letter)s") % {"letter": letter_of(column)}
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("not needed")), *Field.choices],
                initial=row.columns.get(str(column), ""),
            )

    @property
    def rows(self) -> list[ColumnRow]:
        """Every column that holds anything, with its head and examples."""
        heads = Heads(*self._row.head_rows) if self._row.head_rows else Heads(0, 0)
        texts = heads_of(self._grid, heads) if heads.first else {}
        found = [
            ColumnRow(
                letter_of(column),
                texts.get(column, ""),
                self._grid.examples(heads.last, column),
                self[f"column_{column}"],
            )
            for column in range(self._grid.width)
        ]
        return [one for one in found if one.head or one.examples]

    def clean(self) -> None:
        columns = self.columns
        for column, name in columns.items():
            first = next(other for other, known in columns.items() if known == name)
            if first != column:
                message = gettext("Column %(letter)s is that already.")
                error = ValidationError(message % {"letter": letter_of(first)}, code="twice")
                self.add_error(f"column_{column}", error)
        for missing in _missing(set(columns.values()), self.cleaned_data.get("usual_kind", "")):
            self.add_error(None, ValidationError(missing, code="required"))

    @property
    def columns(self) -> dict[int, str]:
        typed = self.cleaned_data
        return {
            column: name
            for column in range(self._grid.width)
            if (name := typed.get(f"column_{column}"))
        }

    @property
    def choices(self) -> Choices:
        """What `choose_columns` takes."""
        heads = heads_ending_in(self._grid, self.cleaned_data["head_row"])
        return Choices(
            (heads.first, heads.last),
            self.columns,
            self.cleaned_data["usual_kind"],
            self.cleaned_data["repeats"],
        )


def heads_ending_in(grid: Grid, last: int) -> Heads:
    """The row of heads, or the two of which it is the lower where both say more."""
    one, two = Heads(last, last), Heads(last - 1, last)
    if last > 1 and len(named(grid, two)) > len(named(grid, one)):
        return two
    return one


def _missing(fields: set[str], usual_kind: str) -> Iterable[str]:
    """What no list can do without."""
    if not fields & {Field.RUN, Field.FIRST_SEAT}:
        yield gettext("Say in which column the seats are: as a run, or first and last.")
    if not fields & {Field.START, Field.PERIOD}:
        yield gettext("Say in which column the first day is.")
    if not fields & set(NAMES) and usual_kind != AllocationKind.CLOSURE:
        yield gettext("Say in which column the enterprise is.")


def letter_of(column: int) -> str:
    """A, B, … AA, as people call the columns of a sheet."""
    return cell_address(1, column)[:-1]


class NameRow(NamedTuple):
    """A name on the page, with whom it may mean."""

    said: str
    rows: list[int]
    more: int
    field: forms.BoundField
    other: forms.BoundField


class NamesForm(forms.Form):
    """Whom unclear names mean: one of those with like names, another, or their rows stay out."""

    OTHER = "other"

    def __init__(
        self, data: Any, *, questions: Sequence[Mapping[str, Any]], register: Register
    ) -> None:
        super().__init__(data)
        self._questions = [Question(**question) for question in questions[:MOST_NAMES]]
        self._register = register
        for number, question in enumerate(self._questions):
            known = [register.known[pk] for pk in question.candidates if pk in register.known]
            self.fields[f"name_{number}"] = forms.ChoiceField(
                label=question.said,
                widget=forms.RadioSelect,
                choices=[
                    *((str(one.pk), f"{one.short_name} · {one.name}") for one in known),
                    (self.OTHER, _("another, typed beside")),
                    (LEAVE_OUT, _("leave these rows out")),
                ],
                error_messages={"required": _("Choose one.")},
            )
            self.fields[f"other_{number}"] = forms.CharField(
                label=_("Another enterprise"),
                required=False,
                max_length=120,
                widget=forms.TextInput({"list": "enterprises", "autocomplete": "off"}),
            )

    @property
    def rows(self) -> list[NameRow]:
        return [
            NameRow(
                question.said,
                question.rows[:8],
                len(question.rows) - 8,
                self[f"name_{number}"],
                self[f"other_{number}"],
            )
            for number, question in enumerate(self._questions)
        ]

    def clean(self) -> None:
        for number in range(len(self._questions)):
            if self.cleaned_data.get(f"name_{number}") == self.OTHER:
                typed = self.cleaned_data.get(f"other_{number}", "")
                found = self._meant(typed)
                if len(found) != 1:
                    message = gettext("No enterprise is called just so. Choose from the list.")
                    self.add_error(f"other_{number}", ValidationError(message, code="unknown"))
                else:
                    self.cleaned_data[f"name_{number}"] = str(next(iter(found)))

    def _meant(self, typed: str) -> set[int]:
        code = self._register.by_code(typed)
        return {code} if code else self._register.by_name(typed)

    @property
    def answers(self) -> dict[str, str]:
        """What `answer_names` takes."""
        return {
            question.key: self.cleaned_data[f"name_{number}"]
            for number, question in enumerate(self._questions)
        }


class LeaveOutForm(VersionMixin):
    """A row that is left out, or all that stop the list; or every row in again."""

    row = forms.IntegerField(required=False, min_value=1, max_value=1_048_576)
    again = forms.BooleanField(required=False)

    @property
    def rows(self) -> list[int] | None:
        """The row; None for all that stop the list."""
        row = self.cleaned_data["row"]
        return None if row is None else [row]


class WholeForm(forms.Form):
    """Whether the list is the whole of some zones: what it does not name is released then."""

    zones = forms.MultipleChoiceField(
        label=_("The list is the whole of"), required=False, widget=forms.CheckboxSelectMultiple
    )
    from_day = DayField(label=_("What it does not name is free from"), required=False)

    def __init__(self, data: Any, *, row: AllocationImport, today: date) -> None:
        super().__init__(
            data, initial={"zones": row.whole_zones, "from_day": row.from_day or today}
        )
        zones = sorted({*row.counts.get("zones", []), *row.whole_zones})
        self.fields["zones"].choices = [  # type: ignore[attr-defined]
            (zone, zone_name(zone)) for zone in zones
        ]
