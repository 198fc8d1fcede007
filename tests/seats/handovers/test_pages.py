"""The pages of handover lists: prepared, filled in, signed, printed; which are missing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from seats.models import Direction, Handover
from seats.services.allocations import release_seats
from seats.services.departures import leave_park
from tenants.models import Membership
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.fit_outs import make_handover, sign
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import make_member
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DAY = timedelta(days=1)


@pytest.fixture
def office(staff):
    return Desk(staff)


@pytest.fixture
def tenant(firm):
    return Desk(firm)


def filled(handover, **more):
    """What the form of a prefilled list posts when nothing is changed."""
    typed = {"on": "2024-02-22", "version": handover.version, "note": ""}
    lines = list(handover.lines.order_by("pk"))
    for number, line in enumerate([*lines, None]):
        span = (line or lines[0]).span
        row = {"lower": span.lower, "upper": span.upper, "item": line.item if line else "other"}
        if line:
            row |= {"count": line.count, "worn": 0, "damaged": 0, "missing": 0, "note": ""}
        typed |= {f"lines-{number}-{name}": value for name, value in row.items()}
    total = len(lines) + 1
    return typed | {"lines-TOTAL_FORMS": total, "lines-INITIAL_FORMS": total, **more}


class TestPreparing:
    def test_begins_with_the_runs_that_have_no_list_ticked(
        self, office, floor, enterprise, staff, firm, span
    ):
        allocation = make_allocation(floor, (1, 10), (21, 30), to=enterprise, start=TODAY)
        make_handover(allocation, park=staff, firm=firm, spans=[span(1, 10)])

        page = office.get("seats:handover-create", allocation.pk, direction="move_in")

        rows = page.context["choice"].rows
        assert [(row.label, row.is_ticked) for row in rows] == [
            ("C-1-1F-001 — 010", False),
            ("C-1-1F-021 — 030", True),
        ]
        assert "C-1-1F-001 — 010" in text_of(page)
        assert "C-1-1F-021 — 030" in text_of(page)

    def test_leads_to_the_list_to_be_filled_in(self, office, allocation, span):
        key = span(1, 40).lower
        typed = {"on": "2024-02-22", "direction": "move_in", "runs": key}
        part = {f"runs_first_{key}": "11", f"runs_last_{key}": "20"}
        response = office.post("seats:handover-create", allocation.pk, **typed, **part)

        handover = Handover.objects.get()
        assert response.url == f"/seats/handovers/{handover.pk}/edit/"
        assert {line.span for line in handover.lines.all()} == {span(11, 20)}

    def test_wants_a_run(self, office, allocation):
        typed = {"on": "2024-02-22", "direction": "return"}
        page = office.post("seats:handover-create", allocation.pk, **typed)

        assert "Choose at least one run" in text_of(page)
        assert "list for the return" in text_of(page)

    def test_a_second_list_is_refused_with_the_number_of_the_first(self, office, list_in, span):
        handover = list_in()
        key = span(1, 40).lower
        typed = {"on": "2024-02-22", "direction": "move_in", "runs": key}
        part = {f"runs_first_{key}": "1", f"runs_last_{key}": "40"}
        page = office.post("seats:handover-create", handover.allocation_id, **typed, **part)

        assert handover.number in text_of(page)


class TestFillingIn:
    def test_offers_the_kit_and_a_row_for_anything_else(self, office, list_in):
        page = office.get("seats:handover-edit", list_in().pk)

        [run] = page.context["lines"].by_run
        assert [form.thing for form in run.forms[:-1]] == [
            *("Desks", "Chairs", "Computers", "Network ports")
        ]
        assert run.forms[-1].is_named
        body = page.content.decode()
        assert 'aria-label="C-1-1F-001 — 040 Desks: Should be there"' in body

    def test_saves_what_was_typed(self, office, list_in):
        handover = list_in()
        typed = filled(handover)
        typed |= {"lines-1-count": "４１", "lines-1-damaged": "2", "lines-1-note": "备用一把"}
        typed |= {"lines-2-count": "", "lines-2-worn": "", "lines-2-damaged": "",
                  "lines-2-missing": ""}  # fmt: skip
        typed |= {"lines-4-name": "打印机", "lines-4-count": "2"}

        response = office.post("seats:handover-edit", handover.pk, **typed)

        assert response.status_code == 303
        lines = {line.name or line.item: line for line in handover.lines.all()}
        assert set(lines) == {"desk", "chair", "port", "打印机"}
        assert (lines["chair"].count, lines["chair"].damaged) == (41, 2)

    @pytest.mark.parametrize(
        ("typed", "line", "field"),
        [
            ({"lines-0-count": "40", "lines-0-missing": "41"}, 0, "count"),
            ({"lines-4-count": "2"}, 4, "name"),
            ({"lines-4-name": "打印机", "lines-4-worn": "1"}, 4, "count"),
            ({"lines-0-count": "x"}, 0, "count"),
            ({"lines-0-item": "bed"}, 0, "item"),
        ],
    )
    def test_says_at_the_line_what_is_wrong(self, office, list_in, typed, line, field):
        handover = list_in()
        page = office.post("seats:handover-edit", handover.pk, **filled(handover, **typed))

        assert page.context["lines"].forms[line].errors[field]
        assert handover.changes.count() == 1

    def test_seats_of_others_are_refused_whatever_is_posted(self, office, list_in, span):
        handover = list_in()
        typed = filled(handover, **{"lines-0-upper": span(1, 41).upper})
        page = office.post("seats:handover-edit", handover.pk, **typed)

        assert page.status_code == 400
        assert "not of this allocation" in text_of(page)

    def test_what_somebody_else_changed_is_said_and_nothing_typed_is_lost(self, office, list_in):
        handover = list_in()
        typed = filled(handover, **{"lines-0-count": "39"})
        office.post("seats:handover-edit", handover.pk, **filled(handover))

        page = office.post("seats:handover-edit", handover.pk, **typed)

        assert page.status_code == 412
        assert 'value="39"' in page.content.decode()
        typed["version"] = hidden_fields(page)["version"]
        assert office.post("seats:handover-edit", handover.pk, **typed).status_code == 303

    def test_more_things_than_seats_are_said_on_the_list(self, office, list_in):
        handover = list_in()
        typed = filled(handover, **{"lines-1-count": "44"})
        office.post("seats:handover-edit", handover.pk, **typed)

        page = office.get("seats:handover-detail", handover.pk)

        assert "More things than seats: say in the note why. Chairs 44" in text_of(page)


class TestSigning:
    def test_both_sign_what_they_see(self, office, tenant, list_in):
        handover = list_in()
        for desk, name in ((office, "李涛"), (tenant, "周倩")):
            page = desk.get("seats:handover-sign", handover.pk)
            carried = hidden_fields(page)
            response = desk.post("seats:handover-sign", handover.pk, signer=name, **carried)
            assert response.status_code == 303

        handover.refresh_from_db()
        assert (handover.state, handover.park_signer, handover.firm_signer) == (
            *("signed", "李涛", "周倩"),
        )

    def test_of_an_older_list_is_refused_on_the_page_of_the_newer(self, office, tenant, list_in):
        handover = list_in("offered")
        carried = hidden_fields(tenant.get("seats:handover-sign", handover.pk))
        office.post("seats:handover-recall", handover.pk, version=handover.version)
        handover.refresh_from_db()
        office.post("seats:handover-edit", handover.pk, **filled(handover))
        handover.refresh_from_db()
        sign(handover, office.user)

        page = tenant.post("seats:handover-sign", handover.pk, signer="周倩", **carried)

        assert page.status_code == 412
        assert "Somebody changed this" in text_of(page)

    def test_without_its_version_is_none(self, tenant, list_in):
        handover = list_in("offered")
        page = tenant.post("seats:handover-sign", handover.pk, signer="周倩")

        assert page.context["form"].errors
        handover.refresh_from_db()
        assert handover.state == "offered"

    def test_twice_is_refused(self, tenant, list_in, firm):
        handover = list_in("offered")
        carried = hidden_fields(tenant.get("seats:handover-sign", handover.pk))
        sign(handover, firm)

        page = tenant.post("seats:handover-sign", handover.pk, signer="周倩", **carried)

        assert page.status_code == 409
        assert "signed by both and stays as it is" in text_of(page)

    def test_differences_go_back_to_the_park(self, office, tenant, list_in):
        handover = list_in("offered")
        carried = hidden_fields(tenant.get("seats:handover-dispute", handover.pk))
        tenant.post("seats:handover-dispute", handover.pk, note="少 2 把椅子", **carried)

        page = office.get("seats:handover-detail", handover.pk)

        assert "The enterprise wrote: 少 2 把椅子" in text_of(page)
        assert page.content.decode().count("btn btn-primary") == 1

    def test_where_nobody_can_sign_the_park_is_told_whom_to_ask(self, office, list_in, firm):
        handover = list_in("offered")
        link = reverse("tenants:member-invite", args=[handover.enterprise_id])
        assert link not in office.get("seats:handover-detail", handover.pk).content.decode()

        Membership.objects.update(ended_at=NOW)

        page = office.get("seats:handover-detail", handover.pk)
        assert "Nobody of 诚伯信息 can sign here." in text_of(page)
        assert link in page.content.decode()

    def test_who_has_left_still_signs_for_what_it_gave_back(
        self, tenant, floor, enterprise, staff, operator
    ):
        by = {"now": NOW, "acting_user": operator}
        had = make_allocation(floor, (1, 9), to=enterprise, start=TODAY - 9 * DAY)
        release_seats(allocation_id=had.pk, start=TODAY, today=TODAY, **by)
        leave_park(enterprise=enterprise, last_day=TODAY - DAY, **by)
        handover = sign(make_handover(had, park=staff, direction=Direction.RETURN), staff)

        tenant.post("seats:handover-sign", handover.pk, signer="周倩", version=handover.version)

        handover.refresh_from_db()
        assert (handover.state, handover.firm_signer) == ("signed", "周倩")

    def test_a_member_who_is_no_manager_reads_and_does_not_sign(self, enterprise, list_in):
        handover = list_in("offered")
        colleague = Desk(make_member(enterprise, is_manager=False))

        page = colleague.get("seats:handover-detail", handover.pk)

        assert page.status_code == 200
        assert "Sign the list" not in text_of(page)
        assert colleague.get("seats:handover-sign", handover.pk).status_code == 403


class TestASignedList:
    def test_is_corrected_by_another(self, office, list_in):
        handover = list_in("signed")
        office.post("seats:handover-correct", handover.pk, reason="漏记打印机")

        correction = Handover.objects.get(replaces=handover)
        page = text_of(office.get("seats:handover-detail", handover.pk))
        assert f"Corrected by {correction.number}" in page
        assert "Prepare a correction" not in page
        assert "漏记打印机" in text_of(office.get("seats:handover-detail", correction.pk))

    def test_is_printed_with_both_signatures(self, tenant, list_in, enterprise):
        page = tenant.get("seats:handover-print", list_in("signed").pk)

        read = text_of(page)
        for word in ("李涛", "周倩", enterprise.name, "C-1-1F-001 — 040", "Desks 40 40 0 0 0"):
            assert word in read

    def test_of_a_return_says_then_and_now(self, office, list_in, staff):
        moved_in = list_in("signed")
        back = make_handover(moved_in.allocation, park=staff, direction=Direction.RETURN)
        typed = filled(back, **{"lines-0-missing": "3", "lines-0-damaged": "1"})
        office.post("seats:handover-edit", back.pk, **typed)

        read = text_of(office.get("seats:handover-print", back.pk))

        assert "Desks 40 40 36 0 1 3" in read  # then, should be, good, worn, damaged, missing
        assert "Desks 40 40 36 0 1 3 1" in read  # all together, and newly damaged


class TestTheList:
    def test_has_first_what_waits_for_the_reader(self, office, tenant, floor, enterprise, staff):
        def another(first, *, by=None):
            allocation = make_allocation(floor, (first, first), to=enterprise, start=TODAY)
            handover = make_handover(allocation, park=staff)
            return sign(handover, by) if by else handover

        draft, offered = another(50), another(60, by=staff)

        for desk, order in ((office, [draft, offered]), (tenant, [offered, draft])):
            page = desk.get("seats:handover-list")
            assert [line.handover for line in page.context["lines"]] == order
            assert page.context["waiting"] == 1

    def test_counts_and_lists_the_seats_without_a_list(self, office, tenant, allocation, span):
        page = office.get("seats:handover-list", show="no_move_in")

        assert "1 allocation moved in without a signed list" in text_of(page)
        [row] = page.context["gaps"]
        assert (row.allocation, row.runs) == (allocation, ["C-1-1F-001 — 040"])
        assert "without a signed list" not in text_of(tenant.get("seats:handover-list"))
        assert tenant.get("seats:handover-list", show="no_move_in").status_code == 200

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({}, 1),
            ({"zone": "C"}, 1),
            ({"zone": "A"}, 0),
            ({"enterprise": "诚伯"}, 1),
            ({"enterprise": "别家"}, 0),
        ],
    )
    def test_narrows_the_seats_without_a_list_too(self, office, allocation, query, count):
        make_floor(zone="A")
        page = office.get("seats:handover-list", show="no_move_in", **query)
        assert (len(page.context["gaps"]), page.context["page"].count) == (count, count)

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"show": "signed"}, 1),
            ({"show": "park"}, 0),
            ({"direction": "return"}, 0),
            ({"zone": "C"}, 1),
            ({"enterprise": "诚伯"}, 1),
            ({"enterprise": "别家"}, 0),
        ],
    )
    def test_can_be_narrowed(self, office, list_in, query, count):
        list_in("signed")
        page = office.get("seats:handover-list", **query)
        assert len(page.context["lines"]) == count

    def test_takes_a_fixed_number_of_queries(
        self, office, floor, staff, django_assert_max_num_queries
    ):
        def one_more(place):
            make_handover(make_allocation(floor, (place, place), start=TODAY), park=staff)

        one_more(1)
        with django_assert_max_num_queries(11) as few:
            office.get("seats:handover-list")
        for place in range(2, 9):
            one_more(place)
        with django_assert_max_num_queries(len(few)):
            assert len(office.get("seats:handover-list").context["lines"]) == 8

    def test_strangers_see_none(self, stranger, list_in):
        handover = list_in("signed")
        desk = Desk(stranger)

        assert handover.number not in desk.get("seats:handover-list").content.decode()
        for page in ("detail", "print", "sign", "dispute"):
            assert desk.get(f"seats:handover-{page}", handover.pk).status_code == 404


def test_the_start_pages_list_what_waits_on_each_side(office, tenant, list_in):
    list_in("offered")

    assert "诚伯信息 moves into 40 seats" not in text_of(office.get("portal:start"))
    assert "Sign it, or note what differs" in text_of(tenant.get("portal:start"))
