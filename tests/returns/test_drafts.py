"""Drafts of monthly returns: begun once a month, with figures that can be; two people at one."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from pghistory.models import Context

from accounts.permissions import Role
from park.services import MonthClosed
from returns.models import MonthlyReturn, ReturnState
from returns.services import NotATenantThen, ReturnExists, open_return, save_draft
from tests.conftest import NOW, TODAY
from tests.factories.returns import COMPLETE, JANUARY, make_return, make_tenant
from tests.factories.tenants import make_member
from tests.returns.conftest import close, fields_of
from tests.together import together
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


class TestOpenReturn:
    def test_begins_as_a_draft(self):
        row = make_return()

        assert (row.state, row.revision_count, row.version) == (ReturnState.DRAFT, 0, 1)
        assert (row.revenue, row.headcount) == (Decimal("1234567.89"), 100)

    def test_is_possible_as_soon_as_the_month_has_begun(self):
        make_return(month=date(2024, 2, 1), today=date(2024, 2, 1))

        with pytest.raises(Invalid) as refusal:
            make_return(month=date(2024, 3, 1), today=date(2024, 2, 29))
        assert fields_of(refusal) == ["month"]

    def test_happens_once_a_month(self):
        row = make_return()

        with pytest.raises(ReturnExists) as refusal:
            make_return(enterprise=row.enterprise)
        assert refusal.value.extra == {"return": row.pk}

    @pytest.mark.parametrize(
        ("first_day", "end", "owes"),
        [
            (date(2024, 1, 31), None, True),
            (date(2024, 2, 1), None, False),
            (date(2021, 1, 1), date(2024, 1, 2), True),
            (date(2021, 1, 1), date(2024, 1, 1), False),
        ],
    )
    def test_is_for_who_was_a_tenant_on_a_day_of_the_month(self, first_day, end, owes):
        enterprise = make_tenant(first_day, end)

        if owes:
            make_return(enterprise=enterprise)
        else:
            with pytest.raises(NotATenantThen) as refusal:
                make_return(enterprise=enterprise)
            assert fields_of(refusal) == ["month"]

    def test_is_refused_in_a_closed_month(self):
        close(JANUARY)

        with pytest.raises(MonthClosed):
            make_return()

    @pytest.mark.django_db(transaction=True)
    def test_by_two_people_at_once_is_one_return(self, operator):
        enterprise = make_tenant()
        opening = partial(
            open_return,
            enterprise=enterprise,
            month=JANUARY,
            figures=COMPLETE,
            now=NOW,
            today=TODAY,
            acting_user=operator,
        )

        results = together(opening, opening)

        assert {type(result) for result in results} == {MonthlyReturn, ReturnExists}


class TestFigures:
    @pytest.mark.parametrize(
        ("figures", "field"),
        [
            ({"revenue": Decimal(-1)}, "revenue"),
            ({"revenue": Decimal("0.001")}, "revenue"),
            ({"revenue": Decimal(10) ** 14}, "revenue"),
            ({"revenue": Decimal(10) ** 40}, "revenue"),
            ({"revenue": Decimal("NaN")}, "revenue"),
            ({"revenue": Decimal("Infinity")}, "revenue"),
            ({"headcount": -1}, "headcount"),
            ({"headcount": 10_000_001}, "headcount"),
            ({"age_18_26": 10**12}, "age_18_26"),
            ({"profit": 1}, "profit"),
        ],
    )
    def test_that_cannot_be_are_refused(self, figures, field):
        with pytest.raises(Invalid) as refusal:
            make_return(**figures)

        assert fields_of(refusal) == [field]

    @pytest.mark.parametrize(
        "figures",
        [
            {"revenue": Decimal("99999999999999.99"), "headcount": 10_000_000},
            {"revenue": Decimal(0), "headcount": 0},
            {"revenue": None, "headcount": None},
            {"revenue": 5},
        ],
    )
    def test_at_their_limits_are_kept_to_the_digit(self, figures):
        row = MonthlyReturn.objects.get(pk=make_return(**figures).pk)

        assert {name: getattr(row, name) for name in figures} == figures

    def test_are_all_looked_at_before_anything_is_said(self):
        with pytest.raises(Invalid) as refusal:
            make_return(revenue=Decimal(-1), headcount=-1, left=-1)

        assert sorted(fields_of(refusal)) == ["headcount", "left", "revenue"]


class TestAuditTrail:
    def test_keeps_no_event_of_what_is_saved_while_one_types(self, take):
        row = make_return()
        contexts = Context.objects.count()

        take("save", row, now=NOW + timedelta(seconds=1))
        take("save", row, figures={"headcount": 91}, now=NOW + timedelta(seconds=2))

        assert labels_of(row) == ["insert"]
        assert Context.objects.count() == contexts

    def test_keeps_every_step_with_the_time_of_the_last_save(self, take):
        row = make_return()
        saved_at = NOW + timedelta(seconds=1)
        take("save", row, now=saved_at)

        for step in ("submit", "send_back", "submit", "accept", "correct"):
            take(step, row)

        assert labels_of(row) == ["insert", *["update"] * 5]
        event = MonthlyReturn.pgh_event_model.objects.order_by("pgh_id").last()
        assert (event.state, event.saved_at, event.version) == ("draft", saved_at, row.version)


def labels_of(row):
    events = MonthlyReturn.pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    return list(events.order_by("pgh_id").values_list("pgh_label", flat=True))


class TestTwoPeopleAtOneDraft:
    def test_the_second_to_save_is_told(self, take):
        row = make_return()

        take("save", row, figures={"headcount": 1}, expected_version=1)

        with pytest.raises(Stale):
            take("save", row, figures={"headcount": 2}, expected_version=1)
        assert MonthlyReturn.objects.get(pk=row.pk).headcount == 1

    @pytest.mark.django_db(transaction=True)
    def test_even_at_the_same_moment(self, operator):
        row = make_return()
        saves = [
            partial(
                save_draft,
                return_id=row.pk,
                figures={"headcount": headcount},
                now=NOW,
                acting_user=operator,
                expected_version=1,
            )
            for headcount in (1, 2)
        ]

        results = together(*saves)

        winner = next(result for result in results if isinstance(result, MonthlyReturn))
        assert sorted(isinstance(result, Stale) for result in results) == [False, True]
        assert MonthlyReturn.objects.get(pk=row.pk).headcount == winner.headcount


class TestVisibleTo:
    def test_the_park_sees_all_and_an_enterprise_its_own(self, operator, person):
        own, other = make_return(), make_return()

        def seen_by(user):
            return set(MonthlyReturn.objects.visible_to(user))

        assert seen_by(operator) == seen_by(person(Role.AUDITOR)) == {own, other}
        assert seen_by(make_member(own.enterprise, is_manager=False)) == {own}
        assert seen_by(person(Role.OFFICIAL)) == seen_by(person(Role.PROMOTION_OFFICER)) == set()
