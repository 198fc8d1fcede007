"""The ways to change an allocation, as its pages go through them: form, effect, deed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from foundation import clock
from park.axis import Span
from seats.closures import Next, next_on
from seats.effects import Change, Effect, effect_of
from seats.forms.allocations import RunFormSet, floor_numbers
from seats.forms.changes import (
    ConfirmedMixin,
    EndForm,
    ExtendForm,
    MoveForm,
    PartsForm,
    ReleaseForm,
    SplitForm,
)
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.services import changes, moves
from seats.services.allocations import release_seats
from web import formats
from web.refusals import Refusal
from web.rfc9457 import Text


class Step:
    """One way to change an allocation. `form` is valid when a plan or a deed is asked for."""

    form_class: ClassVar[type[ConfirmedMixin]]
    name: ClassVar[Text]
    note: ClassVar[Text] = ""
    is_danger: ClassVar[bool] = False
    renamed: ClassVar[dict[str, str]] = {}  # entries that the services call by another name

    def __init__(self, allocation: Allocation, user: User, posted: Any, query: Any) -> None:
        self.allocation, self.user = allocation, user
        self.form: Any = self.form_class(posted, initial=self.initial(query), **self.options())

    def options(self) -> dict[str, Any]:
        if issubclass(self.form_class, PartsForm):
            return {"blocks": self.blocks()}
        return {}

    def blocks(self) -> list[SeatBlock]:
        """The runs to choose from: those that are not over."""
        runs = self.allocation.blocks.all()
        return [one for one in runs if not one.period.upper or one.period.upper > clock.today()]

    def initial(self, query: Any) -> dict[str, Any]:
        """What a link to the form has filled in; else today, and all seats."""
        fields = self.form_class.base_fields
        values = {name: query[name] for name in fields if query.get(name)}
        if "run" in values:
            values["run"] = query.getlist("run")
        usual = {"start": clock.today(), "run": [PartsForm.EVERY_RUN]}
        return {**usual, **values, "version": self.allocation.version}

    @property
    def runs(self) -> Any:
        """The formset of the runs to move to, where the step has one."""
        return None

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def plan(self) -> Change:
        """What would change. Raises what the deed raises."""
        raise NotImplementedError

    def effect(self) -> Effect:
        return effect_of(self.allocation, self.plan(), today=clock.today())

    def _foresee(self) -> None:
        """Keep what is about to change, to say it afterwards; the deed says better why not."""
        with suppress(Refusal):
            self.foreseen = self.effect()

    def act(self) -> Allocation:
        """Do it; the allocation to look at then."""
        raise NotImplementedError

    def verb(self, effect: Effect) -> str:
        """What the button says: 释放 40 席."""
        raise NotImplementedError

    def later(self) -> list[Next]:
        """Who has the seats later that come back by it, where that is a question."""
        return []

    def done(self) -> str:
        """What was just done."""
        raise NotImplementedError

    def who(self) -> dict[str, Any]:
        """What every service is told beside the change itself."""
        return {
            "allocation_id": self.allocation.pk,
            "today": clock.today(),
            "now": clock.now(),
            "acting_user": self.user,
            "expected_version": self.form.expected_version,
        }

    def typed(self, name: str) -> Any:
        return self.form.cleaned_data[name]


class ReleaseStep(Step):
    form_class = ReleaseForm
    name = gettext_lazy("Release seats")
    is_danger = True

    def plan(self) -> Change:
        return changes.plan_release(self.allocation, self.typed("start"), self.form.spans)

    def act(self) -> Allocation:
        self._foresee()
        return release_seats(**self.who(), start=self.typed("start"), runs=self.form.spans or ())

    def verb(self, effect: Effect) -> str:
        count = effect.seats_freed
        verb = ngettext("Release %(seats)s seat", "Release %(seats)s seats", count)
        if self.allocation.kind == AllocationKind.CLOSURE:
            verb = ngettext("Reopen %(seats)s seat", "Reopen %(seats)s seats", count)
        return verb % {"seats": formats.number(count)}

    def later(self) -> list[Next]:
        if self.allocation.kind != AllocationKind.CLOSURE:
            return []
        return next_on(self.plan().freed, self.user)

    def done(self) -> str:
        return _free_from(self.foreseen)


class EndStep(Step):
    form_class = EndForm
    name = gettext_lazy("End the allocation")
    is_danger = True

    def initial(self, query: Any) -> dict[str, Any]:
        return {**super().initial(query), "last_day": query.get("last_day") or clock.today()}

    def plan(self) -> Change:
        return changes.plan_end(self.allocation, self.typed("last_day"))

    def act(self) -> Allocation:
        self._foresee()
        return changes.end_allocation(**self.who(), last_day=self.typed("last_day"))

    def verb(self, effect: Effect) -> str:
        count = effect.seats_freed
        verb = ngettext("End all of it: %(seats)s seat", "End all of it: %(seats)s seats", count)
        return verb % {"seats": formats.number(count)}

    def done(self) -> str:
        return _free_from(self.foreseen)


class ExtendStep(Step):
    form_class = ExtendForm
    name = gettext_lazy("Extend")
    note = gettext_lazy("All of its seats: those that end last.")
    renamed = {"end": "last_day"}

    def blocks(self) -> list[SeatBlock]:
        """What has just ended may be extended too."""
        return list(self.allocation.blocks.all())

    def plan(self) -> Change:
        return changes.plan_extension(self.allocation, self.form.end, self.form.spans, self.user)

    def act(self) -> Allocation:
        return changes.extend_allocation(**self.who(), end=self.form.end, runs=self.form.spans)

    def verb(self, effect: Effect) -> str:
        count = effect.seats_taken
        verb = ngettext("Extend %(seats)s seat", "Extend %(seats)s seats", count)
        return verb % {"seats": formats.number(count)}

    def done(self) -> str:
        last_day: date | None = self.typed("last_day")
        if last_day is None:
            return _("Extended until further notice.")
        return _("Extended until %(day)s.") % {"day": formats.iso_day(last_day)}


class MoveStep(Step):
    form_class = MoveForm
    name = gettext_lazy("Move to other seats")

    def __init__(self, allocation: Allocation, user: User, posted: Any, query: Any) -> None:
        super().__init__(allocation, user, posted, query)
        names = ("to_floor", "to_first", "to_last")
        run = {name[3:]: query[name] for name in names if query.get(name)}
        self._runs: Any = RunFormSet(
            posted,
            initial=[run] if run else [],
            prefix="runs",
            form_kwargs={"floors": floor_numbers()},
        )

    @property
    def runs(self) -> Any:
        return self._runs

    def is_valid(self) -> bool:
        return self.form.is_valid() & self._runs.is_valid()

    @property
    def arriving(self) -> list[Span]:
        return [run.seats for run in self._runs.rectangles(self.typed("start"), None)]

    def plan(self) -> Change:
        return moves.plan_move(
            self.allocation,
            start=self.typed("start"),
            leaving=self.form.spans,
            arriving=self.arriving,
            acting_user=self.user,
        )

    def act(self) -> Allocation:
        return moves.move_seats(
            **self.who(),
            start=self.typed("start"),
            leaving=self.form.spans,
            arriving=self.arriving,
        )

    def verb(self, effect: Effect) -> str:
        count = effect.seats_taken
        verb = ngettext("Move to %(seats)s seat", "Move to %(seats)s seats", count)
        return verb % {"seats": formats.number(count)}

    def done(self) -> str:
        return _("Moved on %(day)s.") % {"day": formats.iso_day(self.typed("start"))}


class SplitStep(Step):
    form_class = SplitForm
    name = gettext_lazy("Split the allocation")

    def plan(self) -> Change:
        return changes.plan_split(self.allocation, self.form.spans or self._all())

    def _all(self) -> list[Span]:
        """All of its seats: refused, as nothing would be left."""
        return sorted({block.span for block in self.allocation.blocks.all()})

    def act(self) -> Allocation:
        return changes.split_allocation(**self.who(), runs=self.form.spans or self._all())

    def verb(self, effect: Effect) -> str:
        count = effect.seats_staying
        verb = ngettext("Split off %(seats)s seat", "Split off %(seats)s seats", count)
        return verb % {"seats": formats.number(count)}

    def done(self) -> str:
        return _("Split. These seats are an allocation of their own now.")


def _free_from(effect: Effect) -> str:
    count = effect.seats_freed
    sentence = ngettext(
        "%(seats)s seat is free from %(day)s.", "%(seats)s seats are free from %(day)s.", count
    )
    return sentence % {"seats": formats.number(count), "day": formats.iso_day(effect.day)}
