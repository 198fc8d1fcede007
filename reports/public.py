"""The two editions of a report: all of it, and what everybody may read.

Where a report says what single enterprises filed, its content holds both, and both are frozen,
printed and sealed. A report without such tables has one edition, for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User

PERMISSION = "reports.view_enterprise_figures"


def may_read_all(user: User) -> bool:
    """Whether a person may know what single enterprises filed."""
    return user.has_perm(PERMISSION)


def has_two_editions(content: Mapping[str, Any]) -> bool:
    """Whether some of the report is not for everybody."""
    return "secret" in content or any("public" in table for table in content["tables"])


def public_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may read of `content`."""
    tables = [
        {name: value for name, value in table.items() if name != "public"}
        | {"rows": table.get("public", table["rows"]), "is_public": "public" in table}
        for table in content["tables"]
    ]
    secret: Mapping[str, list[str]] = content.get("secret", {})
    lists = {
        code: [{**row, **dict.fromkeys(names, "")} for row in content[code]]
        for code, names in secret.items()
    }
    return {**content, **lists, "tables": tables, "is_public": has_two_editions(content)}


def content_for(user: User, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `user` may read of `content`."""
    return content if may_read_all(user) else public_of(content)
