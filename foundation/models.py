"""What every room stands on: background work, messages, files, settings. No business rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import tracked


class Provenance(models.Model):
    """Where a row's facts come from, and which of them are invented for the sample."""

    source = models.CharField(_("source"), max_length=300, blank=True)
    sample_fields = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("sample values"),
        default=list,
        blank=True,
        help_text=_("Names of invented fields; * for the whole row."),
    )

    class Meta:
        abstract = True

    @property
    def is_sample(self) -> bool:
        """Whether the whole row is invented."""
        return "*" in self.sample_fields


class Versioned(models.Model):
    """A row that two people may edit: `version` counts its changes (foundation/versions.py)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


def in_words(message: str, parameters: Mapping[str, Any]) -> str:
    """A sentence that was marked for translation, with its parameters, in the active language."""
    return gettext(message) % parameters if message else ""


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def waiting(self, now: datetime) -> JobQuerySet:
        """Queued, or running under a worker that has not been heard from."""
        return self.filter(
            models.Q(state=Job.State.QUEUED)
            | models.Q(state=Job.State.RUNNING, heartbeat_at__lt=now - Job.SILENCE)
        )

    def visible_to(self, user: User) -> JobQuerySet:
        """Everybody sees the work they asked for; those who produce reports see all of it."""
        if user.has_perm("reports.build_monthlyreport"):
            return self
        return self.filter(owner=user)


class Job(models.Model):
    """Work in the background. The row is the truth; the queue only says that there is work.

    A worker claims a job by its row lock, shows that it lives by `heartbeat_at`, and writes its
    result only while `attempt` is still its own: work taken over by another worker ends once.
    """

    SILENCE = timedelta(seconds=60)

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=120, help_text="Two unfinished jobs of a kind never share a key."
    )
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(
        max_length=300, blank=True, help_text="What is being done, marked for translation."
    )
    parameters = models.JSONField(default=dict, help_text="What `message` takes.")
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    attempt = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind",
                "key",
                name="foundation_job_one_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]
        indexes = [
            models.Index(
                "state",
                name="foundation_job_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_finished(self) -> bool:
        return self.state in {Job.State.DONE, Job.State.FAILED}

    @property
    def words(self) -> str:
        """What is being done, in the language of whoever reads it."""
        return in_words(self.message, self.parameters)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        return self.filter(recipient=user)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at__isnull=True)

    def unsent(self) -> MessageQuerySet:
        return self.filter(address__gt="", sent_at__isnull=True, attempts__lt=Message.MOST_ATTEMPTS)


class Message(models.Model):
    """Something a person is told: in the app exactly once, by e-mail at least once.

    The e-mail's Message-ID is fixed, so that a mail sent twice is recognised as one.
    """

    MOST_ATTEMPTS = 15

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages"
    )
    address = models.EmailField(blank=True, help_text="Empty: shown in the app only.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("recipient", F("created_at").desc(), name="foundation_message_inbox")
        ]

    def __str__(self) -> str:
        return self.subject


class StoredFile(models.Model):
    """The bytes of a file that people keep. One dump of the database is the whole backup."""

    LARGEST = 20 * 1024 * 1024

    name = models.CharField(max_length=200, unique=True)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="foundation_storedfile_not_too_large",
                condition=models.Q(size__lte=20 * 1024 * 1024),
            )
        ]
        triggers = [pgtrigger.Protect(name="stays_as_written", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """The answer given to a POST with `Idempotency-Key`: the same key gets the same again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "key", name="foundation_idempotencykey_once")
        ]

    def __str__(self) -> str:
        return self.key


# Days of the following month, in the order in which they come: filed, looked at, closed
MONTH_DAYS = {"return_due_day": 8, "review_day": 10, "close_day": 12}


@tracked()
class Setting(models.Model):
    """A number of this park's rules, where it differs from the default (`Setting.DEFAULTS`)."""

    class Name(models.TextChoices):
        RETURN_DUE_DAY = "return_due_day", _("Day of the following month by which returns are due")
        REVIEW_DAY = (
            "review_day",
            _("Day of the following month by which the park has looked at the returns"),
        )
        CLOSE_DAY = "close_day", _("Day of the following month at whose end a month is closed")
        HOLD_DAYS = "hold_days", _("Days that a hold lasts when no end is given")
        PRESELECTION_DAYS = (
            "preselection_days",
            _("Days that a pre-selection lasts after its floor is delivered"),
        )
        INVITATION_DAYS = "invitation_days", _("Days that an invitation can be accepted")
        ANSWER_HOURS = "answer_hours", _("Working hours within which the park answers a request")
        WORK_FROM = "work_from", _("Hour at which a working day begins")
        WORK_UNTIL = "work_until", _("Hour at which a working day ends")
        HOLD_WARNING_DAYS = "hold_warning_days", _("Days before its end that a hold says so")
        WAITING_OFFER_DAYS = (
            "waiting_offer_days",
            _("Days that an offer from the waiting list can be answered"),
        )
        CHECK_CHANGE = "check_change", _("Returns: change on last month that is asked about, %")
        CHECK_PER_HEAD_LOW = (
            "check_per_head_low",
            _("Returns: lowest revenue per head, % of the park's median"),
        )
        CHECK_PER_HEAD_HIGH = (
            "check_per_head_high",
            _("Returns: highest revenue per head, % of the park's median"),
        )
        CHECK_TAXES = "check_taxes", _("Returns: highest taxes, % of revenue")
        CHECK_UNIT = "check_unit", _("Returns: times its usual amount from which money is doubted")
        CHECK_INSURED = "check_insured", _("Returns: lowest insured staff, %")
        NEAR_THRESHOLD = (
            "near_threshold",
            _("Revenue from which an enterprise is near its industry's threshold, %"),
        )

    DEFAULTS = {
        Name.RETURN_DUE_DAY: MONTH_DAYS["return_due_day"],
        Name.REVIEW_DAY: MONTH_DAYS["review_day"],
        Name.CLOSE_DAY: MONTH_DAYS["close_day"],
        Name.HOLD_DAYS: 15,
        Name.PRESELECTION_DAYS: 30,
        Name.INVITATION_DAYS: 14,
        Name.ANSWER_HOURS: 24,
        Name.WORK_FROM: 9,
        Name.WORK_UNTIL: 18,
        Name.HOLD_WARNING_DAYS: 3,
        Name.WAITING_OFFER_DAYS: 5,
        Name.CHECK_CHANGE: 30,
        Name.CHECK_PER_HEAD_LOW: 30,
        Name.CHECK_PER_HEAD_HIGH: 1000,
        Name.CHECK_TAXES: 25,
        Name.CHECK_UNIT: 50,
        Name.CHECK_INSURED: 60,
        Name.NEAR_THRESHOLD: 80,
    }

    name = models.CharField(_("setting"), max_length=60, unique=True, choices=Name.choices)
    value = models.PositiveIntegerField(_("value"))

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints = [
            models.CheckConstraint(
                name="foundation_setting_within_reason",
                condition=Q(name__in=list(MONTH_DAYS), value__range=(1, 27))
                | Q(
                    name__in=[
                        *("hold_days", "preselection_days", "invitation_days"),
                        *("hold_warning_days", "waiting_offer_days"),
                    ],
                    value__range=(1, 3650),
                )
                # The break is from 12 to 13: a day has working hours before it and after it.
                | Q(name="answer_hours", value__range=(1, 2000))
                | Q(name="work_from", value__range=(0, 11))
                | Q(name="work_until", value__range=(14, 24))
                | Q(name__startswith="check_", value__range=(1, 100_000))
                | Q(name="near_threshold", value__range=(1, 100)),
                violation_error_message=_(
                    "A day of the month is 1 to 27, so that every month has the night after it; a "
                    "number of days is 1 to 3,650, of working hours 1 to 2,000. A working day "
                    "begins from 0 to 11 and ends from 14 to 24 o'clock. A threshold is 1 to "
                    "100,000; that of the list of enterprises near theirs is at most 100."
                ),
            )
        ]
        triggers = [
            # Rows of their own, so no CHECK sees them together; one at a time changes any of them.
            pgtrigger.Trigger(
                name="days_in_order",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                declare=[("days", "integer[]")],
                func="""
                PERFORM pg_advisory_xact_lock(24234);  -- foundation.locks.Lock.DAYS
                SELECT array_agg(COALESCE(setting.value, day.usual) ORDER BY day.place) INTO days
                FROM (
                    VALUES ('return_due_day', 8, 1), ('review_day', 10, 2), ('close_day', 12, 3)
                ) AS day(name, usual, place)
                LEFT JOIN foundation_setting AS setting ON setting.name = day.name;
                IF NOT (1 < days[1] AND days[1] <= days[2] AND days[2] <= days[3]) THEN
                    RAISE EXCEPTION 'a month is due, looked at and closed in this order'
                        USING ERRCODE = 'check_violation',
                        CONSTRAINT = 'foundation_setting_days_in_order';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class WorkingDay(models.Model):
    """A day on which this park works, or does not, against the calendar of the state."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("why"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("exception of the working calendar")
        verbose_name_plural = _("exceptions of the working calendar")

    def __str__(self) -> str:
        return self.day.isoformat()


class Heartbeat(models.Model):
    """When a part of the system was last heard from."""

    name = models.CharField(max_length=40, primary_key=True)
    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
