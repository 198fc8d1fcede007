"""The form of the whole return: where figures come from, notes, reversals, cost centres, sizes."""

import re
from decimal import Decimal

import pytest

from foundation.months import add_months
from returns.figures import FIGURES, Section
from returns.models import MonthlyReturn
from tests.desk import text_of
from tests.factories.returns import JANUARY, make_return, submit
from tests.returns.views.conftest import carried, fill, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

# 195 people more than at the end of last month, which is said of the people alone
GROWN = {"headcount": "700", "joined": "200", "left": "5", "revenue": "2,500"}


def said_at(page, place):
    return [one.title for one in page.context["sheet"].places[place].notices]


class TestPage:
    def test_has_an_entry_for_every_figure(self, firm, draft):
        html = firm.get("returns:return-edit", draft.pk).content.decode()

        assert set(FIGURES) <= set(re.findall(r'<input type="text" name="(\w+)"', html))
        for section in Section:
            assert f'id="{section.value}"' in html

    def test_says_no_question_twice_and_names_every_entry(self, firm, draft):
        html = firm.get("returns:return-edit", draft.pk).content.decode()

        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        described = {
            one for ids in re.findall(r'aria-describedby="([^"]+)"', html) for one in ids.split()
        }
        assert described - set(ids) == set()

    def test_takes_as_many_queries_for_a_long_return_as_for_a_short_one(
        self, firm, enterprise, draft, counted
    ):
        short = counted(lambda: firm.get("returns:return-edit", draft.pk))
        for code in ("BPO-2-3", "BPO-2-1", "ITO-1-1", "KPO-1-1"):
            fill(firm, draft, go="add-class", add_class=code, offshore_executed_value="1")
        for country in ("HKG", "JPN", "USA"):
            fill(firm, draft, go="add-market", add_market=country, add_currency="USD")
        for count in range(7, 13):
            submit(make_return(enterprise=enterprise, month=add_months(JANUARY, -count)))

        assert counted(lambda: firm.get("returns:return-edit", draft.pk)) <= short + 1  # rates
        assert short < 30

    def test_a_save_takes_few_queries(self, firm, draft, counted):
        sent = shown(firm.get("returns:return-edit", draft.pk))

        saved = counted(
            lambda: firm.autosave("returns:return-edit", draft.pk, **sent | {"joined": "1"})
        )

        assert saved < 45


class TestPrefilled:
    @pytest.fixture
    def begun(self, firm, history):
        firm.post("returns:return-create", month="2024-01")
        return MonthlyReturn.objects.get(month=JANUARY)

    def test_begins_with_what_is_known_and_says_from_where(self, firm, begun):
        page = firm.get("returns:return-edit", begun.pk)

        assert begun.opening == 505
        assert (
            "Staff at the start of the month people 504 people Prefilled last month's end"
            in text_of(page)
        )
        assert page.context["sheet"].prefilled == 1
        assert "1 of 32 figures are filled in beforehand" in text_of(page)

    def test_what_is_changed_is_prefilled_no_more(self, firm, begun):
        fill(firm, begun, opening="504")

        page = firm.get("returns:return-edit", begun.pk)
        assert page.context["sheet"].prefilled == 0
        assert said_at(page, "opening") == ["Last month ended with 505."]

    def test_the_staff_at_the_end_follows_until_somebody_types_it(self, firm, begun):
        fill(firm, begun, joined="221", left="23")
        begun.refresh_from_db()
        assert begun.headcount == 703
        assert "Prefilled 505 + 221 − 23" in text_of(firm.get("returns:return-edit", begun.pk))

        fill(firm, begun, joined="220")
        begun.refresh_from_db()
        assert begun.headcount == 702

        fill(firm, begun, headcount="700")
        fill(firm, begun, joined="221")
        begun.refresh_from_db()
        assert begun.headcount == 700

    def test_onshore_is_what_is_not_offshore(self, firm, begun):
        fill(firm, begun, executed_value="1,902", offshore_executed_value="2")

        begun.refresh_from_db()
        assert begun.onshore_executed_value == Decimal(19_000_000)


class TestNotes:
    def test_a_soft_finding_takes_a_sentence_and_counts_as_explained(self, firm, draft):
        page = firm.follow(fill(firm, draft, **GROWN).url)
        assert "1 to be explained" in text_of(page)
        assert 'name="note:V6:headcount"' in page.content.decode()

        fill(firm, draft, **{"note:V6:headcount": "春节后新开在线客服二期"})

        draft.refresh_from_db()
        page = firm.get("returns:return-edit", draft.pk)
        assert draft.notes == {"V6:headcount": "春节后新开在线客服二期"}
        assert "1 explained" in text_of(page)
        assert "to be explained" not in text_of(page)

    def test_the_unit_guard_yields_to_a_sentence(self, firm, draft):
        page = firm.follow(fill(firm, draft, revenue="21,600,000").url)
        assert page.context["sheet"].wrong == 1
        assert "The number is right: say why" in text_of(page)

        fill(firm, draft, **{"note:V12:revenue": "总部一次确认全年收入"})

        assert firm.get("returns:return-edit", draft.pk).context["sheet"].wrong == 0

    def test_one_that_is_too_long_stays_typed(self, firm, draft):
        fill(firm, draft, headcount="700")

        page = fill(firm, draft, left="1", **{"note:V6:headcount": "长" * 301})

        draft.refresh_from_db()
        assert (draft.notes, draft.left) == ({}, 1)
        assert "长" * 301 in page.content.decode()

    def test_a_note_on_what_is_no_check_is_not_kept(self, firm, draft):
        fill(firm, draft, left="1", **{"note:V99:revenue": "x", "note:": "y"})

        draft.refresh_from_db()
        assert (draft.notes, draft.left) == ({}, 1)

    def test_two_notes_on_one_finding_are_a_clash(self, firm, draft):
        fill(firm, draft, headcount="700")
        sent = shown(firm.get("returns:return-edit", draft.pk))
        fill(firm, draft, **{"note:V6:headcount": "一"})

        mine = {"note:V6:headcount": "二", "initial-note:V6:headcount": ""}
        page = firm.autosave("returns:return-edit", draft.pk, **sent | mine)

        draft.refresh_from_db()
        assert draft.notes == {"V6:headcount": "一"}
        assert "Reason: somebody else saved 一 meanwhile." in text_of(page)


class TestReversals:
    def test_a_negative_amount_wants_a_reason_and_the_rest_is_saved(self, firm, draft):
        page = fill(firm, draft, revenue="-5", left="4")

        draft.refresh_from_db()
        assert (draft.revenue, draft.left) == (None, 4)
        assert page.context["sheet"].places["revenue"].errors == [
            "Negative only as a reversal: give the reason for the reversal with it."
        ]
        assert said_at(page, "revenue") == []
        assert re.search(r'<details id="reversal"[^>]* open', page.content.decode())

    def test_with_its_reason_it_is_saved(self, firm, draft):
        fill(firm, draft, revenue="-5", reversal_reason="冲回上月误记")

        draft.refresh_from_db()
        assert (draft.revenue, draft.reversal_reason) == (-50_000, "冲回上月误记")

    def test_results_may_be_negative_without_one(self, firm, draft):
        fill(firm, draft, total_profit="-12.5")

        draft.refresh_from_db()
        assert draft.total_profit == -125_000
        html = firm.get("returns:return-edit", draft.pk).content.decode()
        assert re.search(r'<section class="x-sec" id="finance">.*?<details[^>]* open', html, re.S)


class TestCostCentre:
    def test_is_asked_for_its_settlement_and_nobody_else(self, firm, draft):
        html = firm.get("returns:return-edit", draft.pk).content.decode()
        entry = re.search(r'<input [^>]*name="internal_settlement"[^>]*>', html)[0]
        assert "readonly" in entry
        assert "Not a cost centre: nothing to fill in." in html

        fill(firm, draft, is_cost_centre="on")

        draft.refresh_from_db()
        assert draft.is_cost_centre
        html = firm.get("returns:return-edit", draft.pk).content.decode()
        entry = re.search(r'<input [^>]*name="internal_settlement"[^>]*>', html)[0]
        assert "readonly" not in entry

    def test_unticking_is_saved_too(self, firm, draft):
        fill(firm, draft, is_cost_centre="on")
        sent = carried(firm.get("returns:return-edit", draft.pk))

        firm.autosave("returns:return-edit", draft.pk, **sent)

        draft.refresh_from_db()
        assert not draft.is_cost_centre


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "typed", "error"),
        [
            ("revenue", "很多", "Type a number, for example 2,160.00."),
            ("revenue", "98,75", "Type a number, for example 2,160.00."),
            ("taxes", "1" * 30, "This number is too long."),
            ("taxes", "99999999999999", "Give an amount in yuan with at most two decimals"),
            ("taxes", "0.0000001", "At most 6 decimal places."),
            ("headcount", "99999999", "This is more people than a park can hold."),
            ("headcount", "-1", "This can't be negative."),
            ("insured", "1.5", "Type a whole number, for example 300."),
            ("average_pay", "-1", "This can't be negative."),
        ],
    )
    def test_is_said_beside_the_cell_and_stays_typed(self, firm, draft, name, typed, error):
        page = fill(firm, draft, left="4", **{name: typed})

        draft.refresh_from_db()
        assert draft.left == 4
        [said] = page.context["sheet"].places[name].errors
        assert error in said
        assert f'value="{typed}"' in page.content.decode()

    def test_a_check_that_was_asked_for_stays_until_it_is_mended(self, firm, draft):
        sent = shown(firm.get("returns:return-edit", draft.pk, check=1))
        assert 'name="check"' in firm.get("returns:return-edit", draft.pk, check=1).content.decode()

        page = firm.autosave("returns:return-edit", draft.pk, **sent | {"check": "1", "left": "1"})

        assert said_at(page, "revenue") == ["Please fill this in; 0 if there was none."]
