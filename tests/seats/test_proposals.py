"""Which runs are proposed for a wish."""

import random

from park.axis import Span
from seats.proposals import fewest_runs


def runs(*lengths):
    """Runs of these lengths, far apart."""
    return [Span(number * 1000, number * 1000 + length) for number, length in enumerate(lengths)]


class TestFewestRuns:
    def test_takes_the_shortest_run_that_is_long_enough(self):
        assert fewest_runs(runs(500, 120, 90), 100) == [Span(1000, 1100)]

    def test_takes_the_longest_first_and_then_what_just_fits(self):
        assert fewest_runs(runs(60, 232, 100, 88), 300) == [Span(1000, 1232), Span(3000, 3068)]

    def test_proposes_nothing_where_there_are_too_few_seats(self):
        assert fewest_runs(runs(60, 30), 100) == []

    def test_in_one_run_or_not_at_all(self):
        assert fewest_runs(runs(60, 50), 100, contiguous=True) == []
        assert fewest_runs(runs(60, 150), 100, contiguous=True) == [Span(1000, 1100)]

    def test_always_gives_just_as_many_seats_from_the_runs_and_none_twice(self):
        dice = random.Random(20240222)  # noqa: S311 — no secret
        for _ in range(500):
            free = runs(*(dice.randint(1, 500) for _ in range(dice.randint(1, 30))))
            wish = dice.randint(1, sum(run.length for run in free))

            taken = fewest_runs(free, wish)

            assert sum(span.length for span in taken) == wish
            assert len({span.lower for span in taken}) == len(taken)
            assert all(any(r.lower == s.lower and s.upper <= r.upper for r in free) for s in taken)
