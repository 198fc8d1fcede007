"""What programs send: JSON, read exactly."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST = 5 * 1024 * 1024


class TooLarge(APIException):
    """More was sent than anything here needs."""

    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("A body has at most 5 MB.")


class ExactJSONParser(JSONParser):
    """JSON in UTF-8, whatever charset is claimed. Numbers with a point stay as they were written.

    Refuses what JSON has no word for (NaN), what no text can hold (half a surrogate pair) and
    what is nested too deep, as it refuses what is no JSON at all.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise TooLarge
        try:
            text = body.decode("utf-8-sig")
            data = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
            if "\\ud" in text.lower():
                json.dumps(data, ensure_ascii=False, default=str).encode()
        except json.JSONDecodeError as error:
            raise ParseError(
                _("The body is not JSON: see line %(line)d, column %(column)d.")
                % {"line": error.lineno, "column": error.colno}
            ) from None
        except (ValueError, ArithmeticError, RecursionError):
            raise ParseError(_("The body is not JSON that can be read.")) from None
        return data


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
