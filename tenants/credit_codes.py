"""The unified social credit code (统一社会信用代码, GB 32100-2015), checked by python-stdnum."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from web.refusals import Invalid

# Full-width letters, digits and spaces, as Chinese keyboards type them.
_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}


def clean_credit_code(text: str) -> str:
    """The code in its one form: half width, capitals, no spaces or hyphens.

    Raises `Invalid` on `credit_code`, saying what is wrong: length, character or check digit.
    """
    code = uscc.compact("".join(text.translate(_HALF_WIDTH).split()))
    try:
        return uscc.validate(code)
    except InvalidLength:
        message = _("A credit code has 18 characters; this one has %(count)d.") % {
            "count": len(code)
        }
        raise _invalid("invalid_length", message) from None
    except InvalidFormat:
        message = _(
            "A credit code starts with 8 digits, followed by digits and capital letters without "
            "I, O, S, V and Z."
        )
        raise _invalid("invalid_format", message) from None
    except InvalidChecksum:
        message = _(
            "The last character does not match the others. Please compare with the licence."
        )
        raise _invalid("invalid_checksum", message) from None


def _invalid(code: str, message: str) -> Invalid:
    return Invalid([{"field": "credit_code", "code": code, "message": message}], message)
