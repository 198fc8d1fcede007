"""What both sides are told about a hold: that it ends soon, that it has ended, that it lasts on."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop

from foundation.services.messages import tell
from park.axis import run_label
from park.models import Floor
from seats.holdings import count_covered
from seats.models import Allocation, RequestState, SeatRequest
from seats.rectangles import Rectangle
from seats.services.audience import operators_of, people_of
from seats.services.telling import tell_enterprise, tell_park
from seats.wording import hold_until

RUNS_NAMED = 3


def tell_of_coming_end(hold: Allocation, runs: Sequence[Rectangle]) -> None:
    """Say that `runs` are held until then only; of an offer, that it waits for its answer."""
    request = SeatRequest.objects.filter(offer=hold, state=RequestState.OFFERED).first()
    if request is not None:
        _tell_of_unanswered(request, hold)
        return
    _tell(
        hold,
        runs,
        park=(
            gettext_noop("%(enterprise)s: the hold of %(seats)s seats lasts until %(until)s only"),
            gettext_noop(
                "%(runs)s: held for %(enterprise)s until %(until)s. Then the seats are vacant "
                "again by themselves. Next: confirm the hold, extend it, or let it end."
            ),
        ),
        enterprise=(
            gettext_noop("Your hold of %(seats)s seats lasts until %(until)s only"),
            gettext_noop(
                "%(runs)s: held for you until %(until)s. Then the seats are vacant for others. "
                "Next: tell the park whether you want to keep them."
            ),
        ),
    )


def _tell_of_unanswered(request: SeatRequest, hold: Allocation) -> None:
    assert hold.expires_at is not None  # noqa: S101  (an offer ends)
    until = hold_until(hold.expires_at)
    tell_enterprise(
        gettext_noop("The offer for request %(number)s waits for your answer until %(until)s"),
        gettext_noop(
            "The seats that the park offers you for request %(number)s are held until %(until)s. "
            "Next: accept or decline on its page."
        ),
        request,
        until=until,
    )
    tell_park(
        gettext_noop("%(enterprise)s has not answered the offer for request %(number)s yet"),
        gettext_noop(
            "The offer for request %(number)s holds until %(until)s. Next: ask %(enterprise)s for "
            "an answer; then its seats are vacant again by themselves."
        ),
        request,
        until=until,
    )


def tell_of_end(hold: Allocation, runs: Sequence[Rectangle]) -> None:
    """Say that the hold has expired, and which seats are vacant by it."""
    _tell(
        hold,
        runs,
        park=(
            gettext_noop("%(enterprise)s: the hold of %(seats)s seats has expired"),
            gettext_noop(
                "%(runs)s: held for %(enterprise)s until %(until)s, vacant now. Next: hold them "
                "again if %(enterprise)s still wants them."
            ),
        ),
        enterprise=(
            gettext_noop("Your hold of %(seats)s seats has expired"),
            gettext_noop(
                "%(runs)s: held for you until %(until)s, vacant for others now. Next: ask the park "
                "for seats again if you still want them."
            ),
        ),
    )


def tell_of_extension(hold: Allocation, runs: Sequence[Rectangle]) -> None:
    """Tell the enterprise that the hold lasts longer."""
    _tell(
        hold,
        runs,
        enterprise=(
            gettext_noop("Your hold of %(seats)s seats lasts until %(until)s"),
            gettext_noop("%(runs)s: the park has extended the hold; it lasts until %(until)s."),
        ),
    )


def _tell(
    hold: Allocation,
    runs: Sequence[Rectangle],
    *,
    enterprise: tuple[str, str],
    park: tuple[str, str] | None = None,
) -> None:
    assert hold.enterprise is not None  # noqa: S101  (the database says so of every hold)
    assert hold.expires_at is not None  # noqa: S101  (it ends, has ended, or was extended)
    url = reverse("seats:allocation-detail", args=[hold.pk])
    words = {
        "enterprise": hold.enterprise.short_name,
        "seats": f"{count_of(runs):,}",
        "runs": runs_named(runs),
        "until": hold_until(hold.expires_at),
    }
    sides = [(people_of(hold.enterprise_id), enterprise)]
    if park is not None:
        sides.insert(0, (operators_of(hold), park))
    for people, (subject, body) in sides:
        tell(people=people, subject=subject, body=body, url=url, parameters=words)


def count_of(runs: Sequence[Rectangle]) -> int:
    """How many seats; the same seats in two periods count once."""
    floors = {run.floor for run in runs}
    return sum(
        count_covered(floor, [r.seats for r in runs if r.floor == floor]) for floor in floors
    )


def runs_named(runs: Sequence[Rectangle]) -> str:
    """The first few runs by name."""
    floors = {run.floor for run in runs}
    labels = dict(Floor.objects.filter(pk__in=floors).values_list("pk", "label"))
    names = dict.fromkeys(run_label(labels[run.floor], run.seats) for run in _in_order(runs))
    first = list(names)[:RUNS_NAMED]
    return ", ".join([*first, "…"] if len(names) > RUNS_NAMED else first)


def _in_order(runs: Sequence[Rectangle]) -> list[Rectangle]:
    return sorted(runs, key=lambda run: (run.seats, run.start))
