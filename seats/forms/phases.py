"""The phases of a wish: rows of seats and days, as many as are needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from seats.planner import Phase
from seats.services.wishes import MOST_PHASES
from web.forms import CountField, DayField

PREFIX = "phases"
EMPTY_ROWS = 3


class PhaseForm(forms.Form):
    """Some of the seats, from a day of their own."""

    seats = CountField(label=_("Seats"), unit=_("seats"), min_value=1)
    start = DayField(label=_("From which day"))


class BasePhaseFormSet(forms.BaseFormSet):
    """Rows that are left empty do not count, and any row may be emptied."""

    def initial_form_count(self) -> int:
        """None once they are posted: every row counts as it was typed, changed or not."""
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def phases(self) -> list[Phase]:
        """What was typed, in its order."""
        if not self.is_bound:
            return []
        return [Phase(**form.cleaned_data) for form in self.forms if form.has_changed()]

    @property
    def has_room(self) -> bool:
        """Whether there can be more rows than there are."""
        return self.total_form_count() < MOST_PHASES

    @property
    def is_used(self) -> bool:
        """Whether anything is in the rows: then they are shown at once."""
        return any(form.has_changed() or form.initial for form in self.forms)


def phase_rows(data: QueryDict | None, phases: Iterable[dict[str, Any]] = ()) -> Any:
    """The rows as posted; or those of `phases`, with some empty ones."""
    rows = list(phases)
    kind = forms.formset_factory(
        PhaseForm,
        formset=BasePhaseFormSet,
        extra=min(EMPTY_ROWS, MOST_PHASES - len(rows)),
        max_num=MOST_PHASES,
        absolute_max=MOST_PHASES,
    )
    has_rows = data is not None and f"{PREFIX}-TOTAL_FORMS" in data
    if has_rows:
        return kind(data, prefix=PREFIX)
    return kind(initial=rows, prefix=PREFIX)


def typed_rows(posted: QueryDict) -> list[dict[str, Any]]:
    """The rows as they were typed so far, to be shown again with room for more."""
    rows = [
        {name: posted.get(f"{PREFIX}-{row}-{name}", "") for name in ("seats", "start")}
        for row in range(MOST_PHASES)
    ]
    return [row for row in rows if any(row.values())]
