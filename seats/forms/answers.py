"""Answering a request with seats: what it is given or offered, by phase, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from park.axis import Span
from seats.forms.runs import RunChoice, Supply
from seats.models import RequestKind, SeatRequest
from seats.rectangles import ONE_DAY, Rectangle
from web import formats
from web.forms import DayField, VersionMixin

SUM_DIFFERS, KEEPS_ALL = "sum_differs", "keeps_all"
NO_RUNS = RunChoice("take", [])


@dataclass(frozen=True)
class Part:
    """A phase of the request, or all of it: how many seats from which day, and what is free."""

    number: int  # 0: all of it
    seats: int
    start: date
    choice: RunChoice
    supply: Supply


class AnswerForm(VersionMixin):
    """Which seats a request is given or offered, and which come back.

    `confirmed`: the sum of which the page said that it is not what was asked for.
    """

    until = DayField(
        label=gettext_lazy("Hold until"),
        required=False,
        help_text=gettext_lazy("Of an offer: its last day. Empty: the days that are set."),
    )
    note = forms.CharField(
        label=gettext_lazy("With the offer the enterprise reads"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    confirmed = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        request: SeatRequest,
        parts: Sequence[Part],
        give: RunChoice,
        until: date,
    ) -> None:
        self.request, self.parts, self.give = request, parts, give
        self.gives_back = request.kind == RequestKind.RELEASE
        self.is_offer = False
        super().__init__(data, initial={"version": request.version, "until": until})

    @property
    def take(self) -> RunChoice:
        """What can be given from the first day on."""
        return self.parts[0].choice if self.parts else NO_RUNS

    @property
    def choices(self) -> list[RunChoice]:
        """The runs that count for what was asked for."""
        return [self.give] if self.gives_back else [part.choice for part in self.parts]

    @property
    def has_rows(self) -> bool:
        return any(choice.rows for choice in self.choices)

    def clean(self) -> None:
        for choice in {id(one): one for one in (*self.choices, self.give)}.values():
            for error in choice.errors.values():
                self.add_error(None, ValidationError(error, code="invalid"))
        if self.errors or not self.count or any(one.leaves_its_runs for one in self.choices):
            return  # what is wrong with that the service says
        if self.cleaned_data.get("confirmed") == self.count:
            return
        if self.differs:
            self.add_error(None, ValidationError(self.difference(self.count), code=SUM_DIFFERS))
        if self.keeps_all:
            self.add_error(None, ValidationError(self._keeps_all(), code=KEEPS_ALL))

    @property
    def count(self) -> int:
        """How many seats were chosen, as posted."""
        return sum(span.length for choice in self.choices for span in choice.spans)

    @property
    def differs(self) -> bool:
        return self.count != self.request.seats

    @property
    def keeps_all(self) -> bool:
        """Whether a move gives back nothing of what the enterprise has."""
        moves = self.request.kind == RequestKind.RELOCATE
        return moves and bool(self.give.rows) and not self.give.spans

    def _keeps_all(self) -> str:
        return _(
            "This is a move, and nothing comes back: %(enterprise)s would have the old seats and "
            "the new ones. Tick what comes back, or send it once more to leave it so."
        ) % {"enterprise": self.request.enterprise.short_name}

    def difference(self, count: int) -> str:
        """That the chosen seats are more or fewer than were asked for."""
        wish = self.request.seats
        words = {
            "count": formats.number(count),
            "wish": formats.number(wish),
            "difference": formats.number(abs(wish - count)),
        }
        return self._difference(is_short=count < wish) % words

    def _difference(self, *, is_short: bool) -> str:
        if self.is_offer and is_short:
            return _(
                "%(count)s of %(wish)s seats chosen, %(difference)s short. "
                "Offer once more to offer just these."
            )
        if self.is_offer:
            return _(
                "%(count)s seats chosen, %(difference)s more than the %(wish)s asked for. "
                "Offer once more to offer all of them."
            )
        if is_short:
            return _(
                "%(count)s of %(wish)s seats chosen, %(difference)s short. "
                "Approve once more to give just these."
            )
        return _(
            "%(count)s seats chosen, %(difference)s more than the %(wish)s asked for. "
            "Approve once more to give all of them."
        )

    @property
    def shown(self) -> int:
        """How many seats the ticks on the page make up."""
        return sum(choice.shown for choice in self.choices)

    @property
    def chosen(self) -> str:
        """已选 280 ÷ 300 席, of the ticks on the page."""
        return self._chosen(formats.number(self.shown))

    @property
    def verb(self) -> str:
        """批准 300 席: what the button says."""
        return self._verb(self.shown, formats.number(self.shown))

    @property
    def offer_verb(self) -> str:
        """预留 300 席并发给企业."""
        return self._offer_verb(self.shown, formats.number(self.shown))

    @property
    def for_typing(self) -> dict[str, str]:
        """The same with # for the number, for the page to fill in while somebody types."""
        return {
            "chosen": self._chosen("#"),
            "verb": self._verb(2, "#"),
            "none": self._verb(0, "0"),
            "offer": self._offer_verb(2, "#"),
            "no_offer": self._offer_verb(0, "0"),
        }

    def _chosen(self, count: str) -> str:
        words = {"count": count, "wish": formats.number(self.request.seats)}
        return _("%(count)s of %(wish)s seats chosen") % words

    def _verb(self, count: int, written: str) -> str:
        if not count:
            return _("Approve the chosen seats")
        if self.gives_back:
            verb = ngettext(
                "Approve giving back %(seats)s seat", "Approve giving back %(seats)s seats", count
            )
        else:
            verb = ngettext("Approve %(seats)s seat", "Approve %(seats)s seats", count)
        return verb % {"seats": written}

    def _offer_verb(self, count: int, written: str) -> str:
        if not count:
            return _("Hold the chosen seats and offer them")
        verb = ngettext(
            "Hold %(seats)s seat and offer it", "Hold %(seats)s seats and offer them", count
        )
        return verb % {"seats": written}

    def show_again(self, version: int) -> None:
        """Let the page carry the sum that it asks about, and the version that it was read in."""
        asks = any(self.has_error(NON_FIELD_ERRORS, code) for code in (SUM_DIFFERS, KEEPS_ALL))
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"] = str(self.count) if asks else ""  # type: ignore[index]
        self.data["version"] = str(version)  # type: ignore[index]

    @property
    def rectangles(self) -> list[Rectangle]:
        """The seats that the enterprise gets, each from the first day of its phase."""
        return [
            Rectangle.of_days(span.lower, span.upper - 1, part.start, self.request.end)
            for part in self.parts
            for span in part.choice.spans
        ]

    @property
    def released(self) -> list[tuple[Span, Any]]:
        """The seats that the enterprise gives back: from the first day of the request on, or of
        the new seats, where those come later because an offer was not taken."""
        day = self.parts[0].start if self.parts else self.request.start
        return [(span, day) for span in self.give.spans]

    @property
    def end_of_hold(self) -> datetime | None:
        """The end of the last day on which an offer holds; None: the days that are set."""
        day: date | None = self.cleaned_data.get("until")
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))
