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
    AT_THE_ENTERPRISE,
    AT_THE_PARK,
    OPEN_OFFERS,
    OVER,
    UNDECIDED,
    ApprovedRun,
    Equipment,
    RequestKind,
    RequestPhase,
    RequestState,
    SeatRequest,
    StateChange,
)

__all__ = [
    "AT_THE_ENTERPRISE",
    "AT_THE_PARK",
    "NO_DOUBLE_BOOKING",
    "OPEN_OFFERS",
    "OVER",
    "UNDECIDED",
    "Allocation",
    "AllocationKind",
    "ApprovedRun",
    "BlockKind",
    "BrokenPromise",
    "Equipment",
    "RequestKind",
    "RequestPhase",
    "RequestState",
    "SeatBlock",
    "SeatRequest",
    "StateChange",
]
