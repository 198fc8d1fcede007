"""Fit-outs and handover lists that wait for somebody, as the start pages list them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from portal.waiting import SHOWN, Matter
from seats import fit_out_desk, handover_desk
from seats.models import FitOut, Handover
from web import formats


def cases_that_wait(user: User, today: date) -> list[Matter]:
    """What waits for the person's side, and what is overdue on either: fit-outs, then lists."""
    return [*_fit_outs(user, today), *_handovers(user)]


def _fit_outs(user: User, today: date) -> Iterator[Matter]:
    if not (user.has_perm("seats.decide_fitout") or user.has_perm("seats.add_fitout")):
        return
    visible = FitOut.objects.visible_to(user)
    mine = fit_out_desk.waiting_for(visible, user).values("pk")
    rows = visible.filter(pk__in=mine.union(visible.overdue(today).values("pk")))
    loaded = rows.select_related("enterprise").prefetch_related("runs")
    for case in fit_out_desk.in_order_of_waiting(loaded, user, today)[:SHOWN]:
        due: date | None = case.due_on  # type: ignore[attr-defined]
        over = fit_out_desk.days_over(due, today) if case.is_running else ""
        said = _("due %(day)s") % {"day": formats.iso_day(due)} if due and case.is_running else ""
        yield Matter(
            fit_out_desk.title(case, fit_out_desk.seats_of(case.runs.all())),
            over or said or str(fit_out_desk.next_step(case, user)),
            reverse("seats:fit-out-detail", args=[case.pk]),
            "stop" if over else fit_out_desk.state_glyph(case),
            _("Look"),
            bool(case.sample_fields),
        )


def _handovers(user: User) -> Iterator[Matter]:
    if not user.has_perm("seats.sign_handover"):
        return
    visible = Handover.objects.visible_to(user).select_related("enterprise")
    rows = handover_desk.waiting_for(visible.prefetch_related("lines"), user)
    for handover in rows.order_by("on", "pk")[:SHOWN]:
        yield Matter(
            handover_desk.title(handover, handover_desk.seats_of(handover.lines.all())),
            str(handover_desk.next_step(handover, user)),
            reverse("seats:handover-detail", args=[handover.pk]),
            "look",
            _("Look"),
            bool(handover.sample_fields),
        )
