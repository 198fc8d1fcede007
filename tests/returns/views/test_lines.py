"""Classes of services and markets on the form: added, filled in, summed, taken out."""

from decimal import Decimal

import pytest

from returns.services import save_draft, set_rate
from tests.desk import Desk, text_of
from tests.factories.returns import JANUARY
from tests.factories.tenants import make_member
from tests.returns.views.conftest import carried, fill, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SOFTWARE, CENTRES = "class:ITO-1-1", "class:BPO-2-3"


def amounts(row):
    """What the draft says of each class: contracts, contract value, executed value, offshore."""
    return {
        line.service_class: (
            *(line.contracts, line.contract_value),
            *(line.executed_value, line.offshore_executed_value),
        )
        for line in row.classes.all()
    }


def add(desk, row, code="ITO-1-1", **typed):
    return fill(desk, row, go="add-class", add_class=code, **typed)


class TestClasses:
    def test_one_is_added_and_nothing_that_was_typed_is_lost(self, firm, draft):
        page = add(firm, draft, revenue="98,75", joined="12")

        draft.refresh_from_db()
        assert amounts(draft) == {"ITO-1-1": (None, None, None, None)}
        assert draft.joined == 12
        assert 'value="98,75"' in page.content.decode()
        assert "Software development" in text_of(page)

    def test_leads_back_to_the_table(self, firm, draft):
        assert add(firm, draft).url.endswith(f"/returns/{draft.pk}/edit/#classes")

    def test_its_figures_are_typed_in_ten_thousand_yuan(self, firm, draft):
        add(firm, draft)

        fill(
            firm,
            draft,
            **{
                f"{SOFTWARE}:contracts": "２",
                f"{SOFTWARE}:contract_value": "1,180.5",
                f"{SOFTWARE}:executed_value": "620",
                f"{SOFTWARE}:offshore_executed_value": "0",
            },
        )

        assert amounts(draft) == {"ITO-1-1": (2, Decimal(11_805_000), Decimal(6_200_000), 0)}

    def test_sums_are_set_against_the_figures_above(self, firm, draft):
        add(firm, draft)
        add(firm, draft, "BPO-2-3", executed_value="1,902")
        typed = {f"{SOFTWARE}:executed_value": "1180", f"{CENTRES}:executed_value": "710"}

        page = firm.follow(fill(firm, draft, **typed).url)

        table = page.context["sheet"].classes
        executed = [row.amounts[2] for row in table.sums]
        assert [amount for _label, amount, _off in executed] == [
            *("1,180.00", "710.00", "0.00"),  # ITO, BPO, KPO
            "1,890.00",
        ]
        assert [is_off for _label, _amount, is_off in executed] == [False, False, False, True]
        [said] = page.context["sheet"].places["class"].notices
        assert said.message == "Executed value: the classes add up to 1,890.00. 12.00 short."
        assert said.blocks

    def test_the_sums_are_taken_over_and_what_follows_follows(self, firm, draft):
        add(firm, draft)
        typed = {
            f"{SOFTWARE}:contracts": "3",
            f"{SOFTWARE}:contract_value": "90",
            f"{SOFTWARE}:executed_value": "80",
            f"{SOFTWARE}:offshore_executed_value": "30",
        }

        fill(firm, draft, go="sum-classes", **typed)

        draft.refresh_from_db()
        assert (draft.contracts, draft.contract_value) == (3, Decimal(900_000))
        assert (draft.executed_value, draft.offshore_executed_value) == (800_000, 300_000)
        assert draft.onshore_executed_value == 500_000

    def test_one_is_taken_out(self, firm, draft):
        add(firm, draft)
        add(firm, draft, "BPO-2-3")

        fill(firm, draft, remove=SOFTWARE)

        assert list(amounts(draft)) == ["BPO-2-3"]

    @pytest.mark.parametrize("code", ["", "ITO-1", "XXX", "class:ITO-1-1"])
    def test_what_is_no_class_at_the_end_of_the_tree_is_not_added(self, firm, draft, code):
        page = add(firm, draft, code)

        assert "Choose from the list what is to be added." in text_of(page)
        assert amounts(draft) == {}

    def test_a_line_of_another_return_cannot_be_smuggled_in(self, firm, draft):
        sent = shown(firm.get("returns:return-edit", draft.pk))

        firm.post(
            "returns:return-edit",
            draft.pk,
            **{**sent, "line": ["class:NO-SUCH", "junk"], "class:NO-SUCH:contracts": "1"},
        )

        assert amounts(draft) == {}

    def test_errors_name_the_entry_and_lose_nothing(self, firm, draft):
        add(firm, draft)

        page = fill(
            firm, draft, **{f"{SOFTWARE}:contracts": "-1", f"{SOFTWARE}:executed_value": "1"}
        )

        assert page.context["sheet"].places[SOFTWARE].errors == [
            "Software development: Contracts signed: This can't be negative."
        ]
        assert amounts(draft)["ITO-1-1"][2] == 10_000

    def test_the_usual_ones_are_the_first_that_are_offered(self, firm, draft):
        choices = firm.get("returns:return-edit", draft.pk).context["sheet"].classes.choices

        usual = ["BPO-2-3", "BPO-2-1", "BPO-2-5", "ITO-2-1", "ITO-2-3", "BPO-1-1", "ITO-1-1"]
        assert [entry.code for entry in choices[0].entries] == usual
        assert choices[1].label == "ITO · IT research and development"
        leaves = [entry.code for choice in choices[1:] for entry in choice.entries]
        assert "BPO-3" in leaves, "a class of the second level that holds no others"
        assert "ITO-1" not in leaves


class TestMarkets:
    @pytest.fixture
    def offshore(self, firm, draft, operator):
        set_rate(
            month=JANUARY,
            currency="USD",
            rate=Decimal("7.1039"),
            source="中国外汇交易中心",
            acting_user=operator,
        )
        fill(firm, draft, offshore_executed_value="21.31")
        return draft

    def add(self, desk, row, market="HKG", currency="USD", **typed):
        chosen = {"add_market": market, "add_currency": currency}
        return fill(desk, row, go="add-market", **chosen, **typed)

    def test_are_asked_only_where_something_is_offshore(self, firm, draft):
        head = "Offshore by country or region"
        assert head not in text_of(firm.get("returns:return-edit", draft.pk))

        fill(firm, draft, offshore_executed_value="1")

        assert head in text_of(firm.get("returns:return-edit", draft.pk))

    def test_begin_with_the_parks_rate_of_the_month(self, firm, offshore):
        self.add(firm, offshore)

        page = firm.get("returns:return-edit", offshore.pk)

        assert offshore.markets.get().rate == Decimal("7.1039")
        assert 'value="7.1039"' in page.content.decode()
        assert "Prefilled 中国外汇交易中心" in text_of(page)

    def test_say_their_amounts_in_yuan_too(self, firm, offshore):
        self.add(firm, offshore)

        answer = fill(firm, offshore, **{"market:HKG.USD:executed_amount": "3"})

        page = firm.follow(answer.url)
        assert offshore.markets.get().executed_amount == 30_000
        assert "= 21.31 (10,000 yuan)" in text_of(page)
        assert page.context["sheet"].places["market"].is_quiet

    def test_sums_that_differ_are_said_and_can_be_taken_over(self, firm, offshore):
        self.add(firm, offshore)
        page = firm.follow(fill(firm, offshore, **{"market:HKG.USD:executed_amount": "4"}).url)
        [said] = page.context["sheet"].places["market"].notices
        assert said.text == "7.11 too many."  # 4 x 7.1039 = 28.4156 to two decimals, less 21.31

        fill(firm, offshore, go="sum-markets")

        offshore.refresh_from_db()
        assert offshore.offshore_executed_value == Decimal("284156.00")

    def test_want_a_rate(self, firm, offshore):
        self.add(firm, offshore, "JPN", "JPY")

        page = firm.get("returns:return-edit", offshore.pk)

        [said] = page.context["sheet"].places["market:JPN.JPY"].notices
        assert said.title == "Give the rate."
        assert "The park has no rate for this month yet." in text_of(page)

    def test_are_countries_and_currencies_of_the_lists(self, firm, offshore):
        page = self.add(firm, offshore, "CHN", "XXX")

        assert "Choose from the list what is to be added." in text_of(page)


class TestTwoPeople:
    @pytest.fixture
    def colleague(self, enterprise):
        return Desk(make_member(enterprise, is_manager=False, name="陈蓉"))

    def test_a_line_that_somebody_adds_comes_to_the_other(self, firm, colleague, draft):
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        add(firm, draft, "BPO-2-3")

        page = colleague.autosave("returns:return-edit", draft.pk, **sent)

        assert f'name="line" value="{CENTRES}"' in page.content.decode()

    def test_a_line_that_somebody_takes_out_goes(self, firm, colleague, draft):
        add(firm, draft)
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, remove=SOFTWARE)

        page = colleague.autosave("returns:return-edit", draft.pk, **sent)

        assert SOFTWARE not in page.content.decode()
        assert amounts(draft) == {}

    def test_who_types_in_a_line_that_went_is_told_and_may_keep_it(self, firm, colleague, draft):
        add(firm, draft)
        fill(firm, draft, **{f"{SOFTWARE}:contracts": "3", f"{SOFTWARE}:executed_value": "5"})
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, remove=SOFTWARE)
        typed = sent | {f"{SOFTWARE}:contracts": "4"}

        page = colleague.autosave("returns:return-edit", draft.pk, **typed)
        assert "emptied this meanwhile, or took it out" in text_of(page)
        assert amounts(draft) == {}

        colleague.autosave("returns:return-edit", draft.pk, **typed | carried(page))
        assert amounts(draft) == {"ITO-1-1": (4, None, Decimal(50_000), None)}

    def test_two_cells_of_a_line_meet_without_a_clash(self, firm, colleague, draft):
        add(firm, draft)
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, **{f"{SOFTWARE}:contracts": "3"})

        page = colleague.autosave(
            "returns:return-edit", draft.pk, **sent | {f"{SOFTWARE}:executed_value": "5"}
        )

        assert amounts(draft) == {"ITO-1-1": (3, None, 50_000, None)}
        assert page.context["sheet"].form.clashes == []
        assert 'id="known-class:ITO-1-1:contracts"' in page.content.decode()
        assert "data-theirs" in page.content.decode()

    def test_two_values_of_a_cell_are_a_clash(self, firm, colleague, draft):
        add(firm, draft)
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, **{f"{SOFTWARE}:executed_value": "3"})

        page = colleague.autosave(
            "returns:return-edit", draft.pk, **sent | {f"{SOFTWARE}:executed_value": "5"}
        )

        assert amounts(draft)["ITO-1-1"][2] == 30_000
        assert "Executed value: somebody else saved 3.00 meanwhile." in text_of(page)

    def test_who_saves_at_the_very_moment_is_not_turned_away(
        self, firm, colleague, draft, monkeypatch, now
    ):
        """The row changes between reading it and writing it: it is read once more."""
        sent = shown(colleague.get("returns:return-edit", draft.pk))
        meanwhile = [{"joined": 7}]

        def save(**arguments):
            if meanwhile:
                figures = {"figures": meanwhile.pop(), "expected_version": None}
                save_draft(**{**arguments, **figures, "classes": {}, "markets": {}, "notes": {}})
            return save_draft(**arguments)

        monkeypatch.setattr("returns.forms.filling.services.save_draft", save)

        page = colleague.autosave("returns:return-edit", draft.pk, **sent | {"left": "2"})

        draft.refresh_from_db()
        assert (draft.joined, draft.left) == (7, 2)
        assert not page.context["sheet"].form.errors
