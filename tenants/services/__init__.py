"""Every write to enterprises, their tenancies and their people."""

from tenants.services.enterprises import (
    add_business_line,
    add_enterprise,
    edit_enterprise,
    remove_business_line,
    set_main_business,
)
from tenants.services.members import accept_invitation, end_membership, invite_member
from tenants.services.tenancies import begin_tenancy, end_tenancy

__all__ = [
    "accept_invitation",
    "add_business_line",
    "add_enterprise",
    "begin_tenancy",
    "edit_enterprise",
    "end_membership",
    "end_tenancy",
    "invite_member",
    "remove_business_line",
    "set_main_business",
]
