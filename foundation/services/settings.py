"""The numbers of this park's rules."""

from foundation.models import Setting


def setting(name: Setting.Name) -> int:
    """The number set for `name`, or its default."""
    value = Setting.objects.filter(name=name).values_list("value", flat=True).first()
    return Setting.DEFAULTS[name] if value is None else value
