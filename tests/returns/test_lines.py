"""Classes and markets of a return: written line by line, frozen with each revision."""

from decimal import Decimal
from functools import partial

import pytest
from django.db.utils import DatabaseError

from returns.content import Content, in_yuan
from returns.models import MonthlyReturn, ReturnRevision, RevisionClass, RevisionMarket
from returns.services import save_draft
from tests.conftest import NOW
from tests.factories.returns import make_return, submit
from tests.returns.conftest import fields_of
from tests.together import together
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

VOICE, DATA, CODE = "BPO-2-3", "BPO-2-1", "ITO-1-1"
HONG_KONG = ("HKG", "HKD")


@pytest.fixture
def save(operator):
    """Write into a draft and give all that it says then."""

    def run(row, figures=None, **more):
        save_draft(return_id=row.pk, figures=figures or {}, now=NOW, acting_user=operator, **more)
        return Content.of(MonthlyReturn.objects.get(pk=row.pk))

    return run


def whole(save, row):
    """Work for 900 元, 300 of it offshore: 300.30 HKD."""
    figures = {"contracts": 2, "contract_value": 1000, "executed_value": 900}
    figures |= {"offshore_executed_value": 300, "onshore_executed_value": 600}
    voice = {"contracts": 2, "contract_value": 1000, "executed_value": 500}
    data = {"executed_value": 400, "offshore_executed_value": 300}
    line = {"rate": Decimal("0.999"), "executed_amount": Decimal("300.30")}
    return save(row, figures, classes={VOICE: voice, DATA: data}, markets={HONG_KONG: line})


class TestWriting:
    def test_what_is_not_named_stays(self, save):
        row = make_return()
        save(row, classes={VOICE: {"executed_value": 500, "contracts": 1}})

        said = save(row, classes={VOICE: {"executed_value": 600}, DATA: {"contracts": 3}})

        assert said.classes[VOICE]["executed_value"] == 600
        assert said.classes[VOICE]["contracts"] == 1
        assert said.classes[DATA]["contracts"] == 3
        assert said.classes[DATA]["executed_value"] is None

    def test_a_line_is_taken_out_by_none_and_by_replacing(self, save):
        row = make_return()
        save(row, classes={VOICE: {}, DATA: {}, CODE: {}}, markets={HONG_KONG: {}})

        assert list(save(row, classes={DATA: None}).classes) == [VOICE, CODE]
        assert list(save(row, classes={DATA: {}}, replacing=["classes"]).classes) == [DATA]
        assert save(row).markets
        assert not save(row, replacing=["markets"]).markets

    def test_one_region_in_two_currencies_is_two_lines(self, save):
        said = save(make_return(), markets={HONG_KONG: {"rate": 1}, ("HKG", "USD"): {"rate": 7}})

        assert [line["rate"] for line in said.markets.values()] == [1, 7]
        said = save(
            MonthlyReturn.objects.get(), markets={("HKG", "USD"): {}}, replacing=["markets"]
        )
        assert list(said.markets) == [("HKG", "USD")]

    @pytest.mark.parametrize(
        ("lines", "field"),
        [
            ({"classes": {"BPO-2": {}}}, "class:BPO-2"),
            ({"classes": {"BPO": {}}}, "class:BPO"),
            ({"classes": {"BPO-2-99": {}}}, "class:BPO-2-99"),
            ({"classes": {"": {}}}, "class:"),
            ({"classes": {VOICE: {"revenue": 1}}}, f"class:{VOICE}:revenue"),
            ({"classes": {VOICE: {"contracts": -1}}}, f"class:{VOICE}:contracts"),
            ({"classes": {VOICE: {"executed_value": -1}}}, f"class:{VOICE}:executed_value"),
            (
                {"classes": {VOICE: {"executed_value": Decimal("0.001")}}},
                f"class:{VOICE}:executed_value",
            ),
            ({"classes": {VOICE: {"rate": -1}}}, f"class:{VOICE}:rate"),
            ({"markets": {("CHN", "CNY"): {}}}, "market:CHN.CNY"),
            ({"markets": {("XXX", "USD"): {}}}, "market:XXX.USD"),
            ({"markets": {("USA", "XXX"): {}}}, "market:USA.XXX"),
            ({"markets": {HONG_KONG: {"rate": 0}}}, "market:HKG.HKD:rate"),
            ({"markets": {HONG_KONG: {"rate": Decimal("0.0000001")}}}, "market:HKG.HKD:rate"),
            ({"markets": {HONG_KONG: {"rate": Decimal("NaN")}}}, "market:HKG.HKD:rate"),
            ({"markets": {HONG_KONG: {"executed_amount": -5}}}, "market:HKG.HKD:executed_amount"),
        ],
    )
    def test_what_no_list_of_the_month_holds_is_refused_by_its_cell(self, save, lines, field):
        with pytest.raises(Invalid) as refusal:
            save(make_return(), **lines)

        assert fields_of(refusal) == [field]

    @pytest.mark.parametrize(
        ("notes", "field"),
        [
            ({"V99:revenue": "x"}, "V99:revenue"),
            ({"revenue": "x"}, "revenue"),
            ({"V6:profit": "x"}, "V6:profit"),
            ({"V6": "x"}, "V6"),
            ({"V2:class:" + 61 * "x": "x"}, "V2:class:" + 61 * "x"),
            ({"V6:revenue": 301 * "字"}, "V6:revenue"),
        ],
    )
    def test_notes_are_on_a_check_and_a_cell(self, save, notes, field):
        with pytest.raises(Invalid) as refusal:
            save(make_return(), notes=notes)

        assert fields_of(refusal) == [field]

    def test_notes_stay_until_they_are_emptied(self, save):
        row = make_return()
        save(row, notes={"V6:revenue": " 新项目 ", "V2:class:": "x"})

        assert save(row, notes={"V2:class:": " "}).notes == {"V6:revenue": "新项目"}


class TestReversals:
    def test_of_a_class_need_the_reason_with_them(self, save):
        row = make_return()
        lines = {VOICE: {"executed_value": -5}, DATA: {"executed_value": 5}}
        said = save(row, {"reversal_reason": "冲减上月多计"}, classes=lines)

        assert said.classes[VOICE]["executed_value"] == -5

    def test_whose_reason_is_taken_away_cannot_be_submitted(self, save):
        """The figures themselves are right: only the line is below nought."""
        row = make_return()
        lines = {VOICE: {"executed_value": -5}, DATA: {"executed_value": 5}}
        save(row, {"reversal_reason": "冲减", "executed_value": 0}, classes=lines)
        save(row, {"reversal_reason": ""})

        with pytest.raises(Invalid) as refusal:
            submit(row)
        assert fields_of(refusal) == [f"class:{VOICE}:executed_value"]

        save(row, {"reversal_reason": "冲减上月多计"})
        assert submit(row).revisions.get().reversal_reason == "冲减上月多计"

    @pytest.mark.parametrize("name", ["revenue", "taxes", "contract_value"])
    def test_of_a_figure_too(self, save, name):
        row = make_return()
        with pytest.raises(Invalid) as refusal:
            save(row, {name: -1})
        assert fields_of(refusal) == [name]
        said = save(row, {name: -1, "reversal_reason": "冲减"})
        assert said[name] == -1


class TestFrozen:
    def test_lines_are_those_of_the_draft_when_it_was_submitted(self, save):
        row = make_return()
        submitted = whole(save, row)
        submit(row)

        assert Content.of(ReturnRevision.objects.get()) == submitted

    def test_a_correction_leaves_the_first_revision_as_it_was(self, save, take):
        row = make_return()
        first = whole(save, row)
        submit(row)
        take("correct", row)
        save(row, {"contracts": 3}, classes={VOICE: {"contracts": 3}})
        submit(row, reason="漏报一份")

        one, two = ReturnRevision.objects.order_by("number")
        assert Content.of(one) == first
        assert Content.of(two).classes[VOICE]["contracts"] == 3
        assert two.catalogue == one.catalogue == "2024/2024/2006/2024"

    @pytest.mark.parametrize("model", [RevisionClass, RevisionMarket])
    @pytest.mark.parametrize("way", ["update", "delete"])
    def test_the_database_refuses_any_change(self, save, model, way):
        row = make_return()
        whole(save, row)
        submit(row)
        changed = "rate" if model is RevisionMarket else "executed_value"
        rows = model.objects.all()
        ways = {
            "update": partial(rows.update, **{changed: 2}),
            "delete": partial(rows._raw_delete, "default"),
        }

        with pytest.raises(DatabaseError, match="Cannot update or delete"):
            ways[way]()


def test_yuan_are_rounded_to_fen():
    assert in_yuan({"rate": Decimal("7.1234"), "a": Decimal("0.07")}, "a") == Decimal("0.50")
    assert in_yuan({"rate": Decimal("0.05"), "a": Decimal("0.1")}, "a") == Decimal("0.01")
    assert in_yuan({"rate": None, "a": Decimal(5)}, "a") == 0
    assert in_yuan({"rate": Decimal(5), "a": None}, "a") == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_on_different_lines_both_keep_theirs(self, operator):
        row = make_return()
        saving = [
            partial(save_draft, return_id=row.pk, figures={}, now=NOW, acting_user=operator, **more)
            for more in (
                {"classes": {VOICE: {"contracts": 1}}},
                {"classes": {DATA: {"contracts": 2}}, "notes": {"V6:revenue": "甲"}},
                {"markets": {HONG_KONG: {"rate": 1}}, "notes": {"V6:headcount": "乙"}},
            )
        ]

        results = together(*saving)

        assert all(isinstance(result, MonthlyReturn) for result in results), results
        said = Content.of(MonthlyReturn.objects.get())
        assert {code: line["contracts"] for code, line in said.classes.items()} == {
            VOICE: 1,
            DATA: 2,
        }
        assert list(said.markets) == [HONG_KONG]
        assert said.notes == {"V6:revenue": "甲", "V6:headcount": "乙"}

    def test_of_sixteen_who_saw_the_same_one_saves_and_nothing_is_mixed(self, operator):
        row = make_return()
        saving = [
            partial(
                save_draft,
                return_id=row.pk,
                figures={"joined": number},
                classes={VOICE: {"contracts": number}, DATA: {"contracts": number}},
                replacing=["classes"],
                now=NOW,
                acting_user=operator,
                expected_version=1,
            )
            for number in range(1, 17)
        ]

        results = together(*saving)

        assert sorted(type(result).__name__ for result in results) == ["MonthlyReturn"] + (
            15 * [Stale.__name__]
        )
        (winner,) = [result for result in results if isinstance(result, MonthlyReturn)]
        said = Content.of(MonthlyReturn.objects.get())
        assert {line["contracts"] for line in said.classes.values()} == {winner.joined}
        assert said["joined"] == winner.joined

    def test_sixteen_who_do_not_look_all_save_one_after_the_other(self, operator):
        row = make_return()
        leaves = ["BPO-2-1", "BPO-2-2", "BPO-2-3", "BPO-2-4"]
        saving = [
            partial(
                save_draft,
                return_id=row.pk,
                figures={},
                classes={leaves[number % 4]: {"contracts": number}},
                now=NOW,
                acting_user=operator,
            )
            for number in range(16)
        ]

        results = together(*saving)

        assert not [result for result in results if isinstance(result, Exception)]
        row.refresh_from_db()
        assert row.version == 17
        assert row.classes.count() == 4
