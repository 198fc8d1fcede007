"""The numbers of this park's rules."""

from collections.abc import Iterable

from foundation.models import Setting


def setting(name: Setting.Name) -> int:
    """The number set for `name`, or its default."""
    return settings_of([name])[name]


def settings_of(names: Iterable[str]) -> dict[str, int]:
    """The numbers set for `names`, or their defaults, by name; one query."""
    names = [str(Setting.Name(name)) for name in names]
    usual = {name: Setting.DEFAULTS[Setting.Name(name)] for name in names}
    found = Setting.objects.filter(name__in=names).values_list("name", "value")
    return usual | dict(found)
