"""Which runs to take for a wish: the fewest, and no more of them than is asked for."""

from collections.abc import Sequence

from park.axis import Span


def fewest_runs(runs: Sequence[Span], seats: int, *, contiguous: bool = False) -> list[Span]:
    """Parts of `runs` that make up `seats`; nothing where they cannot.

    One run where one is long enough (the shortest such, so that long ones stay whole), else the
    longest first. `contiguous`: one run or nothing.
    """
    rest = sorted(runs, key=lambda run: (run.length, run.lower))
    if sum(run.length for run in rest) < seats:
        return []
    taken: list[Span] = []
    while seats > 0:
        enough = next((run for run in rest if run.length >= seats), None)
        if enough is not None:
            return [*taken, Span(enough.lower, enough.lower + seats)]
        if contiguous:
            return []
        taken.append(rest.pop())
        seats -= taken[-1].length
    return taken
