"""Who is at or near the 规上 threshold of its industry, by twelve months of revenue as filed."""

from returns.thresholds.rolling import Standing, State, above_threshold, standing_of, standings
from returns.thresholds.rules import threshold, threshold_source

__all__ = [
    "Standing",
    "State",
    "above_threshold",
    "standing_of",
    "standings",
    "threshold",
    "threshold_source",
]
