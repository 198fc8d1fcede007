"""Work in the background: the row is the truth, each job ends once, whatever dies on the way."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import translation
from kombu.exceptions import OperationalError

from accounts.permissions import Role
from foundation import clock
from foundation.models import Job, Message
from foundation.services import jobs
from foundation.services.jobs import JobLostError, claim, enqueue, publish, resend, run
from tests.conftest import NOW
from tests.together import together

pytestmark = pytest.mark.django_db

SILENT = timedelta(seconds=61)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """The ids that the queue was told of."""
    told = []
    monkeypatch.setattr(
        jobs.current_app, "send_task", lambda _name, arguments, **_options: told.extend(arguments)
    )
    return told


@pytest.fixture
def no_queue(monkeypatch):
    def fail(*_arguments, **_options):
        raise OperationalError

    monkeypatch.setattr(jobs.current_app, "send_task", fail)


@pytest.fixture
def handle(monkeypatch):
    """Let a function do the jobs of kind "count"."""

    def use(handler):
        monkeypatch.setitem(jobs._handlers, "count", handler)

    use(lambda _progress: {"counted": 1})
    return use


def ask(key="2024-01", owner=None):
    return enqueue(kind="count", key=key, arguments={"month": key}, owner=owner)


def again(job):
    return Job.objects.get(pk=job.pk)


class TestEnqueue:
    def test_writes_a_row_and_tells_the_queue_after_the_commit(
        self, sent, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()
            assert sent == []

        assert sent == [job.pk]
        assert again(job).state == Job.State.QUEUED
        assert again(job).sent_at is not None

    def test_tells_nobody_of_what_was_undone(self, sent, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            ask()
            transaction.set_rollback(True)

        assert sent == []
        assert not Job.objects.exists()

    @pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING])
    def test_gives_the_job_that_is_not_finished(self, state):
        job = ask()
        Job.objects.update(state=state)

        assert ask() == job
        assert ask("2024-02") != job

    @pytest.mark.parametrize("state", [Job.State.DONE, Job.State.FAILED])
    def test_begins_again_after_the_last_one_is_finished(self, state):
        job = ask()
        Job.objects.update(state=state)

        assert ask() != job

    def test_begins_again_where_the_other_ends_at_this_moment(self, monkeypatch):
        job = ask()
        unfinished = Job.objects.unfinished

        def ends_first():
            Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
            return unfinished()

        monkeypatch.setattr(Job.objects, "unfinished", ends_first)

        assert ask() != job

    @pytest.mark.django_db(transaction=True)
    def test_by_many_at_once_is_one_job(self):
        asked = together(*[ask] * 6)

        assert len({job.pk for job in asked}) == 1


class TestWithoutAQueue:
    def test_the_job_stays_queued(self, no_queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()

        assert (again(job).state, again(job).sent_at) == (Job.State.QUEUED, None)

    def test_it_is_sent_when_the_queue_is_back(self, no_queue, monkeypatch):
        job = ask()
        assert resend(NOW) == 0

        told = []
        monkeypatch.setattr(
            jobs.current_app,
            "send_task",
            lambda _name, arguments, **_options: told.append(arguments),
        )
        assert resend(NOW) == 1
        assert told == [[job.pk]]

    def test_publishing_says_whether_it_could(self, sent):
        assert publish(ask().pk) is True

    def test_publishing_says_that_it_could_not(self, no_queue):
        assert publish(ask().pk) is False


class TestResend:
    @pytest.mark.parametrize(
        ("state", "sent_before", "heard_before", "is_sent"),
        [
            (Job.State.QUEUED, None, None, True),
            (Job.State.QUEUED, 16, None, True),
            (Job.State.QUEUED, 14, None, False),
            (Job.State.RUNNING, 300, 61, True),
            (Job.State.RUNNING, 300, 59, False),
            (Job.State.RUNNING, 14, 300, False),
            (Job.State.DONE, None, 300, False),
            (Job.State.FAILED, None, 300, False),
        ],
    )
    def test_is_for_what_waits_and_was_not_just_sent(
        self, sent, state, sent_before, heard_before, is_sent
    ):
        def before(seconds):
            return seconds and NOW - timedelta(seconds=seconds)

        job = ask()
        Job.objects.update(
            state=state, sent_at=before(sent_before), heartbeat_at=before(heard_before)
        )

        assert resend(NOW) == int(is_sent)
        assert sent == [job.pk] * is_sent


class TestClaim:
    def test_is_for_queued_jobs_and_those_of_silent_workers(self):
        job = ask()

        assert claim(job.pk, NOW).attempt == 1
        assert claim(job.pk, NOW + timedelta(seconds=59)) is None
        assert claim(job.pk, NOW + SILENT).attempt == 2

    def test_is_not_for_what_is_finished_or_unknown(self):
        job = ask()
        Job.objects.update(state=Job.State.DONE)

        assert claim(job.pk, NOW) is None
        assert claim(job.pk + 1, NOW) is None

    def test_begins_counting_anew(self):
        job = ask()
        Job.objects.update(done=7, total=10)

        claim(job.pk, NOW)

        assert again(job).done == 0

    def test_gives_up_after_five_attempts(self):
        job = ask()
        for attempt in range(5):
            assert claim(job.pk, NOW + attempt * SILENT) is not None

        assert claim(job.pk, NOW + 5 * SILENT) is None
        assert (again(job).state, again(job).finished_at) == (Job.State.FAILED, NOW + 5 * SILENT)
        assert "given up" in again(job).error

    @pytest.mark.django_db(transaction=True)
    def test_is_won_by_one_of_many(self):
        job = ask()

        claims = together(*[partial(claim, job.pk, NOW)] * 8)

        assert sum(isinstance(won, Job) for won in claims) == 1
        assert sum(won is None for won in claims) == 7
        assert again(job).attempt == 1


class TestRun:
    def test_keeps_the_result(self, handle):
        job = ask()

        run(job.pk)

        assert (again(job).state, again(job).result) == (Job.State.DONE, {"counted": 1})
        assert again(job).finished_at is not None

    def test_shows_progress_while_it_works(self, handle):
        seen = []

        def count(progress):
            for done in range(3):
                progress.tell(done, 3, f"{done}/3")
                seen.append((again(job).done, again(job).total, again(job).message))
            return {}

        handle(count)
        job = ask()

        run(job.pk)

        assert seen == [(0, 3, "0/3"), (1, 3, "1/3"), (2, 3, "2/3")]
        assert (again(job).done, again(job).total) == (3, 3)

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "2 of 3 returns filed"), ("zh-hans", "已报 2 ÷ 3 户")]
    )
    def test_says_what_is_done_in_the_language_of_who_reads_it(self, handle, language, words):
        said = "%(filed)d of %(expected)d returns filed"
        handle(lambda progress: progress.tell(1, 3, said, filed=2, expected=3) or {})
        job = ask()

        run(job.pk)

        with translation.override(language):
            assert again(job).words == words
        assert Job.objects.create(kind="silent", key="", created_at=clock.now()).words == ""

    def test_a_handler_gets_its_arguments(self, handle):
        handle(lambda progress: progress.arguments)
        job = ask()

        run(job.pk)

        assert again(job).result == {"month": "2024-01"}

    def test_a_failing_handler_fails_the_job_and_nothing_else(self, handle):
        def fail(_progress):
            raise ValueError("broken")

        handle(fail)
        job = ask()

        run(job.pk)

        assert again(job).state == Job.State.FAILED
        assert "broken" in again(job).error
        assert again(job).result is None
        assert not Message.objects.exists()  # nobody asked for it

    def test_that_fails_is_told_to_who_asked_for_it_once(self, handle, operator):
        def fail(_progress):
            raise ValueError("broken")

        handle(fail)
        job = ask()
        Job.objects.update(owner=operator)

        run(job.pk)
        run(job.pk)

        message = Message.objects.get()
        assert message.recipient == operator
        assert str(job.pk) in message.body
        assert "broken" not in message.body

    def test_of_an_unknown_kind_fails(self):
        job = ask()

        run(job.pk)

        assert again(job).state == Job.State.FAILED

    def test_twice_does_the_work_once(self, handle):
        runs = []
        handle(lambda _progress: runs.append(1) or {})
        job = ask()

        run(job.pk)
        run(job.pk)

        assert runs == [1]


class TestAWorkerThatWasSilent:
    """It was only slow: another took its job over, and what the first one did must not count."""

    @pytest.fixture
    def taken_over(self, handle, monkeypatch):
        """Run a job that another worker takes over and finishes in the middle of it."""

        def play(after):
            job = ask()

            def slow(progress):
                later = clock.now() + SILENT
                other = claim(job.pk, later)
                jobs._finish(other, Job.State.DONE, later, result={"by": "second"})
                return after(progress)

            handle(slow)
            run(job.pk)
            return again(job)

        return play

    def test_its_result_is_refused(self, taken_over):
        job = taken_over(lambda _progress: {"by": "first"})

        assert (job.state, job.result, job.attempt) == (Job.State.DONE, {"by": "second"}, 2)

    def test_its_result_is_refused_while_the_other_still_works(self, handle):
        job = ask()
        handle(lambda _progress: claim(job.pk, clock.now() + SILENT) and {"by": "first"})

        run(job.pk)

        assert (again(job).state, again(job).result, again(job).attempt) == (
            Job.State.RUNNING,
            None,
            2,
        )

    def test_its_failure_is_refused(self, taken_over):
        def fail(_progress):
            raise ValueError("broken")

        job = taken_over(fail)

        assert (job.state, job.error) == (Job.State.DONE, "")

    def test_its_progress_is_refused(self, taken_over):
        job = taken_over(lambda progress: progress.tell(1, 99, "old"))

        assert (job.total, job.message) == (0, "")

    def test_it_may_not_write_what_it_has_made(self, taken_over):
        written = []

        def write(progress):
            with transaction.atomic():
                progress.confirm()
                written.append(1)

        job = taken_over(write)

        assert written == []
        assert job.result == {"by": "second"}

    def test_who_still_has_it_may_write(self):
        job = ask()
        progress = jobs.Progress(claim(job.pk, NOW))

        progress.confirm()

        Job.objects.update(attempt=2)
        with pytest.raises(JobLostError):
            progress.confirm()


@pytest.mark.django_db(transaction=True)
def test_a_long_step_does_not_look_dead(handle, monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(seconds=0.02))
    beats = threading.Event()

    def wait_for_a_beat(_progress):
        begun = again(job).heartbeat_at
        for _ in range(200):
            if again(job).heartbeat_at > begun:
                beats.set()
                break
            threading.Event().wait(0.02)
        return {}

    handle(wait_for_a_beat)
    job = ask()

    run(job.pk)

    assert beats.is_set()


def test_people_see_their_own_work_and_who_builds_reports_sees_all(operator, person):
    official = person(Role.OFFICIAL)
    own, other = ask("1", owner=official), ask("2", owner=operator)

    assert set(Job.objects.visible_to(official)) == {own}
    assert set(Job.objects.visible_to(operator)) == {own, other}
