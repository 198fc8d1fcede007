"""Reminders: who is told what on which day, once each, whatever becomes of the worker.

January 2024 is due on Thursday 8 February; Spring Festival is from the 10th to the 17th, so it is
looked at and closed on Sunday the 18th, which is worked (国办发明电〔2023〕7号).
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.utils import IntegrityError
from django.urls import reverse

from accounts.permissions import Role
from foundation.models import Message
from foundation.services import messages
from park.services import close_month, reopen_month
from returns import reminders, services
from returns.models import MonthlyReturn, ReturnReminder
from returns.reminders import send_reminders
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.together import together

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH = date(2024, 3, 1)


def day(number, month=2):
    return date(2024, month, number)


def morning(on):
    return datetime.combine(on, time(8, 20), SHANGHAI)


def run(on):
    return send_reminders(today=on, now=morning(on))


def run_daily(first, last):
    while first <= last:
        run(first)
        first += timedelta(days=1)


def told(enterprise):
    """Day of February and occasion of each reminder that an enterprise got."""
    rows = ReturnReminder.objects.filter(enterprise=enterprise).order_by("at")
    return [(row.on.day, row.occasion) for row in rows]


def read_by(person):
    return list(Message.objects.filter(recipient=person).order_by("pk"))


@pytest.fixture
def firm(db):
    """An enterprise with a manager and somebody who files."""
    enterprise = make_tenant()
    make_member(enterprise)
    make_member(enterprise, is_manager=False)
    return enterprise


@pytest.fixture
def manager(firm):
    return firm.memberships.get(is_manager=True).user


@pytest.fixture
def clerk(firm):
    return firm.memberships.get(is_manager=False).user


class TestDays:
    def test_of_a_month_in_which_nothing_is_filed(self, firm):
        run_daily(day(1), day(29))

        assert told(firm) == [(1, "opened"), (5, "before"), (8, "due"), (9, "late")]

    def test_none_comes_after_filing(self, firm):
        run_daily(day(1), day(5))
        submit(make_return(enterprise=firm))
        run_daily(day(6), day(29))

        assert told(firm) == [(1, "opened"), (5, "before")]

    def test_a_draft_is_not_filed_and_one_that_is_corrected_is(self, firm, operator):
        begun, corrected = make_return(enterprise=firm), submit(make_return(enterprise=_firm()))
        services.correct_return(return_id=corrected.pk, now=morning(day(5)), acting_user=operator)

        run(day(8))

        assert told(begun.enterprise) == [(8, "due")]
        assert told(corrected.enterprise) == []

    def test_missed_ones_are_not_sent_in_a_bunch(self, firm, clerk):
        run(day(18))
        run_daily(day(19), day(29))

        assert told(firm) == [(18, "late")]
        assert len(read_by(clerk)) == 1

    def test_none_is_sent_on_a_day_off_nor_on_one_for_a_closed_month(self, firm, operator):
        for number in range(10, 18):
            assert run(day(number)) == 0
        close_month(month=JANUARY, now=morning(day(18)), today=day(18), acting_user=operator)

        run(day(18))

        assert not ReturnReminder.objects.exists()

    def test_after_the_national_holiday_opening_and_due_day_are_one_message(self, firm):
        for on in (day(1, 10), day(5, 10), day(7, 10), day(8, 10)):
            run(on)

        assert told(firm) == [(8, "due")]

    def test_an_enterprise_that_came_later_owes_nothing(self):
        enterprise = _firm(first_day=day(1))

        run_daily(day(1), day(29))

        assert told(enterprise) == []


class TestWho:
    def test_those_who_file_first_and_the_managers_once_it_is_late(self, firm, manager, clerk):
        run_daily(day(1), day(8))
        assert (len(read_by(manager)), len(read_by(clerk))) == (0, 3)

        run(day(9))

        [last] = read_by(manager)
        assert "late" in last.subject or "迟报" in last.subject or "逾期" in last.subject
        assert len(read_by(clerk)) == 4

    def test_managers_where_nobody_else_files(self):
        enterprise = make_tenant()
        only = make_member(enterprise)

        run(day(1))

        assert len(read_by(only)) == 1

    def test_nobody_who_left_or_may_not_sign_in_and_no_stranger(self, firm, clerk):
        clerk.memberships.update(ended_at=morning(day(1)))
        gone = make_member(firm, is_manager=False, is_active=False)
        make_member(make_return(month=JANUARY).enterprise)

        run(day(8))

        assert read_by(clerk) == read_by(gone) == []

    def test_an_enterprise_without_accounts_is_told_as_soon_as_somebody_has_one(self):
        enterprise = make_tenant()
        run(day(8))
        assert told(enterprise) == []

        make_member(enterprise)
        run(day(8))

        assert told(enterprise) == [(8, "due")]

    def test_each_in_their_language_with_the_way_to_the_return(self, firm, clerk):
        make_member(firm, is_manager=False, language="en")
        clerk.language = "zh-hans"
        clerk.save(update_fields=["language"])

        run(day(5))

        zh, en = Message.objects.order_by("pk")
        assert "January 2024" in en.subject
        assert "8 February 2024" in en.body
        assert "2024年1月" in zh.subject
        assert "2024年2月8日" in zh.body
        assert en.url == reverse("returns:return-create") + "?month=2024-01"

    def test_the_link_leads_to_a_draft_where_there_is_one(self, firm, clerk):
        row = make_return(enterprise=firm)

        run(day(5))

        assert read_by(clerk)[0].url == reverse("returns:return-edit", args=[row.pk])


class TestOnce:
    def test_when_beat_runs_twice(self, firm, clerk):
        for _again in range(3):
            run(day(8))

        assert len(read_by(clerk)) == 1

    @pytest.mark.parametrize("at_once", [1, 100])
    def test_when_the_worker_dies_in_the_middle(self, monkeypatch, at_once):
        people = [make_member(make_tenant(), is_manager=False) for _ in range(3)]
        monkeypatch.setattr(reminders, "AT_ONCE", at_once)
        tell, count = reminders.tell_enterprise, iter(range(9))

        def die(*arguments):
            tell(*arguments)
            if next(count) == 1:
                raise SystemExit

        monkeypatch.setattr(reminders, "tell_enterprise", die)
        with pytest.raises(SystemExit):
            run(day(8))
        written = Message.objects.count()
        assert written == ReturnReminder.objects.count() == (1 if at_once == 1 else 0)

        run(day(8))

        assert [len(read_by(person)) for person in people] == [1, 1, 1]

    @pytest.mark.django_db(transaction=True)
    def test_when_two_workers_do_it_at_the_same_time(self):
        people = [make_member(make_tenant(), is_manager=False) for _ in range(5)]

        together(lambda: run(day(8)), lambda: run(day(8)))

        assert [len(read_by(person)) for person in people] == [1] * 5

    @pytest.mark.parametrize("occasion", ["due", "late", "asked"])
    def test_is_kept_by_the_database(self, firm, occasion):
        row = {"enterprise": firm, "month": JANUARY, "occasion": occasion, "people": 1}
        ReturnReminder.objects.create(**row, on=day(8), at=morning(day(8)))

        with pytest.raises(IntegrityError, match="once"):
            ReturnReminder.objects.create(**row, on=day(9), at=morning(day(9)))

    def test_filing_while_reminders_are_written_comes_before_or_after(self, firm, monkeypatch):
        """Whoever filed between the list and the message is not told."""
        row = make_return(enterprise=firm)
        found = reminders.people_to_tell

        def file_meanwhile(enterprises):
            if MonthlyReturn.objects.get(pk=row.pk).revision_count == 0:
                submit(row)
            return found(enterprises)

        monkeypatch.setattr(reminders, "people_to_tell", file_meanwhile)

        run(day(8))

        assert not Message.objects.exists()


class TestQuestions:
    """March 2024: due 8 April, looked at 10 April, closed 12 April."""

    @pytest.fixture
    def asked(self, firm, operator):
        row = make_return(enterprise=firm, month=MARCH, today=day(3, 4))
        row = submit(row)
        return self.ask(row, operator)

    @staticmethod
    def ask(row, operator, on=8):
        services.send_back_return(
            return_id=row.pk,
            question="含实习生吗？",
            now=morning(day(on, 4)),
            acting_user=operator,
        )
        Message.objects.all().delete()
        row.refresh_from_db()
        return row

    def test_are_asked_again_after_two_working_days_and_on_the_closing_day(self, firm, asked):
        run_daily(day(8, 4), day(20, 4))

        assert told(firm) == [(10, "asked"), (12, "closing")]

    def test_are_not_asked_again_once_answered(self, firm, asked, clerk):
        submit(asked, reason="核对")

        run_daily(day(8, 4), day(20, 4))

        assert told(firm) == []
        assert read_by(clerk) == []

    def test_have_a_clock_of_their_own_each_time(self, firm, asked, operator):
        run_daily(day(8, 4), day(10, 4))
        self.ask(submit(asked, reason="核对", now=morning(day(10, 4))), operator, on=10)
        run_daily(day(10, 4), day(20, 4))

        assert told(firm) == [(10, "asked"), (12, "closing")]
        assert list(
            ReturnReminder.objects.filter(enterprise=firm)
            .order_by("at")
            .values_list("revision", flat=True)
        ) == [1, 2]

    def test_say_what_was_asked_to_everybody_who_may_answer(self, asked, manager, clerk):
        run(day(10, 4))

        for person in (manager, clerk):
            [message] = read_by(person)
            assert "含实习生吗？" in message.body
            assert message.url == reverse("returns:return-edit", args=[asked.pk])

    def test_in_a_reopened_month_are_asked_again_too(self, firm, operator):
        row = submit(make_return(enterprise=firm, month=MARCH, today=day(3, 4)))
        close_month(month=MARCH, now=morning(day(12, 4)), today=day(12, 4), acting_user=operator)
        reopen_month(month=MARCH, reason="更正", now=morning(day(22, 4)), acting_user=operator)
        self.ask(row, operator, on=22)

        run_daily(day(22, 4), day(29, 4))

        assert told(firm) == [(24, "asked")]


class TestTheParksOwn:
    @pytest.fixture
    def staff(self, db):
        return UserFactory(roles=[Role.OPERATOR_STAFF], language="en")

    def test_are_told_what_is_missing_and_what_waits_for_review(self, staff, firm):
        submit(make_return(enterprise=make_tenant()))
        auditor = UserFactory(roles=[Role.AUDITOR])

        run_daily(day(1), day(29))

        missing, review = read_by(staff)
        assert missing.subject == "January 2024: 1 of 2 returns are missing"
        assert missing.url == reverse("returns:month-detail", args=["2024-01"]) + "?show=missing"
        assert review.subject == "January 2024: 1 returns wait for review"
        assert review.url.endswith("?show=submitted")
        assert [
            (row.on.day, row.occasion) for row in ReturnReminder.objects.filter(enterprise=None)
        ] == [(9, "missing"), (18, "review")]
        assert read_by(auditor) == []

    def test_are_told_nothing_where_nothing_waits(self, staff):
        submit_and_accept = submit(make_return(enterprise=make_tenant()))
        services.accept_return(
            return_id=submit_and_accept.pk, now=morning(day(5)), acting_user=staff
        )

        run_daily(day(1), day(29))

        assert read_by(staff) == []


def test_mail_goes_to_who_has_an_address(firm, clerk):
    run(day(8))

    assert Message.objects.get().address == clerk.email
    assert messages.send_mail(morning(day(8))) == 0  # no mail server is set in tests


def _firm(first_day=date(2021, 3, 1)):
    enterprise = make_tenant(first_day)
    make_member(enterprise, is_manager=False)
    return enterprise
