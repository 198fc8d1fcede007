"""Holds every answer of the API against the schema that the API publishes of itself."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]


@cache
def schema() -> dict[str, Any]:
    """The published schema, with OpenAPI's `nullable` said as JSON Schema says it."""
    return _with_null(SchemaGenerator().get_schema(request=None, public=True))


def check(response: Any, method: str, address: str) -> None:
    """Fail unless the schema knows this answer: its status, its media type, its shape."""
    operation = _operation(method, address)
    if operation is None:
        assert response.status_code in {404, 405}, response.content
        return
    answers = operation["responses"]
    assert str(response.status_code) in answers, (method, address, response.status_code)
    content = answers[str(response.status_code)].get("content", {})
    media_type = response.headers["Content-Type"].partition(";")[0]
    assert media_type in content, (method, address, media_type)
    if media_type.endswith("json"):
        document = {**content[media_type]["schema"], "components": schema()["components"]}
        Draft202012Validator(document).validate(response.json())


def _operation(method: str, address: str) -> dict[str, Any] | None:
    path = address.partition("?")[0].removeprefix("http://testserver")
    if path in schema()["paths"]:
        return schema()["paths"][path].get(method.lower())
    for template, operations in schema()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", template), path):
            return operations.get(method.lower())
    return None


def _with_null(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_null(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {name: _with_null(inner) for name, inner in part.items()}
    if part.pop("nullable", None) is True:
        return {"anyOf": [part, {"type": "null"}]}
    return part
