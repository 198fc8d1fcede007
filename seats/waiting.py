"""The waiting list as people see it: whose turn it is, and what would fit each today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Q, Value, When, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.axis import SLOT
from seats.models import OPEN_OFFERS, OVER, UNDECIDED, RequestKind, SeatRequest, WaitingEntry
from seats.models.waiting import WaitingEntryQuerySet
from seats.rectangles import ONE_DAY
from seats.wording import hold_until, request_facts
from web import formats
from web.rfc9457 import Text


def standing(entries: WaitingEntryQuerySet) -> WaitingEntryQuerySet:
    """Those that have a place: not over, and no offer out. In their turn."""
    away = [*OPEN_OFFERS, *OVER]
    return entries.waiting().exclude(request__state__in=away).in_turn()


def place_of_entry(entry: WaitingEntry) -> int:
    """Its place on the list, counted from 1 among those that stand on it."""
    before = Q(place_since__lt=entry.place_since) | Q(
        place_since=entry.place_since, pk__lt=entry.pk
    )
    return standing(WaitingEntry.objects.filter(before)).count() + 1


def can_wait(request: SeatRequest) -> bool:
    """Whether the list is for requests like this one: what a move gives back is chosen by hand."""
    return request.state in UNDECIDED and request.kind in {RequestKind.NEW, RequestKind.EXPAND}


class Place(NamedTuple):
    """Where one request stands on the waiting list, said without the others' names."""

    entry: WaitingEntry
    number: int
    of: int


def place_of_request(request: SeatRequest) -> Place | None:
    """Where `request` stands; None where it does not."""
    entry = standing(request.waiting_entries.all()).first()
    if entry is None:
        return None
    return Place(entry, place_of_entry(entry), standing(WaitingEntry.objects.all()).count())


class Fit(NamedTuple):
    """What is vacant on all days that a request is for, in its zones: in all, and in one run.

    Of a request in phases: all of its seats but those that a phase lacks on its day.
    """

    seats: int = 0
    longest: int = 0


_FITS = """
    SELECT wish.number, coalesce(sum(upper(run) - lower(run)), 0),
           coalesce(max(upper(run) - lower(run)), 0)
    FROM unnest(%(numbers)s::int[], %(starts)s::date[], %(ends)s::date[], %(zones)s::text[])
             AS wish(number, "start", "end", zones)
    CROSS JOIN park_floor f
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id,
    LATERAL (
        SELECT range_agg(seats) AS seats
        FROM seats_seatblock
        WHERE floor_id = f.id
          AND seats && int4range((f.id * %(slot)s)::int, ((f.id + 1) * %(slot)s)::int)
          AND period && daterange(wish."start", wish."end")
    ) AS covered,
    LATERAL unnest(
        int4multirange(int4range((f.id * %(slot)s)::int, ((f.id + 1) * %(slot)s)::int))
        - coalesce(covered.seats, '{}'::int4multirange)
    ) AS run
    WHERE wish.zones = '' OR z.code = ANY(string_to_array(wish.zones, ','))
    GROUP BY wish.number
"""


def fits(requests: Iterable[SeatRequest], today: date) -> dict[int, Fit]:
    """What is vacant for each of `requests` today, by its key; two queries for all of them."""
    rows = list(requests)
    prefetch_related_objects(rows, "phases")
    wishes = [wish for request in rows for wish in _wishes(request, today)]
    with connection.cursor() as cursor:
        cursor.execute(
            _FITS,
            {
                "numbers": list(range(len(wishes))),
                "starts": [wish.start for wish in wishes],
                "ends": [wish.end for wish in wishes],
                "zones": [",".join(wish.request.zones) for wish in wishes],
                "slot": SLOT,
            },
        )
        vacant = {number: Fit(seats, longest) for number, seats, longest in cursor.fetchall()}
    found: dict[int, Fit] = {}
    for number, wish in enumerate(wishes):
        fit = vacant.get(number, Fit())
        if wish.by_then is not None:
            fit = _without_what_lacks(wish, fit, found.get(wish.request.pk))
        found[wish.request.pk] = fit
    return found


class _Wish(NamedTuple):
    """What a request, or a phase of it, wants on which days. `by_then`: with the phases before."""

    request: SeatRequest
    start: date
    end: date | None
    seats: int
    by_then: int | None = None


def _wishes(request: SeatRequest, today: date) -> Iterator[_Wish]:
    start, end = _days_waited_for(request, today)
    phases = sorted(request.phases.all(), key=lambda phase: phase.start)
    by_then = 0
    for phase in phases:
        by_then += phase.seats
        yield _Wish(request, max(phase.start, today), end, phase.seats, by_then)
    if not phases:
        yield _Wish(request, start, end, request.seats)


def _without_what_lacks(wish: _Wish, fit: Fit, so_far: Fit | None) -> Fit:
    """All of the request's seats but those that this phase lacks, or one before lacked."""
    total, by_then = wish.request.seats, wish.by_then or 0
    seats = total - max(0, by_then - fit.seats)
    longest = total - max(0, wish.seats - fit.longest)
    return Fit(seats, longest) if so_far is None else Fit(*map(min, so_far, (seats, longest)))


def _days_waited_for(request: SeatRequest, today: date) -> tuple[date, date | None]:
    """The days [start, end) that it still wants: those that are over nobody can have any more."""
    end = None if request.end is None else request.end + ONE_DAY
    return max(request.start, today), end


@dataclass(frozen=True)
class WaitingLine:
    """A request on the list, as the park sees it. `place` is None where it has none now."""

    entry: WaitingEntry
    place: int | None
    fit: Fit

    @property
    def request(self) -> SeatRequest:
        return self.entry.request

    @property
    def facts(self) -> str:
        """Where, how and when."""
        return " · ".join(request_facts(self.request))

    @property
    def best(self) -> int:
        """How many seats of those that are vacant it could use."""
        return self.fit.longest if self.request.contiguous else self.fit.seats

    @property
    def does_fit(self) -> bool:
        return self.best >= self.request.seats

    @property
    def today(self) -> Text:
        """What fits today, in words."""
        words = {"seats": formats.number(self.best), "wish": formats.number(self.request.seats)}
        if self.does_fit:
            return _("All %(wish)s would fit today") % words
        if self.request.contiguous:
            return _("%(seats)s of %(wish)s would fit today in one run") % words
        return _("%(seats)s of %(wish)s would fit today") % words

    @property
    def until(self) -> str:
        """Until when an offer that is out can be answered; empty where none ends."""
        offer = self.request.offer
        return "" if offer is None or offer.expires_at is None else hold_until(offer.expires_at)

    @property
    def passed(self) -> Text:
        """Why a later request was served before this one; empty where none was."""
        if self.entry.passed_at is None:
            return ""
        count = self.entry.passed_seats or 0
        return ngettext(
            "passed over on %(day)s: %(seats)s seat fitted it then",
            "passed over on %(day)s: %(seats)s seats fitted it then",
            count,
        ) % {"day": formats.short_day(self.entry.passed_at), "seats": formats.number(count)}


def on_the_list() -> WaitingEntryQuerySet:
    """All that wait, in their turn, then those that an offer is out to; what is over is not shown.

    What became of an offer moves an entry within a minute, by the same task that offers.
    """
    entries = WaitingEntry.objects.waiting().exclude(request__state__in=OVER)
    is_out = Case(When(request__state__in=OPEN_OFFERS, then=Value(1)), default=Value(0))
    rows = entries.annotate(is_out=is_out).order_by("is_out", "place_since", "pk")
    return rows.select_related("request__enterprise", "request__owner", "request__offer")


def waiting_lines(
    entries: Sequence[WaitingEntry], first_place: int, today: date
) -> list[WaitingLine]:
    """`entries` of `on_the_list`, counted from `first_place`; who has an offer has no place."""
    known = fits([entry.request for entry in entries], today)
    return [
        WaitingLine(
            entry,
            None if entry.request.state in OPEN_OFFERS else place,
            known.get(entry.request_id, Fit()),
        )
        for place, entry in enumerate(entries, start=first_place)
    ]
