"""What the pages of a fit-out show: its line in a list, its own page, the form that opens one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from park.axis import Span, floor_of, place_of
from seats import fit_out_desk as desk
from seats.forms.allocations import RunFormSet, floor_numbers, typed_so_far
from seats.forms.fit_outs import FileForm, FitOutForm, StepForm
from seats.models import Allocation, FitOut, FitOutStage, FitOutState, FitOutStep
from seats.services.fit_out_seats import runs_of_allocation
from seats.services.fit_outs import FIT_OUT_STEPS, STAGE_OF
from web.refusals import Invalid, Refusal
from web.rfc9457 import Text

LOADED = ("enterprise", "allocation", "closure", "created_by")


class Line:
    """A case in a list, as `user` sees it on `today`. Its runs and their floors are loaded."""

    def __init__(self, case: FitOut, today: date) -> None:
        self.case = case
        runs = list(case.runs.all())
        self.title = desk.title(case, desk.seats_of(runs))
        self.seats = desk.seats_of(runs)
        self.runs = [run.label for run in runs[:3]]
        self.more = max(len(runs) - 3, 0)
        self.due: date | None = case.due_on if case.is_running else None  # type: ignore[attr-defined]
        self.over = desk.days_over(self.due, today)
        self.glyph = "stop" if self.over else desk.state_glyph(case)
        self.holder = desk.holder(case)


class Milestone:
    """A milestone on the page of its case."""

    def __init__(self, step: FitOutStep, case: FitOut, today: date) -> None:
        self.step = step
        self.is_next = case.is_running and STAGE_OF[case.state] == step.stage
        is_due = self.is_next and step.done_on is None
        self.over = desk.days_over(step.planned_on, today) if is_due else ""


def visible_or_404(pk: int, user: User) -> FitOut:
    """The case `pk` with what it names, if `user` may see it."""
    rows = FitOut.objects.visible_to(user).select_related(*LOADED)
    return get_object_or_404(rows.prefetch_related("runs__floor"), pk=pk)


def step_or_404(slug: str, user: User) -> str:
    """The step that an address names; 403 where it is not for `user`'s side."""
    step = slug.replace("-", "_")
    if step not in FIT_OUT_STEPS or "_" in slug:
        raise Http404
    if not desk.may_take(user, step):
        raise PermissionDenied
    return step


def detail_page(
    request: UserRequest,
    case: FitOut,
    *,
    refusal: Refusal | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one case: where it is, what comes next, what can be done."""
    today, user = clock.today(), request.user
    context = _facts(case, user, today) | _past(case, today)
    may_add = desk.may_add_files(user, case)
    context |= {
        "refused": _said(refusal),
        "file_form": (file_form or FileForm()) if may_add else None,
        "may_plan": case.is_running and user.has_perm("seats.decide_fitout"),
        "is_of_park": desk.is_of_the_park(user),
    }
    return render(request, "seats/fit_out_detail.html", context, status=status)


def _said(refusal: Refusal | None) -> str:
    """Why a step was refused; what is wrong with an entry that this page has not, in its words."""
    if refusal is None:
        return ""
    is_of_entry = isinstance(refusal, Invalid) and refusal.errors
    return str(refusal.errors[0]["message"] if is_of_entry else refusal.message)


def _facts(case: FitOut, user: User, today: date) -> dict[str, Any]:
    runs = list(case.runs.all())
    blocks = desk.blocks_under(runs, today)
    actions = desk.actions(user, case)
    first = next((one for one in actions if one.leads_on(case)), None)
    files = list(case.files.select_related("added_by").order_by("-added_at", "-pk"))
    wants_plan = not any(file.stage == FitOutStage.PLAN for file in files)
    if case.state == FitOutState.PLANNING and wants_plan and first and first.step == "submit":
        first = None  # a plan is uploaded first
    return {
        "case": case,
        "title": desk.title(case, desk.seats_of(runs)),
        "seats": desk.seats_of(runs),
        "runs": [(run, desk.contents_of(run, case, blocks)) for run in runs],
        "next_step": desk.next_step(case, user),
        "glyph": desk.state_glyph(case),
        "main": first,
        "others": [action for action in actions if not action.leads_on(case)],
        "files": files,
        "uploads_first": case.state == FitOutState.PLANNING and wants_plan,
    }


def _past(case: FitOut, today: date) -> dict[str, Any]:
    rows = {row.stage: row for row in case.steps.select_related("done_by")}
    stages = list(FitOutStage)
    current = stages.index(STAGE_OF[case.state]) + 1
    changes = list(case.changes.select_related("by").order_by("-at", "-pk"))
    labels: list[tuple[Text, None]] = [(stage.label, None) for stage in stages]
    return {
        "steps": labels,
        "current_step": current + 1 if case.state == FitOutState.ACCEPTED else current,
        "milestones": [Milestone(rows[stage], case, today) for stage in stages],
        "history": [(change.at, desk.change_sentence(change)) for change in changes],
        "last_note": next((change.note for change in changes if change.note), ""),
    }


def unsent(request: UserRequest) -> tuple[FitOutForm, Any]:
    """The form as a link filled it in, or, with room for more runs, as it was typed so far."""
    if request.method == "POST":
        values, runs = typed_so_far(request.POST)
    else:
        values, runs = _prefilled(request.GET, request.user)
    form = FitOutForm(initial=values, user=request.user)
    return form, RunFormSet(initial=runs, prefix="runs", form_kwargs={"floors": floor_numbers()})


def _prefilled(query: QueryDict, user: User) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An allocation's enterprise and the runs that it has now or later."""
    given = query.get("allocation", "")
    rows = Allocation.objects.visible_to(user).exclude(enterprise=None)
    allocation = (
        rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 10 else None
    )
    if allocation is None:
        return {name: query[name] for name in ("enterprise",) if query.get(name)}, []
    values = {"enterprise": allocation.enterprise_id, "allocation": allocation.pk}
    return values, _typed_runs(runs_of_allocation(allocation, clock.today()))


def asked_allocation(query: QueryDict, user: User) -> Allocation | None:
    """The allocation that a link to a form names, if `user` may see it and somebody has it."""
    given = query.get("allocation", "")
    if not (given.isdecimal() and len(given) < 10):
        return None
    rows = Allocation.objects.visible_to(user).exclude(enterprise=None)
    return rows.select_related("enterprise").filter(pk=int(given)).first()


def _typed_runs(spans: list[Span]) -> list[dict[str, Any]]:
    labels = {number: label for label, number in floor_numbers().items()}
    return [
        {
            "floor": labels[floor_of(span.lower)],
            "first": place_of(span.lower),
            "last": place_of(span.upper - 1),
        }
        for span in spans
    ]


def create_page(
    request: UserRequest, form: FitOutForm, runs: Any, status: int = 200
) -> HttpResponse:
    """The form that opens a case."""
    context = {"form": form, "runs": runs, "floors": list(floor_numbers())}
    return render(request, "seats/fit_out_form.html", context, status=status)


def step_page(
    request: UserRequest, case: FitOut, step: str, form: StepForm, status: int = 200
) -> HttpResponse:
    """Asks before a step: where the case goes by it, and what is said with it."""
    target = FIT_OUT_STEPS[step].target
    context = {
        "case": case,
        "form": form,
        "step": step,
        "verb": desk.VERBS[step],
        "title": desk.title(case, desk.seats_of(case.runs.all())),
        "target": FitOutState(target).label if target else "",
        "closes": step == "start" and case.closes_seats,
        "frees": step in {"accept", "cancel"} and case.closure_id is not None,
    }
    return render(request, "seats/fit_out_step.html", context, status=status)
