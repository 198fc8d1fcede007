"""Is the database away, or did it only refuse a query? The one is 503, the other a fault."""

from django.db import InterfaceError, OperationalError

# 08: connection; 57P01 to 57P03: going down or coming up; 53300: no connection left
GONE = ("08", "57P", "53300")


def database_is_gone(error: BaseException | None) -> bool:
    """Whether ``error`` means that no connection to the database can be had."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate.startswith(GONE)
