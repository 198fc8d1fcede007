"""What the other side reads of each step of a handover list, in the app and by e-mail."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.services.messages import tell
from seats.models import Handover
from seats.services.telling import other_side

_SAID: dict[str, tuple[str, str]] = {
    "sign_park": (
        gettext_noop("Handover list %(number)s is ready to be checked and signed"),
        gettext_noop(
            "The park prepared and signed it. Check it against what is there, then sign it, or "
            "note what differs."
        ),
    ),
    "recall": (
        gettext_noop("Handover list %(number)s is being changed"),
        gettext_noop("The park took its signature back. You hear when it has signed again."),
    ),
    "dispute": (
        gettext_noop("%(enterprise)s notes differences in handover list %(number)s"),
        gettext_noop("Correct the list and sign it again: %(note)s"),
    ),
    "sign_enterprise": (
        gettext_noop("%(enterprise)s signed handover list %(number)s"),
        gettext_noop("Both have signed; it is frozen and can be printed."),
    ),
}


def tell_other_side(step: str, handover: Handover, acting_user: User, note: str = "") -> None:
    """Tell the park what the enterprise did, and the enterprise what the park did."""
    subject, body = _SAID[step]
    tell(
        people=other_side(handover.enterprise, acting_user),
        subject=subject,
        body=body,
        url=reverse("seats:handover-detail", args=[handover.pk]),
        parameters={
            "enterprise": handover.enterprise.short_name,
            "number": handover.number,
            "note": note,
        },
    )
