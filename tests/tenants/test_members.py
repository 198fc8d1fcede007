"""The people who act for an enterprise: invited by a secret link, gone at once when they leave."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from accounts.models import ApiToken, User
from accounts.permissions import Role
from accounts.services import make_api_token
from foundation.models import Message, Setting
from tenants.models import Invitation, Membership
from tenants.services.members import (
    InvitationOver,
    accept_invitation,
    end_membership,
    invite_member,
    open_invitation,
)
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.together import together
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def enterprise():
    return EnterpriseFactory(name="诚伯信息有限公司")


@pytest.fixture
def invite(operator, enterprise):
    """Invite somebody; gives the secret that their mail carries."""

    def run(to=enterprise, **more):
        invite_member(
            **{
                "enterprise": to,
                "email": "Li.Na@Example.Test ",
                "name": "李娜",
                "is_manager": True,
                "now": NOW,
                "acting_user": operator,
                **more,
            }
        )
        return Message.objects.latest("pk").url.rstrip("/").rpartition("/")[2]

    return run


def accept(token, now=NOW, name="李娜", password=PASSWORD):
    return accept_invitation(token=token, name=name, password=password, now=now)


class TestInviteMember:
    def test_mails_the_secret_and_keeps_its_hash_only(self, invite, enterprise):
        token = invite()

        invitation = Invitation.objects.get()
        message = Message.objects.get()
        assert (message.address, message.recipient) == ("li.na@example.test", None)
        assert enterprise.name in message.subject
        assert token not in str(vars(invitation))
        assert len(token) >= 40

    def test_says_until_which_day_in_shanghai_it_works(self, invite):
        after_midnight = datetime(2024, 2, 22, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

        invite(now=after_midnight.astimezone(ZoneInfo("UTC")))

        assert "2024-03-07" in Message.objects.get().body

    def test_replaces_an_older_one(self, invite):
        older, newer = invite(), invite(name="李娜娜")

        with pytest.raises(InvitationOver):
            open_invitation(older, NOW)
        assert open_invitation(newer, NOW).name == "李娜娜"

    def test_refuses_who_acts_for_an_enterprise(self, invite, enterprise):
        member = make_member(EnterpriseFactory())

        with pytest.raises(Invalid) as refusal:
            invite(email=member.email.upper())
        assert refusal.value.errors[0]["field"] == "email"

    @pytest.mark.parametrize("role", [Role.OPERATOR_STAFF, Role.OFFICIAL, Role.AUDITOR])
    def test_refuses_who_is_of_the_park(self, invite, person, role):
        with pytest.raises(Invalid):
            invite(email=person(role).email)

        assert not Invitation.objects.exists()

    def test_refuses_whose_access_was_ended(self, invite):
        UserFactory(email="li.na@example.test", roles=[], is_active=False)

        with pytest.raises(Invalid):
            invite()
        assert not Invitation.objects.exists()

    def test_tells_an_enterprise_nothing_of_people_elsewhere(self, invite, enterprise, person):
        manager = make_member(enterprise)
        gone = UserFactory(roles=[], is_active=False)
        addresses = [make_member(EnterpriseFactory()).email, person(Role.AUDITOR).email, gone.email]

        said = set()
        for address in addresses:
            with pytest.raises(Invalid) as refusal:
                invite(email=address, acting_user=manager)
            said.add(str(refusal.value.errors))

        assert len(said) == 1

    def test_of_an_enterprise_do_not_become_a_flood(self, invite, enterprise, operator):
        manager = make_member(enterprise)
        for number in range(20):
            invite(email=f"a{number}@example.test", acting_user=manager)

        with pytest.raises(Invalid):
            invite(email="one.more@example.test", acting_user=manager)
        invite(email="a7@example.test", acting_user=manager)
        invite(email="one.more@example.test", acting_user=operator)

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_the_same_moment_leaves_one_open(self, invite):
        together(*[invite] * 4)

        assert Invitation.objects.count() == 4
        assert Invitation.objects.filter(withdrawn_at=None).count() == 1


class TestOpenInvitation:
    @pytest.mark.parametrize("token", ["", "x", "0" * 43])
    def test_refuses_what_was_never_given_out(self, invite, token):
        invite()

        with pytest.raises(InvitationOver):
            open_invitation(token, NOW)

    def test_works_for_the_days_that_are_set(self, invite):
        token = invite()

        open_invitation(token, NOW + timedelta(days=14, seconds=-1))
        with pytest.raises(InvitationOver):
            open_invitation(token, NOW + timedelta(days=14))

    def test_takes_the_days_from_the_settings(self, invite):
        Setting.objects.create(name=Setting.Name.INVITATION_DAYS, value=1)

        with pytest.raises(InvitationOver):
            open_invitation(invite(), NOW + timedelta(days=1))


class TestAcceptInvitation:
    @pytest.mark.parametrize(
        ("is_manager", "role"),
        [(True, Role.ENTERPRISE_MANAGER), (False, Role.ENTERPRISE_MEMBER)],
    )
    def test_makes_an_account_with_the_role(self, invite, enterprise, is_manager, role):
        user = accept(invite(is_manager=is_manager), name=" 李娜 ")

        user = User.objects.get(pk=user.pk)
        assert (user.email, user.name, user.roles) == ("li.na@example.test", "李娜", [role])
        assert user.check_password(PASSWORD)
        assert Membership.objects.current().get(user=user).enterprise == enterprise

    def test_works_once(self, invite):
        token = invite()
        accept(token)

        with pytest.raises(InvitationOver):
            accept(token, password="another password")
        assert User.objects.get(email="li.na@example.test").check_password(PASSWORD)

    def test_too_late_makes_nobody(self, invite):
        token = invite()

        with pytest.raises(InvitationOver):
            accept(token, now=NOW + timedelta(days=15))
        assert not User.objects.filter(email="li.na@example.test").exists()

    def test_brings_back_who_had_left(self, invite, enterprise, operator):
        user = accept(invite())
        end_membership(membership=user.memberships.get(), now=NOW, acting_user=operator)

        again = accept(invite(), password="a new password")

        assert again == user
        assert user.memberships.count() == 2
        assert Membership.objects.enterprises_of(user).get()["enterprise"] == enterprise.pk

    def test_by_two_enterprises_ends_with_the_first_accepted(self, invite):
        first, second = invite(), invite(to=EnterpriseFactory())
        accept(first)

        with pytest.raises(InvitationOver):
            accept(second, password="another password")

        assert Membership.objects.current().count() == 1
        assert User.objects.get(email="li.na@example.test").check_password(PASSWORD)

    def test_never_takes_over_somebody_of_the_park(self, invite):
        token = invite()
        UserFactory(email="li.na@example.test", roles=[Role.OPERATOR_STAFF])

        with pytest.raises(InvitationOver):
            accept(token)

        assert User.objects.get(email="li.na@example.test").roles == [Role.OPERATOR_STAFF]

    @pytest.mark.django_db(transaction=True)
    def test_twice_at_the_same_moment_is_once(self, invite):
        token = invite()

        results = together(*[partial(accept, token)] * 4)

        assert sum(isinstance(result, User) for result in results) == 1
        assert sum(isinstance(result, InvitationOver) for result in results) == 3
        assert Membership.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_two_enterprises_at_the_same_moment_one_counts(self, invite):
        tokens = [invite(to=EnterpriseFactory()) for _ in range(4)]

        results = together(*[partial(accept, token) for token in tokens])

        assert sum(isinstance(result, User) for result in results) == 1
        assert sum(isinstance(result, InvitationOver) for result in results) == 3
        assert Membership.objects.count() == 1


class TestEndMembership:
    @pytest.fixture
    def member(self, enterprise):
        return make_member(enterprise)

    def test_ends_sessions_and_tokens_at_once(self, member, operator, client):
        client.force_login(member)
        token = make_api_token(user=member, name="", now=NOW)
        before = member.get_session_auth_hash()

        end_membership(membership=member.memberships.get(), now=NOW, acting_user=operator)

        member = User.objects.get(pk=member.pk)
        fingerprint = ApiToken.objects.get(digest=ApiToken.digest_of(token)).fingerprint
        assert member.get_session_auth_hash() not in {before, fingerprint}
        assert (member.roles, member.permissions) == ([], frozenset())
        assert not Membership.objects.enterprises_of(member).exists()

    def test_that_has_ended_before_leaves_a_later_one_alone(self, member, operator, invite):
        first = member.memberships.get()
        end_membership(membership=first, now=NOW, acting_user=operator)
        accept(invite(to=EnterpriseFactory(), email=member.email))

        end_membership(membership=first, now=NOW + timedelta(days=1), acting_user=operator)

        assert User.objects.get(pk=member.pk).roles == [Role.ENTERPRISE_MANAGER]
        assert Membership.objects.get(pk=first.pk).ended_at == NOW

    def test_takes_only_what_came_with_it(self, member, operator):
        member.roles = [Role.ENTERPRISE_MANAGER, Role.OFFICIAL]
        member.save()

        end_membership(membership=member.memberships.get(), now=NOW, acting_user=operator)

        assert User.objects.get(pk=member.pk).roles == [Role.OFFICIAL]

    def test_keeps_the_day(self, member, operator):
        membership = member.memberships.get()

        end_membership(membership=membership, now=NOW, acting_user=operator)

        membership.refresh_from_db()
        assert membership.ended_at == NOW
