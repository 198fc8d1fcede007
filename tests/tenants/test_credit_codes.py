"""The unified social credit code: what is accepted, and what is said of the rest."""

import pytest

from tenants.credit_codes import clean_credit_code
from web.refusals import Invalid

WELL_KNOWN = "91330100799655058B"


@pytest.mark.parametrize(
    "code",
    [
        WELL_KNOWN,
        "914403001922038216",
        "91511011MA0000007C",
        "91511011MA00000900",  # its check digit is worked out as 31, which is written 0
    ],
)
def test_a_valid_code_stays_as_it_is(code):
    assert clean_credit_code(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "91330100799655058b",
        " 91330100799655058B ",
        "91330100 799655058B",
        "91330100-7996 5505-8B",
        "９１３３０１００７９９６５５０５８Ｂ",
        "９１３３０１００７９９６５５０５８ｂ　",
        "91330100799655058B\n",
        "9133010\n0799655058B",
        "91330100\t799655058B",
        "91330100\u00a0799655058B",
    ],
)
def test_any_usual_spelling_is_brought_to_its_one_form(typed):
    assert clean_credit_code(typed) == WELL_KNOWN


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "invalid_length"),
        ("91330100799655058", "invalid_length"),
        ("91330100799655058BB", "invalid_length"),
        ("9133010\n799655058B", "invalid_length"),
        ("510000000000000", "invalid_length"),  # a business licence of before 2015
        ("91330100799655058A", "invalid_checksum"),
        ("91330100799655085B", "invalid_checksum"),  # two digits the wrong way round
        ("91511011MA0000007D", "invalid_checksum"),
        ("91511011MA00000901", "invalid_checksum"),
        ("91511011MA000000I0", "invalid_format"),
        ("91511011MA000000O0", "invalid_format"),
        ("91511011MA000000S0", "invalid_format"),
        ("91511011MA000000V0", "invalid_format"),
        ("91511011MA000000Z0", "invalid_format"),
        ("9A330100799655058B", "invalid_format"),
        ("91330100799655058贝", "invalid_format"),
        ("٩1330100799655058B", "invalid_format"),
        ("91330100799655058?", "invalid_format"),
    ],
)
def test_anything_else_is_refused_with_its_reason(typed, reason):
    with pytest.raises(Invalid) as refusal:
        clean_credit_code(typed)

    error = refusal.value.errors[0]
    assert (error["field"], error["code"]) == ("credit_code", reason)
    assert error["message"]


def test_every_single_wrong_character_is_noticed():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for place in range(8, 18):
        for character in alphabet.replace(WELL_KNOWN[place], ""):
            wrong = WELL_KNOWN[:place] + character + WELL_KNOWN[place + 1 :]
            with pytest.raises(Invalid):
                clean_credit_code(wrong)
