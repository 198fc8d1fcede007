"""The rules of returns that say no."""

from django.utils.translation import gettext_lazy

from web.refusals import Refusal


class ReturnExists(Refusal):
    """There is one return per enterprise and month."""

    code = "return_exists"
    title = gettext_lazy("Return exists")


class NotATenantThen(Refusal):
    """Only tenants owe a return, for the months in which they were of the park."""

    status = 400
    code = "not_a_tenant"
    title = gettext_lazy("Not a tenant in that month")


class WrongState(Refusal):
    """The step does not follow from where the return is."""

    code = "wrong_state"
    title = gettext_lazy("Not possible now")


class NotYourPart(Refusal):
    """Somebody else of the enterprise answers for this part of its returns."""

    status = 403
    code = "not_your_part"
    title = gettext_lazy("Somebody else fills this in")
