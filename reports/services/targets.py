"""Stating targets, correcting them, dropping them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.context import recorded
from foundation.versions import locked, save_next_version
from park.models import Zone
from reports.indicators import INDICATORS
from reports.models import Scope, Span, Target
from reports.units import Unit
from web.refusals import Invalid

EDITABLE = (
    "name_zh",
    "name_en",
    "indicator",
    "span",
    "scope",
    "scope_code",
    "scope_zh",
    "scope_en",
    "differs_zh",
    "differs_en",
    "value",
    "value_to",
    "qualifier",
    "unit",
    "year",
    "is_reached",
    "is_dropped",
    "stated_on",
    "source",
    "quote",
    "owner",
)


def add_target(*, acting_user: User | None, code: str = "", **facts: Any) -> Target:
    """State a target; `facts` are of `EDITABLE`. Raises `Invalid` beside the field."""
    target = Target(code=code or uuid4().hex[:12], **_checked(facts))
    with recorded(acting_user):
        target.save()
    return target


def change_target(
    *, target_id: int, acting_user: User, expected_version: int | None = None, **facts: Any
) -> Target:
    """Change facts of a target. A value that people give is no sample value any more.

    Raises `Invalid` beside the field, or `Stale`.
    """
    with recorded(acting_user):
        target = locked(Target.objects.all(), target_id, expected_version)
        known = {name: getattr(target, name) for name in EDITABLE}
        checked = _checked({**known, **facts})
        changed = [name for name, value in checked.items() if known[name] != value]
        if not changed:
            return target
        for name in changed:
            setattr(target, name, checked[name])
        target.sample_fields = [name for name in target.sample_fields if name not in changed]
        save_next_version(target, [*changed, "sample_fields"])
    return target


def load_targets(*, rows: Iterable[Mapping[str, Any]], acting_user: User | None) -> tuple[int, int]:
    """State those of `rows` whose `code` is not known yet: how many were new, and known already.

    All or nothing. What is known stays as people have it. Raises `Invalid` with the row's code.
    """
    new = known = 0
    with recorded(acting_user):
        for row in rows:
            facts = dict(row)
            code = str(facts.pop("code", "") or "")
            if not code:
                raise Invalid({"code": _("Each target of a file needs a code.")})
            if Target.objects.filter(code=code).exists():
                known += 1
                continue
            try:
                add_target(acting_user=acting_user, code=code, **facts)
            except Invalid as refusal:
                where = [{**one, "field": f"{code}.{one['field']}"} for one in refusal.errors]
                raise Invalid(where) from refusal
            new += 1
    return new, known


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. Raises `Invalid` with everything that is wrong."""
    unknown = facts.keys() - {*EDITABLE, "sample_fields"}
    if unknown:
        raise Invalid({name: _("A target has no such field.") for name in sorted(unknown)})
    kept = {**_DEFAULTS, **facts}
    kept["scope_code"] = "" if kept["scope"] == Scope.PARK else str(kept["scope_code"]).strip()
    _name_scope(kept)
    errors = {
        name: message
        for check in (_wrong_value, _wrong_indicator, _wrong_scope)
        for name, message in check(kept).items()
    }
    if errors:
        raise Invalid(errors)
    return {name: value for name, value in kept.items() if name in facts or name in _FILLED}


_DEFAULTS: dict[str, Any] = {
    "name_zh": "",
    "value": None,
    "value_to": None,
    "unit": "",
    "indicator": "",
    "span": Span.MONTH,
    "scope": Scope.PARK,
    "scope_code": "",
    "scope_zh": "",
    "scope_en": "",
    "year": None,
}
_FILLED = {"scope_code", "scope_zh", "scope_en"}


def _name_scope(kept: dict[str, Any]) -> None:
    """The park and its zones are called by their own names where no other words are given."""
    if kept["scope_zh"] or kept["scope"] not in {Scope.PARK, Scope.ZONE}:
        return
    for field, language in (("scope_zh", "zh-hans"), ("scope_en", "en")):
        with override(language):
            is_zone = kept["scope"] == Scope.ZONE
            zone = _("Zone %(code)s") % {"code": kept["scope_code"]}
            kept[field] = zone if is_zone else str(Scope.PARK.label)


def _wrong_value(kept: Mapping[str, Any]) -> dict[str, str]:
    wrong = {}
    if not kept["name_zh"]:
        wrong["name_zh"] = _("Say what is to be reached.")
    if kept["value"] is None or Decimal(kept["value"]) <= 0:
        wrong["value"] = _("Give a value above 0.")
    elif kept["value_to"] is not None and kept["value_to"] <= kept["value"]:
        wrong["value_to"] = _("The end of the range is above its beginning.")
    if kept["year"] is not None and not 2000 <= int(kept["year"]) <= 2099:
        wrong["year"] = _("Give a year from 2000 to 2099, or none.")
    return wrong


def _wrong_indicator(kept: Mapping[str, Any]) -> dict[str, str]:
    if kept["unit"] not in Unit.values:
        return {"unit": _("Choose the unit of the value.")}
    if not kept["indicator"]:
        return {}
    one = INDICATORS.get(kept["indicator"])
    if one is None:
        return {"indicator": _("There is no such indicator.")}
    if one.unit != kept["unit"]:
        words = {"indicator": one.name, "unit": one.unit.label}
        return {"unit": _("%(indicator)s is counted in %(unit)s.") % words}
    if kept["span"] == Span.YEAR and not one.is_flow:
        words = {"indicator": one.name}
        return {"span": _("%(indicator)s is of a day; days cannot be added up.") % words}
    return {}


def _wrong_scope(kept: Mapping[str, Any]) -> dict[str, str]:
    code, scope = kept["scope_code"], kept["scope"]
    if scope == Scope.PARK:
        return {}
    if scope == Scope.ZONE:
        is_there = Zone.objects.filter(code=code).exists()
        return {} if is_there else {"scope_code": _("There is no such zone.")}
    if not (code.isdigit() and len(code) == 6):
        return {"scope_code": _("Give the six digits of the area's code, for example 511011.")}
    return {} if kept["scope_zh"] else {"scope_zh": _("Say what it is called.")}
