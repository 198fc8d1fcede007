"""The worker's entry: the queue's manners and what beat does when."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("xiyuan")
# Not a second config_from_object: only the last one of them counts.
app.conf.update(
    {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
        "task_time_limit": 15 * 60,
        "timezone": "Asia/Shanghai",
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": 60 * 60,
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            # Else kombu tries three times within 6 s, whatever the setting below says.
            "max_retries": 0,
        },
        # A page publishes after its commit: one try, at most 2 s; beat sends again what was lost.
        "task_publish_retry": False,
    }
)
app.config_from_object("django.conf:settings", namespace="CELERY", silent=False)
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "worker heard from": {"task": "foundation.tasks.heartbeat", "schedule": 20.0},
    "send queued work again": {"task": "foundation.tasks.resend_jobs", "schedule": 20.0},
    "send mail": {"task": "foundation.tasks.send_mail", "schedule": 30.0},
    "end expired holds": {"task": "seats.tasks.end_expired_holds", "schedule": 60.0},
    "serve the waiting list": {"task": "seats.tasks.serve_waiting_list", "schedule": 60.0},
    "warn of holds that end": {
        "task": "seats.tasks.warn_of_ending_holds",
        "schedule": crontab(minute=5),
    },
    # In the morning of the day on which lent seats are back, and three days before
    "tell of loans": {"task": "seats.tasks.mind_loans", "schedule": crontab(hour=8, minute=10)},
    # In the morning too; a second time an hour later, should the first have come to grief. Who was
    # told is not told again.
    "remind of returns": {
        "task": "returns.tasks.send_reminders",
        "schedule": crontab(hour="8,9", minute=20),
    },
    # In this order each night: the month closes first, then the reports that are due are drafted,
    # occupancy on the first, output the night after the month has closed. Both make up for nights
    # on which nothing ran.
    "close the month": {
        "task": "park.tasks.close_due_month",
        "schedule": crontab(hour=1, minute=30),
    },
    "draft due reports": {
        "task": "reports.tasks.draft_due_reports",
        "schedule": crontab(hour=2, minute=0),
    },
    "make reports again that failed": {
        "task": "reports.tasks.retry_failed_builds",
        "schedule": crontab(minute="*/5"),
    },
    "tell subscribers": {"task": "reports.tasks.deliver_subscriptions", "schedule": 60.0},
    "compare issued reports with the data": {
        "task": "reports.tasks.compare_issued_reports",
        "schedule": crontab(minute=20),
    },
    "delete old exports": {
        "task": "reports.tasks.delete_old_exports",
        "schedule": crontab(minute=50),
    },
}
