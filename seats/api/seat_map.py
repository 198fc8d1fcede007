"""The whole park on a day: its seats as one binary answer, and what its numbers are called."""

import json
from hashlib import sha256

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from seats.naming import named_to
from seats.seat_map import MapOf
from seats.serializers import seat_map
from web.api import ApiView
from web.negotiation import WhateverIsAccepted

BYTES = "application/octet-stream"
UNCHANGED = OpenApiResponse(None, "What you have (`If-None-Match`) is still so.")


class _MapView(ApiView):
    permissions = {"GET": "park.view_place"}
    filters = seat_map.SeatMapQuery

    def wanted(self) -> MapOf:
        today = clock.today()
        return MapOf(self.query().get("on", today), today, named_to(self.user))


class SeatMapView(_MapView):
    """Every seat of the park on a day, in one binary answer of runs.

    All numbers are unsigned and little-endian. The head has 16 bytes: version (1 byte, now 1),
    flags (1 byte; 1: only your own seats have a holder), 2 bytes 0, the day as days since
    1970-01-01 (4), the number of floors (4), the number of runs (4).

    Then each floor in 8 bytes: its number (4), its seats when complete (2), whether it counts on
    this day (1 byte: 1 or 0), a byte 0. A floor that is not handed over counts on days to come
    only, as it is planned.

    Then each run in 12 bytes: its first seat on the axis (4), how many seats (2), its kind (1), a
    byte 0, its holder (4). Kinds: 1 firm, 2 hold, 3 closure, 4 void: a seat that does not exist on
    this day. Holder: an enterprise's id, 0 where there is none or it is not yours to know. Seats
    of a floor that counts and of no run are free. A seat's floor is its number >> 12, its place on
    the floor the lower 12 bits + 1. What it is all called: `seat-map/legend/`.

    The ETag changes with every change of seats or floors; send it back as `If-None-Match`.
    """

    content_negotiation_class = WhateverIsAccepted
    answers = {("200", BYTES): OpenApiTypes.BINARY, "304": UNCHANGED}

    def get(self, request: Request) -> HttpResponseBase:
        wanted = self.wanted()
        etag = f'"{wanted.tag()}"'
        return _unchanged(request, etag) or HttpResponse(
            wanted.packed(), content_type=BYTES, headers={"ETag": etag}
        )


class SeatMapLegendView(_MapView):
    """What the numbers of the park map are called: kinds, holders, floors."""

    shape = seat_map.LegendShape
    answers = {"200": seat_map.LegendShape, "304": UNCHANGED}

    def get(self, request: Request) -> HttpResponseBase:
        answer = seat_map.legend_answer(self.wanted())
        etag = f'"{sha256(json.dumps(answer).encode()).hexdigest()[:32]}"'
        return _unchanged(request, etag) or Response(answer, headers={"ETag": etag})


def _unchanged(request: Request, etag: str) -> HttpResponseBase | None:
    """304 where the reader has it already."""
    answer = get_conditional_response(request, etag=etag)
    if answer is not None:
        answer.headers["ETag"] = etag
    return answer
