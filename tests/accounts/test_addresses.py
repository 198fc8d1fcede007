"""With which address somebody comes in: the one that the park has of them, and no other."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.permissions import Role
from accounts.services import make_api_token, save_user
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
OTHER = "backdoor@example.test"


@pytest.fixture
def user():
    user = UserFactory(email="li.na@example.test", roles=[Role.OPERATOR_STAFF])
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def admin():
    return UserFactory(email="chief@example.test", roles=[Role.SYSTEM_ADMINISTRATOR])


@pytest.fixture
def back_door(user):
    """An address that allauth has noted for the user, as it does by itself now and then."""
    return EmailAddress.objects.create(user=user, email=OTHER, primary=True, verified=True)


def signs_in(client, email, password=PASSWORD):
    client.logout()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


class TestNoOtherAddress:
    @pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/"])
    def test_can_be_given(self, client, user, path):
        client.force_login(user)

        answer = client.post(path, {"action_add": "", "email": OTHER})

        assert answer.status_code == 404
        with pytest.raises(NoReverseMatch):
            reverse("account_email")

    def test_lets_in(self, client, user, back_door):
        assert not signs_in(client, OTHER)
        assert signs_in(client, "Li.Na@example.test")

    def test_gets_the_link_to_a_new_password(self, client, user, back_door, mailoutbox):
        for address in (OTHER, user.email):
            client.post(reverse("account_reset_password"), {"email": address})

        assert [mail.to for mail in mailoutbox] == [[user.email]]

    def test_is_kept_once_the_park_has_said_which(self, user, admin, back_door):
        user.email = "new@example.test"

        save_user(user=user, now=timezone.now(), acting_user=admin)

        assert not EmailAddress.objects.exists()


class TestALinkToANewPassword:
    def test_leads_to_where_the_park_is(self, client, user, settings, mailoutbox):
        settings.PUBLIC_URL = "https://park.example"

        client.post(
            reverse("account_reset_password"),
            {"email": user.email},
            headers={"host": "127.0.0.1:9999", "accept-language": "en"},
        )

        (mail,) = mailoutbox
        assert mail.subject == "A new password for Xiyuan"
        link = re.search(r"https://park\.example(/accounts/password/reset/key/\S+)", mail.body)
        assert link, mail.body
        assert client.get(link[1], follow=True).status_code == 200

    def test_of_an_address_nobody_has_is_not_sent(self, client, mailoutbox):
        answer = client.post(reverse("account_reset_password"), {"email": "x@example.test"})

        assert answer.status_code == 302
        assert mailoutbox == []

    def test_of_an_address_too_long_is_said_beside_it(self, client):
        address = f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'z' * 60}.{'z' * 60}.example"
        assert len(address) > 254

        answer = client.post(reverse("account_reset_password"), {"email": address})

        assert answer.status_code == 200


class TestWhatIsTakenAway:
    def test_ends_with_another_address(self, client, user, admin):
        client.force_login(user)
        user.email = "new@example.test"

        save_user(user=user, now=timezone.now(), acting_user=admin)

        assert client.get(reverse("accounts:profile")).status_code == 302
        assert not signs_in(client, "li.na@example.test")

    def test_does_not_come_back_with_the_role(self, user, admin):
        make_api_token(user=user, name="", now=timezone.now())
        for roles in ([Role.AUDITOR], [Role.OPERATOR_STAFF]):
            user.roles = roles
            save_user(user=user, now=timezone.now(), acting_user=admin)

        assert ApiToken.objects.get().revoked_at is not None


class TestTheAdmin:
    ADD = "admin:accounts_user_add"
    LIST = "admin:accounts_user_changelist"

    @pytest.fixture
    def desk(self, client, admin):
        client.force_login(admin)
        return client

    def person(self, **typed):
        return {"name": "李娜", "email": "a@example.test", "language": "", **typed}

    def test_has_no_door_of_its_own(self, client, admin):
        admin.set_password(PASSWORD)
        admin.save()

        answer = client.post(
            reverse("admin:login"), {"username": admin.email, "password": PASSWORD}
        )

        assert answer.url.startswith(reverse("account_login"))
        assert "_auth_user_id" not in client.session

    def test_reads_numbers_and_addresses_as_people_type_them(self, desk):
        desk.post(reverse(self.ADD), self.person(email="A@Example.test", phone="139 1111 2222"))

        made = User.objects.get(name="李娜")
        assert (made.email, made.phone) == ("a@example.test", "+8613911112222")

    @pytest.mark.parametrize(
        "typed", [{"phone": "abc"}, {"area_code": "zzz"}, {"area_code": "51101"}, {"email": ""}]
    )
    def test_refuses_what_is_none(self, desk, typed):
        answer = desk.post(reverse(self.ADD), self.person(**typed))

        assert answer.status_code == 200
        assert not User.objects.filter(name="李娜").exists()

    @pytest.mark.parametrize("asked", ["password__startswith=pbkdf2", "name__icontains=%00"])
    def test_answers_no_question_that_it_does_not_ask_itself(self, desk, asked):
        answer = desk.get(f"{reverse(self.LIST)}?{asked}")

        assert answer.status_code == 400 or answer.url.endswith("?e=1")
