"""The one list of what people may do, and of the roles that may do it.

A permission is `app.verb_noun`. `app.view_noun` opens a page; the rows on it are narrowed by
`visible_to(user)`. `app.view_every_noun` means that nothing is narrowed.
Roles are code, not rows: what a role may do changes with a release, never by a click (ADR 0008).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to the park. The order decides whose start page a person with two gets."""

    OPERATOR_MANAGER = "operator_manager", _("Operator manager")
    OPERATOR_STAFF = "operator_staff", _("Operator staff")
    PROMOTION_OFFICER = "promotion_officer", _("Promotion officer")
    ENTERPRISE_MANAGER = "enterprise_manager", _("Enterprise manager")
    ENTERPRISE_MEMBER = "enterprise_member", _("Enterprise member")
    OFFICIAL = "official", _("Official")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


ENTERPRISE_ROLES = frozenset({Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER})

_READS_THE_PLACE = frozenset({"park.view_place", "park.view_referencefigure"})

_READS_EVERYTHING = _READS_THE_PLACE | {
    "tenants.view_enterprise",
    "tenants.view_every_enterprise",
    "seats.view_occupancy",
    "seats.view_allocation",
    "seats.view_every_allocation",
    "seats.view_seatrequest",
    "seats.view_every_seatrequest",
    "seats.view_fitout",
    "seats.view_every_fitout",
    "seats.view_handover",
    "seats.view_every_handover",
    "seats.view_seatloan",
    "seats.view_every_seatloan",
    "returns.view_monthlyreturn",
    "returns.view_every_monthlyreturn",
    "reports.view_monthlyreport",
    "reports.view_draft",
    "reports.view_statisticsexport",
    "reports.view_every_statisticsexport",
    "reports.view_enterprise_figures",
}

_OPERATES = _READS_EVERYTHING | {
    "tenants.add_enterprise",
    "tenants.change_enterprise",
    "tenants.invite_member",
    "tenants.import_enterprises",
    "tenants.end_tenancy",
    "seats.add_allocation",
    "seats.confirm_allocation",
    "seats.extend_hold",
    "seats.release_allocation",
    "seats.change_allocation",
    "seats.arrange_seatloan",
    "seats.answer_seatloan",
    "seats.import_allocations",
    "seats.add_seatrequest",
    "seats.decide_seatrequest",
    "seats.add_fitout",
    "seats.decide_fitout",
    "seats.add_handover",
    "seats.sign_handover",
    "seats.deliver_floor",
    "park.change_layout",
    "seats.keep_waitinglist",
    "returns.file_monthlyreturn",
    "returns.assign_part",
    "returns.review_monthlyreturn",
    "reports.build_monthlyreport",
    "reports.manage_subscription",
    "reports.export_statistics",
}

_BELONGS_TO_AN_ENTERPRISE = frozenset(
    {
        "park.view_place",
        "tenants.view_enterprise",
        "seats.view_allocation",
        "seats.view_seatrequest",
        "seats.view_fitout",
        "seats.view_handover",
        "seats.view_seatloan",
        "returns.view_monthlyreturn",
        "returns.file_monthlyreturn",
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OPERATOR_MANAGER: _OPERATES
    | {
        "returns.close_reportingmonth",
        "reports.issue_monthlyreport",
        "reports.change_target",
    },
    Role.OPERATOR_STAFF: _OPERATES,
    Role.PROMOTION_OFFICER: _READS_THE_PLACE
    | {
        "tenants.view_enterprise",
        "tenants.view_every_enterprise",
        "tenants.add_enterprise",
        "tenants.change_enterprise",
        "seats.view_occupancy",
        "seats.view_allocation",
        "seats.view_every_allocation",
        "seats.view_seatrequest",
        "seats.view_every_seatrequest",
        "seats.view_fitout",
        "seats.view_every_fitout",
        "seats.view_handover",
        "seats.view_every_handover",
        "seats.view_seatloan",
        "seats.view_every_seatloan",
    },
    Role.ENTERPRISE_MANAGER: _BELONGS_TO_AN_ENTERPRISE
    | {
        "seats.add_seatrequest",
        "seats.answer_seatloan",
        "seats.add_fitout",
        "seats.sign_handover",
        "tenants.invite_member",
        "reports.view_statisticsexport",
        "reports.export_statistics",
        "returns.assign_part",
    },
    Role.ENTERPRISE_MEMBER: _BELONGS_TO_AN_ENTERPRISE,
    Role.OFFICIAL: frozenset(
        {"reports.view_monthlyreport", "reports.manage_subscription", "park.view_referencefigure"}
    ),
    Role.AUDITOR: _READS_EVERYTHING | {"audit.view_event"},
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "foundation.view_setting",
            "foundation.add_setting",
            "foundation.change_setting",
            "foundation.view_workingday",
            "foundation.add_workingday",
            "foundation.change_workingday",
            "foundation.delete_workingday",
            "foundation.view_outbox",
        }
    ),
}

EVERY_PERMISSION = frozenset().union(*ROLE_PERMISSIONS.values())


def permissions_of(roles: list[str]) -> frozenset[str]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))
