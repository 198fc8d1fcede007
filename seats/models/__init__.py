"""Who holds which seats when, and who asks for some."""

from seats.models.allocations import (
    NO_DOUBLE_BOOKING,
    Allocation,
    AllocationKind,
    BlockKind,
    BrokenPromise,
    SeatBlock,
)
from seats.models.requests import (
    ApprovedRun,
    RequestKind,
    RequestState,
    SeatRequest,
    StateChange,
)

__all__ = [
    "NO_DOUBLE_BOOKING",
    "Allocation",
    "AllocationKind",
    "ApprovedRun",
    "BlockKind",
    "BrokenPromise",
    "RequestKind",
    "RequestState",
    "SeatBlock",
    "SeatRequest",
    "StateChange",
]
