"""Who reads what of an enterprise: its note, and telephone numbers and addresses in full."""

from accounts.models import User


def reads_notes(user: User) -> bool:
    """What the park notes of an enterprise is for the park's people."""
    return user.has_perm("tenants.view_every_enterprise")


def may_call(user: User) -> bool:
    """Whether `user` needs telephone numbers and addresses in full: those of their own enterprise,
    or as somebody of the park who looks after enterprises."""
    is_of_park = user.has_perm("tenants.view_every_enterprise")
    return not is_of_park or user.has_perm("tenants.change_enterprise")
