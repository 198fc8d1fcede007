"""How the API describes itself: what a view says of itself, and the problems that follow from it.

A view names its `shape` (what an answer looks like), `form` (what may be sent), `filters` (the
query string) and `permissions`; see `web.api`. The rest is the same everywhere and written here.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from web.rfc9457 import CONTENT_TYPE
from web.serializers import Body

STEPS = {"get": "retrieve", "post": "create", "patch": "update"}

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The ETag of what you have before you. 412 `stale` if it was changed since.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Any text of up to 200 characters, your own for each thing to create. Sent again "
    "with the same body within a day, it gives the same answer and creates nothing.",
)


def _header(name: str, description: str, *statuses: str) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        location=OpenApiParameter.HEADER,
        description=description,
        response=list(statuses),
    )


ETAG = _header("ETag", "The version, to be sent back as If-Match.", "200", "201")
LOCATION = _header("Location", "The address of what was made.", "201", "202")


class FieldErrorSerializer(serializers.Serializer):
    """One thing to correct."""

    field = serializers.CharField(
        allow_null=True, help_text="Such as `blocks[0].first_seat`; null: the whole."
    )
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. `code` is stable; title, detail and messages follow Accept-Language.

    Some codes bring more members: `seats_taken` brings `conflicts`, `stale` brings `current`,
    `crosses_floors` brings `split`, `no_such_seat` the floor's last seat or its delivery day.
    """

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]


PROBLEMS = {
    400: "What was sent does not make sense: `invalid`, `parse_error`, `no_such_seat` and others.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "`permission_denied`: the role does not allow this.",
    404: "`not_found`: there is no such thing, or not for you.",
    406: "`not_acceptable`: answers are JSON.",
    409: "A rule says no: `seats_taken`, `not_delivered`, `month_closed`, `hold_expired`, "
    "`wrong_state` and others.",
    412: "`stale`: changed since that ETag; `current` holds the newer values.",
    413: "`too_large`: bodies have at most 5 MB.",
    415: "`unsupported_media_type`: bodies are JSON.",
    422: "`idempotency_key_reused`: this key came with another body before.",
    503: "`busy` or `unavailable`: nothing was written; try again after Retry-After.",
}


class ApiSchema(AutoSchema):
    """Reads a view of `web.api`; any other view as drf-spectacular does."""

    def get_operation_id(self) -> str:
        words = [
            part.replace("-", "_")
            for part in self.path.removeprefix("/api/v1/").strip("/").split("/")
            if not part.startswith("{")
        ]
        if not self._is_action():
            words.append("list" if self._is_list() else STEPS[self.method.lower()])
        return "_".join(words)

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        own = type(self.view).__dict__.get(self.method.lower())
        return get_doc(own) or get_doc(type(self.view))

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        name = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shape").removesuffix("Form")

    def get_override_parameters(self) -> list[Any]:
        headers = [ETAG] if self._has_etag() else []
        if self._takes_if_match():
            headers.append(IF_MATCH)
        if self._takes_key():
            headers.append(IDEMPOTENCY_KEY)
        if self.method == "POST" and not self._is_action():
            headers.append(LOCATION)
        filters = getattr(self.view, "filters", None)
        asks = self.method == "GET" and filters and filters().fields
        return [*headers, filters] if asks else headers

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "form", None)

    def get_response_serializers(self) -> Any:
        if not hasattr(self.view, "permissions"):
            return super().get_response_serializers()
        problems = {
            (str(status), CONTENT_TYPE): OpenApiResponse(ProblemSerializer, PROBLEMS[status])
            for status in self._problems()
        }
        return {**self._answers(), **problems}

    def _map_serializer(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        if isinstance(serializer, Body) and not serializer.ignores_unknown:
            schema["additionalProperties"] = False
        return schema

    def _answers(self) -> dict[Any, Any]:
        view: Any = self.view
        if hasattr(view, "answers"):
            return view.answers
        if self.method == "POST" and not self._is_action():
            return view.created
        if self._is_list():
            return {"200": (view.row_shape or view.shape)(many=True)}
        return {"200": view.shape}

    def _problems(self) -> list[int]:
        view: Any = self.view
        writes = self.method != "GET"
        counts = {
            400: writes or bool(getattr(view, "filters", None)) or self._is_list(),
            401: True,
            403: view.permissions.get(self.method) is not None,
            404: "{" in self.path,
            406: True,
            409: writes,
            412: self._takes_if_match() or getattr(view, "may_be_stale", False),
            413: writes,
            415: writes,
            422: self._takes_key(),
            503: True,
        }
        return [status for status, is_possible in counts.items() if is_possible]

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self._is_list() if serializer is None else super()._is_list_view(serializer)

    def _is_list(self) -> bool:
        return self.method == "GET" and hasattr(self.view, "pagination_class")

    def _is_action(self) -> bool:
        return self.method == "POST" and "{" in self.path

    def _has_etag(self) -> bool:
        return hasattr(self.view, "detail_name") and not self._is_list()

    def _takes_if_match(self) -> bool:
        return self.method == "PATCH" or self._is_action()

    def _takes_key(self) -> bool:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "takes_idempotency_key", False)
