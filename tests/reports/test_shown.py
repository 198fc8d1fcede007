"""Figures on pages: as issued where an edition says them, else provisional, for the park alone."""

import pytest

from reports import services
from reports.models import ReportKind
from reports.services.building import build_report
from reports.shown import ShownFigures, Wanted
from tests.conftest import NOW
from tests.desk import Desk
from tests.factories.seats import make_allocation
from tests.reports.conftest import DECEMBER, JANUARY

pytestmark = pytest.mark.django_db(transaction=True)


def shown(user, code="firm", level="zone", months=(JANUARY,)):
    return ShownFigures(user, [Wanted(code, list(months), level)])


@pytest.fixture
def issued(small_park):
    return issue(small_park)


def issue(small_park, kind=ReportKind.OCCUPANCY, reason=""):
    draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)
    return services.issue_report(
        report_id=draft.pk, now=NOW, acting_user=small_park.operator, reason=reason
    )


def test_without_an_edition_the_park_sees_the_data_and_officials_nothing(small_park, official):
    figure = shown(small_park.operator).at("firm", JANUARY, "zone.A")

    assert (figure.value, figure.edition) == (50, None)
    assert figure.url == "/reports/indicators/firm/?month=2024-01&key=zone.A"
    assert shown(official).at("firm", JANUARY, "zone.A") is None
    assert shown(official).keys("firm", JANUARY, "zone") == []


def test_what_is_issued_is_shown_as_it_was_issued_whatever_the_data_say_since(
    small_park, official, issued
):
    make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)

    for user in (small_park.operator, official):
        figure = shown(user).at("firm", JANUARY, "zone.A")
        assert (figure.value, figure.edition.pk) == (50, issued.pk)
        assert figure.url == f"/reports/{issued.pk}/?cell=places:zone.A:firm"
    assert shown(None).at("firm", JANUARY, "zone.A").value == 60


def test_the_edition_that_counts_is_the_last(small_park, official, issued):
    make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)
    second = issue(small_park, reason="补录")

    figure = shown(official).at("firm", JANUARY, "zone.A")

    assert (figure.value, figure.edition.revision) == (60, 2)
    assert figure.edition.pk == second.pk


def test_a_draft_says_nothing(small_park, official):
    build_report(kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator)

    assert shown(official).at("firm", JANUARY) is None
    assert shown(small_park.operator).at("firm", JANUARY).edition is None


def test_each_level_comes_from_the_edition_that_has_it(small_park, issued):
    """Seats by class stand in the output report, which is not issued."""
    figures = ShownFigures(
        small_park.operator, [Wanted("firm", [JANUARY], "zone"), Wanted("firm", [JANUARY], "class")]
    )

    assert figures.at("firm", JANUARY, "zone.A").edition.pk == issued.pk
    by_class = figures.at("firm", JANUARY, "class.financial_services")
    assert (by_class.value, by_class.edition) == (30, None)


def test_an_official_of_elsewhere_sees_nothing(small_park, issued, person):
    stranger = person("official", area_code="440000")

    assert shown(stranger).at("firm", JANUARY) is None


@pytest.mark.parametrize("code", ["firm", "contracted_rate", "free", "lettable_m2"])
def test_every_figure_leads_to_a_page_that_says_the_same(small_park, issued, code):
    desk = Desk(small_park.operator)
    figures = shown(small_park.operator, code, months=[DECEMBER, JANUARY])
    for month in (DECEMBER, JANUARY):
        for key in figures.keys(code, month, "zone"):
            figure = figures.at(code, month, key)
            if figure.value is None:
                continue
            context = desk.follow(figure.url).context
            page = context["page"]
            said = page.drill.figure if figure.edition else page.figure
            assert said == figure.value
            assert (page.drill if figure.edition else page).adds_up


def test_costs_the_same_however_many_editions_there_are(
    small_park, issued, django_assert_num_queries
):
    build_report(kind=ReportKind.OUTPUT, month=JANUARY, now=NOW, owner=small_park.operator)

    with django_assert_num_queries(2):
        assert shown(small_park.operator).at("firm", JANUARY, "zone.A").value == 50
