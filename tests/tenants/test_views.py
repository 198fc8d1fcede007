"""Enterprises and their people on their pages: finding, adding, editing, uploading, inviting."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from foundation import clock
from foundation.models import Message
from tenants.blank_list import blank_list
from tenants.models import BusinessClass, BusinessLine, Contact, Enterprise, Tenancy
from tenants.services import add_enterprise, edit_enterprise, end_membership, invite_member
from tenants.services.enterprises import NewContact
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory, credit_code, make_member
from tests.factories.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

PASSWORD = "correct horse battery"


@pytest.fixture
def frozen_clock(monkeypatch, now, today):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: today)


@pytest.fixture
def park(operator):
    return Desk(operator)


@pytest.fixture
def maxrieny(operator):
    """An enterprise about which much is known."""
    enterprise = add_enterprise(
        credit_code=credit_code(7000),
        name="内江迈睿信息技术有限公司",
        short_name="迈睿中国",
        aliases=["迈瑞", "大迈睿"],
        business_class=BusinessClass.CUSTOMER_SERVICE,
        contact=NewContact("孙丽", "财务", "+8613812345678", "sun@example.test"),
        origin="日本",
        sample_fields=["credit_code"],
        acting_user=operator,
    )
    Tenancy.objects.create(enterprise=enterprise, period=(date(2021, 3, 1), None))
    return enterprise


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


HEADS = ["企业全称", "简称", "统一社会信用代码", "主营业务"]


def upload(park, data):
    file = io.BytesIO(data)
    file.name = "企业.xlsx"
    return park.post("tenants:enterprise-import", file=file)


class TestImport:
    def test_adds_the_enterprises_of_a_workbook_and_says_how_many(self, park, maxrieny):
        rows = [
            HEADS,
            ["诚伯信息有限公司", "诚伯", credit_code(1), "数据处理"],
            ["内江迈睿信息技术有限公司", "迈睿中国", credit_code(7000), "客服服务"],
        ]

        answer = upload(park, workbook({"企业": rows}))

        assert answer.url == reverse("tenants:enterprise-list")
        said = text_of(park.follow(answer.url))
        assert "1 enterprises were added; 1 were known just the same." in said

    def test_lists_every_error_with_its_cell_and_adds_nothing(self, park):
        rows = [HEADS, ["甲", "甲", "915", "种地"], ["乙", "乙", credit_code(2), ""]]

        page = upload(park, workbook({"企业": rows}))

        cells = [error["cell"] for error in page.context["refusal"].errors]
        assert cells == ["C2", "D2"]
        assert "企业!C2 A credit code has 18 characters" in text_of(page)
        assert not Enterprise.objects.exists()

    def test_says_beside_the_file_what_is_no_workbook(self, park):
        page = upload(park, b"name,code\n")

        assert "This is not an .xlsx workbook." in text_of(page)

    def test_asks_for_a_file(self, park):
        page = park.post("tenants:enterprise-import", file="")

        assert page.status_code == 200

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_gives_an_empty_list_that_can_be_uploaded(self, park, language):
        park.client.cookies["django_language"] = language

        answer = park.get("tenants:import-template")
        data = b"".join(answer.streaming_content)

        assert upload(park, data).status_code == 303

    def test_every_word_that_the_empty_list_offers_is_understood(self, park, settings):
        rows = [["Name", "Short name", "Credit code", "Business"]]
        for number, business in enumerate(BusinessClass):
            word = business.value.replace("_", " ").capitalize()
            rows.append([f"企业{number}", f"企{number}", credit_code(number), word])

        assert upload(park, workbook({"Enterprises": rows})).status_code == 303
        assert BusinessLine.objects.count() == len(BusinessClass)
        assert blank_list().startswith(b"PK")


def invite(enterprise, operator, **changed):
    invitation = {"email": "new@example.test", "name": "刘新", "is_manager": True, **changed}
    invite_member(enterprise=enterprise, now=NOW, acting_user=operator, **invitation)
    return Message.objects.latest("pk").url


class TestMemberInvite:
    def test_the_first_one_is_asked_as_a_manager(self, park, maxrieny):
        page = park.get("tenants:member-invite", maxrieny.pk)

        assert "迈睿中国: nobody has access yet" in text_of(page)
        assert page.context["form"]["role"].value() == "manager"

    def test_sends_a_link_and_shows_who_is_invited(self, park, maxrieny):
        typed = {"name": "刘新", "email": "New@Example.test", "role": "manager"}

        answer = park.post("tenants:member-invite", maxrieny.pk, **typed)

        text = text_of(park.follow(answer.url))
        assert "The invitation goes to new@example.test." in text
        assert "刘新 Manager · new@example.test · invited by 张敏" in text
        assert Message.objects.get().address == "new@example.test"

    def test_refuses_beside_the_address_who_acts_for_another(self, park, maxrieny):
        member = make_member(EnterpriseFactory())

        page = park.post(
            "tenants:member-invite", maxrieny.pk, name="某", email=member.email, role="member"
        )

        assert page.context["form"].errors == {
            "email": ["This person acts for an enterprise already."]
        }
        assert f'value="{member.email}"' in page.content.decode()

    def test_says_which_invitation_is_too_old(self, park, maxrieny, now, operator):
        invite_member(
            enterprise=maxrieny,
            email="old@example.test",
            name="旧",
            is_manager=False,
            now=now - timedelta(days=30),
            acting_user=operator,
        )

        assert "The link is too old." in text_of(park.get("tenants:member-invite", maxrieny.pk))

    def test_a_manager_invites_for_their_own_enterprise_only(self, maxrieny):
        manager = Desk(make_member(maxrieny))
        other = EnterpriseFactory()

        assert manager.get("tenants:member-invite", maxrieny.pk).status_code == 200
        assert manager.get("tenants:member-invite", other.pk).status_code == 404

    def test_asks_the_same_queries_for_two_and_for_thirty(self, park, maxrieny, operator):
        def count_with(rows):
            for number in range(rows):
                make_member(maxrieny, is_manager=False)
                invite(maxrieny, operator, email=f"{rows}-{number}@example.test")
            with CaptureQueriesContext(connection) as queries:
                park.get("tenants:member-invite", maxrieny.pk)
            return len(queries)

        assert count_with(2) == count_with(28)


class TestMemberEnd:
    def test_says_that_access_ends_at_once_and_ends_it(self, park, maxrieny):
        user = make_member(maxrieny, name="陈蓉")
        theirs = Desk(user)
        membership = user.memberships.get()

        page = park.get("tenants:member-end", membership.pk)
        assert "At once They are signed out everywhere" in text_of(page)
        assert "End the access of 陈蓉" in text_of(page)

        answer = park.post("tenants:member-end", membership.pk)

        assert "陈蓉 has no access any more." in text_of(park.follow(answer.url))
        assert theirs.get("tenants:enterprise-list").url.startswith(reverse("account_login"))

    def test_says_what_it_means_to_end_ones_own(self, maxrieny):
        manager = Desk(make_member(maxrieny))
        membership = manager.user.memberships.get()

        assert "You are signed out everywhere" in text_of(
            manager.get("tenants:member-end", membership.pk)
        )
        assert manager.post("tenants:member-end", membership.pk).url == reverse("account_login")

    def test_a_stranger_and_one_that_ended_are_not_there(self, park, maxrieny, now, operator):
        membership = make_member(maxrieny).memberships.get()
        stranger = Desk(make_member(EnterpriseFactory()))

        assert stranger.get("tenants:member-end", membership.pk).status_code == 404
        assert stranger.post("tenants:member-end", membership.pk).status_code == 404

        end_membership(membership=membership, now=now, acting_user=operator)
        assert park.get("tenants:member-end", membership.pk).status_code == 404


class TestInvitationAccept:
    def test_lets_the_invited_person_in(self, client, maxrieny, operator):
        url = invite(maxrieny, operator)

        page = client.get(url, headers={"accept-language": "en"})
        assert "Act for 内江迈睿信息技术有限公司" in text_of(page)
        assert "You sign in with new@example.test." in text_of(page)

        answer = client.post(url, {"name": "刘新", "password": PASSWORD, "again": PASSWORD})

        user = User.objects.get(email="new@example.test")
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(user.pk)
        assert user.check_password(PASSWORD)
        assert user.memberships.get().enterprise == maxrieny

    @pytest.mark.parametrize(
        ("password", "again", "field"),
        [
            ("short1", "short1", "password"),
            ("1234567890123", "1234567890123", "password"),
            ("new@example.test", "new@example.test", "password"),
            (PASSWORD, "another one here", "again"),
            ("", "", "password"),
        ],
    )
    def test_says_in_words_what_a_password_needs(
        self, client, maxrieny, operator, password, again, field
    ):
        url = invite(maxrieny, operator)

        page = client.post(url, {"name": "刘新", "password": password, "again": again})

        assert field in page.context["form"].errors
        assert 'value="刘新"' in page.content.decode()
        assert 'name="password" value' not in page.content.decode()
        assert not User.objects.filter(email="new@example.test").exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_link_that_was_used_gets_a_calm_page(self, client, maxrieny, operator, method):
        url = invite(maxrieny, operator)
        typed = {"name": "刘新", "password": PASSWORD, "again": PASSWORD}
        client.post(url, typed)
        client.logout()

        page = getattr(client, method)(url, typed, headers={"accept-language": "en"})

        assert page.status_code == 410
        assert "This link is no longer valid. Please ask for a new invitation." in text_of(page)

    def test_so_does_one_that_is_too_old_or_never_was(
        self, client, maxrieny, operator, monkeypatch, now
    ):
        url = invite(maxrieny, operator)
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=15))

        assert client.get(url).status_code == 410
        assert client.get("/tenants/invitations/no-such-token/").status_code == 410

    def test_who_is_signed_in_as_another_leaves_that_account(self, maxrieny, operator):
        other = Desk(make_member(EnterpriseFactory(), name="周倩"))
        url = invite(maxrieny, operator)
        assert "You are signed in as 周倩." in text_of(other.follow(url))

        other.client.post(url, {"name": "刘新", "password": PASSWORD, "again": PASSWORD})

        user = User.objects.get(email="new@example.test")
        assert other.client.session["_auth_user_id"] == str(user.pk)

    def test_the_page_is_kept_nowhere(self, client, maxrieny, operator):
        page = client.get(invite(maxrieny, operator))

        assert "no-store" in page.headers["Cache-Control"]


READERS = {
    Role.OPERATOR_MANAGER,
    Role.OPERATOR_STAFF,
    Role.PROMOTION_OFFICER,
    Role.ENTERPRISE_MANAGER,
    Role.ENTERPRISE_MEMBER,
    Role.AUDITOR,
}
OPERATORS = {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
WRITERS = OPERATORS | {Role.PROMOTION_OFFICER}
WHO_MAY = {
    "enterprise-list": READERS,
    "enterprise-create": WRITERS,
    "enterprise-edit": WRITERS,
    "enterprise-import": OPERATORS,
    "import-template": OPERATORS,
    "member-invite": OPERATORS | {Role.ENTERPRISE_MANAGER},
    "member-end": OPERATORS | {Role.ENTERPRISE_MANAGER},
}


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("name", WHO_MAY)
    def test_open_a_page(self, name, role, maxrieny):
        arguments = {
            "enterprise-edit": [maxrieny.pk],
            "member-invite": [maxrieny.pk],
            "member-end": [make_member(maxrieny).memberships.get().pk],
        }.get(name, [])
        user = (
            make_member(maxrieny, is_manager=role == Role.ENTERPRISE_MANAGER)
            if role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
            else UserFactory(roles=[role])
        )

        answer = Desk(user).get(f"tenants:{name}", *arguments)

        assert answer.status_code == (200 if role in WHO_MAY[name] else 403)

    @pytest.mark.parametrize("name", WHO_MAY)
    def test_who_is_not_signed_in_is_asked_to(self, client, name):
        needs_row = name in {"enterprise-edit", "member-invite", "member-end"}

        answer = client.get(reverse(f"tenants:{name}", args=[1] if needs_row else []))

        assert answer.url.startswith(reverse("account_login"))
