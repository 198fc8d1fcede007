"""Having a report made, and issuing it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reports.display import SIGNATURES
from reports.models import MonthlyReport, ReportKind
from reports.services.signing import LONGEST
from web.forms import MonthField, VersionMixin

_FOOT: dict[str, Any] = dict(SIGNATURES)  # said when a form is shown, as its labels want it


class BuildForm(forms.Form):
    """Which report is to be made."""

    kind = forms.ChoiceField(label=pgettext_lazy("of a report", "Report"), choices=ReportKind)
    month = MonthField(label=_("Month"))


class SignaturesMixin(forms.Form):
    """Who answers for what is issued: printed at its foot, as typed. The last ones stand there."""

    head = forms.CharField(label=_FOOT["head"], max_length=LONGEST, required=False)
    statistician = forms.CharField(label=_FOOT["statistician"], max_length=LONGEST, required=False)
    filled_in_by = forms.CharField(label=_FOOT["filled_in_by"], max_length=LONGEST, required=False)
    telephone = forms.CharField(label=_FOOT["telephone"], max_length=LONGEST, required=False)

    @property
    def signatures(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in SIGNATURES}


class IssueForm(SignaturesMixin, VersionMixin):
    """Why an issued report is replaced; the first edition needs no reason."""

    field_order = ["reason", *SIGNATURES]

    reason = forms.CharField(
        label=_("What changed and why"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Printed on the new edition; the edition before stays readable."),
    )

    def __init__(self, *args: object, needs_reason: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if not needs_reason:
            del self.fields["reason"]

    @property
    def what_changed(self) -> str:
        return self.cleaned_data.get("reason", "")


class IssueMonthForm(SignaturesMixin):
    """Which drafts of a month are issued; one reason for those that replace an edition."""

    drafts = forms.MultipleChoiceField(
        label=_("What is issued"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("What changed and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed where an issued edition is replaced, and printed on the new one."),
    )
    field_order = ["drafts", "reason", *SIGNATURES]

    def __init__(self, *args: Any, drafts: Iterable[MonthlyReport], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choosable = {f"{draft.pk}.{draft.version}": draft for draft in drafts}
        field: Any = self.fields["drafts"]
        field.choices = [(key, _choice(draft)) for key, draft in self.choosable.items()]
        field.initial = list(self.choosable)
        if all(draft.revision == 1 for draft in self.choosable.values()):
            del self.fields["reason"]

    @property
    def chosen(self) -> list[MonthlyReport]:
        """In the order in which they are issued."""
        wanted = set(self.cleaned_data["drafts"])
        return [draft for key, draft in self.choosable.items() if key in wanted]


def _choice(draft: MonthlyReport) -> str:
    return gettext("%(report)s, edition %(revision)d: %(filed)d ÷ %(expected)d returns filed") % {
        "report": draft.get_kind_display(),
        "revision": draft.revision,
        "filed": draft.filed,
        "expected": draft.expected,
    }


class TextForm(VersionMixin):
    """The paragraphs of a text, each as people have it."""

    def __init__(
        self, *args: Any, paragraphs: Iterable[tuple[str, str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for code, title, text in paragraphs:
            self.fields[code] = forms.CharField(
                label=title,
                initial=text,
                required=False,
                max_length=3000,
                widget=forms.Textarea({"rows": 3}),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
