"""What the schema says of the whole API; importing this teaches drf-spectacular the token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

CONVENTIONS = """
The park's seats, enterprises, monthly returns and official reports.

**Who asks.** `Authorization: Bearer …` with a token of the profile page or of
`manage.py api_token EMAIL`; it is valid for 90 days. What somebody may not see does not exist for
them: it is missing from lists, and 404. Permission is asked before anything that was sent is read.

**Values.** Days are `2024-02-22`, months `2024-02`, instants `2024-02-22T10:00:00+08:00`. First and
last are always both included. Numbers are JSON numbers, not texts; money is in yuan. An absent end
is `null`: until further notice. A seat is a number of the park's one axis (`first_seat`,
`last_seat`); people see its label, such as `C-1-3F-017`. `sample_fields` names what is invented;
`*` is the whole row.

**Lists** give `next`, `previous` and `results`; `page_size` goes up to 1,000 (without it 50).
Filters are in the query string; an empty one counts as absent.

**What is sent** is a JSON object. Names that are not known are refused (`unknown`), fields and
parameters alike: a misspelt one would change nothing, or answer for everything. Only the steps that
take no more than words ignore them.

**Two at a time.** Details carry an `ETag`; a PATCH or a step with it as `If-Match` is refused with
412 `stale` if somebody was quicker, and the newer values come along as `current`. A POST that
creates may carry an `Idempotency-Key` of your own: sent twice with the same body it creates once
and gives the same answer, also when both arrive at once. A refusal is not kept: it changed nothing.

**Refusals** are `application/problem+json` (RFC 9457) with a stable `code`; `errors` name the
fields. Texts follow Accept-Language. 503 comes with `Retry-After`: nothing was written.
"""


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer xy_…`."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the token."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the profile page or of `manage.py api_token EMAIL`.",
        }


def describe(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Put what holds everywhere at the head of the schema."""
    result["info"]["description"] = CONVENTIONS.strip()
    return result
