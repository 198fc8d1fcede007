"""A POST sent twice creates once: `Idempotency-Key`.

The key is a row of the same transaction as what is created. So either both are there or neither;
who comes with the same key meanwhile waits at the row's unique index until the first has ended,
and gets the first one's answer. Only success is kept: a refusal changed nothing, and the same key
may come again when what was wrong is mended.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.errors import LockNotAvailable
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from foundation import clock
from foundation.models import IdempotencyKey
from web.refusals import Busy, Invalid, Refusal

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(days=1)
KEPT_HEADERS = ("Location", "ETag")

Post = Callable[..., Response]


class IdempotencyKeyReused(Refusal):
    """The key came with something else before."""

    status = 422
    code = "idempotency_key_reused"
    title = gettext_lazy("Idempotency-Key used before")
    default_message = gettext_lazy(
        "This Idempotency-Key came with another request before. Use a new key for each request."
    )


def once(post: Post) -> Post:
    """Let a view's `post` take an `Idempotency-Key`. Without one it runs as it is."""

    @wraps(post)
    def answer_once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        if HEADER not in request.headers:
            return post(view, request, *args, **kwargs)
        key = _checked(request.headers[HEADER])
        return _answered_once(request, key, lambda: post(view, request, *args, **kwargs))

    answer_once.takes_idempotency_key = True  # type: ignore[attr-defined]
    return answer_once


def _checked(key: str) -> str:
    if 1 <= len(key) <= LONGEST and key.isascii() and key.isprintable():
        return key
    message = _("An Idempotency-Key has 1 to 200 characters of plain ASCII.")
    raise Invalid([{"field": HEADER, "code": "invalid", "message": message}])


def _answered_once(request: Request, key: str, post: Callable[[], Response]) -> Response:
    digest = _digest(request)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
            _forget_old(request)
            row, is_new = IdempotencyKey.objects.get_or_create(
                user=cast(User, request.user),
                key=key,
                defaults={"digest": digest, "created_at": clock.now()},
            )
            if is_new:
                return _kept(row, post())
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise
    if row.digest != digest:
        raise IdempotencyKeyReused
    # Both were written in the transaction that made the row visible.
    kept = cast(dict[str, Any], row.body)
    return Response(kept["data"], row.status, headers=kept["headers"])


def _digest(request: Request) -> str:
    told = f"{request.method} {request.path}\n".encode() + request.body
    return hashlib.sha256(told).hexdigest()


def _forget_old(request: Request) -> None:
    """Delete this person's keys of more than a day ago, but wait for nobody who does the same."""
    old = IdempotencyKey.objects.filter(
        user=cast(User, request.user), created_at__lt=clock.now() - KEPT
    )
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
    if ids:
        IdempotencyKey.objects.filter(pk__in=ids).delete()


def _kept(row: IdempotencyKey, response: Response) -> Response:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    row.status, row.body = response.status_code, {"data": response.data, "headers": headers}
    row.save(update_fields=["status", "body"])
    return response
