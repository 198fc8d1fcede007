"""How the audit trail is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import kinds
from web.forms import DayField


class TrailForm(forms.Form):
    """By person, by kind of row, by day."""

    person = forms.ModelChoiceField(
        User.objects.order_by("name", "pk"), label=_("Person"), required=False, empty_label=_("all")
    )
    kind = forms.ChoiceField(label=_("What"), required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["kind"].choices = [("", _("all")), *kinds()]  # type: ignore[attr-defined]
