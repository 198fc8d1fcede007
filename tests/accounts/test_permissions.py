"""The one list of permissions, and that the code asks for nothing else."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db.utils import IntegrityError

from accounts.backends import RoleBackend
from accounts.models import User
from accounts.permissions import (
    ENTERPRISE_ROLES,
    EVERY_PERMISSION,
    ROLE_PERMISSIONS,
    Role,
    permissions_of,
)
from tests.factories.accounts import UserFactory
from tests.source import product_files, templates, tree_of

ROOT = Path(__file__).resolve().parents[2]


class TestTheList:
    def test_knows_every_role(self):
        assert set(ROLE_PERMISSIONS) == set(Role)

    @pytest.mark.parametrize("permission", sorted(EVERY_PERMISSION))
    def test_names_are_app_and_verb_and_noun(self, permission):
        app, _, name = permission.partition(".")

        assert app in apps.app_configs
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)

    def test_who_sees_every_row_may_open_the_page(self):
        for role, permissions in ROLE_PERMISSIONS.items():
            for permission in permissions:
                assert permission.replace("view_every_", "view_") in permissions or (
                    permission.replace("view_every_", "view_").removesuffix("s") in permissions
                ), (role, permission)

    def test_two_roles_may_do_what_either_may(self):
        both = permissions_of([Role.OFFICIAL, Role.AUDITOR])

        assert both == ROLE_PERMISSIONS[Role.OFFICIAL] | ROLE_PERMISSIONS[Role.AUDITOR]
        assert permissions_of([]) == frozenset()

    def test_the_auditor_writes_nothing(self):
        verbs = {
            name.partition(".")[2].partition("_")[0] for name in ROLE_PERMISSIONS[Role.AUDITOR]
        }

        assert verbs == {"view"}

    def test_the_system_administrator_sees_no_business(self):
        apps_seen = {name.partition(".")[0] for name in ROLE_PERMISSIONS[Role.SYSTEM_ADMINISTRATOR]}

        assert apps_seen == {"accounts", "foundation"}

    @pytest.mark.parametrize(
        "role", [*sorted(ENTERPRISE_ROLES), Role.OFFICIAL, Role.SYSTEM_ADMINISTRATOR]
    )
    def test_outsiders_see_rows_of_their_own_only(self, role):
        assert not any(".view_every_" in name for name in ROLE_PERMISSIONS[role])


class TestTheCode:
    def test_asks_for_no_permission_that_nobody_has(self):
        asked = {name: path for path in product_files() for name in _permissions_asked(path)}

        assert len(asked) > 10
        assert {name: path for name, path in asked.items() if name not in EVERY_PERMISSION} == {}

    def test_nor_do_the_templates(self):
        asked = {
            name
            for path in templates()
            for name in re.findall(r"\bperms\.([a-z]+\.[a-z_]+)", path.read_text())
        }

        assert asked <= EVERY_PERMISSION

    def test_every_permission_is_asked_for_somewhere(self):
        words = "".join(path.read_text() for path in [*product_files(), *templates()])
        unused = {
            name
            for name in EVERY_PERMISSION
            if words.count(f'"{name}"') < 2
            and f"perms.{name}" not in words
            and not name.startswith(("accounts.", "foundation."))  # asked for by Django's admin
        }

        assert unused == set()


def _permissions_asked(path: Path) -> set[str]:
    """Strings that look like a permission of ours, wherever the code names one."""
    rooms = "|".join(sorted({name.partition(".")[0] for name in EVERY_PERMISSION}))
    verbs = "|".join(
        sorted({name.partition(".")[2].partition("_")[0] for name in EVERY_PERMISSION})
    )
    form = re.compile(rf"({rooms})\.({verbs})_[a-z_]+")
    tree = tree_of(path)
    constants = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {text for text in constants if form.fullmatch(text) and not text.endswith("_urls")}
    return named | _named_in_calls(tree)


def _named_in_calls(tree: ast.AST) -> set[str]:
    """What is given to has_perm, permission_required and their like, whatever it looks like."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "attr", None) or getattr(function, "id", "")
            if name in {"has_perm", "has_perms", "permission_required"}:
                found |= {
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    return found


@pytest.mark.django_db
class TestPeople:
    def test_may_what_their_roles_may(self, django_assert_num_queries):
        user = UserFactory(roles=[Role.OFFICIAL])

        with django_assert_num_queries(0):
            assert user.has_perm("reports.view_monthlyreport")
            assert not user.has_perm("reports.issue_monthlyreport")
            assert user.has_perms(["reports.view_monthlyreport"])
            assert user.has_module_perms("reports")
            assert not user.has_module_perms("seats")

    def test_may_nothing_once_they_have_left(self):
        user = UserFactory(roles=[Role.OPERATOR_MANAGER], is_active=False)

        assert user.permissions == frozenset()
        assert not user.has_perm("seats.view_occupancy")

    def test_open_the_administration_only_as_its_administrators(self):
        roles = {role for role in Role if UserFactory(roles=[role]).is_staff}

        assert roles == {Role.SYSTEM_ADMINISTRATOR}

    def test_with_two_roles_start_where_the_first_starts(self):
        user = UserFactory(roles=[Role.AUDITOR, Role.PROMOTION_OFFICER])

        assert user.main_role == Role.PROMOTION_OFFICER
        assert UserFactory(roles=[]).main_role is None

    @pytest.mark.parametrize("fields", [{"email": None}, {"email": "Upper@example.test"}])
    def test_can_be_reached_by_one_spelling(self, fields):
        with pytest.raises(IntegrityError):
            UserFactory(**fields)

    def test_have_their_own_mobile_number(self):
        UserFactory(phone="+8613800000000")

        with pytest.raises(IntegrityError):
            UserFactory(phone="+8613800000000")


@pytest.mark.django_db
class TestTheBackend:
    def test_is_the_only_way_in(self, settings):
        assert settings.AUTHENTICATION_BACKENDS == ["accounts.backends.RoleBackend"]

    def test_gives_the_permissions_of_the_roles(self):
        user = UserFactory(roles=[Role.AUDITOR])
        backend = RoleBackend()

        assert backend.get_all_permissions(user) == set(ROLE_PERMISSIONS[Role.AUDITOR])
        assert backend.has_perm(user, "audit.view_event")
        assert not backend.has_perm(user, "seats.add_allocation")
        assert backend.has_module_perms(user, "audit")
        assert not backend.has_module_perms(user, "accounts")

    def test_knows_who_it_is_by_the_password(self, rf):
        user = User.objects.create_user(
            email="Li.Na@example.test", name="李娜", password="correct horse battery"
        )

        assert user.email == "li.na@example.test"
        assert authenticate(rf.get("/"), email=user.email, password="correct horse battery") == user
        assert authenticate(rf.get("/"), email=user.email, password="wrong") is None
