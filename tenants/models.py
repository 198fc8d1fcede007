"""The enterprises: who they are, what they do, since when they are here, who acts for them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from tenants.industries import industry_name

LONGEST_EMAIL = 254  # RFC 5321, and the columns


class BusinessClass(models.TextChoices):
    """What an enterprise does for its clients: the lines of business that the articles name."""

    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    CONTENT_MODERATION = "content_moderation", _("Content moderation")
    DATA_PROCESSING = "data_processing", _("Data processing")
    FINANCIAL_SERVICES = "financial_services", _("Financial services")
    DATA_CENTRE = "data_centre", _("Data centre")
    E_COMMERCE = "e_commerce", _("E-commerce")
    HUMAN_RESOURCES = "human_resources", _("Human resources")
    TRAVEL_CONSULTING = "travel_consulting", _("Travel consulting")
    OFFSHORE_OUTSOURCING = "offshore_outsourcing", _("Offshore outsourcing")
    IT_DEVELOPMENT = "it_development", _("IT research and development")
    OTHER = "other", _("Other")


class RegistrationType(models.TextChoices):
    """Where an enterprise's capital is registered: the groups 100, 200 and 300 of its types."""

    DOMESTIC = "domestic", pgettext_lazy("registration type", "Domestic")
    HMT = "hmt", pgettext_lazy("registration type", "Hong Kong, Macao or Taiwan invested")
    FOREIGN = "foreign", pgettext_lazy("registration type", "Foreign-invested")


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, user: User) -> EnterpriseQuerySet:
        """The park's people see every enterprise; an enterprise's people see their own."""
        if user.has_perm("tenants.view_every_enterprise"):
            return self
        if user.has_perm("tenants.view_enterprise"):
            return self.filter(pk__in=Membership.objects.enterprises_of(user))
        return self.none()

    def with_state(self, today: date) -> EnterpriseQuerySet:
        """Each with `state` as of `today`: tenant, left, or prospect where it never came."""
        tenancies = Tenancy.objects.filter(enterprise=OuterRef("pk"))
        return self.annotate(
            state=models.Case(
                models.When(
                    Exists(tenancies.filter(period__contains=today)), then=models.Value("tenant")
                ),
                models.When(
                    Exists(tenancies.filter(period__endswith__lte=today)), then=models.Value("left")
                ),
                default=models.Value("prospect"),
                output_field=models.CharField(),
            )
        )

    def in_state(self, state: str) -> EnterpriseQuerySet:
        """After `with_state`: those in `state`."""
        return self.filter(state=state)

    def tenants_during(self, start: date, end: date) -> EnterpriseQuerySet:
        """Those that were of the park on at least one day of [start, end)."""
        return self.filter(pk__in=Tenancy.objects.during(start, end).values("enterprise"))

    def matching(self, words: str) -> EnterpriseQuerySet:
        """Those whose names, aliases, pinyin initials or credit code hold `words`."""
        words = words.strip()
        named = Q(name__icontains=words) | Q(short_name__icontains=words)
        coded = Q(initials__istartswith=words) | Q(credit_code__istartswith=words)
        aliased = Exists(Alias.objects.filter(enterprise=OuterRef("pk"), name__icontains=words))
        return self.filter(named | coded | Q(aliased))

    def by_name(self) -> EnterpriseQuerySet:
        return self.order_by("pinyin", "pk")


class EnterpriseState(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    TENANT = "tenant", _("Tenant")
    LEFT = "left", _("Left")


@tracked()
class Enterprise(Provenance, Versioned):
    """A firm that is, was or may become a tenant. Known by its unified social credit code."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("full name"), max_length=120, unique=True)
    short_name = models.CharField(_("short name"), max_length=40)
    pinyin = models.CharField(_("pinyin"), max_length=400, editable=False, db_index=True)
    initials = models.CharField(_("initials"), max_length=120, editable=False)
    parent_group = models.CharField(_("parent group"), max_length=120, blank=True)
    origin = models.CharField(_("comes from"), max_length=60, blank=True)
    industry_code = models.CharField(
        _("industry"),
        max_length=4,
        blank=True,
        help_text="A class of GB/T 4754-2017 (tenants/industries.py).",
    )
    registration_type = models.CharField(
        _("registration type"), max_length=10, blank=True, choices=RegistrationType.choices
    )
    is_fortune_500 = models.BooleanField(_("of a Fortune Global 500 group"), default=False)
    is_industry_top_100 = models.BooleanField(_("of the industry's top 100"), default=False)
    note = models.TextField(_("note"), blank=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "enterprise")
        constraints = [
            models.CheckConstraint(
                name="tenants_enterprise_credit_code_form",
                condition=Q(credit_code__regex=r"^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$"),
            ),
            models.CheckConstraint(
                name="tenants_enterprise_industry_code_form",
                condition=Q(industry_code="") | Q(industry_code__regex=r"^[0-9]{4}$"),
            ),
            models.CheckConstraint(
                name="tenants_enterprise_registration_type_known",
                condition=Q(registration_type__in=["", *RegistrationType.values]),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def industry_name(self) -> str:
        """What its industry is called; "" where it is not known."""
        return industry_name(self.industry_code)


@tracked()
class Alias(models.Model):
    """Another name under which an enterprise appears: in the press, in old lists, misspelt."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="aliases")
    name = models.CharField(_("other name"), max_length=120, unique=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "other name")

    def __str__(self) -> str:
        return self.name


class TenancyQuerySet(models.QuerySet["Tenancy"]):
    def on(self, day: date) -> TenancyQuerySet:
        return self.filter(period__contains=day)

    def during(self, start: date, end: date) -> TenancyQuerySet:
        """Tenancies that share a day with [start, end)."""
        return self.filter(period__overlap=(start, end))


@tracked()
class Tenancy(Provenance):
    """The days on which an enterprise is of this park, from its first to its last."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="tenancies")
    period = DateRangeField(_("period"), help_text="[first day, day after the last)")

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "tenancy")
        constraints = [
            # The enterprise as a range of one: plain GiST has no equality for integers.
            ExclusionConstraint(
                name="tenants_tenancy_one_at_a_time",
                expressions=[
                    (
                        Func(
                            F("enterprise_id"),
                            F("enterprise_id"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="tenants_tenancy_has_a_first_day",
                condition=Q(period__isempty=False, period__lower_inf=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.period}"


@tracked()
class BusinessLine(Provenance):
    """Something an enterprise does here. The main one decides where its output is counted."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="business_lines")
    business_class = models.CharField(_("business"), max_length=24, choices=BusinessClass.choices)
    name = models.CharField(_("what it is"), max_length=120, blank=True)
    is_main = models.BooleanField(_("main business"), default=False)
    started_on = models.DateField(_("since"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "line of business")
        constraints = [
            models.UniqueConstraint(
                "enterprise", name="tenants_businessline_one_main", condition=Q(is_main=True)
            )
        ]

    def __str__(self) -> str:
        return self.name or self.get_business_class_display()


@tracked()
class Contact(Provenance):
    """Whom one calls at an enterprise."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(_("position"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "contact")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True)

    def enterprises_of(self, user: User) -> models.QuerySet:
        """The ids of the enterprises that `user` acts for now."""
        return self.current().filter(user=user).values("enterprise")


@tracked()
class Membership(models.Model):
    """A person acts for an enterprise. One at a time; who leaves loses access at once."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    is_manager = models.BooleanField(_("manages the others"), default=False)
    started_at = models.DateTimeField(_("member since"))
    ended_at = models.DateTimeField(_("member until"), null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "membership")
        constraints = [
            models.UniqueConstraint(
                "user",
                name="tenants_membership_one_enterprise",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise}"


@tracked(exclude=["digest"])
class Invitation(models.Model):
    """A secret link that lets one person act for an enterprise. Only its hash is kept."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=80)
    is_manager = models.BooleanField(_("manages the others"), default=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "invitation")
        constraints = [
            models.UniqueConstraint(
                "enterprise",
                "email",
                name="tenants_invitation_one_open",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.email
