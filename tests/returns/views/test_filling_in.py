"""What helps to fill in: parts by person, nothing to report, news of others, the checks."""

import pytest
from django.urls import reverse

from returns.checks import RULES
from returns.figures import FIGURES, Part
from returns.models import PartAssignment
from tests.desk import Desk, text_of
from tests.factories.returns import submit
from tests.factories.tenants import make_member
from tests.returns.views.conftest import fill, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def colleague(enterprise):
    return Desk(make_member(enterprise, is_manager=False, name="陈蓉"))


@pytest.fixture
def accountant(enterprise):
    return Desk(make_member(enterprise, is_manager=False, name="赵敏"))


class TestParts:
    def test_the_manager_settles_who_fills_in_what(self, firm, colleague, accountant, enterprise):
        firm.post(
            "returns:part-assign",
            enterprise.pk,
            money=accountant.user.pk,
            people=colleague.user.pk,
        )

        assert dict(PartAssignment.objects.values_list("part", "user")) == {
            "money": accountant.user.pk,
            "people": colleague.user.pk,
        }

    def test_nobody_in_particular_takes_it_back(self, firm, colleague, enterprise):
        firm.post("returns:part-assign", enterprise.pk, money="", people=colleague.user.pk)
        firm.post("returns:part-assign", enterprise.pk, money="", people="")

        assert not PartAssignment.objects.exists()

    def test_only_people_of_the_enterprise_can_be_chosen(self, firm, stranger, enterprise):
        page = firm.post("returns:part-assign", enterprise.pk, money=stranger.user.pk)

        assert "money" in page.context["form"].errors
        assert stranger.user.name not in page.content.decode()

    def test_what_somebody_else_fills_in_is_only_read(
        self, firm, colleague, accountant, enterprise, draft
    ):
        firm.post("returns:part-assign", enterprise.pk, money="", people=colleague.user.pk)

        page = accountant.get("returns:return-edit", draft.pk)

        fields = page.context["sheet"].form.fields
        disabled = {name for name in FIGURES if fields[name].disabled}
        assert disabled == {name for name, one in FIGURES.items() if one.part == Part.PEOPLE}
        assert "陈蓉 fills this in" in text_of(page)
        assert "People: 陈蓉 fills it in." in text_of(page)

    def test_what_is_sent_for_it_all_the_same_is_not_saved(
        self, firm, colleague, accountant, enterprise, draft
    ):
        sent = shown(accountant.get("returns:return-edit", draft.pk))
        firm.post("returns:part-assign", enterprise.pk, money="", people=colleague.user.pk)

        accountant.autosave(
            "returns:return-edit", draft.pk, **sent | {"joined": "9", "revenue": "2"}
        )

        draft.refresh_from_db()
        assert (draft.joined, draft.revenue) == (None, 20_000)

    def test_lines_belong_to_the_money(self, firm, colleague, accountant, enterprise, draft):
        firm.post("returns:part-assign", enterprise.pk, money=accountant.user.pk, people="")

        fill(colleague, draft, go="add-class", add_class="BPO-2-3")

        assert not draft.classes.exists()
        assert (
            'id="add-class"' not in colleague.get("returns:return-edit", draft.pk).content.decode()
        )

    def test_managers_and_the_park_fill_in_everything(
        self, firm, park, colleague, enterprise, draft
    ):
        firm.post("returns:part-assign", enterprise.pk, money="", people=colleague.user.pk)

        for desk, joined in ((firm, 3), (park, 4)):
            fill(desk, draft, joined=str(joined))
            draft.refresh_from_db()
            assert draft.joined == joined


class TestNews:
    def news(self, desk, row, version):
        return desk.get("returns:return-news", row.pk, version=version)

    def test_says_nothing_while_nobody_saves(self, firm, draft):
        answer = self.news(firm, draft, draft.version)

        assert (answer.status_code, answer.content) == (204, b"")
        assert "HX-Trigger" not in answer.headers

    def test_says_that_somebody_saved(self, firm, colleague, draft):
        fill(colleague, draft, joined="4")

        assert self.news(firm, draft, draft.version).headers["HX-Trigger"] == "others-saved"

    def test_what_they_saved_comes_without_a_word_typed_and_nothing_typed_is_lost(
        self, firm, colleague, draft
    ):
        sent = shown(firm.get("returns:return-edit", draft.pk))
        fill(colleague, draft, joined="4", left="1")

        page = firm.autosave("returns:return-edit", draft.pk, **sent | {"revenue": "98,75"})

        html = page.content.decode()
        assert 'name="joined" value="4"' in html
        assert 'name="revenue"' not in html, "what is typed there stays"
        assert "陈蓉 saved this at 10:00:00" in text_of(page)
        draft.refresh_from_db()
        assert (draft.joined, draft.left) == (4, 1)

    def test_says_when_it_was_submitted_and_asks_no_more(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        answer = self.news(firm, draft, draft.version)

        assert answer.status_code == 286  # for htmx: do not ask again
        assert "This return is “Submitted” now" in text_of(answer)
        assert answer.headers["HX-Retarget"] == "#messages"

    def test_takes_few_queries(self, firm, draft, counted):
        assert counted(lambda: self.news(firm, draft, draft.version)) <= 5


class TestNothingToReport:
    def test_shows_exactly_what_is_submitted_then_asks_to_sign(self, firm, draft):
        page = firm.get("returns:return-nil", draft.pk)
        said = {
            row.label: row.text for _section, rows in page.context["nil"].sections for row in rows
        }

        answer = firm.post("returns:return-nil", draft.pk, version=draft.version)

        draft.refresh_from_db()
        assert answer.url == reverse("returns:return-submit", args=[draft.pk])
        assert draft.is_nil
        assert (draft.revenue, draft.opening, draft.headcount) == (0, 505, 505)
        assert said["Revenue of the month"] == "0.00"
        assert said["Staff at the end of the month"] == "505"
        assert "Average pay" not in said, "nothing is said of it"
        assert "Nil return" in text_of(firm.follow(answer.url))

    def test_says_what_was_typed_and_would_be_gone(self, firm, draft):
        fill(firm, draft, revenue="2,000", go="add-class", add_class="BPO-2-3")
        fill(firm, draft, **{"class:BPO-2-3:contracts": "4"})

        page = firm.get("returns:return-nil", draft.pk)

        assert [(one.label, one.text) for one in page.context["nil"].replaced] == [
            ("Revenue of the month", "2,000.00"),
            ("Customer service and call centres: Contracts signed", "4"),
        ]
        draft.refresh_from_db()
        assert draft.revenue == 20_000_000, "looking changes nothing"

    def test_a_draft_that_changed_meanwhile_is_looked_at_first(self, firm, draft):
        seen = draft.version
        fill(firm, draft, revenue="2,000")

        page = firm.post("returns:return-nil", draft.pk, version=seen)

        assert "Somebody changed this while you were working on it." in text_of(page)
        draft.refresh_from_db()
        assert not draft.is_nil

    def test_who_fills_in_only_a_part_may_not(self, firm, colleague, enterprise, draft):
        firm.post("returns:part-assign", enterprise.pk, money=firm.user.pk, people="")

        page = colleague.post("returns:return-nil", draft.pk, version=draft.version)

        assert "孙丽 fills in this part: Money." in text_of(page)

    def test_is_a_nil_return_no_more_where_something_happened(self, firm, draft):
        firm.post("returns:return-nil", draft.pk, version=draft.version)

        fill(firm, draft, joined="1", headcount="506")

        draft.refresh_from_db()
        assert not draft.is_nil

    def test_one_that_was_submitted_is_left_alone(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        answer = firm.get("returns:return-nil", draft.pk)

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])


class TestChecks:
    def test_lists_every_check_with_its_threshold(self, firm):
        page = firm.get("returns:check-list")

        text = text_of(page)
        assert f"{len(RULES)} checks of every return" in text
        for rule in RULES.values():
            assert f"{rule.code} {rule.says}" in text
        assert "change on last month that is asked about, %: 30" in text
