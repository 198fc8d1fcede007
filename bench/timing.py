"""Times side by side, and what they are held to."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

WIDTHS = (50, 11, 11, 8, 8, 6, 8, 7, 6)
HEADS = ("", "product", "floor", "ratio", "bar", "goal", "growth", "bar", "")


class Wrong(Exception):
    """Product and floor do not agree, or a promise is broken: no figure could excuse that."""


class Pair(NamedTuple):
    """Medians in milliseconds: of the product, of its floor, and of the yardstick beside them."""

    product: float
    floor: float
    yardstick: float


@dataclass(frozen=True)
class Rounds:
    """How often something is measured: as often as it goes into `seconds`, within limits.

    `unmeasured`: rounds to warm up.
    """

    fewest: int = 15
    most: int = 201
    seconds: float = 4.0
    races: int = 9
    seconds_of_race: float = 2.0
    unmeasured: int = 2

    def few(self) -> Rounds:
        """For what takes seconds."""
        return replace(self, fewest=min(5, self.fewest), most=5, unmeasured=1)

    def beside(
        self,
        product: Callable[[], object],
        floor: Callable[[], object],
        between: Callable[[], object] = lambda: None,
    ) -> Pair:
        """Measure both by turns, after rounds to warm up. `between` undoes, unmeasured."""
        times: dict[Callable[[], object], list[float]] = {product: [], floor: []}
        gc.collect()
        began = time.perf_counter()
        yardstick: list[float] = []
        for number in range(self.unmeasured + self.most):
            if number == self.unmeasured:
                began = time.perf_counter()
            elif (
                number >= self.unmeasured + self.fewest
                and time.perf_counter() - began > self.seconds
            ):
                break
            for call in (product, floor) if number % 2 else (floor, product):
                took = _milliseconds(call)
                if number >= self.unmeasured:
                    times[call].append(took)
            yardstick.append(_milliseconds(_some_work))
            between()
        medians = map(statistics.median, (times[product], times[floor], yardstick))
        return Pair(*medians)


def _some_work() -> int:
    """Always the same: what it takes tells how fast the machine is just now."""
    return sum(number * number for number in range(20_000))


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e6


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table: a ratio, and the bar that it must not pass.

    `at_least`: the ratio must not fall below the bar; elsewhere it must not rise above it. Without
    a bar it is only told. `smaller`: what the product took in a park of a tenth, where measured;
    `growth`, how many times longer it takes in the whole one, has a bar of its own. Both are taken
    against the yardstick of their minute, for they are measured some minutes apart.
    """

    area: str
    product: float
    floor: float
    bar: float | None
    unit: str = "ms"
    at_least: bool = False
    yardstick: float = 1
    growth_bar: float | None = None
    smaller: float | None = None

    @property
    def in_yardsticks(self) -> float:
        """What the product takes, whatever else the machine does."""
        return self.product / self.yardstick

    @property
    def ratio(self) -> float:
        return self.product / self.floor

    @property
    def goal(self) -> float | None:
        """What we would like: half the bar."""
        return None if self.at_least or self.bar is None else self.bar / 2

    @property
    def growth(self) -> float | None:
        """How many times longer it takes in a park of ten times as many seats."""
        return None if self.smaller is None else self.in_yardsticks / self.smaller

    @property
    def is_over(self) -> bool:
        return self._is_ratio_over or self._is_growth_over

    @property
    def _is_ratio_over(self) -> bool:
        if self.bar is None:
            return False
        return self.ratio < self.bar if self.at_least else self.ratio > self.bar

    @property
    def _is_growth_over(self) -> bool:
        return None not in (self.growth, self.growth_bar) and self.growth > self.growth_bar  # type: ignore[operator]

    def line(self) -> str:
        """The figure as a line under `head_line`."""
        bar = "–" if self.bar is None else f"{'≥' if self.at_least else '≤'} {self.bar:g}"
        texts = (
            f"{self.product:.2f} {self.unit}",
            f"{self.floor:.2f} {self.unit}",
            f"{self.ratio:.2f}",
            bar,
            f"{self.goal:g}" if self.goal else "–",
            f"×{self.growth:.2f}" if self.growth else "–",
            f"≤ {self.growth_bar:g}" if self.growth and self.growth_bar else "–",
            "OVER" if self.is_over else "" if self.bar is None else "ok",
        )
        return in_columns((self.area, *texts))

    def as_json(self) -> dict[str, Any]:
        """All of it, for the file."""
        return {
            **asdict(self),
            "ratio": self.ratio,
            "goal": self.goal,
            "growth": self.growth,
            "is_over": self.is_over,
        }


def in_columns(texts: tuple[str, ...]) -> str:
    """The first on the left, the others on the right of their columns."""
    first, *rest = zip(texts, WIDTHS, strict=True)
    return first[0].ljust(first[1]) + "".join(text.rjust(width) for text, width in rest)
