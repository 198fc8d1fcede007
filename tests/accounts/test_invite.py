"""The first person of a park, and everybody after: how they come to their password."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def invited(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("invite", *arguments, stdout=out)
    return out.getvalue().strip()


def choose_password(client, link: str) -> None:
    """Follow the link, on whatever host it is, and choose a password."""
    form = client.get(re.sub(r"^https?://[^/]+", "", link), follow=True)
    where = form.redirect_chain[-1][0]
    client.post(where, {"password1": PASSWORD, "password2": PASSWORD})


def signs_in(client, email: str) -> bool:
    client.logout()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return "_auth_user_id" in client.session


class TestInvite:
    def test_lets_the_first_person_in_to_the_park_and_the_administration(self, client, settings):
        settings.PUBLIC_URL = "https://park.example"

        link = invited("Chief@Example.test")

        assert re.fullmatch(r"https://park\.example/accounts/password/reset/key/\S+", link)
        choose_password(client, link)
        assert signs_in(client, "chief@example.test")
        assert client.get("/park/").status_code == 200
        assert client.get("/admin/").status_code == 200

    def test_gives_the_name_and_the_roles_that_are_named(self):
        invited("it@example.test", "--name", "陈管理", "--role", "system_administrator")

        user = User.objects.get()
        assert (user.name, user.roles) == ("陈管理", [Role.SYSTEM_ADMINISTRATOR])

    def test_again_prints_a_new_link_and_changes_nothing_else(self, client):
        invited("it@example.test", "--role", "auditor")

        link = invited("it@example.test")

        assert User.objects.get().roles == [Role.AUDITOR]
        choose_password(client, link)
        assert signs_in(client, "it@example.test")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["no address"], "."),
            (["a@example.test", "--role", "enterprise_manager"], "enterprise_manager"),
            (["left@example.test"], "was ended"),
            (["known@example.test", "--role", "auditor"], "/admin/"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, arguments, words):
        UserFactory(email="left@example.test", is_active=False)
        UserFactory(email="known@example.test", roles=[Role.OFFICIAL])

        with pytest.raises(CommandError, match=words):
            invited(*arguments)

        assert User.objects.count() == 2


class TestTheAdmin:
    """A person who is added there must learn of it."""

    @pytest.fixture
    def add(self, client):
        client.force_login(UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR], language="en"))

        def run(**typed):
            person = {"name": "李娜", "email": "", "language": "en", "is_active": "on", **typed}
            answer = client.post(reverse("admin:accounts_user_add"), person, follow=True)
            return answer.content.decode()

        return run

    def test_mails_the_link_to_the_first_password(self, client, add, mailoutbox, settings):
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"

        page = add(email="li.na@example.test")

        assert "李娜 gets a mail to li.na@example.test with the link to choose a password." in page
        (mail,) = mailoutbox
        assert (mail.to, mail.subject) == (["li.na@example.test"], "Your access to Xiyuan")
        client.logout()
        choose_password(client, re.search(r"https?://\S+", mail.body)[0])
        assert signs_in(client, "li.na@example.test")

    def test_mails_in_the_language_of_the_person(self, add, mailoutbox):
        add(email="li.na@example.test", language="zh-hans")

        assert "李娜" in mailoutbox[0].body
        assert "设置密码" in mailoutbox[0].body

    def test_says_how_to_pass_the_link_on_where_no_mail_is_sent(self, add, settings):
        settings.MAIL_TRANSPORT = ""

        assert "manage.py invite li.na@example.test prints one" in add(email="li.na@example.test")

    def test_says_that_without_an_address_nobody_gets_a_password(self, add, mailoutbox):
        assert "李娜 has no e-mail address" in add(phone="13911112222")
        assert mailoutbox == []

    def test_a_change_sends_nothing(self, client, add, mailoutbox):
        add(email="li.na@example.test")
        user = User.objects.get(email="li.na@example.test")

        typed = {"name": "李娜娜", "email": user.email, "is_active": "on"}
        client.post(reverse("admin:accounts_user_change", args=[user.pk]), typed)

        user.refresh_from_db()
        assert user.name == "李娜娜"
        assert len(mailoutbox) == 1

    def test_calls_the_name_of_a_person_so(self, client):
        client.force_login(UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR], language="zh-hans"))

        page = client.get(reverse("admin:accounts_user_add")).content.decode()

        assert "姓名" in page
        assert "名称" not in page
