"""Monthly returns on their pages: filling in, signing, reviewing; closing and reopening months."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from foundation import clock
from foundation.months import add_months
from park.models import ReportingMonth
from park.services import close_month
from returns import services
from returns.models import MonthlyReturn, ReturnState
from tenants.models import Tenancy
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

FEBRUARY = date(2024, 2, 1)


@pytest.fixture
def frozen_clock(monkeypatch, now, today):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: today)


@pytest.fixture
def park(operator):
    return Desk(operator)


@pytest.fixture
def enterprise(db):
    enterprise = EnterpriseFactory(short_name="迈睿中国")
    Tenancy.objects.create(enterprise=enterprise, period=(date(2021, 3, 1), None))
    return enterprise


@pytest.fixture
def firm(enterprise):
    """The desk of the enterprise's manager."""
    return Desk(make_member(enterprise, name="孙丽"))


@pytest.fixture
def stranger(db):
    return Desk(make_member(make_tenant()))


@pytest.fixture
def history(enterprise, operator, now):
    """Six months filed and accepted before January: 20 to 25 million yuan, 500 to 505 people."""
    for count in range(6, 0, -1):
        row = make_return(
            enterprise=enterprise,
            month=add_months(JANUARY, -count),
            revenue=Decimal(20_000_000 + (6 - count) * 1_000_000),
            headcount=506 - count,
            joined=10,
            left=9,
        )
        submit(row)
        services.accept_return(return_id=row.pk, now=now, acting_user=operator)


@pytest.fixture
def draft(enterprise, history):
    """January, with its headcount typed."""
    return make_return(enterprise=enterprise, headcount=505)


def carried(page):
    """What the form carries of what it showed."""
    return dict(page.context["sheet"].form.known())


def fill(desk, row, **typed):
    """Open the form, type over some entries, press the button that saves."""
    page = desk.get("returns:return-edit", row.pk)
    shown = {name.removeprefix("initial-"): text for name, text in carried(page).items()}
    sent = {"go": "save", **carried(page), **shown, **typed}
    return desk.post("returns:return-edit", row.pk, **sent)


def notices_on(page):
    places = page.context["sheet"].places
    return {
        name: [notice.title for notice in place.notices]
        for name, place in places.items()
        if place.notices
    }


class TestMonthsOfAnEnterprise:
    def test_says_for_each_month_where_its_return_is_and_what_to_do(
        self, firm, enterprise, history, operator, now, today
    ):
        close_month(month=date(2023, 7, 1), now=now, today=today, acting_user=operator)
        make_return(enterprise=enterprise, month=JANUARY)

        page = firm.get("returns:return-list")

        months = page.context["months"]
        assert [owed.month for owed in months[:3]] == [FEBRUARY, JANUARY, date(2023, 12, 1)]
        assert [owed.word for owed in months[:3]] == ["Not filed", "Draft", "Accepted"]
        assert [owed.action for owed in months[:3]] == ["File", "Go on", ""]
        assert [owed.is_late for owed in months[:3]] == [False, True, False]
        assert months[-1].is_closed
        text = text_of(page)
        assert "Return for January 2024: please file it, the day is over" in text
        assert "was due on 2024-02-08" in text

    def test_begins_a_return_from_the_list(self, firm, enterprise):
        answer = firm.post("returns:return-create", month="2024-01")

        row = MonthlyReturn.objects.get()
        assert (row.enterprise, row.month) == (enterprise, JANUARY)
        assert answer.url == reverse("returns:return-edit", args=[row.pk])

    def test_shows_what_the_park_asks_first(self, firm, enterprise, operator, now):
        row = submit(make_return(enterprise=enterprise))
        services.send_back_return(
            return_id=row.pk, question="哪几项业务？", now=now, acting_user=operator
        )

        text = text_of(firm.get("returns:return-list"))

        assert "Return for January 2024: please answer the park's question" in text
        assert "哪几项业务？" in text

    def test_owes_nothing_before_and_after_its_tenancy(self):
        enterprise = make_tenant(date(2023, 11, 15), date(2024, 1, 1))
        make_return(month=date(2023, 7, 1))

        page = Desk(make_member(enterprise)).get("returns:return-list")

        months = [owed.month for owed in page.context["months"]]
        assert months == [date(2023, 12, 1), date(2023, 11, 1)]

    def test_says_what_would_stand_here(self):
        page = Desk(make_member(EnterpriseFactory())).get("returns:return-list")

        assert "Here each month of your tenancy will stand" in text_of(page)


class TestReturnCreate:
    def test_says_beside_the_month_why_it_cannot_be(self, firm):
        for month, message in [
            ("2024-03", "2024-03 has not begun."),
            ("2020-01", "was not a tenant in 2020-01."),
            ("soon", "Type a month as 2024-01."),
        ]:
            page = firm.post("returns:return-create", month=month)

            assert message in page.context["form"].errors["month"][0]

    def test_leads_to_the_return_that_is_there(self, firm, draft):
        answer = firm.post("returns:return-create", month="2024-01")

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])

    def test_the_park_chooses_whose(self, park, enterprise):
        page = park.get("returns:return-create", month="2024-01", enterprise=enterprise.pk)
        assert page.context["form"]["enterprise"].value() == str(enterprise.pk)

        park.post("returns:return-create", month="2024-01", enterprise=enterprise.pk)

        assert MonthlyReturn.objects.get().enterprise == enterprise

    def test_an_enterprise_never_chooses_another(self, firm, enterprise):
        other = make_tenant()

        firm.post("returns:return-create", month="2024-01", enterprise=other.pk)

        assert MonthlyReturn.objects.get().enterprise == enterprise


class TestReturnForm:
    def test_shows_the_last_month_and_computes_beside_it(self, firm, draft):
        page = firm.get("returns:return-edit", draft.pk)

        text = text_of(page)
        assert "Revenue of the month 10,000 yuan 2,500.00" in text
        assert "Staff at the end of the month people 505" in text
        assert page.context["sheet"].opening == 505
        assert page.context["sheet"].revenue_to_date is None

    def test_computes_the_year_to_date(self, firm, enterprise, history, operator, now):
        submit(make_return(enterprise=enterprise, revenue=Decimal(10_000_000), headcount=1))
        row = make_return(enterprise=enterprise, month=FEBRUARY, revenue=Decimal(2_000_000))

        page = firm.get("returns:return-edit", row.pk)

        assert page.context["sheet"].revenue_to_date == 12_000_000
        assert 'value="1,200.00" readonly' in page.content.decode()
        assert "February 2024 is not over yet." in text_of(page)

    def test_says_how_many_months_the_year_lacks(self, firm, enterprise):
        row = make_return(enterprise=enterprise, month=FEBRUARY)

        assert "1 month has no return" in text_of(firm.get("returns:return-edit", row.pk))

    def test_saves_money_in_yuan_and_people_as_typed(self, firm, draft):
        answer = fill(firm, draft, revenue="２，５６０.5", joined="12", left="8", headcount="509")

        draft.refresh_from_db()
        assert answer.url == reverse("returns:return-edit", args=[draft.pk])
        assert (draft.revenue, draft.joined, draft.headcount) == (Decimal("25605000.00"), 12, 509)

    def test_an_amount_to_the_fen_stays_as_it_is(self, firm, enterprise):
        row = make_return(enterprise=enterprise, revenue=Decimal("12345678.91"), headcount=1)

        page = firm.get("returns:return-edit", row.pk)
        assert 'value="1,234.567891"' in page.content.decode()
        fill(firm, row, headcount="2")

        row.refresh_from_db()
        assert (row.revenue, row.headcount) == (Decimal("12345678.91"), 2)

    def test_keeps_what_cannot_be_read_and_saves_the_rest(self, firm, draft):
        page = fill(firm, draft, revenue="98,75", joined="-3", left="4", local="12.5")

        draft.refresh_from_db()
        assert (draft.revenue, draft.joined, draft.left) == (None, None, 4)
        errors = {name: place.errors for name, place in page.context["sheet"].places.items()}
        assert errors["revenue"] == ["Type a number, for example 2,160.00."]
        assert errors["joined"] == ["Ensure this value is greater than or equal to 0."]
        assert errors["origin"] == ["This city: Type a whole number, for example 300."]
        assert 'value="98,75"' in page.content.decode()
        assert "3 to correct To the first" in text_of(page)

    def test_asks_whether_yuan_were_typed_and_divides(self, firm, draft):
        fill(firm, draft, revenue="21,600,000")
        page = firm.get("returns:return-edit", draft.pk)
        assert notices_on(page)["revenue"] == ["Did you type yuan?"]
        assert "9,600 times the median of the last six months (2,250.00)" in text_of(page)
        assert "Make it 2,160.00 (10,000 yuan)" in text_of(page)

        fill(firm, draft, go="divide")

        draft.refresh_from_db()
        assert draft.revenue == Decimal("21600000.00")
        assert notices_on(firm.get("returns:return-edit", draft.pk)) == {}

    def test_dividing_beside_an_error_shows_the_divided_amount(self, firm, draft):
        page = fill(firm, draft, revenue="21600000", headcount="9x", go="divide")

        draft.refresh_from_db()
        assert draft.revenue == Decimal("21600000.00")
        assert 'value="2,160.00"' in page.content.decode()
        assert 'value="9x"' in page.content.decode()

    @pytest.mark.parametrize(
        ("typed", "asked"),
        [
            ({"headcount": "700"}, ["38.6% more than last month (+195)."]),
            ({"headcount": "300"}, ["40.6% fewer than last month (−205)."]),
            ({"headcount": "508", "joined": "10", "left": "8"}, ["505 + 10 − 8 = 507, not 508."]),
            ({"headcount": "507", "joined": "10", "left": "8"}, []),
        ],
    )
    def test_asks_about_people_without_blocking(self, firm, draft, typed, asked):
        fill(firm, draft, revenue="2,160", **typed)

        assert notices_on(firm.get("returns:return-edit", draft.pk)).get("headcount", []) == asked
        assert fill(firm, draft, go="submit").url == reverse(
            "returns:return-submit", args=[draft.pk]
        )

    def test_asks_nothing_where_nothing_was_filed_before(self, firm, enterprise):
        row = make_return(enterprise=enterprise, revenue=Decimal(10**12), headcount=9000)

        page = firm.get("returns:return-edit", row.pk)

        assert notices_on(page) == {}
        assert "Nothing was filed for last month." in text_of(page)

    def test_says_beside_the_cells_what_keeps_it_from_being_submitted(self, firm, draft):
        answer = fill(firm, draft, local="500", age_18_26="600", go="submit")
        assert answer.url == reverse("returns:return-submit", args=[draft.pk])

        answer = firm.follow(answer.url)
        page = firm.follow(answer.url)

        errors = {name: place.errors for name, place in page.context["sheet"].places.items()}
        assert errors["revenue"] == ["Please fill this in; 0 if there was none."]
        assert errors["origin"] == ["These must add up to 505; 5 are missing."]
        assert errors["age"] == ["These must add up to 505; there are 95 too many."]
        assert errors["education"] == []

    def test_one_that_was_submitted_is_not_filled_in(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        answer = firm.get("returns:return-edit", draft.pk)

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])


class TestAutosave:
    def test_saves_and_answers_with_the_parts_that_changed(self, firm, draft):
        sent = carried(firm.get("returns:return-edit", draft.pk))

        page = firm.autosave(
            "returns:return-edit", draft.pk, **sent | {"revenue": "21600000", "headcount": "505"}
        )

        html = page.content.decode()
        draft.refresh_from_db()
        assert draft.revenue == 216_000_000_000
        assert html.lstrip().startswith('<div id="return-saved"')
        assert "Saved 10:00:00" in text_of(page)
        for part in ("return-known", "return-toc", "return-year", "notice-revenue", "notice-age"):
            assert f'id="{part}"' in html
        assert "<html" not in html

    def test_the_next_save_knows_what_was_saved(self, firm, draft):
        sent = carried(firm.get("returns:return-edit", draft.pk))
        first = firm.autosave(
            "returns:return-edit", draft.pk, **sent | {"headcount": "505", "joined": "1"}
        )

        second = firm.autosave(
            "returns:return-edit",
            draft.pk,
            **carried(first) | {"headcount": "505", "joined": "12"},
        )

        draft.refresh_from_db()
        assert draft.joined == 12
        assert not second.context["sheet"].form.clashes

    def test_two_people_fill_in_two_sections(self, firm, enterprise, draft):
        colleague = Desk(make_member(enterprise, is_manager=False, name="陈蓉"))
        mine = carried(firm.get("returns:return-edit", draft.pk))
        theirs = carried(colleague.get("returns:return-edit", draft.pk))

        firm.autosave(
            "returns:return-edit", draft.pk, **mine | {"headcount": "505", "revenue": "2"}
        )
        page = colleague.autosave("returns:return-edit", draft.pk, **theirs | {"headcount": "509"})

        draft.refresh_from_db()
        assert (draft.revenue, draft.headcount) == (Decimal("20000.00"), 509)
        assert page.context["sheet"].form.clashes == []

    def test_who_types_over_the_same_figure_is_told_and_may_insist(self, firm, enterprise, draft):
        colleague = Desk(make_member(enterprise, is_manager=False, name="陈蓉"))
        theirs = carried(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, headcount="716")

        page = colleague.autosave(
            "returns:return-edit", draft.pk, **theirs | {"headcount": "510", "left": "3"}
        )

        draft.refresh_from_db()
        assert (draft.headcount, draft.left) == (716, 3)
        assert "somebody else saved 716 meanwhile" in text_of(page)

        again = carried(page) | {"headcount": "510", "left": "3"}
        colleague.autosave("returns:return-edit", draft.pk, **again)

        draft.refresh_from_db()
        assert draft.headcount == 510

    def test_says_that_the_month_was_closed_meanwhile(self, firm, draft, operator, now, today):
        sent = carried(firm.get("returns:return-edit", draft.pk))
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        page = firm.autosave("returns:return-edit", draft.pk, **sent | {"headcount": "500"})

        assert page.status_code == 200
        assert "2024-01 is closed. Reopen it to correct it." in text_of(page)

    def test_goes_to_the_return_where_it_was_submitted_meanwhile(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        page = firm.autosave("returns:return-edit", draft.pk, headcount="1")

        detail = reverse("returns:return-detail", args=[draft.pk])
        assert page.headers["HX-Redirect"] == detail


class TestSigning:
    @pytest.fixture
    def full(self, draft, now):
        return services.save_draft(
            return_id=draft.pk,
            figures={"revenue": Decimal(21_000_000)},
            now=now,
            acting_user=UserFactory(),
        )

    def sign(self, desk, row, **typed):
        page = desk.get("returns:return-submit", row.pk)
        sent = {"version": page.context["form"]["version"].value(), "signer": "孙丽", **typed}
        return desk.post("returns:return-submit", row.pk, **sent)

    def test_shows_the_figures_and_submits_them_signed(self, firm, full):
        page = firm.get("returns:return-submit", full.pk)
        assert page.context["form"]["signer"].value() == "孙丽"
        assert "reason" not in page.context["form"].fields
        assert "2,100.00" in text_of(page)

        answer = self.sign(firm, full)

        full.refresh_from_db()
        assert full.state == ReturnState.SUBMITTED
        assert full.revisions.get().signer == "孙丽"
        assert "The return for January 2024 was submitted." in text_of(firm.follow(answer.url))

    def test_asks_who_signs(self, firm, full):
        page = self.sign(firm, full, signer="  ")

        assert page.context["form"].errors == {"signer": ["This field is required."]}

    def test_asks_for_the_reason_of_a_correction(self, firm, full, now):
        submit(full)
        services.correct_return(return_id=full.pk, now=now, acting_user=firm.user)

        page = self.sign(firm, full)
        assert page.context["form"].errors == {"reason": ["This field is required."]}

        self.sign(firm, full, reason="补记一笔")
        assert full.revisions.get(number=2).reason == "补记一笔"

    def test_figures_that_changed_meanwhile_are_looked_at_first(self, firm, full, now):
        seen = firm.get("returns:return-submit", full.pk).context["form"]["version"].value()
        services.save_draft(
            return_id=full.pk, figures={"headcount": 999}, now=now, acting_user=UserFactory()
        )

        page = firm.post("returns:return-submit", full.pk, version=seen, signer="李娜")

        assert "Somebody changed this while you were working on it." in text_of(page)
        assert "999" in text_of(page)
        assert page.context["form"]["signer"].value() == "李娜"
        full.refresh_from_db()
        assert full.state == ReturnState.DRAFT

        again = page.context["form"]["version"].value()
        firm.post("returns:return-submit", full.pk, version=again, signer="李娜")
        full.refresh_from_db()
        assert full.state == ReturnState.SUBMITTED

    def test_the_button_pressed_twice_submits_once(self, firm, full):
        self.sign(firm, full)

        answer = firm.post("returns:return-submit", full.pk, version=full.version, signer="孙丽")

        assert answer.url == reverse("returns:return-detail", args=[full.pk])
        assert full.revisions.count() == 1

    def test_what_the_park_files_says_so(self, park, firm, full):
        page = park.get("returns:return-submit", full.pk)
        assert "The park files this for the enterprise." in text_of(page)
        assert page.context["form"]["signer"].value() == ""

        self.sign(park, full)

        assert "filed by the park" in text_of(firm.get("returns:return-detail", full.pk))

    def test_what_the_enterprise_files_does_not(self, firm, full):
        self.sign(firm, full)

        assert "filed by the park" not in text_of(firm.get("returns:return-detail", full.pk))


class TestReturnDetail:
    def test_says_where_it_is_and_what_may_be_done(self, park, firm, draft):
        fill(firm, draft, revenue="2,160")
        submit(draft)

        text = text_of(park.get("returns:return-detail", draft.pk))
        assert "迈睿中国: return for January 2024, with the park for review" in text
        assert "Accept revision 1" in text
        assert "Send back with a question" in text
        assert "Revenue of the month 10,000 yuan 10,000 yuan 2,500.00 2,160.00 −13.6%" in text

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

    def test_a_closed_month_offers_nothing(self, park, draft, operator, now, today):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        text = text_of(park.get("returns:return-detail", draft.pk))

        assert "January 2024 is closed. Reopen it to correct it." in text
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
        ].errors == {"question": ["This field is required."]}

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


class TestMonths:
    def test_lists_how_many_of_how_many_have_filed(self, park, enterprise, history, operator):
        make_tenant(date(2024, 1, 10))

        page = park.get("returns:return-list")

        counted = {month.month: (month.filed, month.owed) for month in page.context["months"]}
        assert counted[JANUARY] == (0, 2)
        assert counted[date(2023, 12, 1)] == (1, 1)
        assert "January 2024: 0 of 2 enterprises have filed" in text_of(page)

    def test_one_that_was_sent_back_counts_as_not_filed(self, park, firm, draft, operator, now):
        fill(firm, draft, revenue="2,160")
        submit(draft)
        services.send_back_return(return_id=draft.pk, question="?", now=now, acting_user=operator)

        month = park.get("returns:return-list").context["months"][1]

        assert (month.filed, month.sent_back, month.submitted) == (0, 1, 0)

    def test_a_month_shows_who_has_something_to_do_first(self, park, enterprise, history, now):
        silent = make_tenant()
        back = submit(make_return(enterprise=make_tenant()))
        services.send_back_return(return_id=back.pk, question="?", now=now, acting_user=park.user)
        submit(make_return(enterprise=enterprise, revenue=Decimal(50_000_000), headcount=510))

        page = park.get("returns:month-detail", "2024-01")

        rows = list(page.context["page"])
        assert [row.enterprise for row in rows] == [silent, back.enterprise, enterprise]
        assert [row.owed.word for row in rows] == ["Not filed", "Sent back", "Submitted"]
        assert "January 2024: 1 of 3 enterprises have filed" in text_of(page)
        assert "Look: +100.0%" in text_of(page)

    def test_is_narrowed_to_a_state(self, park, enterprise, history):
        make_tenant()
        submit(make_return(enterprise=enterprise, revenue=Decimal(50_000_000), headcount=510))

        def shown(group):
            page = park.get("returns:month-detail", "2024-01", show=group)
            return [row.enterprise for row in page.context["page"]]

        assert shown("submitted") == [enterprise]
        assert shown("changed") == [enterprise]
        assert len(shown("missing")) == 1
        assert shown("accepted") == []
        assert len(shown("nonsense")) == 2

    def test_what_counts_while_it_is_corrected_is_the_last_revision(self, park, firm, draft, now):
        fill(firm, draft, revenue="2,160")
        submit(draft)
        services.correct_return(return_id=draft.pk, now=now, acting_user=firm.user)
        fill(firm, draft, revenue="1")

        row = park.get("returns:month-detail", "2024-01").context["page"]._page[0]

        assert row.revenue == 21_600_000

    @pytest.mark.parametrize("month", ["2024-13", "soon", "2024-03", "1989-01"])
    def test_a_month_that_is_none_is_not_there(self, park, month):
        assert park.get("returns:month-detail", month).status_code == 404

    def test_closing_says_who_is_missing_and_closes(self, park, enterprise, history):
        page = park.get("returns:month-close", "2024-01")
        assert "January 2024 would be closed without 1 return" in text_of(page)
        assert "Missing 迈睿中国" in text_of(page)

        answer = park.post("returns:month-close", "2024-01")

        assert ReportingMonth.objects.get().is_closed
        assert "January 2024 is closed." in text_of(park.follow(answer.url))

    def test_a_month_that_is_closed_is_not_closed_again(
        self, park, enterprise, operator, now, today
    ):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        answer = park.get("returns:month-close", "2024-01")

        assert answer.url == reverse("returns:month-detail", args=["2024-01"])

    def test_a_month_that_is_not_over_stays_open(self, park, enterprise):
        assert "It can be closed when its last day is over." in text_of(
            park.get("returns:month-close", "2024-02")
        )

        page = park.post("returns:month-close", "2024-02")

        assert "2024-02 is not over yet." in text_of(page)
        assert not ReportingMonth.objects.exists()

    def test_reopening_takes_a_reason_and_names_what_it_touches(
        self, park, enterprise, operator, now, today
    ):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)
        page = park.get("returns:month-reopen", "2024-01")
        assert "Reports that were issued for this month stay as they are" in text_of(page)

        page = park.post("returns:month-reopen", "2024-01", reason=" ")
        assert page.context["form"].errors == {"reason": ["This field is required."]}

        park.post("returns:month-reopen", "2024-01", reason="企业更正")
        month = ReportingMonth.objects.get()
        assert (month.is_closed, month.reason) == (False, "企业更正")

    def test_an_open_month_is_not_reopened(self, park, enterprise):
        answer = park.get("returns:month-reopen", "2024-01")

        assert answer.url == reverse("returns:month-detail", args=["2024-01"])


class TestQueries:
    @pytest.mark.parametrize(
        ("name", "arguments"), [("return-list", []), ("month-detail", ["2024-01"])]
    )
    def test_of_the_park_are_the_same_for_two_and_for_thirty(self, park, name, arguments):
        def count_with(rows):
            for _ in range(rows):
                submit(make_return())
            with CaptureQueriesContext(connection) as queries:
                park.get(f"returns:{name}", *arguments)
            return len(queries)

        assert count_with(2) == count_with(28)

    def test_of_an_enterprise_are_the_same_for_two_months_and_for_twenty(self, firm, enterprise):
        def count_with(first, last):
            for count in range(first, last):
                make_return(enterprise=enterprise, month=add_months(JANUARY, -count))
            with CaptureQueriesContext(connection) as queries:
                firm.get("returns:return-list")
            return len(queries)

        assert count_with(0, 2) == count_with(2, 20)


READERS = {
    Role.OPERATOR_MANAGER,
    Role.OPERATOR_STAFF,
    Role.AUDITOR,
    Role.ENTERPRISE_MANAGER,
    Role.ENTERPRISE_MEMBER,
}
OPERATORS = {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
FILERS = OPERATORS | {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
WHO_MAY = {
    "return-list": READERS,
    "return-detail": READERS,
    "return-create": FILERS,
    "return-edit": FILERS,
    "return-submit": FILERS,
    "return-correct": FILERS,
    "return-send-back": OPERATORS,
    "month-detail": OPERATORS | {Role.AUDITOR},
    "month-close": {Role.OPERATOR_MANAGER},
    "month-reopen": {Role.OPERATOR_MANAGER},
}
OF_A_RETURN = {
    "return-detail",
    "return-edit",
    "return-submit",
    "return-correct",
    "return-send-back",
    "return-accept",
}


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("name", WHO_MAY)
    def test_open_a_page(self, name, role, enterprise, operator, now):
        row = make_return(enterprise=enterprise)
        if name == "month-reopen":
            ReportingMonth.objects.create(month=JANUARY, closed_at=now)
        user = (
            make_member(enterprise, is_manager=role == Role.ENTERPRISE_MANAGER)
            if role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
            else UserFactory(roles=[role])
        )
        month = ["2024-01"] if name.startswith("month") else []

        answer = Desk(user).get(f"returns:{name}", *([row.pk] if name in OF_A_RETURN else month))

        assert answer.status_code == (200 if role in WHO_MAY[name] else 403)

    @pytest.mark.parametrize("role", list(Role))
    def test_accept(self, role, enterprise):
        row = submit(make_return(enterprise=enterprise))

        answer = Desk(UserFactory(roles=[role])).post("returns:return-accept", row.pk)

        assert answer.status_code == (303 if role in OPERATORS else 403)

    @pytest.mark.parametrize("name", sorted(OF_A_RETURN - {"return-accept", "return-send-back"}))
    def test_a_stranger_finds_nothing(self, name, stranger, enterprise):
        row = make_return(enterprise=enterprise)

        assert stranger.get(f"returns:{name}", row.pk).status_code == 404
        if name != "return-detail":
            assert stranger.post(f"returns:{name}", row.pk, signer="x").status_code == 404

    @pytest.mark.parametrize("name", WHO_MAY)
    def test_who_is_not_signed_in_is_asked_to(self, client, name):
        month = ["2024-01"] if name.startswith("month") else []
        arguments = [1] if name in OF_A_RETURN else month

        answer = client.get(reverse(f"returns:{name}", args=arguments))

        assert answer.url.startswith(reverse("account_login"))
