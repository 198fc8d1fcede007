"""The map of the whole park: its bytes, and the answer to who has them already."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from django.http.response import HttpResponseBase
from rest_framework.test import APIRequestFactory, force_authenticate

from bench.asking import statements
from bench.desk import Desk
from bench.timing import Figure, Wrong
from seats.api.seat_map import SeatMapView
from seats.changes import changes_between

KINDS = {1: "firm", 2: "hold", 3: "closure"}
MOST_BYTES = 20  # a run
A_YEAR = 365


def measure(desk: Desk) -> Iterator[Figure]:
    """The map beside fetching the bounds that it shows; unchanged; and two days compared."""
    day = desk.park.today
    bounds = "SELECT lower(seats), upper(seats) FROM seats_seatblock WHERE period @> %s::date"

    def floor() -> None:
        desk.plain.execute(bounds, [day]).fetchall()

    ask = _asker(desk, day)
    answer = ask()
    _check(desk, day, answer.content)  # type: ignore[attr-defined]
    if len(sent := statements(ask)) > 3:
        raise Wrong(f"the map takes {len(sent)} statements")
    pair = desk.rounds.beside(ask, floor)
    yield Figure(area="map of the park (API)", **pair._asdict(), bar=3.5, growth_bar=12)
    again = _asker(desk, day, known=answer.headers["ETag"])
    if (status := again().status_code) != 304:
        raise Wrong(f"who has the map already is answered {status}")
    pair = desk.rounds.beside(again, floor)
    yield Figure(area="... that one has already", **pair._asdict(), bar=None, growth_bar=12)
    before = date.fromordinal(day.toordinal() - A_YEAR)

    def both() -> None:
        for one in (before, day):
            desk.plain.execute(bounds, [one]).fetchall()

    pair = desk.rounds.beside(lambda: changes_between(before, day, today=day), both)
    yield Figure(area="what changed in a year", **pair._asdict(), bar=None, growth_bar=12)


def _asker(desk: Desk, day: date, known: str = "") -> Callable[[], HttpResponseBase]:
    answer, requests = SeatMapView.as_view(), APIRequestFactory(SERVER_NAME="localhost")

    def ask() -> HttpResponseBase:
        headers = {"If-None-Match": known} if known else {}
        request = requests.get("/api/v1/seat-map/", {"on": day.isoformat()}, headers=headers)
        force_authenticate(request, desk.park.operator)
        return answer(request)

    return ask


def _check(desk: Desk, day: date, body: bytes) -> None:
    """Whether the runs are the blocks of the day, read as the format is described."""
    floors, runs = struct.unpack_from("<II", body, 8)
    begin = 16 + 8 * floors
    if len(body) != begin + 12 * runs or len(body) - begin > MOST_BYTES * runs:
        raise Wrong("the map has another length than it says")
    given = Counter(
        (first, length, kind, holder)
        for first, length, kind, holder in struct.iter_unpack("<IHBxI", body[begin:])
        if kind in KINDS
    )
    codes = {kind: code for code, kind in KINDS.items()}
    wanted = Counter(
        (block.lower, block.length, codes[block.kind], block.enterprise or 0)
        for block in desk.blocks()
        if block.is_on(day) and block.kind in codes
    )
    if given != wanted:
        raise Wrong("the map does not show the blocks of the day")
