"""Every write to monthly returns: a draft is edited, a revision is submitted and stays."""

from returns.services.assigning import assign_part, set_rate, set_rates
from returns.services.drafts import report_nothing, save_draft
from returns.services.filing import correct_return, submit_return
from returns.services.opening import open_return
from returns.services.refusals import NotATenantThen, NotYourPart, ReturnExists, WrongState
from returns.services.reviewing import accept_return, send_back_return
from returns.services.steps import CORRECTABLE, EDITABLE, REVIEWABLE
from returns.services.taking_over import FiledElsewhere, take_over_returns

__all__ = [
    "CORRECTABLE",
    "EDITABLE",
    "REVIEWABLE",
    "FiledElsewhere",
    "NotATenantThen",
    "NotYourPart",
    "ReturnExists",
    "WrongState",
    "accept_return",
    "assign_part",
    "correct_return",
    "open_return",
    "report_nothing",
    "save_draft",
    "send_back_return",
    "set_rate",
    "set_rates",
    "submit_return",
    "take_over_returns",
]
