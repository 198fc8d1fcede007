"""One JSON object a line. Ids of requests and users, never names, phones or addresses.

Fields of one's own go into `extra={"data": {...}}`; anything else in `extra` is ignored, because
Django puts whole request objects there.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest

# The id of the request being served, for every line that is logged on its way.
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)

# Parts of an address that open something by themselves, such as the link that resets a password.
SECRETS = {"key", "token", "uidb36", "signature"}
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_people(_message(record)),
        }
        if request_id := current_request_id.get():
            line["request_id"] = request_id
        line.update(getattr(record, "data", {}))
        if record.exc_info:
            line["exception"] = without_people(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False, default=str)


def safe_path(request: HttpRequest) -> str:
    """Give the path without query string and without anything that opens a door."""
    path = request.path
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in SECRETS:
            path = path.replace(str(value), "…")
    return path


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    request = getattr(record, "request", None)  # Django's own lines quote the whole path
    if isinstance(request, HttpRequest):
        message = message.replace(request.path, safe_path(request))
    return message


def without_people(text: str) -> str:
    """Give ``text`` without phone numbers and mail addresses: PostgreSQL quotes rows in errors."""
    return EMAIL.sub("***", PHONE.sub("***", text))
