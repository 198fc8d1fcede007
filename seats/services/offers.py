"""Offers: seats held for a request until the enterprise accepts or declines, or time is over.

Offering makes a hold; accepting makes it firm, or, where a floor is not handed over yet, lets it
wait for that without an end. So a request that is offered or accepted always has its hold, and a
hold that is offered changes by these steps only (`seats.services.steps.refuse_open_offer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.models import Setting
from foundation.services.settings import setting
from foundation.versions import locked, save_next_version
from park.axis import Span
from park.services import first_open_day
from seats.holdings import count_seats
from seats.models import (
    Allocation,
    AllocationKind,
    ApprovedRun,
    RequestKind,
    RequestState,
    SeatBlock,
    SeatRequest,
)
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.allocations import confirm_under_lock, place
from seats.services.approvals import check_runs, give_up, write_down
from seats.services.deadlines import waits_for_a_floor
from seats.services.departures import refuse_left
from seats.services.expiry import end_offered_hold
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import HoldExpired, WrongState, not_held
from seats.services.steps import (
    ready_for,
    refuse_open_offer,
    refuse_others,
    require_note,
    take_step,
)
from seats.services.telling import tell_enterprise, tell_park
from seats.wording import hold_until
from web.refusals import Invalid

Released = Sequence[tuple[Span, date]]


def offer_request(
    *,
    request_id: int,
    rectangles: Sequence[Rectangle],
    today: date,
    now: datetime,
    acting_user: User,
    expires_at: datetime | None = None,
    released: Released = (),
    note: str = "",
    expected_version: int | None = None,
) -> tuple[SeatRequest, Allocation]:
    """Hold `rectangles`, all or none, and offer them; without `expires_at` for the days set.

    `released` are runs that the enterprise gives up when it accepts a move, each from a day on.
    Raises what `allocate_seats` raises, `NotHeld`, `WrongState`, `EnterpriseLeft` or `Stale`.
    """
    for runs in (rectangles, [Rectangle(seats, day) for seats, day in released]):
        if runs:
            check_shape(runs)
    if expires_at is not None and expires_at <= now:
        raise Invalid({"expires_at": _("An offer must hold longer than until now.")})
    with planning_seats(acting_user, rectangles, now=now):
        request = ready_for("offer", request_id, acting_user, expected_version)
        _check_offer(request, rectangles, released, today)
        hold = _hold_for(request, acting_user, now, expires_at or usual_end(today))
        back = [part for seats, day in released for part in _held(request, seats, day)]
        place(hold, rectangles, today=today)
        request = take_step(
            "offer", request_id, now, acting_user, note=note, owner=acting_user, offer=hold
        )
        write_down(request, rectangles, back)
        _tell_offered(request, hold, rectangles)
    return request, hold


def usual_end(today: date) -> datetime:
    """The end of the last day on which an offer of today holds, where no other day was chosen."""
    day = today + timedelta(days=setting(Setting.Name.HOLD_DAYS))
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))


def _check_offer(
    request: SeatRequest, rectangles: Sequence[Rectangle], released: Released, today: date
) -> None:
    if request.kind == RequestKind.RELEASE:
        raise Invalid(
            {"blocks": _("What is given back is approved, not offered: nothing is to be held.")}
        )
    check_runs(request, rectangles, released)
    refuse_left(request, today)


def _hold_for(
    request: SeatRequest, acting_user: User, now: datetime, expires_at: datetime
) -> Allocation:
    return Allocation(
        enterprise=request.enterprise,
        kind=AllocationKind.HOLD,
        expires_at=expires_at,
        request=request,
        source=request.source,
        sample_fields=request.sample_fields,
        created_by=acting_user,
        created_at=now,
    )


def _held(request: SeatRequest, seats: Span, day: date) -> list[Rectangle]:
    """What the enterprise has of `seats` from `day` on. Raises `NotHeld` where that is nothing."""
    blocks = list(
        SeatBlock.objects.within(seats)
        .during(day, None)
        .filter(enterprise=request.enterprise)
        .select_related("allocation")
        .order_by("seats", "period")
    )
    if not blocks:
        raise not_held(day)
    for block in blocks:
        if block.allocation is not None:
            refuse_open_offer(block.allocation)
    return [
        Rectangle(
            Span(max(block.seats.lower, seats.lower), min(block.seats.upper, seats.upper)),
            max(block.period.lower, day),
            block.period.upper,
        )
        for block in blocks
    ]


def accept_request(
    *,
    request_id: int,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> tuple[SeatRequest, Allocation]:
    """Take the offered seats: they are contracted, or held until their floor is handed over.

    Raises `HoldExpired`, `WrongState`, `Forbidden`, `EnterpriseLeft`, `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        _refuse_expired(SeatRequest.objects.get(pk=request_id), acting_user)
        request = ready_for("accept", request_id, acting_user, expected_version)
        refuse_left(request, today)
        hold = hold_of(request)
        if waits_for_a_floor(request):
            given, freed = _keep_for_the_floor(hold)
        else:
            given, freed = contract(request, hold, today)
        request = take_step("accept", request_id, now, acting_user, offer=hold)
        write_down(request, given, freed)
        _tell_accepted(request, hold, given)
    return request, hold


def _refuse_expired(request: SeatRequest, acting_user: User) -> None:
    """Who comes too late is told so, whatever version they had before them."""
    refuse_others(request, acting_user)
    if request.state == RequestState.EXPIRED:
        raise HoldExpired(
            _("The offer has expired and its seats are free. Ask the park for another one."),
            extra={"state": request.state},
        )


def hold_of(request: SeatRequest, expected_version: int | None = None) -> Allocation:
    assert request.offer_id is not None  # noqa: S101  (a constraint says so)
    return locked(Allocation.objects, request.offer_id, expected_version)


def _keep_for_the_floor(hold: Allocation) -> tuple[list[Rectangle], list[Rectangle]]:
    """Let the hold wait without an end until its floors are handed over; return its seats, and
    that nothing is freed yet."""
    hold.expires_at = None
    save_next_version(hold, ["expires_at"])
    kept = [
        Rectangle(block.span, block.period.lower, block.period.upper)
        for block in hold.blocks.order_by("seats", "period")
    ]
    return kept, []


def contract(
    request: SeatRequest, hold: Allocation, today: date
) -> tuple[list[Rectangle], list[Rectangle]]:
    """Make the hold of an open offer firm, and free what a move replaces; return both.

    Call it only inside `planning_seats`. Raises `NotDelivered`, `WrongState` or `MonthClosed`.
    """
    given = confirm_under_lock(hold, today)
    freed = []
    for run in _to_be_given_back(request):
        seats, day = run.span, first_open_day(run.period.lower)
        freed += give_up(request.enterprise, seats, day, today, replaced_by=hold.pk)
    return given, freed


def _to_be_given_back(request: SeatRequest) -> list[ApprovedRun]:
    """What the enterprise gives up by the offer that is open."""
    offers = request.changes.filter(to_state=RequestState.OFFERED)
    offer = offers.exclude(from_state=RequestState.OFFERED).latest("pk")
    return list(offer.runs.filter(is_given_back=True).order_by("seats", "period"))


def decline_request(
    *,
    request_id: int,
    note: str,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Turn an offer down, saying why: its seats are free at once, the park has it again."""
    refuse_others(SeatRequest.objects.get(pk=request_id), acting_user)
    require_note(note, _("Say why the offer does not suit you."))
    with planning_seats(acting_user, now=now):
        hold_id = ready_for("decline", request_id, acting_user, expected_version).offer_id
        request = take_step("decline", request_id, now, acting_user, note=note)
        end_offered_hold(hold_id, today=today, now=now)
        tell_park(
            gettext_noop("%(enterprise)s declined the offer for request %(number)s"),
            gettext_noop(
                "%(enterprise)s declined the offer for request %(number)s: %(note)s Its seats are "
                "free again. Next: offer others, or turn the request down."
            ),
            request,
            note=note,
        )
    return request


def recall_offer(
    *,
    request_id: int,
    note: str,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Take an offer back, saying why: its seats are free, the request is in review again.

    Raises `WrongState` also where the seats are contracted by now.
    """
    require_note(note, _("Say why the offer is taken back."))
    with planning_seats(acting_user, now=now):
        before = ready_for("recall", request_id, acting_user, expected_version)
        if hold_of(before).kind == AllocationKind.FIRM:
            raise WrongState(
                _("The seats are contracted: the offer can't be taken back. Release them instead."),
                extra={"state": before.state},
            )
        request = take_step("recall", request_id, now, acting_user, note=note, owner=acting_user)
        end_offered_hold(before.offer_id, today=today, now=now)
        tell_enterprise(
            gettext_noop("The offer for request %(number)s was taken back"),
            gettext_noop(
                "The park took its offer for request %(number)s back: %(note)s Next: the park "
                "makes another one; you need do nothing now."
            ),
            request,
            note=note,
        )
    return request


def _tell_offered(request: SeatRequest, hold: Allocation, rectangles: Sequence[Rectangle]) -> None:
    assert hold.expires_at is not None  # noqa: S101
    tell_enterprise(
        gettext_noop("The park offers you seats for request %(number)s"),
        gettext_noop(
            "The park offers you %(count)s of the %(seats)s seats of request %(number)s. They are "
            "held for you until %(until)s. Next: accept or decline on its page."
        ),
        request,
        count=_counted(rectangles),
        until=hold_until(hold.expires_at),
    )


def _tell_accepted(request: SeatRequest, hold: Allocation, rectangles: Sequence[Rectangle]) -> None:
    subject = gettext_noop("%(enterprise)s accepted the offer for request %(number)s")
    if hold.kind == AllocationKind.FIRM:
        body = gettext_noop(
            "%(enterprise)s accepted the offer for request %(number)s: %(count)s seats are "
            "contracted. Next: hand them over, then confirm it on its page."
        )
    else:
        body = gettext_noop(
            "%(enterprise)s accepted the offer for request %(number)s: %(count)s seats stay held "
            "until their floor is handed over. Next: confirm it on its page once that is done."
        )
    tell_park(subject, body, request, count=_counted(rectangles))


def _counted(rectangles: Sequence[Rectangle]) -> str:
    runs = [ApprovedRun(floor_id=one.floor, seats=one.seats) for one in rectangles]
    return f"{count_seats(runs):,}"
