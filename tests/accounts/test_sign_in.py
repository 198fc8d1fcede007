"""Signing in by e-mail or mobile number, and when it ends."""

import pytest
from django.urls import reverse

from accounts.adapter import clean_mobile
from accounts.models import User
from accounts.permissions import Role
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse battery"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800000000", "+8613800000000"),
        ("+8613800000000", "+8613800000000"),
        ("8613800000000", "+8613800000000"),
        ("+86 138 0000 0000", "+8613800000000"),
        ("138-0000-0000", "+8613800000000"),
        ("(+86)138 0000 0000", "+8613800000000"),
        ("（86）138　0000　0000", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("008613800000000", "+8613800000000"),
        ("12800000000", None),
        ("1380000000", None),
        ("138000000000", None),
        ("+8513800000000", None),
        ("0832-2022222", None),
        ("", None),
        ("li.na@example.test", None),
    ],
)
def test_a_mobile_number_is_read_in_any_usual_spelling(typed, number):
    assert clean_mobile(typed) == number


@pytest.fixture
def user(db):
    user = UserFactory(
        email="li.na@example.test", phone="+8613800000000", roles=[Role.OPERATOR_STAFF]
    )
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sign_in(client, user):
    """Sign in through the page; gives whoever is signed in then, or None."""

    def post(login, password=PASSWORD):
        client.post(reverse("account_login"), {"login": login, "password": password})
        pk = client.session.get("_auth_user_id")
        return User.objects.get(pk=pk) if pk else None

    return post


class TestThePage:
    @pytest.mark.parametrize(
        "login",
        [
            "li.na@example.test",
            "Li.Na@Example.Test",
            " li.na@example.test ",
            "13800000000",
            "+8613800000000",
            "138 0000 0000",
            "+86 138-0000-0000",
        ],
    )
    def test_lets_in_by_e_mail_or_mobile_number(self, sign_in, user, login):
        assert sign_in(login) == user

    @pytest.mark.parametrize(
        ("login", "password"),
        [
            ("li.na@example.test", "wrong password"),
            ("13800000000", "wrong password"),
            ("13800000001", PASSWORD),
            ("other@example.test", PASSWORD),
            ("", PASSWORD),
            ("li.na@example.test", ""),
        ],
    )
    def test_keeps_out_everybody_else(self, sign_in, login, password):
        assert sign_in(login, password) is None

    def test_keeps_out_who_has_left(self, sign_in, user):
        User.objects.update(is_active=False)

        assert sign_in("li.na@example.test") is None

    def test_takes_no_new_people(self, client, db):
        client.post(
            "/accounts/signup/",
            {"email": "new@example.test", "password1": PASSWORD, "password2": PASSWORD},
        )

        assert not User.objects.filter(email="new@example.test").exists()


class TestASession:
    @pytest.fixture
    def is_signed_in(self, client, user, rf):
        client.force_login(user)

        def ask():
            return client.get(reverse("accounts:profile")).status_code == 200

        assert ask()
        return ask

    @pytest.mark.parametrize(
        "change",
        [
            lambda user: user.set_password("another password"),
            lambda user: setattr(user, "roles", [Role.AUDITOR]),
            lambda user: setattr(user, "is_active", False),
        ],
        ids=["password", "role", "left"],
    )
    def test_ends_when_what_one_may_do_changes(self, is_signed_in, user, change):
        change(user)
        user.save()

        assert not is_signed_in()

    def test_stays_with_a_new_name(self, is_signed_in, user):
        user.name = "新名字"
        user.save()

        assert is_signed_in()

    def test_lasts_twelve_hours(self, settings):
        assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
