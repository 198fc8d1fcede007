"""Who did it: the frame of every service that writes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import transaction

from accounts.models import User


@contextmanager
def recorded(acting_user: User | None) -> Iterator[None]:
    """One transaction whose changes django-pghistory puts down to `acting_user`.

    None stands for Xiyuan itself: a hold that expires, a month that closes on its day.
    """
    with transaction.atomic(), pghistory.context(user=acting_user.pk if acting_user else None):
        yield


def name_deed(deed: str, **facts: int) -> None:
    """Name what is being done inside `recorded`, so that a history can say it in words.

    `facts` are ids of other rows that the sentence mentions.
    """
    pghistory.context(deed=deed, **facts)
