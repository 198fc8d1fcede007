"""Enterprises: added and edited, found by any of their names, in a state on each day."""

from datetime import date
from functools import partial

import pytest
from django.db.utils import IntegrityError

from accounts.permissions import Role
from tenants.models import Alias, BusinessClass, Contact, Enterprise, Tenancy
from tenants.services.enterprises import (
    NewContact,
    add_enterprise,
    edit_enterprise,
    set_main_business,
)
from tests.factories.tenants import EnterpriseFactory, credit_code, make_member
from tests.together import together
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def add(operator):
    def run(**facts):
        return add_enterprise(
            **{
                "credit_code": "91330100799655058B",
                "name": "成都迈睿科技有限公司",
                "short_name": "迈睿",
                "acting_user": operator,
                **facts,
            }
        )

    return run


@pytest.fixture
def edit(operator):
    def run(enterprise, **changes):
        return edit_enterprise(enterprise_id=enterprise.pk, acting_user=operator, **changes)

    return run


def only_error(refusal):
    (error,) = refusal.value.errors
    return error["field"], error["code"]


class TestAddEnterprise:
    def test_keeps_what_is_known(self, add):
        enterprise = add(
            credit_code="９１３３０１００７９９６５５０５８ｂ",
            name=" 成都迈睿科技有限公司 ",
            aliases=["麦锐", " 迈锐 ", "麦锐", ""],
            business_class=BusinessClass.CONTENT_MODERATION,
            contact=NewContact("王芳", phone="13800000000"),
            origin="成都",
            is_industry_top_100=True,
        )

        enterprise.refresh_from_db()
        assert enterprise.credit_code == "91330100799655058B"
        assert enterprise.name == "成都迈睿科技有限公司"
        assert set(enterprise.aliases.values_list("name", flat=True)) == {"麦锐", "迈锐"}
        assert enterprise.business_lines.get(is_main=True).business_class == "content_moderation"
        assert enterprise.contacts.get().phone == "13800000000"
        assert (enterprise.origin, enterprise.is_industry_top_100) == ("成都", True)

    def test_sorts_by_pinyin(self, add):
        enterprise = add(short_name="重庆亿兴")

        assert enterprise.pinyin.startswith("chong2 qing4")
        assert enterprise.initials == "cqyx"

    def test_refuses_a_code_that_is_known_naming_whose_it_is(self, add):
        add()

        with pytest.raises(Invalid) as refusal:
            add(credit_code="91330100799655058b", name="另一家公司")

        assert only_error(refusal) == ("credit_code", "duplicate")
        assert "成都迈睿科技有限公司" in refusal.value.message

    def test_refuses_a_name_that_is_known(self, add):
        add()

        with pytest.raises(Invalid) as refusal:
            add(credit_code=credit_code(1))

        assert only_error(refusal) == ("name", "duplicate")

    def test_refuses_an_alias_of_another_and_adds_nothing(self, add):
        Alias.objects.create(enterprise=EnterpriseFactory(), name="麦锐")

        with pytest.raises(Invalid) as refusal:
            add(aliases=["迈锐", "麦锐"])

        assert only_error(refusal) == ("aliases", "duplicate")
        assert Enterprise.objects.count() == 1
        assert Alias.objects.count() == 1

    def test_refuses_a_malformed_code_before_anything_else(self, add):
        with pytest.raises(Invalid) as refusal:
            add(credit_code="91330100799655058A")

        assert only_error(refusal) == ("credit_code", "invalid_checksum")

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_the_same_moment_is_once(self, add):
        results = together(*[partial(add)] * 4)

        assert sum(isinstance(result, Enterprise) for result in results) == 1
        assert sum(isinstance(result, Invalid) for result in results) == 3

    def test_says_what_is_a_sample(self, add):
        enterprise = add(
            sample_fields=["credit_code", "contact", "business_class"],
            business_class=BusinessClass.OTHER,
            contact=NewContact("王芳"),
        )

        assert enterprise.sample_fields == ["credit_code", "contact", "business_class"]
        assert enterprise.contacts.get().is_sample
        assert enterprise.business_lines.get().is_sample

    def test_the_database_too_refuses_a_code_that_is_none(self):
        with pytest.raises(IntegrityError, match="credit_code_form"):
            EnterpriseFactory(credit_code="91511011MA000000I0")


class TestEditEnterprise:
    def test_changes_what_is_given_and_nothing_else(self, add, edit):
        enterprise = add(origin="成都")

        edited = edit(enterprise, short_name="迈睿科技")

        assert (edited.short_name, edited.initials, edited.version) == ("迈睿科技", "mrkj", 2)
        assert Enterprise.objects.get().origin == "成都"

    def test_replaces_the_whole_list_of_aliases_where_one_is_given(self, add, edit):
        enterprise = add(aliases=["麦锐", "迈锐"])

        edit(enterprise, origin="成都")
        assert enterprise.aliases.count() == 2

        edit(enterprise, aliases=["迈锐", "Mairui"])
        assert set(enterprise.aliases.values_list("name", flat=True)) == {"迈锐", "Mairui"}

    def test_refuses_what_belongs_to_another(self, add, edit):
        other = EnterpriseFactory()
        Alias.objects.create(enterprise=other, name="别名")
        enterprise = add()

        for change, field in [
            ({"credit_code": other.credit_code}, "credit_code"),
            ({"name": other.name}, "name"),
            ({"aliases": ["别名"]}, "aliases"),
        ]:
            with pytest.raises(Invalid) as refusal:
                edit(enterprise, **change)
            assert only_error(refusal) == (field, "duplicate")

    def test_is_no_conflict_with_itself(self, add, edit):
        enterprise = add(aliases=["麦锐"])

        edit(
            enterprise,
            credit_code=enterprise.credit_code,
            name=enterprise.name,
            aliases=["麦锐"],
        )

    def test_refuses_what_somebody_changed_meanwhile(self, add, edit):
        enterprise = add()
        edit(enterprise, origin="成都", expected_version=1)

        with pytest.raises(Stale):
            edit(enterprise, origin="重庆", expected_version=1)

    def test_what_people_give_is_no_sample_any_more(self, add, edit):
        enterprise = add(sample_fields=["credit_code", "origin"], origin="成都")

        edited = edit(enterprise, origin="重庆", credit_code=enterprise.credit_code)

        assert edited.sample_fields == ["credit_code"]

    def test_knows_only_its_own_fields(self, add, edit):
        with pytest.raises(TypeError):
            edit(add(), pinyin="x")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_choose_one_name_the_second_is_told(self, edit):
        results = together(*(partial(edit, EnterpriseFactory(), name="同名公司") for _ in range(2)))

        assert sorted(isinstance(result, Invalid) for result in results) == [False, True]


class TestMainBusiness:
    def test_is_one_at_a_time(self, add, operator):
        enterprise = add(business_class=BusinessClass.OTHER)

        for business_class in (BusinessClass.DATA_CENTRE, BusinessClass.OTHER):
            set_main_business(
                enterprise=enterprise, business_class=business_class, acting_user=operator
            )

        lines = enterprise.business_lines
        assert lines.count() == 2
        assert lines.get(is_main=True).business_class == "other"


class TestContact:
    def test_is_changed_and_removed_with_the_enterprise(self, add, edit):
        enterprise = add(contact=NewContact("王芳"), sample_fields=["contact"])

        edit(enterprise, contact=NewContact("李娜", email="li@example.test"))
        contact = Contact.objects.get()
        assert (contact.name, contact.email, contact.is_sample) == (
            "李娜",
            "li@example.test",
            False,
        )

        edit(enterprise, contact=NewContact(""))
        assert not Contact.objects.exists()


class TestFinding:
    @pytest.fixture(autouse=True)
    def enterprises(self, add):
        add(aliases=["Mairui Technology", "麦锐"])
        add(credit_code="914403001922038216", name="华为技术有限公司", short_name="华为")

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("迈睿", ["迈睿"]),
            ("科技有限", ["迈睿"]),
            ("麦锐", ["迈睿"]),
            ("mairui tech", ["迈睿"]),
            ("mr", ["迈睿"]),
            ("MR", ["迈睿"]),
            ("hw", ["华为"]),
            (" 9144030019 ", ["华为"]),
            ("91330100799655058b", ["迈睿"]),
            ("有限公司", ["华为", "迈睿"]),
            ("w", []),
            ("4403", []),
            ("%", []),
            ("_", []),
            ("", ["华为", "迈睿"]),
        ],
    )
    def test_goes_by_any_name_the_initials_or_the_code(self, words, found):
        assert [e.short_name for e in Enterprise.objects.matching(words).by_name()] == found


class TestState:
    @pytest.fixture
    def state_on(self):
        enterprise = EnterpriseFactory()
        for period in [
            (date(2020, 1, 1), date(2021, 1, 1)),
            (date(2023, 1, 1), date(2024, 1, 1)),
        ]:
            Tenancy.objects.create(enterprise=enterprise, period=period)
        return lambda day: Enterprise.objects.with_state(day).get(pk=enterprise.pk).state

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            (date(2019, 12, 31), "prospect"),
            (date(2020, 1, 1), "tenant"),
            (date(2020, 12, 31), "tenant"),
            (date(2021, 1, 1), "left"),
            (date(2022, 12, 31), "left"),
            (date(2023, 6, 1), "tenant"),
            (date(2024, 1, 1), "left"),
        ],
    )
    def test_goes_by_the_day(self, state_on, day, state):
        assert state_on(day) == state

    def test_of_who_never_came_is_prospect(self):
        EnterpriseFactory()

        assert Enterprise.objects.with_state(date(2024, 1, 1)).get().state == "prospect"

    def test_can_be_asked_for(self):
        here, _prospect = EnterpriseFactory(), EnterpriseFactory()
        Tenancy.objects.create(enterprise=here, period=(date(2020, 1, 1), None))

        tenants = Enterprise.objects.with_state(date(2024, 1, 1)).in_state("tenant")

        assert list(tenants) == [here]


def test_an_enterprises_people_see_their_own_and_the_park_sees_all(operator, person):
    own, other = EnterpriseFactory(), EnterpriseFactory()

    def seen_by(user):
        return set(Enterprise.objects.visible_to(user))

    assert seen_by(make_member(own)) == {own}
    assert seen_by(operator) == seen_by(person(Role.PROMOTION_OFFICER)) == {own, other}
    assert seen_by(person(Role.OFFICIAL)) == seen_by(person(Role.SYSTEM_ADMINISTRATOR)) == set()
