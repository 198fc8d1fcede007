"""The people of an enterprise on their pages: invited, let in, gone at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from foundation import clock
from foundation.models import Message
from tenants.services import end_membership, invite_member
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

PASSWORD = "correct horse battery"


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

    def test_says_it_in_chinese_to_who_reads_chinese(self, client, maxrieny, operator):
        url = invite(maxrieny, operator)

        typed = {"name": "刘新", "password": "short1", "again": "short1"}
        page = client.post(url, typed, headers={"accept-language": "zh-CN"}).content.decode()

        assert "密码太短，至少要 10 个字符。" in page
        assert "密码不能与您的其他个人信息太相似。" in page
        assert "This password" not in page
        assert "你的密码" not in page

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
