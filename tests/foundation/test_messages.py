"""The outbox: told in the app exactly once, by e-mail at least once."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import transaction
from django.utils.translation import gettext_noop

from foundation.models import Message
from foundation.services import messages
from foundation.services.messages import mark_all_read, mark_read, send_mail, tell, write_to
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def written_now(monkeypatch):
    monkeypatch.setattr("foundation.services.messages.clock.now", lambda: NOW)


def write(address="li.na@example.test", subject="主题"):
    return write_to(address=address, subject=subject, body="正文", url="/somewhere/")


def tell_about_a_request(*people):
    tell(
        people=people,
        subject=gettext_noop("Request %(number)s was sent back"),
        body=gettext_noop("The park asks you to complete request %(number)s: %(note)s"),
        url="/seats/requests/1/",
        parameters={"number": "R-2024-0001", "note": "100% 确认"},
    )


@pytest.fixture
def smtp_fails(monkeypatch):
    """Let sending fail, until the fixture is called with None."""
    send = locmem.EmailBackend.send_messages

    def fail_with(error):
        def send_messages(backend, messages):
            if error is not None:
                raise error
            return send(backend, messages)

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)

    return fail_with


class TestTelling:
    def test_writes_one_message_to_each(self):
        people = [UserFactory(), UserFactory()]

        tell_about_a_request(*people)

        told = Message.objects.order_by("pk")
        assert [message.recipient for message in told] == people
        assert [message.address for message in told] == [person.email for person in people]
        assert all("R-2024-0001" in message.subject for message in told)
        assert all("100% 确认" in message.body for message in told)
        assert len({message.message_id for message in told}) == 2

    def test_speaks_each_persons_language(self):
        tell_about_a_request(UserFactory(language="en"))

        assert Message.objects.get().subject == "Request R-2024-0001 was sent back"

    def test_who_has_only_a_phone_is_told_in_the_app(self):
        tell_about_a_request(UserFactory(email=None, phone="+8613800000000"))

        assert Message.objects.get().address == ""
        assert send_mail(NOW) == 0

    def test_is_undone_with_what_caused_it(self):
        with transaction.atomic():
            tell_about_a_request(UserFactory())
            transaction.set_rollback(True)

        assert not Message.objects.exists()

    def test_is_read_once(self):
        tell_about_a_request(UserFactory())
        message = Message.objects.get()

        mark_read(message=message, now=NOW)
        mark_read(message=message, now=NOW + timedelta(days=1))

        message.refresh_from_db()
        assert message.read_at == NOW

    def test_can_be_read_all_at_once_by_whom_it_is_for(self):
        reader, other = UserFactory(), UserFactory()
        tell_about_a_request(reader, other)

        mark_all_read(recipient=reader, now=NOW)

        assert not Message.objects.visible_to(reader).unread().exists()
        assert Message.objects.visible_to(other).unread().count() == 1


class TestMail:
    def test_is_sent_with_its_link_and_its_fixed_id(self, settings):
        settings.PUBLIC_URL = "https://xiyuan.example"
        message = write()

        assert send_mail(NOW) == 1

        letter = mail.outbox[0]
        assert (letter.to, letter.subject) == (["li.na@example.test"], "主题")
        assert letter.body == "正文\n\nhttps://xiyuan.example/somewhere/"
        assert letter.extra_headers["Message-ID"] == message.message_id

    def test_is_sent_once(self):
        write()

        send_mail(NOW)
        assert send_mail(NOW + timedelta(days=1)) == 0

        assert len(mail.outbox) == 1

    def test_is_sent_again_with_the_same_id_where_the_end_was_not_heard(self):
        write()
        send_mail(NOW)
        Message.objects.update(sent_at=None)

        send_mail(NOW + timedelta(minutes=1))

        ids = {letter.extra_headers["Message-ID"] for letter in mail.outbox}
        assert (len(mail.outbox), len(ids)) == (2, 1)

    @pytest.mark.django_db(transaction=True)
    def test_is_sent_once_by_many_workers(self):
        for _ in range(10):
            write()

        sent = together(*[lambda: send_mail(NOW)] * 4)

        assert sum(sent) == len(mail.outbox) == 10


class TestMailThatFails:
    def test_is_tried_again_later(self, smtp_fails):
        write()
        smtp_fails(SMTPServerDisconnected("gone"))
        assert send_mail(NOW) == 0

        smtp_fails(None)
        assert send_mail(NOW + timedelta(seconds=29)) == 0
        assert send_mail(NOW + timedelta(seconds=30)) == 1

        assert Message.objects.get().attempts == 2

    def test_survives_a_day_without_a_server(self, smtp_fails):
        write()
        smtp_fails(ConnectionRefusedError())
        for minutes in range(0, 24 * 60, 20):
            send_mail(NOW + timedelta(minutes=minutes))

        smtp_fails(None)
        assert send_mail(NOW + timedelta(days=2)) == 1

    def test_is_given_up_in_the_end(self, smtp_fails):
        write()
        smtp_fails(SMTPRecipientsRefused({}))
        for days in range(40):
            send_mail(NOW + timedelta(days=days))

        smtp_fails(None)
        assert send_mail(NOW + timedelta(days=50)) == 0
        assert Message.objects.get().attempts == Message.MOST_ATTEMPTS

    @pytest.mark.parametrize("address", ["a@b\nBcc: c@example.test", "kein@@name", "@"])
    def test_for_its_own_sake_does_not_keep_others_waiting(self, address):
        write(address=address)
        good = write()

        send_mail(NOW)

        good.refresh_from_db()
        assert good.sent_at == NOW

    def test_comes_after_new_mail(self, smtp_fails, monkeypatch):
        monkeypatch.setattr(messages, "BATCH", 5)
        for _ in range(5):
            write(address="nobody@example.test")
        smtp_fails(SMTPRecipientsRefused({}))
        send_mail(NOW)
        new = write()
        smtp_fails(None)

        send_mail(NOW + timedelta(minutes=5))

        new.refresh_from_db()
        assert new.sent_at is not None

    def test_a_name_of_two_lines_is_no_second_header(self):
        write(subject="企业\nBcc: c@example.test")

        assert send_mail(NOW) == 1
        assert "\n" not in mail.outbox[0].subject
