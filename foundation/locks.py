"""Locks of the database: one at a time does a thing; who waits for more than 5 s is told so.

The lock is taken as its own statement before anything is read, in READ COMMITTED: a plan made
before the lock would be a plan on old rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import LockNotAvailable

from accounts.models import User
from audit.context import recorded
from web.refusals import Busy

TIMEOUT = "5s"
_EXCLUSIVE = "SELECT pg_advisory_xact_lock(%s)"
_SHARED = "SELECT pg_advisory_xact_lock_shared(%s)"


class Lock(IntEnum):
    """What is done by one at a time. Who needs two takes them in this order."""

    PARK = 0x5EA7  # planning the park's seats (park.lock)
    REPORTS = 0x5EA8  # drafting and issuing reports
    NAMES = 0x5EA9  # naming enterprises
    DAYS = 0x5EAA  # days of the month; a trigger of the database takes it (foundation.models)
    REMINDERS = 0x5EAB  # reminding of returns (returns.reminders)


@contextmanager
def holding(lock: Lock, acting_user: User | None, *, shared: bool = False) -> Iterator[None]:
    """One recorded transaction that holds `lock` until it ends.

    `shared`: together with others that share it, apart from those that do not. Raises `Busy`.
    """
    try:
        with recorded(acting_user):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])
                cursor.execute(_SHARED if shared else _EXCLUSIVE, [int(lock)])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise
