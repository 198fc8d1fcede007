"""Whether a refusal named the right rival: who had those seats while they were asked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bench.allocators import Block, Refused, Rival, Told


class Stay(NamedTuple):
    """A block that an enterprise won, from the moment it was asked for until it was given back."""

    block: Block
    since: float
    until: float


def wrongly_named(told: Sequence[Told]) -> Iterator[Rival]:
    """The rivals in refusals who had no such seats, or whose seats were in nobody's way.

    Every rival is one of the processes, as the floors were empty before.
    """
    stays = _stays(told)
    for refusal in (refusal for one in told for refusal in one["refused"]):
        for holder, block in refusal["rivals"]:
            rival = Rival(holder, Block(*block))
            if not (_is_in_the_way(rival, refusal) and _had(rival, stays[holder], refusal)):
                yield rival


def _stays(told: Iterable[Told]) -> dict[str, list[Stay]]:
    """All that each enterprise ever had, by its name."""
    found: dict[str, list[Stay]] = defaultdict(list)
    for one in told:
        for allocation, won in one["won"].items():
            until = one["given_back"].get(allocation, math.inf)
            found[one["name"]] += [
                Stay(Block(*block), won["asked_at"], until) for block in won["blocks"]
            ]
    return found


def _is_in_the_way(rival: Rival, refusal: Refused) -> bool:
    """Whether all the seats named were asked for, on a day that is the rival's."""
    return any(
        _is_within(rival.block, asked)
        and asked.start <= rival.block.end
        and rival.block.start <= asked.end
        for asked in (Block(*block) for block in refusal["blocks"])
    )


def _had(rival: Rival, stays: Iterable[Stay], refusal: Refused) -> bool:
    """Whether the seats named were the rival's on the days named, at a moment of the try."""
    return any(
        _is_within(rival.block, stay.block)
        and (stay.block.start, stay.block.end) == (rival.block.start, rival.block.end)
        and stay.since <= refusal["answered_at"]
        and refusal["asked_at"] <= stay.until
        for stay in stays
    )


def _is_within(part: Block, whole: Block) -> bool:
    return whole.first_seat <= part.first_seat and part.last_seat <= whole.last_seat
