"""The table of every address: how it is tried, and who gets in. tests/test_permissions.py tries it.

It names each address once. "In" means that the door is open: the page is shown, or what was sent is
judged (400, 409 …). Strangers are people of another enterprise: its objects do not exist for them.
"""

from enum import StrEnum
from typing import Any, NamedTuple


class Who(StrEnum):
    """The people who try every door."""

    NOBODY = "nobody"  # not signed in
    MANAGER = "manager"
    STAFF = "staff"
    PROMOTION = "promotion"
    OWN_MANAGER = "own_manager"
    OWN_MEMBER = "own_member"
    STRANGER = "stranger"
    OFFICIAL = "official"
    AUDITOR = "auditor"
    SYSTEM = "system"


NOBODY, SYSTEM, STRANGER = Who.NOBODY, Who.SYSTEM, Who.STRANGER
OPERATORS = {Who.MANAGER, Who.STAFF}
MANAGER = {Who.MANAGER}
READERS = OPERATORS | {Who.AUDITOR}
PARK = READERS | {Who.PROMOTION}
OWN = {Who.OWN_MANAGER, Who.OWN_MEMBER}
FIRMS = OWN | {STRANGER}
SIGNED_IN = set(Who) - {NOBODY}
EVERYBODY = set(Who)

IN, SIGN_IN, REFUSED, ABSENT = "in", "sign in", "refused", "absent"


class Door(NamedTuple):
    """One address: how it is tried, who gets in; `absent` are told that there is no such thing."""

    name: str
    method: str
    who: set[Who]
    absent: set[Who] = frozenset()  # type: ignore[assignment]
    arguments: str = ""


def get(name: str, who: set[Who], arguments: str = "", absent: Any = frozenset()) -> Door:
    return Door(name, "get", who, absent, arguments)


def post(name: str, who: set[Who], arguments: str = "", absent: Any = frozenset()) -> Door:
    return Door(name, "post", who, absent, arguments)


THEM = {STRANGER}
OTHER_FILERS = OPERATORS | {Who.OWN_MEMBER, STRANGER}  # a workbook is its uploader's
DOORS = [
    get("portal:start", SIGNED_IN),
    get("portal:enterprise-detail", PARK | OWN, "enterprise", absent=THEM),
    get("portal:tenancy-end", OPERATORS, "enterprise"),
    get("foundation:message-list", SIGNED_IN),
    post("foundation:message-read-all", SIGNED_IN),
    post("foundation:message-open", {Who.OWN_MANAGER}, "message", absent=SIGNED_IN),
    get("foundation:outbox-list", {SYSTEM}),
    get("foundation:job-detail", OPERATORS, "job", absent=SIGNED_IN),
    get("foundation:healthz", EVERYBODY),
    get("foundation:readyz", EVERYBODY),
    get("park:figure-list", PARK | {Who.OFFICIAL}),
    get("place:zone-list", PARK | FIRMS),
    get("place:zone-detail", PARK | FIRMS, "zone_code"),
    get("place:building-detail", PARK | FIRMS, "building"),
    get("place:floor-detail", PARK | FIRMS, "floor"),
    get("place:floor-layout", OPERATORS, "floor"),
    get("place:floor-deliver", OPERATORS, "planned_floor"),
    get("place:floor-delay", OPERATORS, "planned_floor"),
    get("place:floors-delay", OPERATORS, "planned_zone"),
    get("seats:map", PARK | FIRMS),
    get("seats:change-list", PARK | FIRMS),
    get("seats:request-list", PARK | FIRMS),
    get("seats:request-create", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    get("seats:request-detail", PARK | OWN, "request", absent=THEM),
    get("seats:request-edit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-submit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-withdraw", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("seats:request-take-up", OPERATORS, "request"),
    post("seats:request-send-back", OPERATORS, "request"),
    post("seats:request-reject", OPERATORS, "request"),
    post("seats:request-approve", OPERATORS, "request"),
    get("seats:request-hand-over", OPERATORS, "request"),
    post("seats:request-offer", OPERATORS, "request"),
    get("seats:request-recall", OPERATORS, "request"),
    get("seats:request-accept", {Who.OWN_MANAGER}, "request", absent=THEM),
    get("seats:request-decline", {Who.OWN_MANAGER}, "request", absent=THEM),
    get("seats:request-fulfil", OPERATORS, "request"),
    get("seats:planner", PARK),
    post("seats:planner-hold", OPERATORS),
    get("seats:ends", PARK),
    get("seats:request-wait", OPERATORS, "request"),
    get("seats:waiting-list", PARK),
    get("seats:waiting-remove", OPERATORS, "waiting"),
    get("seats:hold-list", PARK | FIRMS),
    get("seats:hold-extend", OPERATORS, "hold"),
    get("seats:promise-list", PARK | FIRMS),
    get("seats:closure-list", PARK),
    get("seats:allocation-list", PARK | FIRMS),
    get("seats:allocation-create", OPERATORS),
    get("seats:allocation-detail", PARK | OWN, "allocation", absent=THEM),
    get("seats:allocation-confirm", OPERATORS, "hold"),
    get("seats:allocation-release", OPERATORS, "allocation"),
    get("seats:fit-out-list", PARK | FIRMS),
    get("seats:fit-out-create", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    get("seats:fit-out-detail", PARK | OWN, "fit_out", absent=THEM),
    get("seats:fit-out-days", OPERATORS, "fit_out"),
    get("seats:fit-out-step", OPERATORS | {Who.OWN_MANAGER}, "fit_out_submit", absent=THEM),
    post("seats:fit-out-file-add", OPERATORS | {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    get("seats:fit-out-file", PARK | OWN, "fit_out_file", absent=THEM),
    get("seats:handover-list", PARK | FIRMS),
    get("seats:handover-create", OPERATORS, "allocation"),
    get("seats:handover-detail", PARK | OWN, "handover", absent=THEM),
    get("seats:handover-print", PARK | OWN, "handover", absent=THEM),
    get("seats:handover-edit", OPERATORS, "handover"),
    get("seats:handover-sign", OPERATORS | {Who.OWN_MANAGER}, "handover", absent=THEM),
    get("seats:handover-dispute", {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("seats:handover-recall", OPERATORS, "handover"),
    post("seats:handover-discard", OPERATORS, "handover"),
    get("seats:handover-correct", OPERATORS, "handover"),
    get("seats:allocation-move", OPERATORS, "allocation"),
    get("seats:allocation-split", OPERATORS, "allocation"),
    get("seats:allocation-extend", OPERATORS, "allocation"),
    get("seats:allocation-end", OPERATORS, "allocation"),
    get("seats:loan-list", PARK | FIRMS),
    get("seats:loan-create", OPERATORS),
    get("seats:loan-detail", PARK | OWN, "loan", absent=THEM),
    get("seats:loan-paper", PARK | OWN, "loan_on_paper", absent=THEM),
    get("seats:loan-agree", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    get("seats:loan-refuse", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    get("seats:loan-cancel", OPERATORS, "loan"),
    get("seats:loan-arrange", OPERATORS, "loan"),
    get("seats:loan-return", OPERATORS, "loan"),
    get("seats:allocation-export", PARK | FIRMS),
    get("seats:import-list", OPERATORS),
    get("seats:import-template", OPERATORS),
    get("seats:import-detail", OPERATORS, "import"),
    get("seats:import-sheet", OPERATORS, "import"),
    get("seats:import-columns", OPERATORS, "import"),
    get("seats:import-names", OPERATORS, "import"),
    get("seats:import-changes", OPERATORS, "import"),
    get("seats:import-errors", OPERATORS, "import"),
    post("seats:import-leave-out", OPERATORS, "import"),
    post("seats:import-apply", OPERATORS, "import"),
    get("seats:import-undo", OPERATORS, "import"),
    get("tenants:enterprise-list", PARK | FIRMS),
    get("tenants:enterprise-create", OPERATORS | {Who.PROMOTION}),
    get("tenants:enterprise-import", OPERATORS),
    get("tenants:import-template", OPERATORS),
    get("tenants:enterprise-edit", OPERATORS | {Who.PROMOTION}, "enterprise"),
    get("tenants:member-invite", OPERATORS | {Who.OWN_MANAGER}, "enterprise", absent=THEM),
    get("tenants:member-end", OPERATORS | {Who.OWN_MANAGER}, "membership", absent=THEM),
    get("tenants:invitation-accept", EVERYBODY, "invitation_token"),
    get("returns:return-list", READERS | FIRMS),
    get("returns:month-detail", READERS, "month"),
    get("returns:month-close", MANAGER, "month"),
    get("returns:month-reopen", MANAGER, "month"),
    get("returns:month-remind", OPERATORS, "month"),
    get("returns:month-accept", OPERATORS, "month"),
    get("returns:month-export", READERS, "month"),
    get("returns:month-workbook", READERS, "month"),
    get("returns:month-upload", OPERATORS, "month"),
    get("returns:enterprise-workbook", READERS | OWN, "enterprise", absent=THEM),
    get("returns:enterprise-upload", OPERATORS | OWN, "enterprise", absent=THEM),
    get("returns:return-workbook", READERS | OWN, "return", absent=THEM),
    get("returns:return-upload", OPERATORS | OWN, "return", absent=THEM),
    get("returns:workbook-changes", {Who.OWN_MANAGER}, "workbook", absent=OTHER_FILERS),
    post("returns:workbook-apply", {Who.OWN_MANAGER}, "workbook", absent=OTHER_FILERS),
    get("returns:return-create", OPERATORS | FIRMS),
    get("returns:return-detail", READERS | OWN, "return", absent=THEM),
    get("returns:return-edit", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-submit", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-correct", OPERATORS | OWN, "return", absent=THEM),
    post("returns:return-accept", OPERATORS, "return"),
    post("returns:return-send-back", OPERATORS, "return"),
    get("reports:report-list", READERS | {Who.OFFICIAL}),
    post("reports:report-build", OPERATORS),
    get("reports:indicator-list", READERS | {Who.OFFICIAL}),
    get("reports:report-detail", READERS, "draft", absent={Who.OFFICIAL}),
    get("reports:report-today", READERS | {Who.OFFICIAL}, "issued"),
    get("reports:report-on", READERS | {Who.OFFICIAL}, "day"),
    get("reports:report-rows", READERS, "draft", absent={Who.OFFICIAL}),
    get("reports:report-file", READERS | {Who.OFFICIAL}, "issued_file"),
    post("reports:report-issue", MANAGER, "draft"),
    get("audit:event-list", {Who.AUDITOR}),
    get("accounts:profile", SIGNED_IN),
    post("accounts:token-create", SIGNED_IN),
    post("accounts:token-revoke", {Who.OWN_MANAGER}, "token", absent=SIGNED_IN),
    post("set_language", EVERYBODY),
    # Signing in and one's own account: allauth
    get("account_login", EVERYBODY),
    get("account_logout", EVERYBODY),
    get("account_inactive", EVERYBODY),
    get("account_signup", EVERYBODY),
    get("account_reauthenticate", SIGNED_IN),
    get("account_change_password", SIGNED_IN),
    get("account_set_password", SIGNED_IN),
    get("account_reset_password", EVERYBODY),
    get("account_reset_password_from_key", EVERYBODY, "reset_key"),
    get("account_reset_password_from_key_done", EVERYBODY),
    get("account_reset_password_done", EVERYBODY),
    get("mfa_index", SIGNED_IN),
    get("mfa_authenticate", SIGNED_IN),
    get("mfa_reauthenticate", SIGNED_IN),
    get("mfa_activate_totp", SIGNED_IN),
    get("mfa_deactivate_totp", set(), absent=SIGNED_IN),
    get("mfa_view_recovery_codes", set(), absent=SIGNED_IN),
    get("mfa_generate_recovery_codes", SIGNED_IN),
    get("mfa_download_recovery_codes", set(), absent=SIGNED_IN),
    get("usersessions_list", SIGNED_IN),
    # /admin/: people and settings
    get("admin:index", {SYSTEM}),
    get("admin:login", {NOBODY, SYSTEM}),  # leads to the one page for signing in
    post("admin:logout", EVERYBODY),
    get("admin:password_change", {SYSTEM}),
    get("admin:password_change_done", {SYSTEM}),
    get("admin:autocomplete", set()),
    get("admin:jsi18n", {SYSTEM}),
    get("admin:app_list", {SYSTEM}, "app_label"),
    get("admin:accounts_user_changelist", {SYSTEM}),
    get("admin:accounts_user_add", {SYSTEM}),
    get("admin:accounts_user_history", {SYSTEM}, "person"),
    get("admin:accounts_user_change", {SYSTEM}, "person"),
    get("admin:accounts_user_delete", set(), "person"),
    get("admin:foundation_setting_changelist", {SYSTEM}),
    get("admin:foundation_setting_add", {SYSTEM}),
    get("admin:foundation_setting_history", {SYSTEM}, "setting"),
    get("admin:foundation_setting_change", {SYSTEM}, "setting"),
    get("admin:foundation_setting_delete", set(), "setting"),
    get("admin:foundation_workingday_changelist", {SYSTEM}),
    get("admin:foundation_workingday_add", {SYSTEM}),
    get("admin:foundation_workingday_history", {SYSTEM}, "working_day"),
    get("admin:foundation_workingday_change", {SYSTEM}, "working_day"),
    get("admin:foundation_workingday_delete", {SYSTEM}, "working_day"),
    # The API
    get("api:schema", EVERYBODY),
    get("api:zone-list", PARK | FIRMS),
    get("api:zone-detail", PARK | FIRMS, "zone"),
    get("api:building-list", PARK | FIRMS),
    get("api:building-detail", PARK | FIRMS, "building"),
    get("api:floor-list", PARK | FIRMS),
    get("api:floor-detail", PARK | FIRMS, "floor"),
    get("api:floor-map", PARK | FIRMS, "floor"),
    post("api:floor-delay", OPERATORS, "planned_floor"),
    post("api:floor-deliver", OPERATORS, "planned_floor"),
    get("api:occupancy", PARK),
    get("api:free-runs", PARK),
    get("api:seat-days", PARK),
    post("api:seat-plans", PARK),
    get("api:seat-map", PARK | FIRMS),
    get("api:seat-map-legend", PARK | FIRMS),
    get("api:seat-request-list", PARK | FIRMS),
    get("api:seat-request-detail", PARK | OWN, "request", absent=THEM),
    post("api:seat-request-submit", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-withdraw", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-take-up", OPERATORS, "request"),
    post("api:seat-request-send-back", OPERATORS, "request"),
    post("api:seat-request-reject", OPERATORS, "request"),
    post("api:seat-request-approve", OPERATORS, "request"),
    post("api:seat-request-hand-over", OPERATORS, "request"),
    post("api:seat-request-offer", OPERATORS, "request"),
    post("api:seat-request-recall", OPERATORS, "request"),
    post("api:seat-request-accept", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-decline", {Who.OWN_MANAGER}, "request", absent=THEM),
    post("api:seat-request-fulfil", OPERATORS, "request"),
    get("api:allocation-list", PARK | FIRMS),
    get("api:allocation-detail", PARK | OWN, "allocation", absent=THEM),
    post("api:allocation-release", OPERATORS, "allocation"),
    post("api:allocation-confirm", OPERATORS, "hold"),
    get("api:fit-out-list", PARK | FIRMS),
    get("api:fit-out-detail", PARK | OWN, "fit_out", absent=THEM),
    post("api:fit-out-days", OPERATORS, "fit_out"),
    post("api:fit-out-files", OPERATORS | {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    get("api:fit-out-file", PARK | OWN, "fit_out_file", absent=THEM),
    post("api:fit-out-submit", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-approve", OPERATORS, "fit_out"),
    post("api:fit-out-send-back", OPERATORS, "fit_out"),
    post("api:fit-out-take-deposit", OPERATORS, "fit_out"),
    post("api:fit-out-start", OPERATORS, "fit_out"),
    post("api:fit-out-ask-inspection", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-pass-inspection", OPERATORS, "fit_out"),
    post("api:fit-out-fail-inspection", OPERATORS, "fit_out"),
    post("api:fit-out-accept", OPERATORS, "fit_out"),
    post("api:fit-out-withdraw", {Who.OWN_MANAGER}, "fit_out", absent=THEM),
    post("api:fit-out-cancel", OPERATORS, "fit_out"),
    post("api:fit-out-return-deposit", OPERATORS, "fit_out"),
    get("api:handover-list", PARK | FIRMS),
    get("api:handover-detail", PARK | OWN, "handover", absent=THEM),
    post("api:handover-edit", OPERATORS, "handover"),
    post("api:handover-sign", OPERATORS | {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("api:handover-dispute", {Who.OWN_MANAGER}, "handover", absent=THEM),
    post("api:handover-recall", OPERATORS, "handover"),
    post("api:handover-discard", OPERATORS, "handover"),
    post("api:allocation-extend-hold", OPERATORS, "hold"),
    post("api:allocation-move", OPERATORS, "allocation"),
    post("api:allocation-split", OPERATORS, "allocation"),
    post("api:allocation-extend", OPERATORS, "allocation"),
    post("api:allocation-end", OPERATORS, "allocation"),
    get("api:seat-loan-list", PARK | FIRMS),
    get("api:seat-loan-detail", PARK | OWN, "loan", absent=THEM),
    post("api:seat-loan-agree", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    post("api:seat-loan-refuse", OPERATORS | {Who.OWN_MANAGER}, "loan", absent=THEM),
    post("api:seat-loan-cancel", OPERATORS, "loan"),
    post("api:seat-loan-arrange", OPERATORS, "loan"),
    post("api:seat-loan-return", OPERATORS, "loan"),
    get("api:enterprise-list", PARK | FIRMS),
    get("api:enterprise-detail", PARK | OWN, "enterprise", absent=THEM),
    get("api:return-list", READERS | FIRMS),
    get("api:return-detail", READERS | OWN, "return", absent=THEM),
    post("api:return-submit", OPERATORS | OWN, "return", absent=THEM),
    post("api:return-correct", OPERATORS | OWN, "return", absent=THEM),
    post("api:return-send-back", OPERATORS, "return"),
    post("api:return-accept", OPERATORS, "return"),
    post("api:return-remind", OPERATORS),
    get("api:return-workbook", READERS | OWN, "return", absent=THEM),
    post("api:return-import", OPERATORS | FIRMS),
    get("api:report-list", READERS | {Who.OFFICIAL}),
    get("api:report-detail", READERS, "draft", absent={Who.OFFICIAL}),
    get("api:report-file", READERS | {Who.OFFICIAL}, "issued_api_file"),
    post("api:report-issue", MANAGER, "draft"),
    get("api:job-detail", OPERATORS, "job", absent=SIGNED_IN),
]
# The same address, tried in a second way.
MORE_DOORS = [
    get("reports:report-today", set(), "draft", absent=READERS | {Who.OFFICIAL}),
    get("reports:report-detail", READERS | {Who.OFFICIAL}, "issued"),
    get("api:report-detail", READERS | {Who.OFFICIAL}, "issued"),
    post("api:seat-request-list", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    post("api:allocation-list", OPERATORS),
    get("seats:fit-out-step", OPERATORS, "fit_out_approve"),
    post("seats:fit-out-step", OPERATORS, "fit_out_approve"),
    post("api:fit-out-list", OPERATORS | {Who.OWN_MANAGER, STRANGER}),
    post("api:handover-list", OPERATORS),
    post("api:seat-loan-list", OPERATORS),
    post("api:enterprise-list", OPERATORS | {Who.PROMOTION}),
    post("api:return-list", OPERATORS | FIRMS),
    post("api:report-list", OPERATORS),
]
QUERIES = {"reports:report-rows": "?cell=places:total:firm"}
DEVELOPMENT_ONLY = {"web:styleguide", "web:work-in-progress"}
