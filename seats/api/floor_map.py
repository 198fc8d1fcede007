"""The map of a floor for programs."""

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from seats.floor_answer import floor_answer, nameable
from seats.serializers.floor_map import FloorMapQuery, FloorMapShape, floor_map_answer
from web.api import ApiView
from web.etags import fingerprint, is_known

KNOWN = OpenApiResponse(description="You have this answer: If-None-Match named its ETag.")


class FloorMap(ApiView):
    """A floor on a day, run by run: who has which seats, as far as you may know it.

    The answer has an ETag; sent back as If-None-Match it is answered with 304 while it holds.
    """

    permissions = {"GET": "park.view_place"}
    filters = FloorMapQuery
    answers = {"200": FloorMapShape, "304": KNOWN}

    def get(self, request: Request, pk: int) -> Response:
        today = clock.today()
        day = self.query().get("on", today)
        found = floor_answer(pk, day, today=today)
        if found is None:
            raise Http404
        answer = floor_map_answer(pk, day, found, nameable(self.user))
        headers = {"ETag": fingerprint(answer)}
        if is_known(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        return Response(answer, headers=headers)
