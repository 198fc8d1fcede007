"""The queue's manners, as the worker and the pages really have them."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config.celery import app

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True),
        ("task_time_limit", 15 * 60),
        ("task_publish_retry", False),
        ("broker_connection_max_retries", None),
        ("timezone", "Asia/Shanghai"),
    ],
)
def test_they_are_as_written_down(name, value):
    assert app.conf[name] == value


def test_a_task_comes_back_only_after_its_time_limit():
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit


def test_the_broker_is_the_one_of_the_settings(settings):
    assert app.conf.broker_url == settings.CELERY_BROKER_URL


def test_beat_sends_only_what_the_worker_knows():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()


@pytest.mark.parametrize(
    ("entry", "hour", "minute"), [("close the month", 1, 30), ("draft due reports", 2, 0)]
)
def test_nights_are_nights_in_shanghai(entry, hour, minute):
    schedule = app.conf.beat_schedule[entry]["schedule"]
    midnight = datetime(2024, 3, 1, tzinfo=SHANGHAI)

    last, wait, _now = schedule.remaining_delta(midnight, tz=app.timezone)

    due = (last + wait).astimezone(SHANGHAI)
    assert (due.date(), due.hour, due.minute) == (midnight.date(), hour, minute)


def test_a_queue_that_is_gone_does_not_hold_up_a_page():
    gone = Celery("test", broker="redis://127.0.0.1:1/0", set_as_current=False)
    gone.conf.broker_transport_options = app.conf.broker_transport_options
    asked_at = time.monotonic()

    with pytest.raises(OperationalError):
        gone.send_task("foundation.tasks.run_job", [1], retry=False)

    assert time.monotonic() - asked_at < 2
