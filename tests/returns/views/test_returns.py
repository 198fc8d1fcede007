"""One return: its figures, its revisions, and what the park does with it."""

import pytest
from django.urls import reverse

from park.services import close_month
from returns import services
from returns.models import ReturnState
from tests.desk import text_of
from tests.factories.returns import JANUARY, submit
from tests.returns.views.conftest import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


class TestReturnDetail:
    def test_says_where_it_is_and_what_may_be_done(self, park, firm, draft):
        fill(firm, draft, revenue="2,160")
        submit(draft)

        text = text_of(park.get("returns:return-detail", draft.pk))
        assert "迈睿中国: return for January 2024, with the park for review" in text
        assert "Accept revision 1" in text
        assert "Send back with a question" in text
        assert "Revenue of the month 10,000 yuan 2,500.00 2,160.00 −13.6%" in text

        theirs = text_of(firm.get("returns:return-detail", draft.pk))
        assert "Accept" not in theirs.replace("Accepted", "")
        assert "Correct it" in theirs

    def test_shows_every_revision_and_what_it_changed(self, firm, draft, now):
        fill(firm, draft, revenue="2,160")
        submit(draft, signer="孙丽")
        services.correct_return(return_id=draft.pk, now=now, acting_user=firm.user)
        fill(firm, draft, revenue="2,200")
        submit(draft, signer="周婷", reason="补记一笔")

        text = text_of(firm.get("returns:return-detail", draft.pk))

        assert "Revision 2, signed by 周婷" in text
        assert "Reason: 补记一笔 Revenue of the month 2,160.00 → 2,200.00 10,000 yuan" in text
        assert "Revision 1, signed by 孙丽" in text
        assert "Rev. 2,200.00" in text

    def test_shows_everything_that_was_filed(self, firm, draft):
        fill(firm, draft, go="add-class", add_class="BPO-2-3", is_cost_centre="on")
        fill(firm, draft, go="add-market", add_market="HKG", add_currency="USD")
        fill(
            firm,
            draft,
            is_cost_centre="on",
            revenue="-3",
            internal_settlement="40",
            reversal_reason="退回多收的款",
            total_profit="-1.5",
            shifts="3",
            executed_value="7.1",
            offshore_executed_value="7.1",
            **{"class:BPO-2-3:executed_value": "7.1"},
            **{"class:BPO-2-3:offshore_executed_value": "7.1"},
            **{"market:HKG.USD:rate": "7.1", "market:HKG.USD:executed_amount": "1"},
            **{"note:V6:revenue": "改由母公司结算"},
        )
        submit(draft)

        text = text_of(firm.get("returns:return-detail", draft.pk))

        for said in [
            "Cost centre of another firm: what it settles is not revenue",
            "Reason for the reversal 退回多收的款",
            "Internal settlement 10,000 yuan – 40.00",
            "Shifts a day shifts – 3",
            "Total profits 10,000 yuan – −1.50",
            "Customer service and call centres BPO-2-3 – – 7.10 7.10",
            "US dollar USD 7.1 – = 0.00 (10,000 yuan) 1.00 = 7.10 (10,000 yuan)",
            "Reason: 改由母公司结算",
        ]:
            assert said in text

    def test_a_correction_names_every_cell(self, firm, draft, now):
        fill(firm, draft, go="add-class", add_class="BPO-2-3")
        typed = {"class:BPO-2-3:contracts": "2", "contracts": "2", "revenue": "2,160"}
        fill(firm, draft, **typed)
        submit(draft)
        services.correct_return(return_id=draft.pk, now=now, acting_user=firm.user)
        fill(firm, draft, remove="class:BPO-2-3", contracts="0")
        submit(draft, reason="合同未签")

        text = text_of(firm.get("returns:return-detail", draft.pk))

        assert "Contracts signed 2 → 0 contracts" in text
        assert "Customer service and call centres: Contracts signed 2 → – contracts" in text

    def test_asks_no_more_of_the_database_for_more_revisions(self, firm, draft, now, counted):
        fill(firm, draft, go="add-class", add_class="BPO-2-3", revenue="2,160")
        submit(draft)
        first = counted(lambda: firm.get("returns:return-detail", draft.pk))
        for _again in range(3):
            services.correct_return(return_id=draft.pk, now=now, acting_user=firm.user)
            submit(draft, reason="再看一遍")

        assert counted(lambda: firm.get("returns:return-detail", draft.pk)) <= first

    @pytest.mark.parametrize("page", ["edit", "submit"])
    def test_a_closed_month_leads_from_its_form_to_what_it_says(
        self, firm, draft, operator, now, today, page
    ):
        """By a link of a message or one that was kept: nobody types what cannot be saved."""
        close_month(month=draft.month, now=now, today=today, acting_user=operator)

        answer = firm.get(f"returns:return-{page}", draft.pk)

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])

    def test_a_closed_month_offers_nothing(self, park, draft, operator, now, today):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        text = text_of(park.get("returns:return-detail", draft.pk))

        assert "January 2024 is closed. To correct it, the park reopens it first." in text
        assert "Fill it in" not in text


class TestReview:
    @pytest.fixture
    def filed(self, firm, draft):
        fill(firm, draft, revenue="2,160")
        return submit(draft)

    def test_accepts(self, park, filed):
        answer = park.post("returns:return-accept", filed.pk, version=filed.version)

        filed.refresh_from_db()
        assert filed.state == ReturnState.ACCEPTED
        assert "was accepted" in text_of(park.follow(answer.url))

    def test_what_changed_meanwhile_is_not_accepted_unseen(self, park, firm, filed, now):
        seen = filed.version
        services.correct_return(return_id=filed.pk, now=now, acting_user=firm.user)
        fill(firm, filed, revenue="1")
        submit(filed, reason="错了")

        answer = park.post("returns:return-accept", filed.pk, version=seen)

        assert "Somebody changed this while you were working on it." in text_of(
            park.follow(answer.url)
        )
        filed.refresh_from_db()
        assert filed.state == ReturnState.SUBMITTED

    def test_sends_back_with_a_question_that_the_enterprise_reads(self, park, firm, filed):
        assert park.post("returns:return-send-back", filed.pk, question=" ").context[
            "form"
        ].errors == {"question": ["Say which rule or question sends it back."]}

        park.post(
            "returns:return-send-back", filed.pk, question="哪几项业务？", version=filed.version
        )

        text = text_of(firm.get("returns:return-detail", filed.pk))
        assert "sent back with a question" in text
        assert "The park asks: 哪几项业务？" in text

    def test_a_question_is_not_lost_where_the_return_moved_on(self, park, filed, operator, now):
        services.correct_return(return_id=filed.pk, now=now, acting_user=operator)

        page = park.post(
            "returns:return-send-back", filed.pk, question="哪几项？", version=filed.version
        )

        assert page.context["form"]["question"].value() == "哪几项？"
        assert page.context["form"].non_field_errors()

    def test_is_corrected_after_saying_what_counts_until_then(self, firm, filed):
        page = firm.get("returns:return-correct", filed.pk)
        assert "Revision 1 counts until the correction is submitted." in text_of(page)

        answer = firm.post("returns:return-correct", filed.pk, version=filed.version)

        filed.refresh_from_db()
        assert filed.state == ReturnState.DRAFT
        assert "being corrected" in text_of(firm.follow(answer.url))

    def test_a_refusal_is_said_on_the_return(self, park, draft):
        answer = park.post("returns:return-accept", draft.pk, version=draft.version)

        said = text_of(park.follow(answer.url))
        assert "This can't be done: the return is “Draft”." in said
