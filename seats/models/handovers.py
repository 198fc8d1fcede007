"""拎包入驻: what is in the seats when an enterprise moves in, and when it gives them back."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from park.axis import SLOT, places_of_run
from seats.models.allocations import Allocation
from seats.models.fit_outs import SeatRunRow
from tenants.models import Enterprise, Membership


class Direction(models.TextChoices):
    MOVE_IN = "move_in", pgettext_lazy("handover", "Move-in")
    RETURN = "return", pgettext_lazy("handover", "Return")


class HandoverState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("handover", "Being prepared")
    OFFERED = "offered", pgettext_lazy("handover", "Signed by the park")
    DISPUTED = "disputed", pgettext_lazy("handover", "Differences noted")
    SIGNED = "signed", pgettext_lazy("handover", "Signed by both")
    DISCARDED = "discarded", pgettext_lazy("handover", "Discarded")


class Item(models.TextChoices):
    """What a seat of the park comes with; everything else has a name of its own."""

    DESK = "desk", pgettext_lazy("handover", "Desks")
    CHAIR = "chair", pgettext_lazy("handover", "Chairs")
    COMPUTER = "computer", pgettext_lazy("handover", "Computers")
    PORT = "port", pgettext_lazy("handover", "Network ports")
    OTHER = "other", pgettext_lazy("handover", "Other")


class HandoverQuerySet(models.QuerySet["Handover"]):
    CHANGEABLE = (HandoverState.DRAFT, HandoverState.DISPUTED)
    OPEN = (*CHANGEABLE, HandoverState.OFFERED)

    def visible_to(self, user: User) -> HandoverQuerySet:
        """The park sees every list; an enterprise's people their own, but what was put away."""
        if user.has_perm("seats.view_every_handover"):
            return self
        if user.has_perm("seats.view_handover"):
            own = self.filter(enterprise__in=Membership.objects.enterprises_of(user))
            return own.exclude(state=HandoverState.DISCARDED)
        return self.none()

    def counting(self) -> HandoverQuerySet:
        """Signed by both, and not corrected by a later list that both signed."""
        return self.filter(state=HandoverState.SIGNED).exclude(
            replaced_by__state=HandoverState.SIGNED
        )


# While both sides read a list, and ever after, nothing in it changes but the signature that comes.
_FREEZE = """
    IF OLD.state = 'signed' THEN
        RAISE EXCEPTION 'a handover that both sides signed is frozen';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'offered' AND NEW.state IN ('offered', 'signed') AND (
        NEW."on", NEW.note, NEW.direction, NEW.allocation_id, NEW.enterprise_id,
        NEW.park_signer, NEW.park_signed_by_id, NEW.park_signed_at
    ) IS DISTINCT FROM (
        OLD."on", OLD.note, OLD.direction, OLD.allocation_id, OLD.enterprise_id,
        OLD.park_signer, OLD.park_signed_by_id, OLD.park_signed_at
    ) THEN
        RAISE EXCEPTION 'a handover that the park signed changes only after it takes that back';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""
_FREEZE_LINES = """
    IF EXISTS (
        SELECT 1 FROM seats_handover
        WHERE id IN (NEW.handover_id, OLD.handover_id)
          AND state IN ('offered', 'signed', 'discarded')
    ) THEN
        RAISE EXCEPTION 'the lines of a handover that was signed are frozen';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


@tracked()
class Handover(Provenance, Versioned):
    """One checklist of an allocation, signed by the park and then by the enterprise."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="handovers")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="handovers")
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=HandoverState.choices, default=HandoverState.DRAFT
    )
    on = models.DateField(_("day of the handover"))
    note = models.TextField(_("note"), blank=True)
    park_signer = models.CharField(_("signed for the park by"), max_length=80, blank=True)
    park_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("account that signed for the park"),
    )
    park_signed_at = models.DateTimeField(_("signed for the park at"), null=True)
    firm_signer = models.CharField(_("signed for the enterprise by"), max_length=80, blank=True)
    firm_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("account that signed for the enterprise"),
    )
    firm_signed_at = models.DateTimeField(_("signed for the enterprise at"), null=True)
    firm_note = models.TextField(_("the enterprise's remark"), blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("corrects"),
    )
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    created_at = models.DateTimeField(_("prepared at"))

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "handover list")
        constraints = [
            models.CheckConstraint(
                name="seats_handover_signatures_as_its_state",
                condition=Q(
                    state="signed",
                    park_signed_at__isnull=False,
                    park_signed_by__isnull=False,
                    firm_signed_at__isnull=False,
                    firm_signed_by__isnull=False,
                )
                & ~Q(park_signer="")
                & ~Q(firm_signer="")
                | Q(
                    state="offered",
                    park_signed_at__isnull=False,
                    park_signed_by__isnull=False,
                    firm_signed_at__isnull=True,
                )
                & ~Q(park_signer="")
                | Q(
                    state__in=["draft", "disputed", "discarded"],
                    park_signed_at__isnull=True,
                    firm_signed_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="seats_handover_correction_has_reason",
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index("state", "on", name="seats_handover_desk")]
        triggers = [
            pgtrigger.Trigger(
                name="signed_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_FREEZE,
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: H-2026-0003."""
        return f"H-{timezone.localtime(self.created_at):%Y}-{self.pk:04d}"

    @property
    def is_return(self) -> bool:
        return self.direction == Direction.RETURN


@tracked(words={"seats": places_of_run})
class HandoverLine(SeatRunRow):
    """So many things of a kind in a run of seats, and in which condition.

    `then_…` is what the move-in list of the same seats said; none where there is no such line.
    """

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="lines")
    item = models.CharField(_("item"), max_length=8, choices=Item.choices)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60, blank=True)
    count = models.PositiveIntegerField(_("count"))
    worn = models.PositiveIntegerField(_("worn"), default=0)
    damaged = models.PositiveIntegerField(_("damaged"), default=0)
    missing = models.PositiveIntegerField(_("missing"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    then_count = models.PositiveIntegerField(_("count at move-in"), null=True)
    then_worn = models.PositiveIntegerField(_("worn at move-in"), null=True)
    then_damaged = models.PositiveIntegerField(_("damaged at move-in"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "line of a handover list")
        constraints = [
            models.UniqueConstraint(
                "handover", "seats", "item", "name", name="seats_handoverline_once"
            ),
            models.CheckConstraint(
                name="seats_handoverline_inside_its_floor",
                condition=Q(seats__isempty=False)
                & Q(seats__startswith__gte=F("floor_id") * SLOT)
                & Q(seats__endswith__lte=F("floor_id") * SLOT + SLOT),
            ),
            models.CheckConstraint(
                name="seats_handoverline_conditions_within_count",
                condition=Q(count__gte=F("worn") + F("damaged") + F("missing")),
            ),
            models.CheckConstraint(
                name="seats_handoverline_other_is_named",
                condition=Q(item="other") & ~Q(name="") | ~Q(item="other") & Q(name=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_is_frozen",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_FREEZE_LINES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.item} {self.count}"

    @property
    def good(self) -> int:
        return self.count - self.worn - self.damaged - self.missing


class HandoverChange(models.Model):
    """One thing that happened to a list, as people read it. Append-only."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="changes")
    step = models.CharField(max_length=20)
    to_state = models.CharField(max_length=10, choices=HandoverState.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.step}"
