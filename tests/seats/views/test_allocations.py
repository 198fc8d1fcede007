"""Allocations on their pages: the list, giving by hand, confirming, and history."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.permissions import Role
from park.models import ReportingMonth
from seats.models import Allocation, AllocationKind
from seats.services import allocations as services
from seats.services import expiry
from seats.services.moves import move_seats
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
SOON = date(2024, 3, 1)
DAY = timedelta(days=1)
ROWS = {"runs-TOTAL_FORMS": "4", "runs-INITIAL_FORMS": "0"}


def names_on(page):
    return [str(row.allocation.enterprise or "closed") for row in page.context["holdings"]]


class TestAllocationList:
    @pytest.fixture
    def several(self, floor, enterprise):
        other = make_floor(zone="A", seats=50)
        make_allocation(floor, (1, 20), (31, 40), start=SINCE, to=enterprise)
        make_allocation(other, (1, 50), start=SINCE, to=EnterpriseFactory(short_name="阿里"))
        make_allocation(
            floor, (51, 60), start=SINCE, kind=AllocationKind.CLOSURE, reason="消防检修"
        )
        make_allocation(
            floor,
            (61, 70),
            start=SOON,
            kind=AllocationKind.HOLD,
            to=EnterpriseFactory(short_name="迈睿"),
        )
        make_allocation(
            floor,
            (71, 80),
            start=SINCE,
            last=date(2023, 12, 31),
            to=EnterpriseFactory(short_name="佰里"),
        )

    def test_shows_who_has_what_today_and_the_sum(self, park, several):
        page = park.get("seats:allocation-list")

        assert names_on(page) == ["阿里", "诚伯信息", "closed"]
        text = text_of(page)
        assert "22 February 2024: 3 allocations, 90 seats" in text
        assert "诚伯信息 30 Contracted from 2023-01-01 C-1-1F-001 — 020 C-1-1F-031 — 040" in text
        assert "消防检修 10 Closed" in text
        assert "Total 90" in text

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"zone": "C"}, ["诚伯信息", "closed"]),
            ({"kind": "closure"}, ["closed"]),
            ({"kind": "firm", "zone": "A"}, ["阿里"]),
            ({"enterprise": "诚伯"}, ["诚伯信息"]),
            ({"when": "future"}, ["迈睿"]),
            ({"when": "ended"}, ["佰里"]),
            ({"when": "any", "kind": "hold"}, ["迈睿"]),
            ({"on": "2023-06-01"}, ["阿里", "佰里", "诚伯信息", "closed"]),
            ({"on": "2024-03-01", "kind": "hold"}, ["迈睿"]),
            ({"zone": "nowhere"}, ["阿里", "诚伯信息", "closed"]),
        ],
    )
    def test_is_narrowed(self, park, several, query, names):
        assert names_on(park.get("seats:allocation-list", **query)) == names

    def test_counts_only_what_is_in_the_part_of_the_place(self, park, enterprise):
        low, high = make_floor(seats=50), make_floor(level=2, seats=50)
        allocation = make_allocation(low, (1, 20), start=SINCE, to=enterprise)
        make_allocation(high, (1, 5), start=SINCE, to=enterprise)

        page = park.get("seats:allocation-list", floor=low.pk)

        assert page.context["seats"] == 20
        assert [row.allocation for row in page.context["holdings"]] == [allocation]
        assert "C-1-1F" in text_of(page)

    def test_a_pre_selection_is_for_later_until_its_floor_is_there(self, park):
        floor = make_floor(zone="D", delivered_on=None, planned_on=date(2024, 2, 1))
        make_allocation(floor, (1, 5), start=date(2024, 2, 1), kind=AllocationKind.HOLD)

        assert names_on(park.get("seats:allocation-list")) == []
        page = park.get("seats:allocation-list", when="future", zone="D")
        assert len(names_on(page)) == 1
        assert "5 Pre-selected" in text_of(page)

    def test_shows_an_enterprise_all_of_its_own(self, firm, several):
        page = firm.get("seats:allocation-list")

        assert names_on(page) == ["诚伯信息"]
        assert "22 February 2024: 30 seats" in text_of(page)
        assert "消防检修" not in text_of(page)

    def test_pages_through_more_than_fifty(self, park):
        floor = make_floor(seats=200)
        for place in range(1, 53):
            make_allocation(floor, (place, place), start=SINCE)

        page = park.get("seats:allocation-list", kind="firm")

        assert len(page.context["holdings"]) == 50
        assert "Rows 1 to 50 of 52" in text_of(page)
        assert "kind=firm&amp;page=2" in page.content.decode()

    def test_asks_as_often_for_thirty_as_for_two(
        self, park, floor, django_assert_num_queries, django_assert_max_num_queries
    ):
        for place in (1, 2):
            make_allocation(floor, (place, place), start=SINCE)
        with django_assert_max_num_queries(9) as few:
            park.get("seats:allocation-list")
        for place in range(3, 31):
            make_allocation(floor, (place, place), start=SINCE)

        with django_assert_num_queries(len(few)):
            park.get("seats:allocation-list")


class TestAllocationDetail:
    def test_shows_its_runs_days_and_request(self, park, floor, enterprise):
        allocation = make_allocation(floor, (1, 20), (31, 40), start=SINCE, to=enterprise)
        allocation.request = make_request(enterprise=enterprise, acting_user=park.user)
        allocation.save()

        page = text_of(park.get("seats:allocation-detail", allocation.pk))

        assert "诚伯信息: 30 seats contracted" in page
        assert "C-1-1F-001 — 020 20 Contracted C-1-1F from 2023-01-01" in page
        assert "Seats today 30 seats" in page
        assert allocation.request.number in page
        assert "Version" not in page

    def test_counts_no_seat_twice_that_moves_before_it_begins(
        self, park, floor, enterprise, operator, now, today
    ):
        allocation = make_allocation(floor, (1, 40), start=today + 5 * DAY, to=enterprise)
        move_seats(
            allocation_id=allocation.pk,
            start=today + 9 * DAY,
            leaving=[make_run(floor, 1, 20).seats],
            arriving=[make_run(floor, 61, 80).seats],
            today=today,
            now=now,
            acting_user=operator,
        )

        page = text_of(park.get("seats:allocation-detail", allocation.pk))

        assert "诚伯信息: 40 seats contracted" in page

    def test_tells_what_was_done_to_it_by_whom(self, park, floor, enterprise, operator, now, today):
        allocation = make_allocation(
            floor,
            (1, 40),
            start=SINCE,
            kind=AllocationKind.HOLD,
            to=enterprise,
            acting_user=operator,
        )
        done_by = {"today": today, "now": now, "acting_user": operator}
        services.confirm_hold(allocation_id=allocation.pk, **done_by)
        services.release_seats(
            allocation_id=allocation.pk, start=SOON, seats=_span(floor, 31, 40), **done_by
        )

        page = park.get("seats:allocation-detail", allocation.pk)

        assert [deed.sentence for deed in page.context["history"]] == [
            "张敏 gave back 10 seats from 2024-03-01",
            "张敏 confirmed the hold: the seats are contracted",
            "张敏 held the seats",
        ]

    def test_tells_that_a_hold_expired_by_itself(self, park, floor, now):
        hold = make_allocation(floor, (1, 10), start=SINCE, kind=AllocationKind.HOLD)
        expiry.end_expired_holds(now=now + timedelta(days=16))

        page = park.get("seats:allocation-detail", hold.pk)

        assert page.context["history"][0].sentence == "The hold expired; its seats are vacant"
        assert "the hold has expired" in text_of(page)
        assert "Confirm the hold" not in text_of(page)

    def test_is_there_for_its_enterprise_and_not_for_others(
        self, firm, stranger, floor, enterprise
    ):
        allocation = make_allocation(floor, (1, 10), start=SINCE, to=enterprise)
        closure = make_allocation(floor, (11, 12), start=SINCE, kind=AllocationKind.CLOSURE)

        own = firm.get("seats:allocation-detail", allocation.pk)
        assert own.status_code == 200
        assert "Release seats" not in text_of(own)
        assert stranger.get("seats:allocation-detail", allocation.pk).status_code == 404
        assert firm.get("seats:allocation-detail", closure.pk).status_code == 404

    def test_asks_as_often_for_thirty_runs_as_for_two(
        self, park, floor, django_assert_num_queries, django_assert_max_num_queries
    ):
        small = make_allocation(floor, (1, 1), (3, 3), start=SINCE)
        large = make_allocation(floor, *((n, n) for n in range(5, 95, 3)), start=SINCE)
        with django_assert_max_num_queries(12) as few:
            park.get("seats:allocation-detail", small.pk)

        with django_assert_num_queries(len(few)):
            park.get("seats:allocation-detail", large.pk)


class TestAllocationCreate:
    @pytest.fixture
    def typed(self, floor, enterprise):
        return {
            **ROWS,
            "kind": "firm",
            "enterprise": enterprise.pk,
            "start": "2024-03-01",
            "runs-0-floor": "c-1-1f",
            "runs-0-first": "1",
            "runs-0-last": "20",
        }

    def test_gives_several_runs(self, park, typed):
        second = {"runs-2-floor": "C-1-1F", "runs-2-first": "31", "runs-2-last": "40"}

        done = park.post("seats:allocation-create", **typed, **second, end="2024-12-31")

        allocation = Allocation.objects.get()
        end = date(2025, 1, 1)
        assert shape_of(allocation) == [(1, 20, SOON, end), (31, 40, SOON, end)]
        assert "Done. 诚伯信息: 30 seats contracted." in text_of(park.follow(done.url))

    def test_holds_until_the_end_of_a_day(self, park, typed, now):
        park.post(
            "seats:allocation-create", **{**typed, "kind": "hold", "expires_at": "2024-03-22"}
        )

        assert Allocation.objects.get().expires_at == datetime(2024, 3, 23, tzinfo=now.tzinfo)

    def test_closes_seats_without_an_enterprise(self, park, typed):
        closed = {**typed, "kind": "closure", "enterprise": "", "reason": "装修"}

        done = park.post("seats:allocation-create", **closed)

        assert "Done. 20 seats closed: 装修." in text_of(park.follow(done.url))

    def test_is_filled_in_by_a_link_from_a_free_run(self, park, floor):
        page = park.get(
            "seats:allocation-create", floor="C-1-1F", first=81, last=100, start="2024-02-22"
        )

        row = page.context["runs"].forms[0]
        assert [row[name].value() for name in ("floor", "first", "last")] == ["C-1-1F", "81", "100"]
        assert page.context["form"]["start"].value() == "2024-02-22"

    def test_makes_room_for_more_runs_and_keeps_what_was_typed(self, park, typed):
        page = park.post("seats:allocation-create", **typed, more="1")

        assert not Allocation.objects.exists()
        assert page.context["runs"].forms[0]["last"].value() == "20"
        assert len(page.context["runs"].forms) == 4
        assert page.context["form"]["start"].value() == "2024-03-01"

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"enterprise": ""}, "Say which enterprise the seats are for."),
            ({"kind": "closure"}, "Closed seats belong to no enterprise."),
            ({"kind": "closure", "enterprise": "", "reason": " "}, "Say why the seats are closed."),
            ({"start": ""}, "First day This field is required."),
            ({"end": "2024-02-29"}, "The last day must not come before the first."),
            ({"expires_at": "2024-03-22"}, "Only a hold expires."),
            ({"runs-0-floor": "C-9-9F"}, "There is no floor C-9-9F."),
            ({"runs-0-last": "0"}, "Ensure this value is greater than or equal to 1."),
            ({"runs-0-first": "30"}, "The last seat must not come before the first."),
            ({"runs-0-last": "101"}, "C-1-1F ends with seat C-1-1F-100."),
            ({"runs-0-floor": ""}, "Floor This field is required."),
            (
                {"runs-0-floor": "", "runs-0-first": "", "runs-0-last": ""},
                "Give at least one run of seats.",
            ),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, park, typed, wrong, message):
        page = park.post("seats:allocation-create", **{**typed, "reason": "三期", **wrong})

        assert message in text_of(page)
        assert wrong.get("reason", "三期") in page.content.decode()
        assert not Allocation.objects.exists()

    def test_names_the_rival(self, park, floor, typed):
        make_allocation(floor, (11, 15), start=SINCE, to=EnterpriseFactory(short_name="平安金服"))

        page = park.post("seats:allocation-create", **typed)

        assert page.status_code == 409
        assert "C-1-1F-011 — 015 is taken by 平安金服 until further notice." in text_of(page)
        assert page.context["runs"].forms[0]["first"].value() == "1"
        assert "See other vacant seats" in text_of(page)
        assert (
            'href="/seats/zones/C/?on=2024-03-01#free"'.replace(
                "/seats/zones/C/", reverse("place:zone-detail", args=["C"])
            )
            in page.content.decode()
        )

    def test_says_of_runs_that_share_seats_which_they_are(self, park, typed):
        more = {"runs-TOTAL_FORMS": "2", "runs-1-floor": "C-1-1F"}
        more |= {"runs-1-first": "11", "runs-1-last": "15"}

        page = park.post("seats:allocation-create", **{**typed, **more})

        assert "same days: C-1-1F-001 — 020 and C-1-1F-011 — 015." in text_of(page)
        assert "See other vacant seats" not in text_of(page)

    def test_says_that_a_month_is_closed(self, park, typed, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = park.post("seats:allocation-create", **{**typed, "start": "2024-01-15"})

        assert page.status_code == 409
        assert "January 2024 is closed." in text_of(page)


class TestAllocationConfirm:
    def test_shows_the_effect_and_does_it(self, park, floor, enterprise, today):
        hold = make_allocation(floor, (1, 40), start=SINCE, kind=AllocationKind.HOLD, to=enterprise)

        asked = park.get("seats:allocation-confirm", hold.pk)

        assert "Kind Held → Contracted Seats C-1-1F-001 — 040" in text_of(asked)
        assert "Contract 40 seats" in text_of(asked)
        done = park.post("seats:allocation-confirm", hold.pk, **hidden_fields(asked))
        assert "Confirmed. The seats are contracted." in text_of(park.follow(done.url))
        late = park.get("seats:allocation-confirm", hold.pk)
        assert "This can't be done any more: the seats are contracted." in text_of(
            park.follow(late.url)
        )
        hold.refresh_from_db()
        assert hold.kind == AllocationKind.FIRM

    def test_says_that_it_expired(self, park, floor, now):
        hold = make_allocation(floor, (1, 40), start=SINCE, kind=AllocationKind.HOLD)
        expiry.end_expired_holds(now=now + timedelta(days=16))

        page = park.post("seats:allocation-confirm", hold.pk)

        assert page.status_code == 409
        assert "This hold has expired and its seats are free. Hold them again." in text_of(page)

    def test_says_that_the_floor_is_not_there(self, park):
        floor = make_floor(zone="D", delivered_on=None, planned_on=SOON)
        hold = make_allocation(floor, (1, 5), start=SOON, kind=AllocationKind.HOLD)

        page = park.post("seats:allocation-confirm", hold.pk)

        assert "D-1-1F is not handed over yet." in text_of(page)


class TestWhoMayDoWhat:
    @pytest.mark.parametrize("role", list(Role))
    def test_every_page(self, person, at_desk, floor, role):
        hold = make_allocation(floor, (1, 5), start=SINCE, kind=AllocationKind.HOLD)
        desk = at_desk(person(role))
        operates = role in {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
        of_firm = role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
        sees_all = operates or role in {Role.PROMOTION_OFFICER, Role.AUDITOR}

        lists = desk.get("seats:allocation-list").status_code
        detail = desk.get("seats:allocation-detail", hold.pk).status_code
        create = desk.get("seats:allocation-create").status_code

        assert lists == (200 if sees_all or of_firm else 403)
        assert detail == (200 if sees_all else 404 if of_firm else 403)
        assert create == (200 if operates else 403)
        for name in ("confirm", "release"):
            got = desk.get(f"seats:allocation-{name}", hold.pk).status_code
            assert got == (200 if operates else 403)
            if not operates:
                assert desk.post(f"seats:allocation-{name}", hold.pk).status_code == 403

    def test_who_is_not_signed_in_is_asked_to(self, client, floor):
        hold = make_allocation(floor, (1, 5), start=SINCE, kind=AllocationKind.HOLD)
        addresses = [reverse(f"seats:allocation-{name}") for name in ("list", "create")]
        addresses += [
            reverse(f"seats:allocation-{name}", args=[hold.pk])
            for name in ("detail", "confirm", "release")
        ]

        assert {client.get(address).status_code for address in addresses} == {302}


def _span(floor, first, last):
    return services.Span(floor.seats.lower + first - 1, floor.seats.lower + last)
