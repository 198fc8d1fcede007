"""Services are told the day and the moment: see tests/test_clock.py."""

from tests.clockless import no_statement_asks_the_clock

__all__ = ["no_statement_asks_the_clock"]
