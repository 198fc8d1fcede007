"""A handover list on somebody's desk: whose turn it is, what comes next, who may do what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from park.axis import Span
from seats.handover_lines import is_doubtful
from seats.models import Handover, HandoverChange, HandoverLine, HandoverState
from seats.models.handovers import HandoverQuerySet
from seats.services.handovers import can, is_of_the_park
from seats.services.telling import people_of
from web import formats
from web.rfc9457 import Text

_FOR_THE_PARK: dict[str, Text] = {
    HandoverState.DRAFT: gettext_lazy("Next: check the list on the spot, then sign it."),
    HandoverState.OFFERED: gettext_lazy("Next: the enterprise checks the list and signs it."),
    HandoverState.DISPUTED: gettext_lazy("Next: correct what differs, then sign the list again."),
    HandoverState.SIGNED: gettext_lazy("Both have signed. A correction is a new list."),
    HandoverState.DISCARDED: gettext_lazy("This list was put away. Nothing follows."),
}
_FOR_THE_ENTERPRISE: dict[str, Text] = {
    HandoverState.DRAFT: gettext_lazy("Next: the park prepares the list and signs it first."),
    HandoverState.OFFERED: gettext_lazy(
        "Next: check the list against what is there. Sign it, or note what differs."
    ),
    HandoverState.DISPUTED: gettext_lazy("Next: the park corrects the list and signs it again."),
    HandoverState.SIGNED: gettext_lazy("Both have signed. A correction is a new list."),
}
_HAPPENED: dict[str, Text] = {
    "prepare": gettext_lazy("%(person)s prepared the list"),
    "edit": gettext_lazy("%(person)s changed the list"),
    "sign_park": gettext_lazy("%(person)s signed for the park"),
    "recall": gettext_lazy("%(person)s took the park's signature back"),
    "discard": gettext_lazy("%(person)s put the list away"),
    "dispute": gettext_lazy("%(person)s noted differences"),
    "sign_enterprise": gettext_lazy("%(person)s signed for the enterprise"),
}


class Actions(NamedTuple):
    """What a person may do with a list as it is now."""

    edit: bool
    sign: bool
    dispute: bool
    recall: bool
    discard: bool
    correct: bool


def actions(user: User, handover: Handover, *, is_corrected: bool) -> Actions:
    """What `user`, who sees `handover`, may do with it now."""
    of_park, state = is_of_the_park(user), handover.state
    signs, prepares = user.has_perm("seats.sign_handover"), user.has_perm("seats.add_handover")
    return Actions(
        edit=prepares and can("edit", state),
        sign=signs and can("sign_park" if of_park else "sign_enterprise", state),
        dispute=signs and not of_park and can("dispute", state),
        recall=signs and of_park and can("recall", state),
        discard=prepares and can("discard", state),
        correct=prepares and state == HandoverState.SIGNED and not is_corrected,
    )


def in_order_of_waiting(rows: HandoverQuerySet, user: User) -> QuerySet[Handover, Handover]:
    """Those that wait for `user`'s side first, then the others', then what is signed."""
    mine, theirs = _sides(user)
    turn = Case(
        When(state__in=mine, then=Value(0)), When(state__in=theirs, then=Value(1)), default=Value(2)
    )
    return rows.order_by(turn, F("on").desc(), "-pk")


def waiting_for(rows: HandoverQuerySet, user: User) -> HandoverQuerySet:
    """Those of `rows` that wait for `user`'s side."""
    return rows.filter(state__in=_sides(user)[0])


def _sides(user: User) -> tuple[tuple[str, ...], tuple[str, ...]]:
    park, firm = HandoverQuerySet.CHANGEABLE, (HandoverState.OFFERED,)
    return (park, firm) if is_of_the_park(user) else (firm, park)


def next_step(handover: Handover, user: User) -> Text:
    """What happens next, said to `user`."""
    steps = _FOR_THE_PARK if is_of_the_park(user) else _FOR_THE_ENTERPRISE
    return steps[handover.state]


def nobody_signs(handover: Handover) -> bool:
    """Whether the list waits for an enterprise of which nobody can sign: it may have left."""
    if handover.state != HandoverState.OFFERED:
        return False
    return not any(one.has_perm("seats.sign_handover") for one in people_of(handover.enterprise))


def state_glyph(handover: Handover) -> str:
    """With the park, waiting for the enterprise, done, put away."""
    if handover.state in HandoverQuerySet.CHANGEABLE:
        return "look" if handover.state == HandoverState.DISPUTED else ""
    if handover.state == HandoverState.OFFERED:
        return "wait"
    return "done" if handover.state == HandoverState.SIGNED else "stop"


def holder(handover: Handover) -> Text:
    """Who has the list."""
    if handover.state in HandoverQuerySet.CHANGEABLE:
        return pgettext_lazy("who has it", "The park")
    return handover.enterprise.short_name if handover.state == HandoverState.OFFERED else ""


def seats_of(lines: Iterable[HandoverLine]) -> int:
    """How many seats the list is about."""
    return sum(span.length for span in {line.span for line in lines})


def title(handover: Handover, seats: int) -> str:
    """诚伯信息 40 席交接单：园区已签字."""
    if handover.is_return:
        sentence = ngettext(
            "%(enterprise)s gives back %(seats)s seat: %(state)s",
            "%(enterprise)s gives back %(seats)s seats: %(state)s",
            seats,
        )
    else:
        sentence = ngettext(
            "%(enterprise)s moves into %(seats)s seat: %(state)s",
            "%(enterprise)s moves into %(seats)s seats: %(state)s",
            seats,
        )
    return sentence % {
        "enterprise": handover.enterprise.short_name,
        "seats": formats.number(seats),
        "state": handover.get_state_display(),
    }


class RunLines(NamedTuple):
    """The lines about one run of seats."""

    label: str
    seats: Span
    lines: list[HandoverLine]

    @property
    def doubtful(self) -> list[HandoverLine]:
        """Lines with more things than seats, and no word why."""
        return [line for line in self.lines if is_doubtful(line)]


def by_run(lines: Sequence[HandoverLine]) -> list[RunLines]:
    """The lines run by run, in the order of the seats. Their floors are loaded."""
    ordered = sorted(lines, key=lambda line: (line.span, line.pk))
    return [
        RunLines(group[0].label, span, group)
        for span, lines_of in groupby(ordered, key=lambda line: line.span)
        if (group := list(lines_of))
    ]


def change_sentence(change: HandoverChange) -> str:
    """What a step was, for the timeline."""
    said = str(_HAPPENED[change.step]) % {"person": str(change.by)}
    return _("%(what)s: %(note)s") % {"what": said, "note": change.note} if change.note else said
