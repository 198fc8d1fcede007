"""Files that are handed out, under a name that people understand."""

from urllib.parse import quote


def attachment(name: str, *, fallback: str) -> str:
    """Content-Disposition: `fallback` in ASCII for old programs, `name` for others (RFC 5987)."""
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
