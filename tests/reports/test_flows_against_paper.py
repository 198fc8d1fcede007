"""What came, went, ends and is vacant, against the same month counted seat by seat on paper."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.indicators import flows, vacancies
from reports.indicators.seats import FactsDisagree
from reports.models import ReportKind
from reports.services.snapshots import read
from tests.reports.conftest import JANUARY
from tests.reports.paper import days_of
from tests.reports.paper_flows import ending_cells, flow_cells, let_on, vacancy_row
from tests.reports.test_against_paper import (
    MONTHS,
    LivingPark,
    assert_same,
    is_anywhere,
    places_of,
    steps,
    tables_of,
)
from tests.undone import undone

pytestmark = pytest.mark.django_db


@given(steps=steps, month=st.sampled_from(MONTHS))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_flows_ends_and_vacancies_are_what_one_counts_seat_by_seat(steps, month):
    with undone():
        park = LivingPark()
        for step in steps:
            park.live(*step)
        paper = park.paper

        tables = tables_of(ReportKind.OCCUPANCY, month)

        places = places_of(paper)
        assert_same(
            tables["flows"],
            {key: flow_cells(paper, month, of) for key, of in places.items()},
            apart=("area_",),
        )
        assert_area_balances(tables["flows"], paper, month, places)
        ends = {key: ending_cells(paper, month, of) for key, of in places.items()}
        assert_same(tables["endings"], ends, apart=("firm",))
        if any(row["vacant"] for row in tables["vacancies"].values()):
            vacant = {key: vacancy_row(paper, month, of) for key, of in places.items()}
            known = set(tables["vacancies"]["total"])
            assert_same(
                tables["vacancies"],
                {key: {code: row[code] for code in known} for key, row in vacant.items()},
                apart=("vacant_for.previous", "whole_floor_seats.previous"),
            )
        for enterprise in park.enterprises:
            row = tables["enterprise_flows"].get(f"enterprise.{enterprise.pk}")
            on_paper = {
                **flow_cells(paper, month, is_anywhere, enterprise.pk),
                **ending_cells(paper, month, is_anywhere, enterprise.pk),
            }
            if row is None:
                assert not any(on_paper.values())
            else:
                assert row == {code: on_paper[code] for code in row}


def assert_area_balances(table, paper, month, places):
    """To the hundredth: as printed, and between what is let on both days."""
    days = days_of(month)
    for key, row in table.items():
        opening = let_on(paper, days[0] - timedelta(days=1), places[key])
        closing = let_on(paper, days[-1], places[key])
        assert (row["area_before"], row["area_after"]) == (opening, closing)
        assert row["area_before"] + row["area_gained"] - row["area_given_up"] == row["area_after"]
        assert min(row["area_gained"], row["area_given_up"]) >= 0


class TestWhatDoesNotBalance:
    def test_flows_that_do_not_lead_to_the_floors_seats_make_no_report(
        self, small_park, monkeypatch
    ):
        whole = flows._flows
        monkeypatch.setattr(flows, "_flows", lambda months: whole(months)[:-1])

        with pytest.raises(FactsDisagree):
            read(ReportKind.OCCUPANCY, JANUARY)

    def test_vacant_runs_that_are_not_the_floors_free_seats_make_no_report(
        self, small_park, monkeypatch
    ):
        whole = vacancies._runs
        monkeypatch.setattr(
            vacancies, "_runs", lambda floor, blocks: list(whole(floor, blocks))[1:]
        )

        with pytest.raises(FactsDisagree):
            read(ReportKind.OCCUPANCY, JANUARY)


class TestTheSmallPark:
    """January 2024: 20 seats for a new enterprise; 50 of 100 and 30 of 60 are vacant."""

    @pytest.fixture
    def tables(self, small_park):
        return tables_of(ReportKind.OCCUPANCY, JANUARY)

    def test_who_came(self, tables):
        total = tables["flows"]["total"]

        assert [total[f"enterprises_{word}"] for word in ("before", "came", "went", "after")] == [
            *(2, 1, 0, 3)
        ]
        assert [total[f"seats_{word}"] for word in ("before", "gained", "given_up", "after")] == [
            *(50, 20, 0, 70)
        ]
        assert total["area_gained"] == Decimal("143.33")  # 430 × 20 ÷ 60

    def test_how_long_seats_are_vacant(self, tables):
        """A: 50 since 2020-01-01. C: 30 since then; those closed are not vacant."""
        days = 1492  # from 1 January 2020 to 31 January 2024, both included
        assert tables["vacancies"]["total"]["vacant_days"] == 80 * days
        assert tables["vacancies"]["total"]["whole_floors"] == 0

    def test_what_is_planned_and_built(self, tables):
        total = tables["plan"]["total"]

        assert (total["planned"], total["seats"], total["available"]) == (210, 160, 150)
        assert (total["leased_seats"], total["leased_m2"]) == (0, 0)

    def test_floors_stand_under_their_buildings(self, tables, small_park):
        assert list(tables["floors"]) == [
            *("zone.A", "building.A-1", f"floor.{small_park.a.label}"),
            *("zone.C", "building.C-1", f"floor.{small_park.c.label}", "total"),
        ]

    def test_of_leased_in_zones_it_says_how_much_they_are(self, small_park):
        zone = small_park.c.building.zone
        zone.leased_in = True
        zone.save(update_fields=["leased_in"])

        total = tables_of(ReportKind.OCCUPANCY, JANUARY)["plan"]["total"]

        assert (total["leased_seats"], total["leased_m2"]) == (60, Decimal("430.00"))
        assert total["seats"] == 160
