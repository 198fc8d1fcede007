"""One writer at a time plans the park's seats: the park-wide lock (ADR 0002).

The lock is taken as its own statement before anything is read, in READ COMMITTED: a plan made
before the lock would be a plan on old rows. The constraint on SeatBlock is the safety net below.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import LockNotAvailable

from accounts.models import User
from audit.context import recorded
from web.refusals import Busy

TIMEOUT = "5s"
_KEY = 0x5EA7  # any number that nothing else locks
_EXCLUSIVE = "SELECT pg_advisory_xact_lock(%s)"
_SHARED = "SELECT pg_advisory_xact_lock_shared(%s)"


@contextmanager
def park_locked(acting_user: User | None, *, shared: bool = False) -> Iterator[None]:
    """One recorded transaction that holds the park-wide lock until it ends.

    `shared`: together with others that share it, apart from those that do not (a return may be
    filed while another is, but not while the month is being closed). Raises `Busy` after 5 s.
    """
    try:
        with recorded(acting_user):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])
                cursor.execute(_SHARED if shared else _EXCLUSIVE, [_KEY])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise
