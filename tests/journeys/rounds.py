"""Loaded by the worker of the journeys: beat sends lost work again within a second or two.

What beat does at night is left out: a journey that runs at that hour must find what it left.
"""

from config.celery import app

FAST = {"send queued work again": 2.0, "worker heard from": 20.0}

app.conf.beat_schedule = {
    name: {**app.conf.beat_schedule[name], "schedule": seconds} for name, seconds in FAST.items()
}
