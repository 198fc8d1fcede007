"""Every check V0–V18 against the same rule on paper (paper_rules.py), on random returns."""

from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.models import Setting
from returns.checks import RULES, findings
from returns.checks.rules import Thresholds
from tests.returns.paper_rules import HARD, LIMITS, Paper, blocking, verdicts
from tests.returns.random_papers import LIMIT_NAMES, case_of_paper, random_paper

BY_OTHER_MEANS = {"V14"}  # a closed month: refused by the services


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), explains=st.booleans())
def test_the_verdict_is_that_on_paper(seed, explains):
    paper = random_paper(Random(seed))  # noqa: S311 - not a secret
    notes = {f"{code}:{place}": "已核对" for code, place in verdicts(paper)} if explains else {}

    found = findings(case_of_paper(paper, notes))

    assert {(one.rule.code, one.place) for one in found.findings} == verdicts(paper)
    assert {(one.rule.code, one.place) for one in found.blocking} == blocking(paper, notes)
    wanting = {(code, place) for code, place in verdicts(paper) if code not in HARD - {"V12"}}
    assert {(one.rule.code, one.place) for one in found.unexplained} == (
        set() if explains else wanting
    )


def test_random_returns_meet_every_rule_and_are_often_right():
    """Else the test above would prove little."""
    met = Counter()
    for seed in range(3000):
        objections = verdicts(random_paper(Random(seed)))  # noqa: S311
        met.update({code for code, _place in objections} or {"none"})
    assert {code for code, count in met.items() if count >= 20} == {
        *(RULES.keys() - BY_OTHER_MEANS),
        "none",
    }


def test_rules_are_the_park_s_and_hard_as_it_says():
    assert list(RULES) == [f"V{number}" for number in range(19)]
    hard = {code for code, rule in RULES.items() if rule.is_hard}
    assert hard == HARD | BY_OTHER_MEANS
    assert [code for code, rule in RULES.items() if rule.yields] == ["V12"]


def quiet_paper(**said):
    """A return of 100 people that nobody would object to."""
    usual = {"revenue": Decimal(1000), "headcount": 100, "opening": 100, "joined": 0, "left": 0}
    money = {name: Decimal(said[name]) for name in ("revenue", "taxes") if said.get(name)}
    paper = Paper({**usual, **said, **money})
    paper.before = {1: {"revenue": Decimal(1000), "headcount": 100, "executed_value": Decimal(9)}}
    paper.seats, paper.park_per_head = 100, Decimal(10)
    return paper


AT_THE_THRESHOLD = [
    # what is said, the rule that just does not object, and the one more that makes it
    ({"revenue": 1300}, "V6", {"revenue": 1301}, {"change": 31}),
    ({"revenue": 700}, "V6", {"revenue": 699}, {"change": 31}),
    ({"revenue": 300}, "V7", {"revenue": 299}, {"low": 29}),
    ({"revenue": 10_000}, "V7", {"revenue": 10_001}, {"high": 1001}),
    ({"taxes": 250}, "V10", {"taxes": 251}, {"taxes": 26}),
    ({"insured": 60}, "V15", {"insured": 59}, {"insured": 59}),
    ({"revenue": 50_000}, "V12", {"revenue": 50_001}, {"unit": 51}),
]


class TestThresholds:
    @pytest.mark.parametrize(("said", "code", "more", "wider"), AT_THE_THRESHOLD)
    def test_the_threshold_itself_is_no_surprise(self, said, code, more, wider):
        def codes(paper):
            return {one.rule.code for one in findings(case_of_paper(paper, {})).findings}

        assert code not in codes(quiet_paper(**said))
        assert code in codes(quiet_paper(**{**said, **more}))
        asked = quiet_paper(**{**said, **more})
        asked.limits = {**LIMITS, **wider}
        assert code not in codes(asked)

    @pytest.mark.django_db
    def test_are_settings_that_the_park_changes(self):
        assert {Thresholds.load()[name] for name in LIMIT_NAMES.values()} == set(LIMITS.values())
        for number, name in enumerate(LIMIT_NAMES.values(), start=11):
            Setting.objects.create(name=name, value=number)

        loaded = Thresholds.load()

        assert [loaded[name] for name in LIMIT_NAMES.values()] == [11, 12, 13, 14, 15, 16]

    def test_of_every_rule_are_named_by_it(self):
        named = {name for rule in RULES.values() for name in rule.thresholds}
        assert named == set(LIMIT_NAMES.values())


class TestNotes:
    def test_a_note_explains_the_unit_guard_and_lets_it_pass(self):
        paper = quiet_paper(revenue=50_001)
        doubted = findings(case_of_paper(paper, {}))
        assert [(one.key, one.blocks) for one in doubted.findings] == [("V12:revenue", True)]
        assert doubted.findings[0].instead == 5

        explained = findings(case_of_paper(paper, {"V12:revenue": "一次性项目结算"}))

        assert not explained.blocking
        assert not explained.unexplained
        assert explained.findings[0].note == "一次性项目结算"

    def test_a_large_contract_is_asked_about_and_never_kept_back(self):
        """A framework contract of years stands beside months of small ones."""
        paper = quiet_paper(contract_value=Decimal(500_001), contracts=1)
        paper.classes = {"BPO-2-3": {"contract_value": Decimal(500_001), "contracts": 1}}
        paper.before[1] = {**paper.before[1], "contract_value": Decimal(10_000)}

        found = findings(case_of_paper(paper, {}))

        assert [one.key for one in found.unexplained] == ["V12:contract_value"]
        assert found.unexplained[0].instead == Decimal("50.00")
        assert not found.blocking
        explained = findings(case_of_paper(paper, {"V12:contract_value": "三年框架合同"}))
        assert not explained.unexplained

    def test_a_note_of_blanks_or_on_another_figure_explains_nothing(self):
        for notes in ({"V12:taxes": "一次性"}, {"V12:revenue": ""}, {"V6:revenue": "一次性"}):
            assert findings(case_of_paper(quiet_paper(revenue=50_001), notes)).blocking

    def test_no_note_lets_a_hard_rule_pass(self):
        paper = quiet_paper(headcount=101)
        notes = {"V5:headcount": "就是这样"}
        assert [one.key for one in findings(case_of_paper(paper, notes)).blocking] == [
            "V5:headcount"
        ]


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ({"revenue": None}, "请填写", "Please fill this in"),
        ({"revenue": 1301}, "比上月多 30.1%", "30.1% more than last month"),
        ({"revenue": 50_001}, "50 倍", "50 times the median"),
        ({"headcount": 101}, "100 + 0 − 0 = 100", "100 + 0 − 0 = 100, not 101"),
        ({"taxes": 251}, "营业收入的 25%", "More than 25% of the revenue"),
        ({"insured": 59}, "从业人员的 60%", "Fewer than 60% of the staff"),
        ({"peak_seats": 101}, "当月签约席位最多 100", "At most 100 seats"),
        ({"local": 40}, "还差 60", "add up to 100; 60 are missing"),
        ({"internal_settlement": 5}, "成本中心", "Only a cost centre"),
    ],
    ids=["V0", "V6", "V12", "V5", "V10", "V15", "V8", "V4", "V18"],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_says_what_is_wrong_in_words(said, zh, en, language):
    with translation.override(language):
        messages = [
            one.message for one in findings(case_of_paper(quiet_paper(**said), {})).findings
        ]

    assert any((zh if language == "zh-hans" else en) in message for message in messages), messages
