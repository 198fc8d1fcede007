"""Who fills in which half of a return; what a nil return says; what a new month begins with."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.permissions import Role
from returns import catalogue
from returns.content import Content
from returns.figures import FIGURES, Part
from returns.models import MonthlyReturn, PartAssignment
from returns.services import (
    NotYourPart,
    assign_part,
    open_return,
    report_nothing,
    save_draft,
    set_rate,
)
from tenants.models import BusinessLine
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.returns.conftest import fields_of
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

DECEMBER = date(2023, 12, 1)
VOICE = "BPO-2-3"


def save(row, user, figures=None, **more):
    save_draft(return_id=row.pk, figures=figures or {}, now=NOW, acting_user=user, **more)
    return MonthlyReturn.objects.get(pk=row.pk)


def begin(enterprise, month=JANUARY, **figures):
    row = open_return(
        enterprise=enterprise,
        month=month,
        figures=figures,
        now=NOW,
        today=TODAY,
        acting_user=UserFactory(),
        prefilled=True,
    )
    return Content.of(row)


class TestParts:
    @pytest.fixture
    def site(self):
        """An enterprise whose money is filled in by somebody at headquarters."""
        enterprise = make_tenant()
        people = {
            "headquarters": make_member(enterprise, is_manager=False, name="总部财务"),
            "member": make_member(enterprise, is_manager=False),
            "manager": make_member(enterprise),
        }
        assign_part(
            enterprise=enterprise,
            part=Part.MONEY,
            person=people["headquarters"],
            acting_user=people["manager"],
        )
        return make_return(enterprise=enterprise), people

    MONEY = [
        {"figures": {"revenue": 5}},
        {"figures": {"is_cost_centre": True}},
        {"figures": {"reversal_reason": "冲减"}},
        {"figures": {"total_profit": 5}},
        {"classes": {VOICE: {"contracts": 1}}},
        {"classes": {VOICE: None}},
        {"markets": {("HKG", "HKD"): {"rate": 1}}},
        {"replacing": ["classes"]},
        {"replacing": ["markets"]},
    ]

    @pytest.mark.parametrize("change", MONEY)
    def test_of_somebody_else_are_refused_to_a_member(self, site, change):
        row, people = site

        with pytest.raises(NotYourPart, match="总部财务"):
            save(row, people["member"], **change)

        assert save(row, people["headquarters"], **change).version == 2

    @pytest.mark.parametrize("figures", [{"headcount": 5}, {"bachelor": 3}, {"planned_hires": 1}])
    def test_that_are_nobody_s_are_anybody_s(self, site, figures):
        row, people = site
        assert save(row, people["member"], figures).version == 2

    def test_one_save_into_both_is_refused_whole(self, site):
        row, people = site
        with pytest.raises(NotYourPart):
            save(row, people["member"], {"headcount": 7, "revenue": 7})
        row.refresh_from_db()
        assert row.headcount == 100

    def test_managers_and_the_park_always_may(self, site, operator):
        row, people = site
        save(row, people["manager"], {"revenue": 5})
        assert save(row, operator, {"revenue": 6}).revenue == 6

    def test_a_manager_of_another_enterprise_is_no_manager_here(self, site):
        row, _people = site
        with pytest.raises(NotYourPart):
            save(row, make_member(make_tenant()), {"revenue": 5})

    def test_are_anybody_s_again_when_nobody_is_named(self, site):
        row, people = site
        assign_part(
            enterprise=row.enterprise,
            part=Part.MONEY,
            person=None,
            acting_user=people["manager"],
        )
        assert save(row, people["member"], {"revenue": 5}).revenue == 5
        assert not PartAssignment.objects.exists()

    def test_are_given_to_who_acts_for_the_enterprise_only(self, site):
        row, people = site
        stranger = make_member(make_tenant())
        with pytest.raises(Invalid) as refusal:
            assign_part(
                enterprise=row.enterprise,
                part=Part.PEOPLE,
                person=stranger,
                acting_user=people["manager"],
            )
        assert fields_of(refusal) == ["people"]

    def test_a_nil_return_touches_both(self, site):
        row, people = site
        with pytest.raises(NotYourPart):
            report_nothing(return_id=row.pk, now=NOW, acting_user=people["member"])
        report_nothing(return_id=row.pk, now=NOW, acting_user=people["manager"])

    def test_each_section_says_who_saved_it_last(self, site):
        row, people = site
        save(row, people["headquarters"], {"revenue": 5}, classes={VOICE: {"contracts": 1}})
        saved = save(row, people["member"], {"headcount": 5, "shifts": 2}).saves

        names = {section: said["name"] for section, said in saved.items()}
        member = str(people["member"])
        assert names == {
            "business": "总部财务",
            "outsourcing": "总部财务",
            "staff": member,
            "seats": member,
        }


class TestNilReturns:
    @pytest.fixture
    def row(self, operator):
        enterprise = make_tenant()
        submit(
            make_return(enterprise=enterprise, month=DECEMBER, revenue=9, headcount=40, insured=39)
        )
        row = make_return(enterprise=enterprise, revenue=5, headcount=41, joined=1)
        return save(row, operator, classes={VOICE: {"contracts": 1}}, notes={"V6:revenue": "x"})

    def test_say_nothing_but_who_is_there(self, row, operator):
        report_nothing(return_id=row.pk, now=NOW, acting_user=operator)

        row.refresh_from_db()
        content = Content.of(row)
        said = {name: value for name, value in content.figures().items() if value}
        assert said == {"opening": 40, "headcount": 40, "insured": 39}
        assert (content["revenue"], content["joined"], content["total_profit"]) == (0, 0, None)
        assert (row.is_nil, content.classes, content.notes) == (True, {}, {})

    def test_can_be_submitted(self, row, operator):
        report_nothing(return_id=row.pk, now=NOW, acting_user=operator)
        assert submit(row).revisions.get().is_nil

    @pytest.mark.parametrize(
        ("change", "is_nil"),
        [
            ({"figures": {"revenue": Decimal(1)}}, False),
            ({"figures": {"joined": 1}}, False),
            ({"figures": {"planned_hires": 2}}, False),
            ({"classes": {VOICE: {"executed_value": 5}}}, False),
            ({"markets": {("HKG", "HKD"): {"executed_amount": 5}}}, False),
            ({"markets": {("HKG", "HKD"): {"rate": 5}}}, True),
            ({"figures": {"revenue": Decimal(0)}}, True),
            ({"figures": {"insured": 38}}, True),
            ({"classes": {VOICE: None}}, True),
        ],
    )
    def test_are_none_any_more_when_something_happened(self, row, operator, change, is_nil):
        report_nothing(return_id=row.pk, now=NOW, acting_user=operator)

        assert save(row, operator, **change).is_nil is is_nil

    def test_where_nothing_was_filed_before_have_nobody(self, operator):
        row = make_return()
        report_nothing(return_id=row.pk, now=NOW, acting_user=operator)
        row.refresh_from_db()
        assert (row.headcount, row.opening) == (0, 0)


class TestANewMonth:
    def test_carries_the_people_and_the_names_of_the_lines(self, operator):
        enterprise = make_tenant()
        figures = {name: 5 for name in FIGURES if FIGURES[name].unit == "people"}
        breakdowns = [name for name in FIGURES if FIGURES[name].section == "structure"]
        figures |= {**dict.fromkeys(breakdowns), "headcount": 5, "joined": 0, "left": 0}
        figures |= {"revenue": 10, "shifts": 2, "average_pay": 5000, "taxes": 1}
        figures |= {"local": 5, "bachelor": 5, "age_18_26": 5}
        row = make_return(enterprise=enterprise, month=DECEMBER, **figures)
        offshore = {"offshore_executed_value": 8, "executed_value": 8, "onshore_executed_value": 0}
        save(
            row,
            operator,
            {**offshore, "is_cost_centre": True},
            classes={VOICE: {"executed_value": 8, "offshore_executed_value": 8}},
            markets={("HKG", "HKD"): {"rate": 1, "executed_amount": 8}},
        )
        submit(row)
        rate = Decimal("0.91")
        set_rate(month=JANUARY, currency="HKD", rate=rate, source="样", acting_user=operator)

        said = begin(enterprise)

        carried = {name: value for name, value in said.figures().items() if value is not None}
        assert carried == {
            **dict.fromkeys(("opening", "returnees", "graduates", "insured"), 5),
            **dict.fromkeys(("dispatched", "interns", "trainees"), 5),
            **dict.fromkeys(("local", "bachelor", "age_18_26"), 5),
            "shifts": 2,
        }
        assert said["is_cost_centre"] is True
        assert said.classes == {VOICE: dict.fromkeys(said.classes[VOICE])}
        assert said.markets == {
            ("HKG", "HKD"): {"rate": rate, "contract_amount": None, "executed_amount": None}
        }

    def test_what_is_told_goes_before_what_is_known(self, operator):
        enterprise = make_tenant()
        submit(
            make_return(enterprise=enterprise, month=DECEMBER, revenue=1, headcount=5, interns=2)
        )

        assert begin(enterprise, interns=7)["interns"] == 7

    def test_nothing_carries_on_from_what_does_not_count_or_is_older(self):
        enterprise = make_tenant()
        submit(make_return(enterprise=enterprise, month=date(2023, 11, 1), revenue=1, headcount=5))
        make_return(enterprise=enterprise, month=DECEMBER, revenue=1, headcount=6, interns=2)

        said = begin(enterprise)

        assert not any(said.figures().values())

    def test_begins_with_the_usual_classes_where_nothing_was_filed(self):
        enterprise = make_tenant()
        for number, business in enumerate(["customer_service", "data_processing", "other"]):
            BusinessLine.objects.create(
                enterprise=enterprise, business_class=business, is_main=number == 0
            )

        assert set(begin(enterprise).classes) == {VOICE, "BPO-2-1"}

    def test_drops_lines_that_the_lists_of_the_month_do_not_hold(self, operator, monkeypatch):
        enterprise = make_tenant()
        row = make_return(enterprise=enterprise, month=DECEMBER, revenue=1, headcount=5)
        save(
            row, operator, classes={VOICE: {}, "BPO-2-1": {}}, markets={("HKG", "HKD"): {"rate": 1}}
        )
        submit(row)
        tree, regions = catalogue.service_classes(JANUARY), catalogue.markets(JANUARY)
        monkeypatch.setattr(
            "returns.services.opening.service_classes", lambda month: without(tree, VOICE)
        )
        monkeypatch.setattr(
            "returns.services.opening.markets", lambda month: without(regions, "HKG")
        )

        said = begin(enterprise)

        assert list(said.classes) == ["BPO-2-1"]
        assert not said.markets


def without(listed, code):
    entries = {entry.code: entry for entry in listed if entry.code != code}
    more = {"usual": listed.usual} if isinstance(listed, catalogue.ServiceClasses) else {}
    return type(listed)(listed.version, listed.source, entries, **more)


def test_the_role_that_may_file_for_all_is_the_park_s():
    """`NotYourPart` lets pass who sees every return: that is nobody of an enterprise."""
    for role in (Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER):
        assert not UserFactory(roles=[role]).has_perm("returns.view_every_monthlyreturn")
