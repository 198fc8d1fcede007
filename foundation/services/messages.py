"""The outbox: a message is a row of the transaction that caused it; a task mails it afterwards."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from smtplib import SMTPException
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from accounts.models import User
from foundation import clock
from foundation.models import Message

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=30)
BATCH = 100


def tell(*, people: Iterable[User], subject: str, body: str, url: str, parameters: dict) -> None:
    """Tell each of `people` in the app and by e-mail, in their own language.

    `subject` and `body` are marked for translation (`gettext_noop`) and take `parameters`.
    """
    for person in people:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            _write(
                recipient=person,
                address=person.email or "",
                subject=translation.gettext(subject) % parameters,
                body=translation.gettext(body) % parameters,
                url=url,
            )


def write_to(*, address: str, subject: str, body: str, url: str) -> Message:
    """Write to somebody who has no account yet."""
    return _write(recipient=None, address=address, subject=subject, body=body, url=url)


def _write(*, recipient: User | None, address: str, subject: str, body: str, url: str) -> Message:
    return Message.objects.create(
        recipient=recipient,
        address=address,
        subject=" ".join(subject.split()),  # a header is one line
        body=body,
        url=url,
        created_at=clock.now(),
        message_id=f"<{uuid4().hex}@xiyuan>",
    )


def mark_read(*, message: Message, now: datetime) -> None:
    """Note that its recipient has seen it; the first time counts."""
    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])


def mark_all_read(*, recipient: User, now: datetime) -> None:
    """Note that a person has seen everything."""
    Message.objects.visible_to(recipient).unread().update(read_at=now)


def send_mail(now: datetime) -> int:
    """Mail what has not been mailed yet, each message once at a time. Returns how many.

    What failed before comes last, so that it never keeps new mail waiting. Where no mail server is
    set, mail stays in the outbox.
    """
    if not settings.MAIL_TRANSPORT:
        return 0
    due = _due(now).order_by("attempts", "pk").values_list("pk", flat=True)
    return sum(_send(pk, now) for pk in due[:BATCH])


def _due(now: datetime) -> QuerySet[Message]:
    """Unsent mail whose turn it is. Each failure doubles the wait: a server may be down a day."""
    turns = [
        Q(attempts=attempts, created_at__lte=now - FIRST_WAIT * (2**attempts - 1))
        for attempts in range(Message.MOST_ATTEMPTS)
    ]
    return Message.objects.unsent().filter(reduce(or_, turns))


@transaction.atomic
def _send(message_pk: int, now: datetime) -> bool:
    message = _due(now).select_for_update(skip_locked=True).filter(pk=message_pk).first()
    if message is None:
        return False
    message.attempts += 1
    mail = EmailMessage(
        message.subject,
        _letter(message),
        to=[message.address],
        headers={"Message-ID": message.message_id},
        connection=get_connection(settings.MAIL_TRANSPORT),
    )
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address that is none
        log.warning("mail not sent", extra={"outbox_message": message.pk, "error": repr(error)})
    else:
        message.sent_at = now
    message.save(update_fields=["attempts", "sent_at"])
    return message.sent_at is not None


def _letter(message: Message) -> str:
    link = f"{settings.PUBLIC_URL}{message.url}" if message.url else ""
    return f"{message.body}\n\n{link}".strip()
