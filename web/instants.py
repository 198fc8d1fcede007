"""Instants as programs read them: the park's time, with its offset."""

from datetime import datetime

from django.db.models import CharField, Func
from django.utils import timezone


def iso_instant(instant: datetime | None) -> str | None:
    """`2024-02-22T10:00:00+08:00`; None stays None."""
    if instant is None:
        return None
    return instant.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")


class IsoInstant(Func):
    """The same, said by the database: reading instants is what makes long lists slow."""

    template = (
        "to_char(%(expressions)s AT TIME ZONE 'Asia/Shanghai', "
        '\'YYYY-MM-DD"T"HH24:MI:SS"+08:00"\')'
    )
    arity = 1
    output_field = CharField()
