"""Monthly returns as people fill them in, sign them, answer for them, and send them back."""

from returns.forms.filling import ReturnForm
from returns.forms.parts import PartsForm
from returns.forms.steps import OpeningForm, QuestionForm, ReopeningForm, SigningForm, StepForm

__all__ = [
    "OpeningForm",
    "PartsForm",
    "QuestionForm",
    "ReopeningForm",
    "ReturnForm",
    "SigningForm",
    "StepForm",
]
