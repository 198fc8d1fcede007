"""Tokens: shown once, kept as a hash, good for 90 days unless something changes before."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts.authentication import TokenAuthentication
from accounts.models import ApiToken, User
from accounts.permissions import Role
from accounts.services import make_api_token, revoke_api_token
from tests.conftest import NOW
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(roles=[Role.OPERATOR_STAFF])
    user.set_password("correct horse battery")
    user.save()
    return user


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Let the authentication believe that it is another instant."""

    def set_clock(instant):
        monkeypatch.setattr("accounts.authentication.timezone.now", lambda: instant)

    set_clock(NOW)
    return set_clock


def make(user, **more):
    return make_api_token(**{"user": user, "name": "报表程序", "now": NOW, **more})


def who_comes_with(header):
    request = APIRequestFactory().get("/api/v1/zones/", headers={"Authorization": header})
    answer = TokenAuthentication().authenticate(request)
    return answer and answer[0]


def assert_is_refused(token):
    with pytest.raises(AuthenticationFailed):
        who_comes_with(f"Bearer {token}")


class TestMaking:
    def test_keeps_nothing_that_opens_the_door(self, user):
        token = make(user)

        row = ApiToken.objects.get()
        assert token not in str(vars(row))
        assert row.digest == ApiToken.digest_of(token)
        assert token.startswith(row.hint)
        assert len(token) > 40

    def test_leaves_older_ones_valid(self, user):
        older, newer = make(user), make(user)

        assert who_comes_with(f"Bearer {older}") == who_comes_with(f"Bearer {newer}") == user

    def test_by_command_prints_the_token_and_nothing_else(self, user, at):
        at(timezone.now())
        out = StringIO()

        call_command("api_token", user.email.upper(), stdout=out)

        token = out.getvalue().removesuffix("\n")
        assert who_comes_with(f"Bearer {token}") == user

    @pytest.mark.parametrize("is_active", [True, False])
    def test_by_command_is_only_for_who_may_sign_in(self, user, is_active):
        User.objects.update(is_active=False)
        email = "nobody@example.test" if is_active else user.email

        with pytest.raises(CommandError):
            call_command("api_token", email)


class TestUsing:
    def test_brings_in_its_person(self, user):
        assert who_comes_with(f"Bearer {make(user)}") == user

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
    def test_is_not_strict_about_the_word(self, user, scheme):
        assert who_comes_with(f"{scheme} {make(user)} ") == user

    @pytest.mark.parametrize("header", ["", "Basic abc", "Token abc", "Bearerabc"])
    def test_leaves_other_ways_in_alone(self, header):
        assert who_comes_with(header) is None

    @pytest.mark.parametrize("secret", ["", "x", "xy_", "席园", "xy_" + "0" * 43])
    def test_refuses_what_is_no_token(self, user, secret):
        make(user)

        with pytest.raises(AuthenticationFailed):
            who_comes_with(f"Bearer {secret}".encode())

    def test_notes_the_day(self, user):
        who_comes_with(f"Bearer {make(user)}")

        assert ApiToken.objects.get().last_used_on == NOW.date()

    def test_costs_one_statement_once_the_day_is_noted(self, user, django_assert_num_queries):
        token = make(user)
        who_comes_with(f"Bearer {token}")

        with django_assert_num_queries(1):
            who_comes_with(f"Bearer {token}")


class TestEnding:
    def test_comes_after_ninety_days(self, user, at):
        token = make(user)

        at(NOW + timedelta(days=90, seconds=-1))
        assert who_comes_with(f"Bearer {token}") == user
        at(NOW + timedelta(days=90))
        assert_is_refused(token)

    def test_comes_when_it_is_revoked_and_for_that_one_only(self, user):
        token, other = make(user), make(user)

        revoke_api_token(token=ApiToken.objects.get(digest=ApiToken.digest_of(token)), now=NOW)

        assert_is_refused(token)
        assert who_comes_with(f"Bearer {other}") == user

    @pytest.mark.parametrize(
        "change",
        [
            lambda user: user.set_password("another password"),
            lambda user: setattr(user, "roles", [Role.AUDITOR]),
            lambda user: setattr(user, "roles", []),
            lambda user: setattr(user, "is_active", False),
            lambda user: setattr(user, "area_code", "511000"),
        ],
        ids=["password", "role", "no role", "left", "area"],
    )
    def test_comes_when_what_one_may_do_changes(self, user, change):
        token = make(user)

        change(user)
        user.save()

        assert_is_refused(token)

    def test_does_not_come_with_a_new_name_or_language(self, user):
        token = make(user)

        user.name, user.language = "新名字", "en"
        user.save()

        assert who_comes_with(f"Bearer {token}") == user
