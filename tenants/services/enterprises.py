"""Adding enterprises and changing what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from accounts.models import User
from audit.context import recorded
from foundation.locks import Lock, holding
from foundation.versions import locked, save_next_version
from park.lock import park_locked
from park.services import refuse_closed_months
from tenants.credit_codes import clean_credit_code
from tenants.industries import clean_industry_code
from tenants.models import Alias, BusinessClass, BusinessLine, Contact, Enterprise
from web.refusals import Invalid, NotFound

EDITABLE = (
    "credit_code",
    "name",
    "short_name",
    "parent_group",
    "origin",
    "industry_code",
    "registration_type",
    "is_fortune_500",
    "is_industry_top_100",
    "note",
)
DAYS_AHEAD = 366  # how far a plan may lie; beyond it a year was mistyped


class NewContact(NamedTuple):
    """Whom one calls."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""


def add_enterprise(
    *,
    credit_code: str,
    name: str,
    short_name: str,
    acting_user: User | None,
    aliases: Sequence[str] = (),
    business_class: BusinessClass | None = None,
    contact: NewContact | None = None,
    source: str = "",
    sample_fields: Sequence[str] = (),
    **facts: object,
) -> Enterprise:
    """Add an enterprise; `facts` are the rest of `EDITABLE`.

    Raises `Invalid` on `credit_code` (form, check digit, known already), `name`, `aliases` or
    `industry_code`, or `Busy`.
    """
    facts["industry_code"] = clean_industry_code(str(facts.get("industry_code", "")))
    enterprise = Enterprise(
        credit_code=clean_credit_code(credit_code),
        name=name.strip(),
        short_name=short_name.strip(),
        source=source,
        sample_fields=list(sample_fields),
        **facts,
    )
    set_sort_keys(enterprise)
    with holding(Lock.NAMES, acting_user):  # nobody meets a name that is just being given
        _refuse_known(enterprise)
        enterprise.save()
        _set_aliases(enterprise, aliases)
        if business_class is not None:
            _set_main_business(enterprise, business_class, sample_fields=sample_fields)
        if contact is not None and contact.name:
            Contact.objects.create(
                enterprise=enterprise,
                sample_fields=["*"] if "contact" in sample_fields else [],
                **contact._asdict(),
            )
    return enterprise


def edit_enterprise(
    *,
    enterprise_id: int,
    acting_user: User,
    aliases: Sequence[str] | None = None,
    business_class: BusinessClass | None = None,
    contact: NewContact | None = None,
    expected_version: int | None = None,
    **facts: object,
) -> Enterprise:
    """Change facts of `EDITABLE`, and where given the list of aliases, main business, contact.

    A value that people give is no sample value any more. Raises `Invalid`, `Stale` or `Busy`.
    """
    unknown = facts.keys() - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {unknown}")
    if "credit_code" in facts:
        facts["credit_code"] = clean_credit_code(str(facts["credit_code"]))
    if "industry_code" in facts:
        facts["industry_code"] = clean_industry_code(str(facts["industry_code"]))
    with holding(Lock.NAMES, acting_user):
        enterprise = locked(Enterprise.objects, enterprise_id, expected_version)
        changed = [name for name, value in facts.items() if getattr(enterprise, name) != value]
        for name in changed:
            setattr(enterprise, name, facts[name])
        enterprise.sample_fields = [
            name for name in enterprise.sample_fields if name not in changed
        ]
        set_sort_keys(enterprise)
        _refuse_known(enterprise)
        save_next_version(enterprise, [*changed, "pinyin", "initials", "sample_fields"])
        if aliases is not None:
            _set_aliases(enterprise, aliases)
        if business_class is not None:
            _set_main_business(enterprise, business_class)
        if contact is not None:
            _set_contact(enterprise, contact)
    return enterprise


def set_main_business(
    *, enterprise: Enterprise, business_class: BusinessClass, acting_user: User
) -> None:
    """Say what an enterprise mainly does: its output is counted there."""
    with recorded(acting_user):
        _set_main_business(enterprise, business_class)


def add_business_line(
    *,
    enterprise: Enterprise,
    business_class: BusinessClass,
    started_on: date,
    today: date,
    acting_user: User | None,
    name: str = "",
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> BusinessLine:
    """Note what an enterprise takes up beside its main business, and since when.

    Raises `Invalid` where that day is further than `DAYS_AHEAD` from `today` or the enterprise has
    the same line, of the same name, since that day already, `MonthClosed` where that day is of a
    closed month, and `Busy`.
    """
    if started_on > today + timedelta(days=DAYS_AHEAD):
        message = _("This day is more than a year ahead. Check the year.")
        raise Invalid([{"field": "started_on", "code": "too_far", "message": message}], message)
    with park_locked(acting_user, shared=True):  # no month is being closed meanwhile
        refuse_closed_months(started_on, started_on + timedelta(days=1), field="started_on")
        # Its row is the lock: the same line sent twice is one line.
        Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
        known = enterprise.business_lines.filter(
            business_class=business_class, name=name.strip(), started_on=started_on
        )
        if known.exists():
            raise _duplicate("name", _("This line of business is known already."))
        return BusinessLine.objects.create(
            enterprise=enterprise,
            business_class=business_class,
            name=name.strip(),
            started_on=started_on,
            source=source,
            sample_fields=list(sample_fields),
        )


def remove_business_line(*, line_id: int, acting_user: User) -> None:
    """Take back a line of business that was noted by mistake; the history keeps it.

    Raises `NotFound` for the main one, which is changed and never taken away, and where the line
    is gone already, `MonthClosed` where its first day is of a closed month, and `Busy`.
    """
    with park_locked(acting_user, shared=True):  # no month is being closed meanwhile
        further = BusinessLine.objects.filter(is_main=False).select_for_update()
        line = further.filter(pk=line_id).first()
        if line is None:
            raise NotFound(_("This line of business is gone already, or the main one."))
        if line.started_on is not None:
            refuse_closed_months(line.started_on, line.started_on + timedelta(days=1))
        line.delete()


def _set_main_business(
    enterprise: Enterprise, business_class: BusinessClass, sample_fields: Sequence[str] = ()
) -> None:
    lines = BusinessLine.objects.filter(enterprise=enterprise)
    lines.filter(is_main=True).exclude(business_class=business_class).update(is_main=False)
    line = lines.filter(business_class=business_class).first()
    if line is None:
        BusinessLine.objects.create(
            enterprise=enterprise,
            business_class=business_class,
            is_main=True,
            sample_fields=["*"] if "business_class" in sample_fields else [],
        )
    elif not line.is_main:
        line.is_main = True
        line.save(update_fields=["is_main"])


def _set_contact(enterprise: Enterprise, contact: NewContact) -> None:
    """Whom one calls is `contact` from now on; nobody, where it has no name."""
    known = enterprise.contacts.order_by("pk").first()
    if not contact.name:
        if known is not None:
            known.delete()
    elif known is None:
        Contact.objects.create(enterprise=enterprise, **contact._asdict())
    elif any(getattr(known, name) != value for name, value in contact._asdict().items()):
        for name, value in contact._asdict().items():
            setattr(known, name, value)
        known.sample_fields = []
        known.save(update_fields=[*NewContact._fields, "sample_fields"])


def set_sort_keys(enterprise: Enterprise) -> None:
    """Names sort by their pinyin: no collation of the database is relied on."""
    syllables = lazy_pinyin(enterprise.short_name or enterprise.name, style=Style.TONE3)
    enterprise.pinyin = " ".join(syllables).lower()
    enterprise.initials = "".join(
        lazy_pinyin(enterprise.short_name or enterprise.name, style=Style.FIRST_LETTER)
    ).lower()


def _refuse_known(enterprise: Enterprise) -> None:
    """Refuse a credit code or a full name that another enterprise has."""
    others = Enterprise.objects.exclude(pk=enterprise.pk)
    if twin := others.filter(credit_code=enterprise.credit_code).first():
        message = _("%(name)s already has this credit code.") % {"name": twin.name}
        raise _duplicate("credit_code", message)
    if others.filter(name=enterprise.name).exists():
        raise _duplicate("name", _("There is an enterprise of this name already."))


def _set_aliases(enterprise: Enterprise, names: Sequence[str]) -> None:
    wanted = dict.fromkeys(name.strip() for name in names if name.strip())
    if taken := Alias.objects.filter(name__in=wanted).exclude(enterprise=enterprise).first():
        message = _("“%(alias)s” already stands for %(name)s.") % {
            "alias": taken.name,
            "name": taken.enterprise.name,
        }
        raise _duplicate("aliases", message)
    known = set(enterprise.aliases.values_list("name", flat=True))
    enterprise.aliases.exclude(name__in=wanted).delete()
    Alias.objects.bulk_create(
        Alias(enterprise=enterprise, name=name) for name in wanted if name not in known
    )


def _duplicate(field: str, message: str) -> Invalid:
    return Invalid([{"field": field, "code": "duplicate", "message": message}], message)
