"""Names of enterprises in lists: matched where they are clear, asked where they are not."""

import pytest

from park.axis import Span
from seats.imports.lines import Line, Names
from seats.imports.names import LEAVE_OUT, Known, Register, name_lines, normalised
from tests.factories.tenants import credit_code

CODES = [credit_code(number) for number in range(4)]
REGISTER = Register(
    [
        Known(1, CODES[0], "内江诚伯信息技术有限公司", "诚伯信息", ("成都诚伯内江分公司",)),
        Known(2, CODES[1], "内江迈睿科技有限公司", "迈睿"),
        Known(3, CODES[2], "四川鸿联九五信息产业股份有限公司", "鸿联九五"),
        Known(4, CODES[3], "重庆迈睿科技有限公司", "迈睿"),
    ]
)


def line(name="", short_name="", code="", kind="firm", row=2):
    cells = {"enterprise": f"A{row}", "credit_code": f"C{row}"}
    return Line(row, cells, 1, Span(4096, 4116), None, None, kind, Names(name, short_name, code))


def named(*lines, answers=None):
    return name_lines(lines, REGISTER, answers or {})


@pytest.mark.parametrize(
    ("said", "enterprise"),
    [
        ({"name": "内江诚伯信息技术有限公司"}, 1),
        ({"name": "诚伯信息"}, 1),
        ({"name": "成都诚伯内江分公司"}, 1),
        ({"name": "内江诚伯信息技术"}, 1),
        ({"name": "内江诚伯信息技术有限责任公司"}, 1),
        ({"name": " 内江诚伯信息技术（有限公司） "}, 1),
        ({"name": "鸿联９５"}, None),
        ({"name": "鸿联九五"}, 3),
        ({"name": "四川鸿联九五信息产业股份有限公司", "short_name": "鸿联"}, 3),
        ({"name": "内江迈睿科技有限公司", "short_name": "迈睿"}, 2),
        ({"code": CODES[3]}, 4),
        ({"code": f" {CODES[3].lower()} ", "name": "重庆迈睿"}, 4),
    ],
)
def test_a_clear_name_is_matched(said, enterprise):
    found = named(line(**said))

    assert [one.enterprise for one in found.lines] == ([enterprise] if enterprise else [])
    assert bool(found.questions) is (enterprise is None)


def test_a_short_name_of_two_is_asked_with_both():
    found = named(line("迈睿"))

    assert found.lines == []
    (question,) = found.questions
    assert (question.said, question.rows) == ("迈睿", [2])
    assert set(question.candidates) == {2, 4}


def test_a_name_that_is_only_like_another_is_asked_never_guessed():
    found = named(
        line("诚伯信息技术服务"), line("诚伯信息技术服务", row=5), line("火星公司", row=7)
    )

    assert found.lines == []
    assert [(one.said, one.rows, one.candidates[:1]) for one in found.questions] == [
        ("诚伯信息技术服务", [2, 5], [1]),
        ("火星公司", [7], []),
    ]


def test_answers_are_taken_and_rows_left_out():
    answers = {"诚伯|": "1", "火星|": LEAVE_OUT, "金星|": "99"}

    found = named(line("诚伯"), line("火星", row=3), line("金星", row=4), answers=answers)

    assert [(one.row, one.enterprise) for one in found.lines] == [(2, 1)]
    assert [one.row for one in found.left_out] == [3]
    assert [one.said for one in found.questions] == ["金星"]  # nobody is number 99


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"code": "123"}, "bad_code"),
        ({"code": credit_code(9)}, "unknown_code"),
        ({"code": CODES[0], "name": "鸿联九五"}, "code_and_name"),
        ({}, "no_enterprise"),
        ({"name": "鸿联九五", "kind": "closure"}, "closed_for"),
    ],
)
def test_what_contradicts_is_told(said, code):
    found = named(line(**said))

    assert [problem.code for problem in found.problems] == [code]
    assert (found.lines, found.questions) == ([], [])


def test_closed_seats_need_nobody():
    assert [one.enterprise for one in named(line(kind="closure")).lines] == [None]


def test_names_are_compared_without_width_signs_and_the_form_of_the_firm():
    assert normalised("ＡＢＣ（内江）有限公司") == normalised("abc(内江)") == "abc内江"
