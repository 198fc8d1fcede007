"""What can be wrong with a cell, as sentences in the language of whoever reads them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

MESSAGES = {
    # what a cell holds
    "formula": gettext_noop(
        "Formulas are not read, and no value is saved with this one. Type the value."
    ),
    "not_a_kind": gettext_noop(
        "“%(text)s” is no kind. Write 已签约 (contracted), 预留 (held) or 停用 (closed)."
    ),
    "day_not_run": gettext_noop(
        "Excel has made a day of this. Format the cell as text and type the seats again."
    ),
    "not_a_run": gettext_noop("“%(text)s” names no seats. Write them as C-1-3F-345 — 404."),
    "no_seats": gettext_noop("Say which seats: the first and the last."),
    "no_floor_named": gettext_noop("Say on which floor these seats are."),
    "no_such_floor": gettext_noop("There is no floor %(label)s."),
    "crosses_floors": gettext_noop("A run ends with its floor. Give one run for each floor."),
    "floors_differ": gettext_noop("The seats are of %(one)s, but the floor beside is %(other)s."),
    "seats_order": gettext_noop("The last seat must not come before the first."),
    "no_such_seat": gettext_noop("%(floor)s ends with seat %(last_label)s."),
    "not_a_count": gettext_noop("This is no number of seats."),
    "count_differs": gettext_noop("%(said)d seats are written here, but %(runs)s has %(seats)d."),
    "no_first_day": gettext_noop("Say the first day."),
    "not_a_day": gettext_noop("“%(text)s” is no day. Write it as 2024-02-20 or 2024年2月20日."),
    "not_a_period": gettext_noop("Write the days as 2024-03-01 至 2025-02-28, or 2024-03-01 起."),
    "day_range": gettext_noop("Days run from 1990-01-01 to 9998-12-31."),
    "days_order": gettext_noop("The last day must not come before the first."),
    "too_long": gettext_noop("At most 200 characters."),
    "not_a_number": gettext_noop(
        "This is no number of an allocation or a block. Take it from a downloaded list, or empty "
        "the cell."
    ),
    # whose seats
    "no_enterprise": gettext_noop("Say which enterprise the seats are for."),
    "closed_for": gettext_noop("Closed seats belong to no enterprise."),
    "bad_code": gettext_noop("%(code)s is no credit code: it has 18 characters and a check digit."),
    "unknown_code": gettext_noop(
        "No enterprise has the credit code %(code)s. Add the enterprise, or correct the cell."
    ),
    "code_and_name": gettext_noop(
        "The credit code is that of %(one)s, but the name is that of %(other)s."
    ),
    # the rules of allocations
    "no_reason": gettext_noop("Say why the seats are closed."),
    "only_holds": gettext_noop("Only a hold expires."),
    "hold_expired": gettext_noop(
        "This hold has expired. Empty the cells of its numbers to hold the seats anew."
    ),
    "hold_shorter": gettext_noop(
        "It is held until %(day)s already. A list gives a hold longer, never shorter: release its "
        "seats instead."
    ),
    "offered": gettext_noop(
        "These seats are offered by request %(number)s. They go the way of that request."
    ),
    "borrowed": gettext_noop("These seats are borrowed until %(day)s and go back by themselves."),
    "lent": gettext_noop(
        "%(seats)s is lent to %(borrower)s until %(day)s. Until then it cannot be given up."
    ),
    "hold_over": gettext_noop("A hold must expire later than now."),
    "not_delivered": gettext_noop(
        "%(floor)s is not handed over yet. Until then its seats can only be held."
    ),
    "no_seats_yet": gettext_noop(
        "%(floor)s has no seats before %(day)s, the day it is handed over."
    ),
    "no_seats_ever": gettext_noop("%(floor)s has no delivery day yet, so it has no seats."),
    "month_closed": gettext_noop(
        "%(month)s is closed. What was until then stays: write a line of its own from the day "
        "after."
    ),
    # against what is known, and against each other
    "block_gone": gettext_noop(
        "Block %(block)d is not as it was when this list was downloaded. Download the list again, "
        "or empty this cell if the seats are to be given anew."
    ),
    "block_twice": gettext_noop("Block %(block)d is in %(cell)s already."),
    "lines_overlap": gettext_noop("%(seats)s is in row %(row)d too, on the same days."),
    "several_blocks": gettext_noop(
        "%(holder)s has these seats in other parts or on other days: %(blocks)s. Write one line "
        "for each part, or take the lines of a downloaded list."
    ),
    "facts_differ": gettext_noop(
        "The lines of allocation %(allocation)d say different things here. It has one."
    ),
    "taken": gettext_noop("%(seats)s is taken by %(holder)s until %(day)s."),
    "taken_open": gettext_noop("%(seats)s is taken by %(holder)s until further notice."),
    "held": gettext_noop("%(seats)s is held for %(holder)s until %(day)s."),
    "held_open": gettext_noop("%(seats)s is held for %(holder)s until further notice."),
    "closed": gettext_noop("%(seats)s is closed until %(day)s."),
    "closed_open": gettext_noop("%(seats)s is closed until further notice."),
}
CONFLICTS = {"taken", "taken_open", "held", "held_open", "closed", "closed_open"}


class Problem(NamedTuple):
    """What is wrong in a cell: a key of `MESSAGES`, and what its sentence takes."""

    row: int
    cell: str
    code: str
    parameters: dict[str, Any] = {}

    @property
    def words(self) -> str:
        return gettext(MESSAGES[self.code]) % self.parameters

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else has the seats; else the cell is wrong in itself."""
        return self.code in CONFLICTS
