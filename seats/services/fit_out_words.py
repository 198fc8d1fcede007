"""What the other side reads of each step of a fit-out, in the app and by e-mail."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.services.messages import tell
from seats.models import FitOut
from seats.services.telling import other_side

_SAID: dict[str, tuple[str, str]] = {
    "open": (
        gettext_noop("%(enterprise)s: fit-out %(number)s was opened"),
        gettext_noop("The fit-out of %(seats)s seats of %(enterprise)s begins with its plan."),
    ),
    "submit": (
        gettext_noop("%(enterprise)s: plan of fit-out %(number)s to review"),
        gettext_noop("%(enterprise)s handed in the plan for %(seats)s seats."),
    ),
    "approve": (
        gettext_noop("The plan of fit-out %(number)s was approved"),
        gettext_noop("Next is the deposit; the works start after it."),
    ),
    "send_back": (
        gettext_noop("The plan of fit-out %(number)s was sent back"),
        gettext_noop("The park asks for another plan: %(note)s"),
    ),
    "take_deposit": (
        gettext_noop("Fit-out %(number)s: the deposit was received"),
        gettext_noop("The park received the deposit of %(deposit)s yuan. The works may start."),
    ),
    "start": (
        gettext_noop("Fit-out %(number)s: the works have started"),
        gettext_noop("Ask for the inspection when the works are finished."),
    ),
    "ask_inspection": (
        gettext_noop("%(enterprise)s: fit-out %(number)s is ready for inspection"),
        gettext_noop("%(enterprise)s asks for the inspection of %(seats)s seats."),
    ),
    "pass_inspection": (
        gettext_noop("Fit-out %(number)s passed its inspection"),
        gettext_noop("Next is the acceptance."),
    ),
    "fail_inspection": (
        gettext_noop("Fit-out %(number)s did not pass its inspection"),
        gettext_noop("To be mended, then ask for the inspection again: %(note)s"),
    ),
    "accept": (
        gettext_noop("Fit-out %(number)s was accepted"),
        gettext_noop("The fit-out of %(seats)s seats of %(enterprise)s is finished."),
    ),
    "withdraw": (
        gettext_noop("%(enterprise)s withdrew fit-out %(number)s"),
        gettext_noop("%(enterprise)s does not go on with it: %(note)s"),
    ),
    "cancel": (
        gettext_noop("Fit-out %(number)s was cancelled"),
        gettext_noop("The park cancelled it: %(note)s"),
    ),
    "return_deposit": (
        gettext_noop("Fit-out %(number)s: the deposit was returned"),
        gettext_noop("The park returned %(returned)s of %(deposit)s yuan."),
    ),
}


def tell_other_side(step: str, fit_out: FitOut, acting_user: User, note: str = "") -> None:
    """Tell the park what the enterprise did, and the enterprise what the park did."""
    subject, body = _SAID[step]
    tell(
        people=other_side(fit_out.enterprise, acting_user),
        subject=subject,
        body=body,
        url=reverse("seats:fit-out-detail", args=[fit_out.pk]),
        parameters={
            "enterprise": fit_out.enterprise.short_name,
            "number": fit_out.number,
            "seats": f"{sum(run.span.length for run in fit_out.runs.all()):,}",
            "deposit": f"{fit_out.deposit or 0:,.2f}",
            "returned": f"{fit_out.deposit_returned or 0:,.2f}",
            "note": note,
        },
    )
