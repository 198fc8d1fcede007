"""What programs send, taken at its word: a number is a number, an unknown name is a mistake.

`Body` is a JSON object, `Query` the query string of an address. Both refuse names that they do not
know: a misspelt filter would otherwise answer for everything, a misspelt field change nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

MOST_NAMED = 20
# Understood at every address, or harmless there.
COMMON_PARAMETERS = frozenset({"cursor", "page_size", "format"})


class WholeNumber(serializers.IntegerField):
    """A JSON number without a point; no text, no boolean."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class Amount(serializers.DecimalField):
    """A JSON number, kept exactly; no text, no boolean."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return serializers.Field.validate_empty_values(self, data)  # "" is no null here

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, (int, Decimal)):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false; no text, no number."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Text(serializers.CharField):
    """A JSON string; no number is taken for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class VisibleRow(WholeNumber):
    """A row by its id; inside, the row. What somebody may not see does not exist for them."""

    default_error_messages = {"does_not_exist": _("There is none with this id.")}

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        row = self.model.objects.visible_to(self.context["user"]).filter(pk=pk).first()
        if row is None:
            self.fail("does_not_exist")
        return row


class Body(serializers.Serializer):
    """A JSON object. Fields that it does not know are refused by name."""

    ignores_unknown: ClassVar[bool] = False

    def to_internal_value(self, data: Any) -> Any:
        unknown = set()
        if isinstance(data, Mapping) and not self.ignores_unknown:
            unknown = data.keys() - self.fields.keys()
        errors: dict[str, Any] = {
            name: [ErrorDetail(str(_("There is no such field.")), code="unknown")]
            for name in sorted(unknown)[:MOST_NAMED]
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**cast(dict, error.detail), **errors}) from None
        if errors:
            raise ValidationError(errors)
        return values


class Nothing(Body):
    """Nothing need be sent; what is sent is not looked at."""

    ignores_unknown = True


class Note(Body):
    """Words that go with a step. `reason` is another name for `note`; anything else is ignored."""

    ignores_unknown = True

    note = Text(required=False, allow_blank=True, max_length=2000)
    reason = Text(required=False, allow_blank=True, max_length=2000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"note": attrs.get("note") or attrs.get("reason") or ""}


class Query(serializers.Serializer):
    """Query parameters. An empty one counts as absent; lists may be repeated or set with commas."""

    def to_internal_value(self, data: QueryDict) -> Any:
        given = {name: [value for value in data.getlist(name) if value] for name in data}
        unknown = {name for name, values in given.items() if values}
        unknown -= self.fields.keys() | COMMON_PARAMETERS
        if unknown:
            message = str(_("There is no such parameter here."))
            raise ValidationError(
                {
                    name: [ErrorDetail(message, code="unknown")]
                    for name in sorted(unknown)[:MOST_NAMED]
                }
            )
        return super().to_internal_value(
            {
                name: self._value(name, values)
                for name, values in given.items()
                if values and name in self.fields
            }
        )

    def _value(self, name: str, values: list[str]) -> str | list[str]:
        if isinstance(self.fields[name], serializers.ListField):
            return [part for value in values for part in value.split(",") if part]
        return values[-1]
