"""ETags of rows that two people may edit: `"<version>"`, asked back with If-Match.

What has no version is known by its content, and asked back with If-None-Match.
"""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _

from web.refusals import Invalid

LONGEST = 18


def etag(version: int) -> str:
    """Give the ETag of ``version``."""
    return f'"{version}"'


def set_etag(response: HttpResponseBase, version: int) -> Any:
    """Tell the reader which version this is; give the response back."""
    response.headers["ETag"] = etag(version)
    return response


def fingerprint(body: Any) -> str:
    """Give the ETag of what has no version: it changes with anything that is shown."""
    text = json.dumps(body, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Tell whether the reader has what ``tag`` stands for: 304 is enough of an answer."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or tag in [one.removeprefix("W/") for one in known]


def expected_version(request: HttpRequest) -> int | None:
    """Give the version that If-Match names, None without it or for `*`; refuse anything else."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    version = given.removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) <= LONGEST):
        raise Invalid(
            [
                {
                    "field": "If-Match",
                    "code": "invalid",
                    "message": _("Send back the ETag exactly as you received it."),
                }
            ]
        )
    return int(version)
