"""The whole return through the API: classes, markets and notes with the figures."""

from datetime import date

import pytest

from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES
from tenants.models import Tenancy
from tests.api.conftest import errors_of
from tests.api.contract import schema
from tests.factories.returns import make_return

pytestmark = pytest.mark.django_db

VOICE = {
    "service_class": "BPO-2-3",
    "contracts": 2,
    "contract_value": 1000.5,
    "executed_value": 500,
}
DATA = {"service_class": "BPO-2-1", "executed_value": 400, "offshore_executed_value": 300}
HONG_KONG = {"market": "HKG", "currency": "HKD", "rate": 0.912345, "executed_amount": 328.82}
WHOLE = {
    "month": "2024-01",
    "revenue": 1200.25,
    "headcount": 50,
    "taxes": 20,
    "average_pay": 5000,
    "contracts": 2,
    "contract_value": 1000.5,
    "executed_value": 900,
    "peak_seats": 0,
    "offshore_executed_value": 300,
    "onshore_executed_value": 600,
    "shifts": 2,
    "classes": [VOICE, DATA],
    "markets": [HONG_KONG],
    "notes": {"V9:executed_value": "合同在母公司"},
}


@pytest.fixture
def enterprise(enterprise):
    Tenancy.objects.create(enterprise=enterprise, period=(date(2021, 3, 1), None))
    return enterprise


@pytest.fixture
def draft(firm):
    return firm.post("returns/", WHOLE).json()


def without_nulls(lines):
    return [{name: value for name, value in line.items() if value is not None} for line in lines]


class TestWhole:
    def test_is_kept_as_it_was_given(self, firm, draft):
        assert {name: draft[name] for name in WHOLE if name not in {"classes", "markets"}} == {
            name: WHOLE[name] for name in WHOLE if name not in {"classes", "markets"}
        }
        assert without_nulls(draft["classes"]) == [DATA, VOICE]
        assert without_nulls(draft["markets"]) == [HONG_KONG]
        assert firm.get(f"returns/{draft['id']}/").json() == draft

    def test_is_frozen_when_it_is_submitted(self, firm, draft):
        filed = firm.post(f"returns/{draft['id']}/submit/", {"signer": "王芳"})

        assert filed.status_code == 200, filed.json()
        (revision,) = filed.json()["revisions"]
        for name in (*FIGURES, "classes", "markets", "notes", "is_nil", "is_cost_centre"):
            assert revision[name] == draft[name], name

    def test_says_every_figure_in_its_list(self, firm, draft):
        (row,) = firm.get("returns/").json()["results"]
        assert set(FIGURES) <= set(row)
        assert not {"classes", "markets", "notes"} & set(row)

    def test_what_hard_checks_find_is_said_by_cell(self, firm, draft):
        firm.patch(f"returns/{draft['id']}/", {"executed_value": 901, "markets": []})

        problem = firm.post(f"returns/{draft['id']}/submit/", {"signer": "王芳"})

        assert problem.status_code == 400
        fields = [error["field"] for error in problem.json()["errors"]]
        assert fields == ["onshore_executed_value", "class:", "market:"]


class TestChanges:
    def test_lines_that_are_given_replace_those_that_were(self, firm, draft):
        address = f"returns/{draft['id']}/"

        changed = firm.patch(address, {"classes": [{**DATA, "contracts": 5}]}).json()

        assert without_nulls(changed["classes"]) == [{**DATA, "contracts": 5}]
        assert changed["markets"] == draft["markets"]
        assert firm.patch(address, {"markets": []}).json()["markets"] == []
        assert without_nulls(firm.get(address).json()["classes"]) == [{**DATA, "contracts": 5}]

    def test_notes_are_one_by_one(self, firm, draft):
        address = f"returns/{draft['id']}/"
        both = firm.patch(address, {"notes": {"V6:revenue": "新项目"}}).json()["notes"]
        assert both == {**WHOLE["notes"], "V6:revenue": "新项目"}
        assert firm.patch(address, {"notes": {"V6:revenue": ""}}).json()["notes"] == WHOLE["notes"]

    def test_a_version_that_is_older_changes_nothing(self, firm, draft):
        address = f"returns/{draft['id']}/"
        assert firm.patch(address, {"classes": []}, If_Match='"7"').status_code == 412
        assert firm.get(address).json() == draft

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"classes": [{"service_class": "BPO-2-99"}]}, "class:BPO-2-99"),
            ({"classes": [{"service_class": "BPO"}]}, "class:BPO"),
            ({"classes": [VOICE, VOICE]}, "classes"),
            ({"classes": {"BPO-2-3": 5}}, "classes"),
            (
                {"classes": [{"service_class": "BPO-2-3", "contracts": -1}]},
                "class:BPO-2-3:contracts",
            ),
            ({"markets": [{"market": "CHN", "currency": "CNY"}]}, "market:CHN.CNY"),
            ({"markets": [{"market": "HKG", "currency": "XYZ"}]}, "market:HKG.XYZ"),
            ({"markets": [HONG_KONG, HONG_KONG]}, "markets"),
            ({"markets": [{**HONG_KONG, "rate": 0}]}, "market:HKG.HKD:rate"),
            ({"notes": {"V99:revenue": "x"}}, "V99:revenue"),
            ({"revenue": -1}, "revenue"),
            ({"is_nil": True}, "is_nil"),
        ],
    )
    def test_unknown_codes_and_impossible_figures_are_refused_by_name(
        self, firm, draft, change, field
    ):
        problem = firm.patch(f"returns/{draft['id']}/", change)

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]
        assert firm.get(f"returns/{draft['id']}/").json() == draft

    def test_a_reversal_comes_with_its_reason(self, firm, draft):
        address = f"returns/{draft['id']}/"
        reversal = {"revenue": -5.5, "reversal_reason": "冲减上月"}
        changed = firm.patch(address, reversal)
        assert (changed.status_code, changed.json()["revenue"]) == (200, -5.5)


class TestWhoAndWhen:
    def test_another_enterprise_s_is_not_there(self, firm, draft):
        other = make_return()
        for answer in (
            firm.get(f"returns/{other.pk}/"),
            firm.patch(f"returns/{other.pk}/", {"classes": [VOICE]}),
            firm.post(f"returns/{other.pk}/submit/", {"signer": "王芳"}),
        ):
            assert answer.status_code == 404
        assert not other.classes.exists()

    @pytest.mark.parametrize(
        ("month", "code"), [("2024-03", "invalid"), ("2021-02", "not_a_tenant")]
    )
    def test_a_month_to_come_or_long_gone_is_refused(self, firm, enterprise, month, code):
        problem = firm.post("returns/", {**WHOLE, "month": month})

        assert (problem.status_code, list(errors_of(problem))) == (400, ["month"])
        assert problem.json()["code"] == code


LINES = {"classes", "markets", "notes"}
CLASS, MARKET = {"service_class", *CLASS_MEASURES}, {"market", "currency", "rate", *MARKET_MEASURES}


@pytest.mark.parametrize(
    ("component", "names"),
    [
        ("Return", set(FIGURES)),
        ("ReturnDetail", {*FIGURES, *LINES, "revisions"}),
        ("Revision", {*FIGURES, *LINES, "signer"}),
        ("Class", CLASS),
        ("Market", MARKET),
        ("NewReturnRequest", {*FIGURES, *LINES, "enterprise", "month"}),
        ("PatchedFiguresRequest", {*FIGURES, *LINES, "is_cost_centre", "reversal_reason"}),
        ("ClassRequest", CLASS),
        ("MarketRequest", MARKET),
    ],
)
def test_the_schema_says_every_figure(component, names):
    assert names <= set(schema()["components"]["schemas"][component]["properties"])
