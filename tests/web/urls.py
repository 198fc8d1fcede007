"""Addresses that go wrong in every known way, for the tests of web/."""

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web import errors
from web.refusals import Busy, Forbidden, Invalid, NotFound, Refusal, Stale

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"


class SeatsTaken(Refusal):
    status = 409
    code = "seats_taken"
    title = "Seats are taken"


ERRORS: dict[str, Exception] = {
    "taken": SeatsTaken(
        "Choose other seats.", field="first_seat", extra={"conflicts": [{"first_seat": 345}]}
    ),
    "invalid": Invalid({"seats": ["Type a whole number."], "": "Say why."}),
    "missing": NotFound(),
    "forbidden": Forbidden(),
    "stale": Stale(extra={"current": {"version": 4}}),
    "busy": Busy(),
    "http404": Http404("nothing"),
    "denied": PermissionDenied("no"),
    "broken": SuspiciousOperation("odd"),
    "gone": OperationalError("connection refused"),
    "fault": RuntimeError("the fault"),
    "throttled": exceptions.Throttled(wait=12.4),
    "unknown_person": exceptions.NotAuthenticated(),
    "no_json": exceptions.ParseError("odd"),
    "method": exceptions.MethodNotAllowed("PUT"),
    "media": exceptions.UnsupportedMediaType("text/plain"),
}


def page(request: HttpRequest, error: str) -> HttpResponse:
    raise ERRORS[error]


def locked(request: HttpRequest, key: str, error: str) -> HttpResponse:
    raise ERRORS[error]


class Raising(APIView):
    authentication_classes: list = []
    permission_classes: list = []

    def get(self, request: Request, error: str) -> Response:
        raise ERRORS[error]

    post = get


class Seat(serializers.Serializer):
    first_seat = serializers.IntegerField(min_value=1)


class Blocks(serializers.Serializer):
    enterprise = serializers.IntegerField()
    blocks = Seat(many=True)
    zones = serializers.ListField(child=serializers.CharField(max_length=2))

    def validate_enterprise(self, value: int) -> int:
        return value

    def validate(self, attributes: dict) -> dict:
        raise serializers.ValidationError("Too early.", code="too_early")


class Checking(APIView):
    authentication_classes: list = []
    permission_classes: list = []

    def post(self, request: Request) -> Response:
        Blocks(data=request.data).is_valid(raise_exception=True)
        return Response({})


class PermissionList(generics.GenericAPIView):
    """A list of plain rows: the web has no model of its own, Django's permissions do."""

    authentication_classes: list = []
    permission_classes: list = []
    queryset = Permission.objects.values("id", "codename")

    def get(self, request: Request) -> Response:
        return self.get_paginated_response(self.paginate_queryset(self.get_queryset()))


class PermissionListByName(PermissionList):
    ordering = ("-codename", "id")


urlpatterns = [
    path("", include("web.urls")),
    path("page/<error>/", page),
    path("login/<key>/<error>/", locked),
    path("too-many/", errors.too_many_requests),
    path("csrf/", errors.csrf_failure),
    path("api/v1/plain/<error>/", page),
    path("api/v1/raise/<error>/", Raising.as_view()),
    path("api/v1/check/", Checking.as_view()),
    path("api/v1/permissions/", PermissionList.as_view()),
    path("api/v1/permissions-by-name/", PermissionListByName.as_view()),
]
