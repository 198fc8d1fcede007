"""What the pages of a handover list show: its line among others, its own page, its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from park.axis import floor_of
from park.models import Floor
from seats import handover_desk as desk
from seats.forms.handovers import HandoverForm, LineFormSet, entries
from seats.forms.runs import Run, RunChoice
from seats.handover_gaps import Gap, gaps, named
from seats.handover_lines import totals
from seats.models import Allocation, Direction, Handover, HandoverState
from seats.services.handover_lists import candidates
from seats.services.handovers import refuse_others, refuse_wrong_state
from web.forms import VersionMixin, add_refusal
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal, Stale

LOADED = ("enterprise", "allocation", "created_by", "park_signed_by", "firm_signed_by", "replaces")


class Line:
    """A list among others. Its lines and their floors are loaded."""

    def __init__(self, handover: Handover) -> None:
        self.handover = handover
        lines = list(handover.lines.all())
        runs = [group.label for group in desk.by_run(lines)]
        self.title = desk.title(handover, desk.seats_of(lines))
        self.runs, self.more = runs[:3], max(len(runs) - 3, 0)
        self.glyph = desk.state_glyph(handover)
        self.holder = desk.holder(handover)


def visible_or_404(pk: int, user: User) -> Handover:
    """The list `pk` with what it names, if `user` may see it."""
    rows = Handover.objects.visible_to(user).select_related(*LOADED)
    return get_object_or_404(rows.prefetch_related("lines__floor"), pk=pk)


def allocation_or_404(pk: int, user: User) -> Allocation:
    """The allocation `pk`, if `user` may see it and somebody has it."""
    rows = Allocation.objects.visible_to(user).exclude(enterprise=None)
    return get_object_or_404(rows.select_related("enterprise"), pk=pk)


def url_of(handover: Handover) -> str:
    """The page of a list."""
    return reverse("seats:handover-detail", args=[handover.pk])


def missing(user: User) -> dict[str, list[Gap]]:
    """The seats without a list, for the park's people."""
    if not desk.is_of_the_park(user):
        return {direction: [] for direction in Direction.values}
    return gaps(clock.today())


def page_of_gaps(request: UserRequest, rows: list[Gap]) -> dict[str, Any]:
    """One page of the seats without a list, with their words."""
    page: Page[Gap] = Page(request, rows)
    return {"page": page, "gaps": named(page)}


def sheet(handover: Handover) -> dict[str, Any]:
    """The list as it is read, printed and signed."""
    lines = list(handover.lines.all())
    runs = desk.by_run(lines)
    return {
        "handover": handover,
        "title": desk.title(handover, desk.seats_of(lines)),
        "seats": desk.seats_of(lines),
        "runs": runs,
        "totals": totals(sorted(lines, key=lambda line: line.pk)),
        "doubtful": [line for run in runs for line in run.doubtful],
    }


def detail_page(
    request: UserRequest, handover: Handover, *, refusal: Refusal | None = None
) -> HttpResponse:
    """The page of one list."""
    replaced_by = Handover.objects.filter(replaces=handover).first()
    actions = desk.actions(request.user, handover, is_corrected=replaced_by is not None)
    context = sheet(handover) | _past(handover)
    context |= {"actions": actions, "replaced_by": replaced_by, "refusal": refusal}
    context["next_step"] = desk.next_step(handover, request.user)
    context["nobody_signs"] = desk.is_of_the_park(request.user) and desk.nobody_signs(handover)
    status = refusal.status if refusal else 200
    return render(request, "seats/handover_detail.html", context, status=status)


def _past(handover: Handover) -> dict[str, Any]:
    """How far the list is, and what happened to it."""
    changes = list(handover.changes.select_related("by").order_by("-at", "-pk"))
    at = {HandoverState.OFFERED: 3, HandoverState.SIGNED: 4}
    return {
        "glyph": desk.state_glyph(handover),
        "history": [(change.at, desk.change_sentence(change)) for change in changes],
        "dispute": next((change.note for change in changes if change.step == "dispute"), ""),
        "steps": [
            _("Prepared"),
            _("Signed by the park"),
            _("Checked and signed by the enterprise"),
        ],
        "current_step": at.get(HandoverState(handover.state), 1),
    }


def too_late(request: UserRequest, handover: Handover, step: str) -> HttpResponse | None:
    """The way to the list's page, saying why, where the step does not follow now."""
    try:
        refuse_others(step, request.user)
        refuse_wrong_state(step, handover)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("seats:handover-detail", pk=handover.pk)
    return None


def acted(
    request: UserRequest,
    pk: int,
    act: Callable[..., object],
    done: str,
    **told: Any,
) -> HttpResponse:
    """Take a step with the list, then see it; a refusal is said on its page as it is now."""
    typed = VersionMixin(request.POST)
    told.setdefault("expected_version", typed.expected_version if typed.is_valid() else None)
    try:
        act(handover_id=pk, now=clock.now(), acting_user=request.user, **told)
    except Refusal as refusal:
        return detail_page(request, visible_or_404(pk, request.user), refusal=refusal)
    messages.success(request, done)
    return see_other(request, reverse("seats:handover-detail", args=[pk]))


def asked_direction(query: QueryDict) -> Direction:
    """The direction that a link to the form names."""
    is_return = query.get("direction") == Direction.RETURN
    return Direction.RETURN if is_return else Direction.MOVE_IN


def run_choice(
    allocation: Allocation, direction: Direction, data: QueryDict | None = None
) -> RunChoice:
    """The runs that a list of `allocation` may be about; those without a list are ticked."""
    today = clock.today()
    spans = candidates(allocation, direction, today)
    open_gaps = [span for gap in gaps(today, allocation)[direction] for span in gap.spans]
    floors = Floor.objects.in_bulk({floor_of(span.lower) for span in spans})
    runs = [Run(floor_of(span.lower), floors[floor_of(span.lower)].label, span) for span in spans]
    return RunChoice("runs", runs, open_gaps or spans, data)


def list_form(handover: Handover, data: QueryDict | None) -> tuple[HandoverForm, Any]:
    """The list to be filled in, as it is or as it was typed."""
    initial = {"on": handover.on, "note": handover.note, "version": handover.version}
    lines = LineFormSet(data, initial=entries(handover.lines.all()), prefix="lines")
    return HandoverForm(data, initial=initial), lines


def edit_refused(
    request: UserRequest, handover: Handover, form: HandoverForm, lines: Any, refusal: Refusal
) -> HttpResponse:
    """Says why nothing was saved; what was typed stays, and is sent again over the newer list."""
    if isinstance(refusal, Stale):
        form.ask_again(handover.version)
    add_refusal(form, refusal)
    return edit_page(request, handover, form, lines, refusal.status)


def edit_page(
    request: UserRequest,
    handover: Handover,
    form: HandoverForm,
    lines: Any,
    status: int = 200,
) -> HttpResponse:
    """The list to be filled in."""
    context = {"handover": handover, "form": form, "lines": lines, "title": _title(handover)}
    return render(request, "seats/handover_form.html", context, status=status)


def _title(handover: Handover) -> str:
    return desk.title(handover, desk.seats_of(handover.lines.all()))
