"""`{% load styleguide %}`: sample texts in both languages, outside the catalogue."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def say(chinese: str, english: str) -> str:
    """`{% say "席位申请" "Seat requests" %}`; a real page uses {% translate %}."""
    return chinese if (get_language() or "").startswith("zh") else english
