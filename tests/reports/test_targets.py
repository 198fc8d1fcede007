"""Targets: only like is compared with like, both numbers are printed, nothing is behind no plan."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.permissions import Role
from reports import services
from reports.models import ReportKind, Target
from reports.services.building import build_report
from reports.targets import targets_in
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.reports import file_return, make_target
from tests.factories.returns import make_tenant
from tests.reports.conftest import JANUARY
from web.refusals import Invalid, Stale

LIST, NEW, CHANGE = (f"reports:target-{page}" for page in ("list", "create", "change"))
TYPED = {
    "name_zh": "入驻企业",
    "value": "500",
    "unit": "enterprise",
    "indicator": "tenants",
    "span": "month",
    "scope": "park",
    "source": "报道",
}


@pytest.mark.django_db
class TestProgress:
    def only(self, month=JANUARY, **facts):
        make_target(**facts)
        with translation.override("en"):
            (line,) = targets_in(month)
            return line, line.why_not

    def test_is_what_is_reached_divided_by_the_target(self):
        for _ in range(3):
            make_tenant()

        line, _why = self.only(value=Decimal(500))

        assert (line.progress.actual, line.progress.share) == (3, Decimal("0.6"))
        assert (line.actual, line.wanted) == ("3", "500")

    @pytest.mark.parametrize(
        ("facts", "says"),
        [
            ({"scope": "city", "scope_code": "511000", "scope_zh": "内江市"}, "speaks of 内江市"),
            ({"scope": "district", "scope_code": "511011", "scope_zh": "东兴区"}, "东兴区"),
            ({"differs_zh": "含其他人员"}, "more than the park does: 含其他人员"),
            ({"indicator": ""}, "No indicator counts this."),
        ],
    )
    def test_of_unlike_things_is_not_shown(self, facts, says):
        make_tenant()

        line, why = self.only(**facts)

        assert line.progress is None
        assert says in why

    def test_of_a_zone_needs_what_is_counted_by_zone(self, small_park):
        zone = {"scope": "zone", "scope_code": "A"}
        make_target(indicator="seats", unit="seat", value=Decimal(200), **zone)
        make_target(indicator="revenue", unit="yuan", value=Decimal(10**10), **zone)

        with translation.override("en"):
            seats, revenue = targets_in(JANUARY)
            assert (seats.progress.actual, seats.progress.share) == (100, Decimal("50.0"))
            assert revenue.progress is None
            assert revenue.why_not == "Revenue is not counted by zone."

    def test_of_a_year_adds_up_twelve_months_and_says_how_many_are_known(self, small_park):
        line, _why = self.only(indicator="revenue", unit="yuan", value=Decimal(10**10), span="year")

        assert line.progress.actual == Decimal("2780247.29")
        assert (line.progress.known, line.progress.months) == (2, 12)

    def test_where_there_is_no_figure_is_unknown_not_nought(self):
        line, why = self.only(indicator="headcount", unit="person", value=Decimal(100_000))

        assert line.progress is None
        assert why == "Nothing of it is known, or issued, for this month."

    def test_is_not_of_months_before_it_was_stated(self):
        make_target(stated_on=date(2024, 2, 22))

        assert targets_in(JANUARY) == []
        assert len(targets_in(date(2024, 2, 1))) == 1

    def test_is_nothing_of_targets_that_were_dropped(self):
        make_target(is_dropped=True)

        assert targets_in(JANUARY) == []

    @pytest.mark.parametrize(
        ("qualifier", "met"), [("over", False), ("at_least", True), ("", True)]
    )
    def test_over_is_more_than_at_least(self, qualifier, met):
        make_tenant()

        line, _why = self.only(value=Decimal(1), qualifier=qualifier)

        assert line.is_met is met

    def test_of_invented_figures_says_so(self):
        enterprise = make_tenant()
        make_target()
        (line,) = targets_in(JANUARY)
        assert not line.has_sample

        enterprise.sample_fields = ["*"]
        enterprise.save(update_fields=["sample_fields"])

        (line,) = targets_in(JANUARY)
        assert line.has_sample


@pytest.mark.django_db
class TestTime:
    def line(self, month, **facts):
        make_target(value=Decimal(10), **facts)
        return targets_in(month)[0]

    def test_without_a_year_is_nothing(self):
        make_tenant()
        line = self.line(date(2024, 3, 1), stated_on=date(2020, 1, 1))

        assert line.time_share is None
        assert not line.is_behind
        assert not line.is_late

    def test_that_has_passed_is_counted_in_months(self):
        """January to December 2024 are twelve months; at the end of March three have passed."""
        make_tenant()
        line = self.line(date(2024, 3, 1), stated_on=date(2024, 1, 15), year=2024)

        assert line.time_share == Decimal("25.0")
        assert line.progress.share == Decimal("10.0")
        assert line.is_behind

    def test_that_is_over_leaves_it_missed(self):
        make_tenant()
        line = self.line(date(2025, 2, 1), stated_on=date(2024, 1, 15), year=2024)

        assert line.time_share == 100
        assert line.is_late

    def test_does_not_matter_to_what_is_met(self):
        for _ in range(10):
            make_tenant()
        line = self.line(date(2025, 2, 1), stated_on=date(2024, 1, 15), year=2024)

        assert (line.is_met, line.is_behind, line.is_late) == (True, False, False)


@pytest.mark.django_db
class TestStating:
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"value": Decimal(0)}, "value"),
            ({"value_to": Decimal(400)}, "value_to"),
            ({"name_zh": ""}, "name_zh"),
            ({"unit": "person"}, "unit"),
            ({"unit": "sheep"}, "unit"),
            ({"indicator": "nothing"}, "indicator"),
            ({"span": "year"}, "span"),
            ({"year": 1999}, "year"),
            ({"scope": "zone", "scope_code": "Q"}, "scope_code"),
            ({"scope": "city", "scope_code": "5110", "scope_zh": "内江市"}, "scope_code"),
            ({"scope": "city", "scope_code": "511000"}, "scope_zh"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_what_makes_no_sense_is_refused_beside_its_field(self, facts, field):
        with pytest.raises(Invalid) as refused:
            make_target(**facts)

        assert [error["field"] for error in refused.value.errors] == [field]
        assert not Target.objects.exists()

    def test_the_park_and_its_zones_are_called_by_their_names(self, small_park):
        target = make_target(scope="zone", scope_code="A", indicator="seats", unit="seat")

        assert (target.scope_zh, target.scope_en) == ("A 区", "Zone A")

    def test_who_was_overtaken_is_told(self, operator):
        target = make_target()
        services.change_target(target_id=target.pk, acting_user=operator, value=Decimal(600))

        with pytest.raises(Stale):
            services.change_target(
                target_id=target.pk, acting_user=operator, expected_version=1, value=Decimal(700)
            )

    def test_what_people_give_is_no_sample_value_any_more(self, operator):
        target = make_target(sample_fields=["value", "owner"])

        services.change_target(target_id=target.pk, acting_user=operator, value=Decimal(600))

        target.refresh_from_db()
        assert target.sample_fields == ["owner"]


@pytest.mark.django_db
class TestLoading:
    def test_a_file_is_loaded_once(self, capsys):
        call_command("load_targets", "docs/examples/example-targets.yaml")
        call_command("load_targets", "docs/examples/example-targets.yaml")

        assert Target.objects.count() == 2
        assert Target.objects.get(code="output-2027").value == 500_000_000
        assert "2" in capsys.readouterr().out

    def test_of_a_file_with_an_error_nothing_is_loaded(self, tmp_path, capsys):
        file = tmp_path / "targets.yaml"
        file.write_text(
            "targets:\n"
            "- {code: a, name_zh: 企业, value: 5, unit: enterprise, source: x}\n"
            "- {code: b, name_zh: 企业, value: -5, unit: enterprise, source: x}\n"
        )

        with pytest.raises(CommandError):
            call_command("load_targets", str(file))

        assert not Target.objects.exists()
        assert "b.value" in capsys.readouterr().err

    @pytest.mark.parametrize("text", ["", "targets: 5", "targets: [5]", "- a", "targets: [{}]"])
    def test_of_a_file_that_is_none_it_says_so(self, tmp_path, text):
        file = tmp_path / "targets.yaml"
        file.write_text(text)

        with pytest.raises(CommandError):
            call_command("load_targets", str(file))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen_clock")
class TestPages:
    def test_list_prints_both_numbers_scope_and_source(self, park, small_park):
        make_target(quote="500家以上", qualifier="at_least", year=None)

        text = text_of(park.get(LIST))

        assert "Targets, as of January 2024" in text
        assert "at least 500 enterprises" in text
        assert "0.6% = 3 ÷ 500" in text
        assert "provisional" in text
        assert "no year stated" in text
        assert "500家以上" in text
        assert "behind plan" not in text

    def test_officials_see_progress_only_from_what_is_issued(self, small_park, official):
        make_target(indicator="headcount", unit="person")
        make_target(indicator="firm", unit="seat", value=Decimal(700))
        office = Desk(official)
        draft = build_report(
            kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
        )
        services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)

        text = text_of(office.get(LIST))

        assert "10.0% = 70 ÷ 700" in text
        assert "issued, edition 1" in text
        assert "÷ 500" not in text
        assert "Nothing of it is known, or issued" in text

    def test_a_figure_of_a_year_leads_to_its_twelve_months(self, park, small_park):
        make_target(indicator="revenue", unit="yuan", value=Decimal(10**9), span="year")

        line = park.get(LIST).context["lines"][0]
        page = park.follow(line.progress.url).context["page"]

        assert page.figure == line.progress.actual
        assert sum(part.value for part in line.progress.parts) == line.progress.actual

    def test_an_official_opens_each_of_its_months(self, small_park, official):
        further = [make_tenant(date(2023, 12, 1)) for _number in range(3)]
        make_target(indicator="revenue", unit="yuan", value=Decimal(10**9), span="year")
        for month in (date(2023, 12, 1), JANUARY):
            for firm in further:
                file_return(firm, month, "5.00", 5, acting_user=small_park.operator)
            draft = build_report(
                kind=ReportKind.OUTPUT, month=month, now=NOW, owner=small_park.operator
            )
            services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)
        office = Desk(official)

        line = office.get(LIST).context["lines"][0]

        assert line.progress.url == ""
        assert [part.month for part in line.progress.parts] == [date(2023, 12, 1), JANUARY]
        assert sum(part.value for part in line.progress.parts) == line.progress.actual
        for part in line.progress.parts:
            assert office.follow(part.url).context["page"].drill.figure == part.value

    def test_empty_it_says_what_will_stand_there(self, park):
        assert "What is to be reached stands here" in text_of(park.get(LIST))

    def test_stating_and_changing_leave_a_history(self, park, small_park):
        assert park.post(NEW, **TYPED).status_code == 303
        target = Target.objects.get()
        page = park.get(CHANGE, target.pk)
        version = page.context["form"].initial["version"]

        answer = park.post(CHANGE, target.pk, **{**TYPED, "value": "600", "version": version})

        assert answer.status_code == 303
        text = text_of(park.get(CHANGE, target.pk))
        assert "张敏 Value: 500 → 600" in text
        assert "张敏 Stated the target" in text

    def test_money_is_typed_in_ten_thousands_and_comes_back_so(self, park, small_park):
        typed = {**TYPED, "indicator": "revenue", "unit": "yuan", "value": "1,300,000"}
        park.post(NEW, **typed)
        target = Target.objects.get()

        assert target.value == 13_000_000_000
        assert 'value="1,300,000"' in park.get(CHANGE, target.pk).content.decode()
        assert "13 billion yuan" in text_of(park.get(LIST))

    def test_a_refusal_stands_beside_its_field(self, park, small_park):
        page = park.post(NEW, **{**TYPED, "unit": "person"})

        assert page.status_code == 200
        assert "Firms in the park is counted in enterprises." in text_of(page)

    def test_who_was_overtaken_sees_the_newer_values_and_may_save(self, park, small_park, operator):
        target = make_target()
        services.change_target(target_id=target.pk, acting_user=operator, value=Decimal(600))

        page = park.post(CHANGE, target.pk, **{**TYPED, "version": 1})
        assert page.status_code == 200
        assert "Value: 500 → 600" in text_of(page)

        park.post(
            CHANGE, target.pk, **{**TYPED, "version": page.context["form"]["version"].value()}
        )
        target.refresh_from_db()
        assert target.value == 500

    @pytest.mark.parametrize("role", [Role.OFFICIAL, Role.OPERATOR_STAFF, Role.AUDITOR])
    def test_only_the_operator_manager_states_targets(self, role):
        desk = Desk(UserFactory(roles=[role], area_code="511000"))
        target = make_target()

        assert desk.post(NEW, **TYPED).status_code == 403
        assert desk.post(CHANGE, target.pk, **TYPED).status_code == 403
        assert "State a target" not in text_of(desk.get(LIST))

    def test_costs_the_same_however_many_there_are(
        self, park, small_park, django_assert_max_num_queries
    ):
        for _ in range(2):
            make_target()
        park.get(LIST)
        with django_assert_max_num_queries(100) as first:
            park.get(LIST)
        for _ in range(6):
            make_target()

        with django_assert_max_num_queries(len(first)):
            park.get(LIST)
