"""One writer at a time plans the park's seats: the park-wide lock (ADR 0002).

The constraint on SeatBlock is the safety net below.
"""

from contextlib import AbstractContextManager

from accounts.models import User
from foundation.locks import Lock, holding


def park_locked(acting_user: User | None, *, shared: bool = False) -> AbstractContextManager[None]:
    """One recorded transaction that holds the park-wide lock until it ends.

    `shared`: a return may be filed while another is, but not while the month is being closed.
    Raises `Busy` after 5 s.
    """
    return holding(Lock.PARK, acting_user, shared=shared)
