"""Loans on their pages: the list, the proposal, each step with its effect, and who reads what."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from park.models import Zone
from seats.models import LoanState, SeatLoan
from seats.services.lending import arrange_loan
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.loans import agree, make_arranged, make_loan
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
TYPED = {
    "floor": "c-1-1f",
    "first": "11",
    "last": "30",
    "start": "2024-04-01",
    "last_day": "2024-05-31",
    "reason": "双十一",
    "consent_reference": "",
    "consent_on": "",
}


@pytest.fixture
def held(floor, enterprise):
    """Sixty seats of 诚伯信息, whose manager is `firm`."""
    return make_allocation(floor, (1, 60), start=SINCE, to=enterprise)


@pytest.fixture
def borrower():
    return EnterpriseFactory(short_name="迈睿")


@pytest.fixture
def taker(borrower):
    """The desk of the borrower's manager."""
    return Desk(make_member(borrower, name="吴静"))


@pytest.fixture
def loan(floor, held, borrower, operator):
    return make_loan(floor, (11, 30), to=borrower, acting_user=operator)


def page_of(desk, loan):
    return text_of(desk.get("seats:loan-detail", loan.pk))


class TestProposing:
    def test_asks_the_lender_and_moves_nothing(self, park, held, borrower):
        done = park.post("seats:loan-create", borrower=borrower.pk, **TYPED)

        text = text_of(park.follow(done.url))
        assert "Proposed. The lender has been asked." in text
        assert "诚伯信息 lends 迈睿 20 seats" in text
        assert "Next: 诚伯信息 agrees or refuses." in text
        assert len(shape_of(held)) == 1

    @pytest.mark.parametrize(
        ("typed", "field", "said"),
        [
            ({"last": "70"}, "first", "does not have C-1-1F-061 — 070"),
            ({"first": "71", "last": "80"}, "first", "is vacant on 2024-04-01"),
            ({"last_day": "2024-03-01"}, "last_day", "must not come before the first"),
            ({"floor": "X-1"}, "floor", "There is no floor X-1."),
            ({"consent_reference": "函 7"}, "consent_on", "Give the consent and its day"),
            ({"first": "95", "last": "101"}, "first", "ends with seat C-1-1F-100"),
        ],
    )
    def test_says_beside_the_entry_what_is_wrong(self, park, held, borrower, typed, field, said):
        page = park.post("seats:loan-create", borrower=borrower.pk, **{**TYPED, **typed})

        assert said in str(page.context["form"].errors[field])
        assert not SeatLoan.objects.exists()

    def test_says_until_when_the_lender_has_them(self, park, floor, borrower):
        make_allocation(floor, (1, 60), start=SINCE, last=date(2024, 4, 30))

        page = park.post("seats:loan-create", borrower=borrower.pk, **TYPED)

        assert "until 2024-04-30. Lend these seats up to that day." in str(
            page.context["form"].errors["last_day"]
        )

    def test_is_filled_in_from_the_page_of_the_allocation(self, park, held):
        page = park.get("seats:allocation-detail", held.pk).content.decode()
        link = f"{reverse('seats:loan-create')}?floor=C-1-1F&amp;first=1&amp;last=60"
        assert link in page

        form = park.follow(link.replace("&amp;", "&")).content.decode()
        assert 'name="floor" value="C-1-1F"' in form


class TestAgreeing:
    def test_the_lender_sees_its_seats_before_and_after_and_agrees(self, firm, loan, operator):
        asked = firm.get("seats:loan-agree", loan.pk)

        text = text_of(asked)
        assert "诚伯信息 2024-04-01 60 → 40" in text
        assert "诚伯信息 2024-06-01 60 → 60" in text
        assert "迈睿 2024-04-01" not in text
        assert 'name="name" value="周倩"' in asked.content.decode()
        done = firm.post("seats:loan-agree", loan.pk, name="周倩", version="1")

        text = text_of(firm.follow(done.url))
        assert "Agreed. The park arranges it next." in text
        assert "周倩 agreed" in text
        loan.refresh_from_db()
        assert (loan.state, loan.agreed_name) == (LoanState.AGREED, "周倩")

    def test_the_park_records_the_paper_with_its_scan(self, park, firm, taker, loan):
        page = park.post("seats:loan-agree", loan.pk, name="周倩", version="1")
        assert page.context["form"].errors == {"reference": ["This field is required."]}
        scan = SimpleUploadedFile("调剂函.PDF", b"%PDF-1.7 ...")

        park.post("seats:loan-agree", loan.pk, name="周倩", reference="函 1 号", paper=scan)

        for desk in (park, firm):
            paper = desk.get("seats:loan-paper", loan.pk)
            assert paper.content == b"%PDF-1.7 ..."
            assert paper.headers["Content-Disposition"] == (
                f'attachment; filename="{loan.number}.pdf"'
            )
        assert taker.get("seats:loan-paper", loan.pk).status_code == 404

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.html", b"<script>"),
            ("a.pdf", b"<script>"),
            ("a.pdf", b"\x89PNG\r\n\x1a\n"),
            ("a.webp", b"RIFF\0\0\0\0WEBP"),
        ],
    )
    def test_takes_no_scan_that_is_none(self, park, loan, name, content):
        scan = SimpleUploadedFile(name, content, content_type="application/pdf")

        page = park.post("seats:loan-agree", loan.pk, name="周倩", reference="函", paper=scan)

        [said] = page.context["form"].errors["paper"]
        assert said.startswith("The scan is a PDF, JPEG or PNG file")
        loan.refresh_from_db()
        assert (loan.state, loan.paper.name) == (LoanState.PROPOSED, "")

    def test_is_not_for_the_borrower(self, taker, loan):
        assert taker.get("seats:loan-agree", loan.pk).status_code == 403
        assert taker.post("seats:loan-refuse", loan.pk, note="不").status_code == 403

    def test_the_lender_refuses_saying_why(self, firm, taker, park, loan):
        done = firm.post("seats:loan-refuse", loan.pk, note="自己要用")

        assert "Refused. The park has been told." in text_of(firm.follow(done.url))
        assert "refused: 自己要用" in page_of(park, loan)
        assert "自己要用" not in page_of(taker, loan)
        late = firm.get("seats:loan-agree", loan.pk)
        assert "This can't be done any more" in text_of(firm.follow(late.url))


class TestArranging:
    def test_shows_both_sides_before_and_after_and_then_does_it(self, park, loan, operator):
        agree(loan, operator)
        asked = park.get("seats:loan-arrange", loan.pk)

        text = text_of(asked)
        for line in [
            "诚伯信息 2024-04-01 60 → 40",
            "诚伯信息 2024-06-01 60 → 60",
            "迈睿 2024-04-01 0 → 20",
            "迈睿 2024-06-01 0 → 0",
        ]:
            assert line in text
        done = park.post("seats:loan-arrange", loan.pk, version="2")
        assert "Arranged. The seats go back by themselves on the day." in text_of(
            park.follow(done.url)
        )

    def test_waits_for_the_agreement(self, park, loan):
        early = park.get("seats:loan-arrange", loan.pk)

        assert "has not agreed to loan" in text_of(park.follow(early.url))

    def test_asks_for_the_consent_at_its_entry(self, park, loan, operator):
        agree(loan, operator)
        Zone.objects.update(leased_in=True)

        page = park.post("seats:loan-arrange", loan.pk)

        errors = page.context["form"].errors
        assert set(errors) == {"consent_reference", "consent_on"}
        assert "Zone C is leased in" in str(errors["consent_reference"])
        park.post("seats:loan-arrange", loan.pk, consent_reference="函 7", consent_on="2024-02-20")
        assert "函 7 2024-02-20" in page_of(park, loan)

    def test_asks_for_no_consent_where_nobody_gives_one(self, park, loan, operator):
        agree(loan, operator)

        form = park.get("seats:loan-arrange", loan.pk).context["form"]

        assert list(form.fields) == ["version"]

    def test_is_cancelled_saying_why(self, park, loan):
        done = park.post("seats:loan-cancel", loan.pk, note="客户取消")

        assert "Cancelled. Both sides have been told." in text_of(park.follow(done.url))
        assert "cancelled it: 客户取消" in page_of(park, loan)


class TestGivingBackEarly:
    @pytest.fixture
    def arranged(self, loan, operator):
        agree(loan, operator)
        return arrange_loan(loan_id=loan.pk, today=TODAY, now=NOW, acting_user=operator)

    def test_shows_the_day_before_and_after_and_then_does_it(self, park, arranged, held):
        asked = park.post("seats:loan-return", arranged.pk, start="2024-05-01", note="忙完了")

        text = text_of(asked)
        assert "2024-06-01 → 2024-05-01" in text
        assert "诚伯信息 2024-05-01 40 → 60" in text
        assert "迈睿 2024-05-01 20 → 0" in text
        park.post("seats:loan-return", arranged.pk, **hidden_fields(asked))
        assert (11, 30, date(2024, 5, 1), None) in shape_of(held)
        assert "shorter than agreed" in page_of(park, arranged)

    def test_says_at_the_day_which_days_there_are(self, park, arranged):
        page = park.post("seats:loan-return", arranged.pk, start="2024-06-01")

        assert "from 2024-04-01 to 2024-05-31" in str(page.context["form"].errors["start"])


class TestReading:
    def test_each_side_reads_what_is_its_own(self, park, firm, taker, stranger, floor, held):
        loan = make_arranged(floor, (11, 30), to=taker.user.memberships.get().enterprise)

        assert "诚伯信息 lends 迈睿 20 seats" in page_of(park, loan)
        assert "迈睿 has the seats from 2024-04-01 to 2024-05-31." in page_of(firm, loan)
        borrowers = page_of(taker, loan)
        assert "You have the seats from 2024-04-01 to 2024-05-31." in borrowers
        assert "诚伯" not in borrowers
        assert stranger.get("seats:loan-detail", loan.pk).status_code == 404
        assert "No loan of seats runs" in text_of(stranger.get("seats:loan-list"))

    def test_the_list_says_where_each_is_and_who_waits(self, park, firm, floor, held, monkeypatch):
        make_loan(floor, (1, 2), to=EnterpriseFactory(short_name="甲"))
        running = make_arranged(
            floor,
            (3, 4),
            to=EnterpriseFactory(short_name="乙"),
            start=date(2024, 2, 1),
            last=date(2024, 3, 10),
        )
        make_arranged(floor, (5, 6), to=EnterpriseFactory(short_name="丙"))
        make_arranged(
            floor,
            (7, 8),
            to=EnterpriseFactory(short_name="丁"),
            start=date(2024, 1, 1),
            last=date(2024, 1, 31),
        )

        page = park.get("seats:loan-list")
        text = text_of(page)
        assert "1 loan of seats runs" in text
        assert "waits for 诚伯信息" in text
        assert [line.state for line in page.context["lines"]] == [
            "Proposed",
            "Running",
            "Ahead",
            "Returned",
        ]
        assert [line.loan for line in firm.get("seats:loan-list", phase="running").context["lines"]]
        for phase, name in [("waiting", "甲"), ("ahead", "丙"), ("over", "丁")]:
            [line] = park.get("seats:loan-list", phase=phase).context["lines"]
            assert line.loan.borrower.short_name == name
        found = park.get("seats:loan-list", enterprise="乙").context["lines"]
        assert [line.loan for line in found] == [running]

    def test_asks_as_often_for_twenty_as_for_two(
        self, park, floor, held, django_assert_num_queries, django_assert_max_num_queries
    ):
        for place in (1, 2):
            make_loan(floor, (place, place))
        with django_assert_max_num_queries(9) as few:
            park.get("seats:loan-list")
        for place in range(3, 21):
            make_loan(floor, (place, place))

        with django_assert_num_queries(len(few)):
            park.get("seats:loan-list")
