"""The question of the park's start page: can I seat 300 together by that day?"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from seats.forms.planning import query_of
from seats.planner import Need, Plan, find_plans, nearest_alternatives
from seats.planner.wording import Suggestion, plan_title, suggestions, wait_said
from web import formats
from web.forms import CountField, DayField
from web.sentences import in_one_paragraph

USUAL = 300
MOST_SAID = 3


class QuestionForm(forms.Form):
    """How many seats from which day, and how near to each other."""

    seats = CountField(label=gettext_lazy("Number of seats"), min_value=1)
    start = DayField(label=gettext_lazy("From which day"))
    same_building = forms.BooleanField(label=gettext_lazy("In one building"), required=False)
    contiguous = forms.BooleanField(label=gettext_lazy("All seats in one run"), required=False)

    @property
    def need(self) -> Need:
        """The question as the planner takes it."""
        typed = self.cleaned_data
        return Need(
            typed["seats"],
            typed["start"],
            same_building=typed["same_building"],
            contiguous=typed["contiguous"],
        )


class Step(NamedTuple):
    """Something that would do instead, with the way to plan it."""

    text: str
    url: str


class Answer(NamedTuple):
    """Yes or no, why, what to do next. `kind` as in {% message %}."""

    kind: str
    title: str
    text: str
    steps: list[Step]


def question(typed: QueryDict, user: User, today: date) -> dict[str, Any]:
    """What the box shows: the form, and the answer once it was asked."""
    if "seats" not in typed:
        initial = {"seats": USUAL, "start": today, "same_building": True}
        return {"question": QuestionForm(initial=initial), "answer": None}
    form = QuestionForm(typed)
    return {
        "question": form,
        "answer": _answer(form.need, user, today) if form.is_valid() else None,
    }


def _answer(need: Need, user: User, today: date) -> Answer:
    named = user.has_perm("seats.view_every_allocation")
    if plans := find_plans(need, today=today):
        return _yes(plans, named)
    instead = suggestions(nearest_alternatives(need), named=named)[:MOST_SAID]
    title = _("No, not %(seats)s seats like this from %(day)s.") % {
        "seats": formats.number(need.seats),
        "day": formats.day(need.start),
    }
    return Answer("look", title, "", [Step(one.text, _url(one)) for one in instead])


def _yes(plans: list[Plan], named: bool) -> Answer:
    best = plans[0]
    said = [_("%(plan)s.") % {"plan": plan_title(best)}]
    said += [wait_said(one, named=named) for one in best.waits[:2]]
    if best.preselected:
        said.append(_("Not handed over yet: they can only be held, as a pre-selection."))
    if best.runs > 1:
        said.append(
            _("In one run, %(seats)s seats at most.")
            % {"seats": formats.number(best.longest_before)}
        )
    title = _("Yes, from %(day)s.") % {"day": formats.day(best.need.start)}
    link = ngettext("See %(count)d plan", "See %(count)d plans", len(plans))
    step = Step(link % {"count": len(plans)}, _planner(best.need))
    return Answer("done", title, in_one_paragraph(said), [step])


def _url(suggestion: Suggestion) -> str:
    return _planner(suggestion.need) if suggestion.need else ""


def _planner(need: Need) -> str:
    return f"{reverse('seats:planner')}?{query_of(need)}"
