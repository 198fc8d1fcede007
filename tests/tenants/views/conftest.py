"""People at the pages of enterprises and of their people."""

from datetime import date

import pytest

from tenants.models import BusinessClass, Tenancy
from tenants.services import add_enterprise
from tenants.services.enterprises import NewContact
from tests.factories.tenants import credit_code


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
