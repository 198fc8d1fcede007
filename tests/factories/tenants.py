"""Enterprises for tests, with credit codes that are valid and belong to nobody."""

import factory
from stdnum.cn import uscc

from accounts.models import User
from accounts.permissions import Role
from tenants.models import Enterprise, Membership
from tenants.services.enterprises import set_sort_keys
from tests.factories.accounts import UserFactory
from tests.factories.park import LONG_AGO


def credit_code(number: int) -> str:
    """The `number`th code of a made-up series, with its check digit."""
    body = f"91511011MA{number:07d}"
    return body + uscc.calc_check_digit(body)


class EnterpriseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enterprise

    credit_code = factory.Sequence(credit_code)
    name = factory.Sequence(lambda number: f"测试企业{number}有限公司")
    short_name = factory.Sequence(lambda number: f"企业{number}")

    @classmethod
    def _create(cls, model_class: type[Enterprise], *args: object, **fields: object) -> Enterprise:
        enterprise = model_class(**fields)
        set_sort_keys(enterprise)
        enterprise.save()
        return enterprise


def make_member(enterprise: Enterprise, *, is_manager: bool = True, **fields: object) -> User:
    """Somebody who acts for `enterprise`."""
    role = Role.ENTERPRISE_MANAGER if is_manager else Role.ENTERPRISE_MEMBER
    user = UserFactory(roles=[role], **fields)
    Membership.objects.create(
        enterprise=enterprise, user=user, is_manager=is_manager, started_at=LONG_AGO
    )
    return user
