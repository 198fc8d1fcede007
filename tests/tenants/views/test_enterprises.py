"""Enterprises on their pages: finding, adding, editing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from tenants.models import BusinessClass, BusinessLine, Contact, Enterprise, Tenancy
from tenants.services import add_enterprise, edit_enterprise
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory, credit_code, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def names_on(page):
    return [enterprise.short_name for enterprise in page.context["page"]]


class TestEnterpriseList:
    @pytest.mark.parametrize("words", ["迈睿", "大迈", "mrzg", "91511011MA00070", "信息技术"])
    def test_finds_by_name_other_name_initials_and_code(self, park, maxrieny, words):
        EnterpriseFactory(short_name="诚伯信息")

        assert names_on(park.get("tenants:enterprise-list", words=words)) == ["迈睿中国"]

    def test_is_narrowed_by_state_and_business(self, park, maxrieny):
        gone = EnterpriseFactory(short_name="走了")
        Tenancy.objects.create(enterprise=gone, period=(date(2020, 1, 1), date(2023, 1, 1)))
        EnterpriseFactory(short_name="没来")

        def found(**query):
            return names_on(park.get("tenants:enterprise-list", **query))

        assert found(state="tenant") == ["迈睿中国"]
        assert found(state="left") == ["走了"]
        assert found(state="prospect") == ["没来"]
        assert found(business="customer_service") == ["迈睿中国"]
        assert found(business="data_centre") == []

    def test_is_sorted_by_pinyin_and_says_how_many(self, park):
        for name in ("卓越", "阿里", "迈睿"):
            EnterpriseFactory(short_name=name)

        page = park.get("tenants:enterprise-list")

        assert names_on(page) == ["阿里", "迈睿", "卓越"]
        assert "3 enterprises" in text_of(page)

    def test_marks_what_is_invented(self, park, maxrieny):
        assert f"{maxrieny.credit_code} Sample" in text_of(park.get("tenants:enterprise-list"))

    def test_says_how_the_first_one_gets_there(self, park):
        page = park.get("tenants:enterprise-list")

        assert "Here the enterprises of the park will stand. Add an enterprise" in text_of(page)

    def test_says_that_nothing_fits(self, park, maxrieny):
        page = park.get("tenants:enterprise-list", words="zzz")

        assert "No enterprise fits these words. Show all" in text_of(page)

    def test_a_choice_that_does_not_exist_narrows_nothing(self, park, maxrieny):
        page = park.get("tenants:enterprise-list", state="nonsense")

        assert page.status_code == 200
        assert names_on(page) == ["迈睿中国"]

    def test_gives_htmx_the_part_that_changed(self, park, maxrieny):
        page = park.client.get(
            reverse("tenants:enterprise-list"), headers={"HX-Request": "true"}
        ).content.decode()

        assert page.lstrip().startswith('<div id="enterprise-list">')

    def test_asks_the_same_queries_for_two_and_for_thirty(self, park, operator):
        def count_with(rows):
            for number in range(rows):
                add_enterprise(
                    credit_code=credit_code(rows * 100 + number),
                    name=f"{rows}号企业{number}",
                    short_name=f"{rows}企{number}",
                    business_class=BusinessClass.OTHER,
                    acting_user=operator,
                )
            with CaptureQueriesContext(connection) as queries:
                park.get("tenants:enterprise-list")
            return len(queries)

        assert count_with(2) == count_with(28)

    def test_an_enterprise_finds_itself_alone(self, maxrieny):
        EnterpriseFactory()

        assert names_on(Desk(make_member(maxrieny)).get("tenants:enterprise-list")) == ["迈睿中国"]


def typed(**changed):
    """What one types to add an enterprise."""
    return {
        "credit_code": credit_code(9),
        "name": "内江诚伯信息科技有限公司",
        "short_name": "诚伯信息",
        "aliases": "成博\n诚博信息",
        "business_class": "data_processing",
        "parent_group": "",
        "origin": "成都",
        "is_industry_top_100": "on",
        "contact_name": "周倩",
        "contact_phone": "0832-2020202",
        **changed,
    }


class TestEnterpriseCreate:
    def test_adds_an_enterprise_with_all_that_was_typed(self, park):
        answer = park.post("tenants:enterprise-create", **typed())

        enterprise = Enterprise.objects.get()
        assert answer.url == reverse("portal:enterprise-detail", args=[enterprise.pk])
        assert (enterprise.short_name, enterprise.origin) == ("诚伯信息", "成都")
        assert enterprise.is_industry_top_100
        assert list(enterprise.aliases.values_list("name", flat=True)) == ["成博", "诚博信息"]
        assert enterprise.business_lines.get().business_class == BusinessClass.DATA_PROCESSING
        assert enterprise.contacts.get().phone == "0832-2020202"

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            ("9151", "A credit code has 18 characters; this one has 4."),
            ("91511011MAOOOOOO7C", "A credit code starts with 8 digits"),
            ("91511011MA0000007D", "The last character does not match the others."),
        ],
    )
    def test_says_beside_the_code_what_is_wrong_and_keeps_the_rest(self, park, code, message):
        page = park.post("tenants:enterprise-create", **typed(credit_code=code))

        assert message in page.context["form"].errors["credit_code"][0]
        assert 'value="诚伯信息"' in page.content.decode()
        assert not Enterprise.objects.exists()

    def test_takes_a_code_with_spaces_and_small_letters(self, park):
        code = credit_code(9)

        park.post(
            "tenants:enterprise-create", **typed(credit_code=f" {code[:8]} {code[8:].lower()}")
        )

        assert Enterprise.objects.get().credit_code == code

    def test_names_who_has_the_code_already(self, park, maxrieny):
        page = park.post("tenants:enterprise-create", **typed(credit_code=maxrieny.credit_code))

        message = "内江迈睿信息技术有限公司 already has this credit code."
        assert page.context["form"].errors == {"credit_code": [message]}

    def test_names_whom_another_name_stands_for(self, park, maxrieny):
        page = park.post("tenants:enterprise-create", **typed(aliases="迈瑞"))

        assert "aliases" in page.context["form"].errors

    def test_says_all_that_is_missing_at_once(self, park):
        page = park.post("tenants:enterprise-create", credit_code="1", contact_phone="123")

        assert {"credit_code", "name", "short_name", "contact_name"} == set(
            page.context["form"].errors
        )


def form_of(page):
    """What a browser would send back from the form of an enterprise."""
    form = page.context["form"]
    sent = {}
    for field in form:
        shown = field.value()
        if field.field.show_hidden_initial:
            sent[field.html_initial_name] = "" if shown is None else shown
        if shown is not False and shown is not None:
            sent[field.html_name] = shown
    return sent


class TestEnterpriseEdit:
    def test_changes_what_was_changed_and_ends_its_being_a_sample(self, park, maxrieny):
        page = park.get("tenants:enterprise-edit", maxrieny.pk)
        assert "A sample value until somebody changes it." in text_of(page)

        sent = form_of(page) | {
            "credit_code": credit_code(8),
            "aliases": "迈瑞",
            "business_class": "data_centre",
            "contact_title": "总监",
        }
        park.post("tenants:enterprise-edit", maxrieny.pk, **sent)

        maxrieny.refresh_from_db()
        assert (maxrieny.credit_code, maxrieny.sample_fields) == (credit_code(8), [])
        assert [alias.name for alias in maxrieny.aliases.all()] == ["迈瑞"]
        main = BusinessLine.objects.get(enterprise=maxrieny, is_main=True)
        assert main.business_class == BusinessClass.DATA_CENTRE
        assert maxrieny.contacts.get().title == "总监"

    def test_a_contact_without_a_name_is_none_any_more(self, park, maxrieny):
        sent = form_of(park.get("tenants:enterprise-edit", maxrieny.pk))
        nobody = dict.fromkeys(
            ["contact_name", "contact_title", "contact_phone", "contact_email"], ""
        )

        park.post("tenants:enterprise-edit", maxrieny.pk, **sent | nobody)

        assert not Contact.objects.exists()

    def test_who_comes_second_is_told_who_came_first_and_what_is_newer(self, park, maxrieny):
        sent = form_of(park.get("tenants:enterprise-edit", maxrieny.pk))
        colleague = UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF])
        edit_enterprise(
            enterprise_id=maxrieny.pk,
            acting_user=colleague,
            origin="东京",
            parent_group="迈睿集团",
            expected_version=1,
        )

        mine = sent | {"origin": "大阪", "note": "关心班车"}
        page = park.post("tenants:enterprise-edit", maxrieny.pk, **mine)

        text = text_of(page)
        assert "李涛 changed this enterprise at" in text
        assert "Comes from 东京 (you typed something else; saving writes over it)" in text
        assert "Parent group 迈睿集团 (taken into the form)" in text
        assert page.context["form"]["note"].value() == "关心班车"
        maxrieny.refresh_from_db()
        assert (maxrieny.origin, maxrieny.note) == ("东京", "")

    def test_sending_again_saves_ones_own_and_keeps_theirs(self, park, maxrieny):
        sent = form_of(park.get("tenants:enterprise-edit", maxrieny.pk))
        edit_enterprise(
            enterprise_id=maxrieny.pk, acting_user=park.user, origin="东京", parent_group="集团"
        )
        page = park.post("tenants:enterprise-edit", maxrieny.pk, **sent | {"origin": "大阪"})

        again = {name: page.context["form"].data[name] for name in page.context["form"].data}
        answer = park.post("tenants:enterprise-edit", maxrieny.pk, **again)

        maxrieny.refresh_from_db()
        assert answer.status_code == 303
        assert (maxrieny.origin, maxrieny.parent_group) == ("大阪", "集团")

    def test_a_name_that_another_has_is_refused_beside_it(self, park, maxrieny):
        EnterpriseFactory(name="四川科音")
        sent = form_of(park.get("tenants:enterprise-edit", maxrieny.pk))

        page = park.post("tenants:enterprise-edit", maxrieny.pk, **sent | {"name": "四川科音"})

        assert page.context["form"].errors == {
            "name": ["There is an enterprise of this name already."]
        }
