"""The pages of fit-outs: lists, one case, its steps, its files, and what the start pages say."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from seats.models import AllocationKind, FitOut, FitOutStage
from seats.services.fit_outs import open_fit_out
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.fit_outs import PDF, make_fit_out, take
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DAY = timedelta(days=1)


@pytest.fixture
def office(staff):
    return Desk(staff)


@pytest.fixture
def tenant(firm):
    return Desk(firm)


@pytest.fixture
def outsider(stranger):
    return Desk(stranger)


def opening(allocation, /, **more):
    """What the form that opens a case posts for places 1 to 40."""
    return {
        "enterprise": allocation.enterprise_id,
        "allocation": allocation.pk,
        "description": "隔断",
        "runs-TOTAL_FORMS": 1,
        "runs-INITIAL_FORMS": 0,
        "runs-0-floor": "C-1-1F",
        "runs-0-first": 1,
        "runs-0-last": 40,
        **more,
    }


class TestOpening:
    def test_begins_with_the_seats_of_the_allocation(self, tenant, allocation):
        page = tenant.get("seats:fit-out-create", allocation=allocation.pk)
        body = page.content.decode()

        assert 'value="C-1-1F"' in body
        assert 'value="40"' in body
        assert "closes_seats" not in body

    def test_leads_to_the_case(self, tenant, allocation):
        response = tenant.post("seats:fit-out-create", **opening(allocation, plan="2024-03-01"))

        case = FitOut.objects.get()
        assert response.url == f"/seats/fit-outs/{case.pk}/"
        assert (case.enterprise, case.allocation) == (allocation.enterprise, allocation)
        assert not case.is_run_by_park
        assert case.steps.get(stage=FitOutStage.PLAN).planned_on.isoformat() == "2024-03-01"

    def test_says_beside_the_day_what_is_wrong_with_it_and_keeps_what_was_typed(
        self, office, allocation
    ):
        typed = opening(allocation, start="2024-03-02", inspection="2024-03-01")
        page = office.post("seats:fit-out-create", **typed)

        assert page.status_code == 400
        assert page.context["form"]["inspection"].errors
        assert "隔断" in page.content.decode()
        assert not FitOut.objects.exists()

    def test_of_anothers_seats_is_refused_where_the_person_is_looking(
        self, tenant, floor, allocation
    ):
        make_allocation(floor, (41, 60), start=TODAY)
        page = tenant.post("seats:fit-out-create", **opening(allocation, **{"runs-0-last": 41}))

        assert page.status_code == 400
        assert "only fit out seats that you have" in text_of(page)

    def test_an_enterprise_cannot_name_another(self, tenant, allocation):
        other = EnterpriseFactory()
        page = tenant.post("seats:fit-out-create", **opening(allocation, enterprise=other.pk))

        assert page.context["form"]["enterprise"].errors
        assert other.short_name not in page.content.decode()


class TestOneCase:
    def test_says_where_it_is_and_has_one_clear_action(self, case_in, office, tenant):
        case = case_in("review")

        assert "Next: look at the plan" in text_of(office.get("seats:fit-out-detail", case.pk))
        page = office.get("seats:fit-out-detail", case.pk).content.decode()
        assert page.count("btn btn-primary") == 1
        theirs = tenant.get("seats:fit-out-detail", case.pk)
        assert "You need do nothing now" in text_of(theirs)
        assert theirs.content.decode().count("btn btn-primary") == 0

    def test_marks_what_is_overdue(self, case_in, office):
        case = case_in("review", planned={FitOutStage.REVIEW: TODAY - 3 * DAY})

        assert "3 days overdue" in text_of(office.get("seats:fit-out-detail", case.pk))

    def test_says_what_the_seats_are(self, allocation, floor, enterprise, staff, office):
        make_allocation(floor, (50, 54), kind=AllocationKind.CLOSURE, start=TODAY)
        typed = {"runs-0-last": 60, "allocation": "", "acceptance": "2024-04-30"}
        office.post("seats:fit-out-create", **opening(allocation, **typed))

        read = text_of(office.get("seats:fit-out-detail", FitOut.objects.get().pk))

        assert "40 the enterprise's own, contracted: no closure needed" in read
        assert "5 closed otherwise" in read
        assert "15 vacant" in read

    def test_says_that_a_floor_is_not_handed_over(self, enterprise, firm, tenant):
        planned = make_floor(level=5, delivered_on=None, planned_on=TODAY + 90 * DAY)
        hold = make_allocation(
            planned, (1, 30), to=enterprise, kind=AllocationKind.HOLD, start=TODAY + 90 * DAY
        )
        case = make_fit_out(hold, by=firm)

        read = text_of(tenant.get("seats:fit-out-detail", case.pk))

        assert "30 pre-selected by the enterprise; the floor is not handed over" in read

    def test_does_not_exist_for_strangers(self, case_in, outsider):
        case = case_in("review")
        file = case.files.get()

        for page, *arguments in [
            ("seats:fit-out-detail", case.pk),
            ("seats:fit-out-step", case.pk, "submit"),
            ("seats:fit-out-file", case.pk, file.pk),
        ]:
            assert outsider.get(page, *arguments).status_code == 404
        assert outsider.post("seats:fit-out-file-add", case.pk).status_code == 404
        assert case.number not in outsider.get("seats:fit-out-list").content.decode()


class TestSteps:
    def test_ask_first_and_say_where_the_case_goes(self, case_in, office):
        case = case_in("review")
        page = office.get("seats:fit-out-step", case.pk, "approve")

        assert "Plan in review → Deposit awaited" in text_of(page)
        assert hidden_fields(page)["version"] == str(case.version)

    def test_are_taken(self, case_in, office):
        case = case_in("deposit")
        typed = {"on": TODAY.isoformat(), "amount": "20,000.50", "version": case.version}
        response = office.post("seats:fit-out-step", case.pk, "take-deposit", **typed)

        assert response.status_code == 303
        case.refresh_from_db()
        assert (case.state, str(case.deposit)) == ("ready", "20000.50")

    def test_say_beside_the_field_what_is_missing(self, case_in, office):
        case = case_in("accepted")
        typed = {"on": TODAY.isoformat(), "amount": "100", "version": case.version}
        page = office.post("seats:fit-out-step", case.pk, "return-deposit", **typed)

        assert page.status_code == 400
        assert page.context["form"]["note"].errors

    def test_say_that_the_plan_is_missing_where_no_entry_can(self, tenant, allocation, firm):
        told = {"today": TODAY, "now": NOW, "acting_user": firm}
        case = open_fit_out(enterprise=allocation.enterprise, allocation=allocation, **told)

        page = tenant.post("seats:fit-out-step", case.pk, "submit", on=TODAY.isoformat())

        assert page.status_code == 400
        assert "Upload the plan first: the park reviews what it can see." in text_of(page)

    def test_of_a_case_that_somebody_moved_on_are_refused_on_its_page(self, case_in, office, staff):
        case = case_in("review")
        take(case, "approve", staff)
        typed = {"on": TODAY.isoformat(), "version": case.version}
        page = office.post("seats:fit-out-step", case.pk, "approve", **typed)

        assert page.status_code == 412
        assert "Somebody changed this" in text_of(page)

    def test_that_do_not_follow_lead_back_to_the_case(self, case_in, office):
        case = case_in("review")
        page = office.client.get(f"/seats/fit-outs/{case.pk}/accept/", follow=True)

        assert "This can't be done now" in text_of(page)

    @pytest.mark.parametrize("slug", ["nonsense", "take_deposit", "open", "edit"])
    def test_that_are_none_do_not_exist(self, case_in, office, slug):
        assert office.get("seats:fit-out-step", case_in("review").pk, slug).status_code == 404

    def test_days_are_planned(self, case_in, office):
        case = case_in("review")
        typed = {"start": "2024-05-01", "version": case.version}
        office.post("seats:fit-out-days", case.pk, **typed)

        assert case.steps.get(stage="start").planned_on.isoformat() == "2024-05-01"


class TestFiles:
    def test_come_in_and_go_out_as_they_were(self, case_in, tenant, office):
        case = case_in("planning")
        upload = SimpleUploadedFile('平面图 "一".pdf', PDF, "text/html")
        response = tenant.client.post(f"/seats/fit-outs/{case.pk}/files/", {"file": upload})
        assert response.status_code == 303
        row = case.files.latest("pk")

        answer = office.get("seats:fit-out-file", case.pk, row.pk)

        assert answer.content == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith(f'attachment; filename="fit-out-{case.pk}-{row.pk}.pdf"')
        assert unquote(disposition.partition("UTF-8''")[2]) == '平面图 "一".pdf'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer.headers["Cache-Control"]
        again = office.client.get(
            f"/seats/fit-outs/{case.pk}/files/{row.pk}/",
            headers={"if-none-match": answer.headers["ETag"]},
        )
        assert again.status_code == 304

    def test_of_wrong_content_are_refused_beside_the_entry(self, case_in, tenant):
        case = case_in("planning")
        upload = SimpleUploadedFile("plan.pdf", b"MZ", "application/pdf")
        page = tenant.client.post(f"/seats/fit-outs/{case.pk}/files/", {"file": upload})

        assert page.status_code == 400
        assert page.context["file_form"]["file"].errors
        assert case.files.count() == 1

    def test_of_one_case_are_not_found_under_another(self, case_in, office, allocation, staff):
        case = case_in("cancelled")
        other = make_fit_out(allocation, by=staff)

        file = case.files.get().pk
        assert office.get("seats:fit-out-file", other.pk, file).status_code == 404

    def test_are_not_asked_for_once_the_case_is_over(self, case_in, office):
        page = office.get("seats:fit-out-detail", case_in("cancelled").pk)
        assert 'type="file"' not in page.content.decode()


class TestTheList:
    @pytest.fixture
    def cases(self, floor, staff):
        """One in each of five states, with the days that are due."""
        made = {}
        for number, (state, due) in enumerate(
            [("planning", 5), ("review", 9), ("deposit", -2), ("working", -9), ("cancelled", -5)]
        ):
            enterprise = EnterpriseFactory(short_name=f"企{number}")
            first = 1 + number * 10
            allocation = make_allocation(floor, (first, first + 4), to=enterprise, start=TODAY)
            stages = ["plan", "review", "deposit", "inspection", "plan"]
            planned = {FitOutStage(stages[number]): TODAY + due * DAY}
            firm = make_member(enterprise)
            made[state] = make_fit_out(
                allocation, by=firm, park=staff, state=state, planned=planned
            )
        return made

    def shown(self, desk, **query):
        return [
            line.case.state for line in desk.get("seats:fit-out-list", **query).context["lines"]
        ]

    def test_has_first_what_is_overdue_then_what_waits_here_then_the_rest(self, office, cases):
        take(cases["cancelled"], "return_deposit", office.user)
        assert self.shown(office) == ["working", "deposit", "review", "planning", "cancelled"]

    @pytest.mark.parametrize(
        ("query", "states"),
        [
            ({"state": "review"}, ["review"]),
            ({"state": "park"}, ["deposit", "review", "cancelled"]),
            ({"state": "enterprise"}, ["working", "planning"]),
            ({"overdue": "on"}, ["working", "deposit"]),
            ({"zone": "C", "state": "planning"}, ["planning"]),
            ({"zone": "A"}, []),
            ({"enterprise": "企1"}, ["review"]),
        ],
    )
    def test_can_be_narrowed(self, office, cases, query, states):
        make_floor(zone="A")
        assert self.shown(office, **query) == states

    def test_takes_a_fixed_number_of_queries(
        self, office, floor, staff, django_assert_max_num_queries
    ):
        def one_more(place):
            make_fit_out(make_allocation(floor, (place, place), start=TODAY), by=staff)

        one_more(1)
        with django_assert_max_num_queries(10) as few:
            office.get("seats:fit-out-list")
        for place in range(2, 9):
            one_more(place)
        with django_assert_max_num_queries(len(few)):
            assert len(office.get("seats:fit-out-list").context["lines"]) == 8


class TestElsewhere:
    def test_the_start_pages_list_what_waits_on_each_side(self, case_in, office, tenant):
        case = case_in("review", planned={FitOutStage.REVIEW: TODAY - DAY})
        title = "诚伯信息, fit-out of 40 seats"

        assert title in text_of(office.get("portal:start"))
        assert "1 day overdue" in text_of(tenant.get("portal:start"))
        assert f"/seats/fit-outs/{case.pk}/" in office.get("portal:start").content.decode()

    def test_a_deposit_to_be_returned_waits_for_the_park(self, case_in, office, tenant):
        case_in("accepted")

        assert "the park returns the deposit" in text_of(office.get("portal:start"))
        assert "returns the deposit" not in text_of(tenant.get("portal:start"))

    def test_the_allocation_and_the_enterprise_lead_to_the_case(self, case_in, office):
        case = case_in("review")

        for page, pk in [
            ("seats:allocation-detail", case.allocation_id),
            ("portal:enterprise-detail", case.enterprise_id),
        ]:
            assert f"/seats/fit-outs/{case.pk}/" in office.get(page, pk).content.decode()
