"""`{% load formats %}`: the forms of `web.formats` for templates.

    {{ seats|number }}            1,038            {{ lettable|area }}           3,340
    {{ change|signed }}           +60, −24, 0      {{ revenue|wan }}             2,160.00
    {{ rate|percent }}            88.3%            {{ growth|signed_percent }}   +6.7%
    {{ deposit|yuan }}            20,000.00        {{ file.size|megabytes }}     1.43
    {{ on|day }}                  2024年2月20日     {{ on|weekday }}              星期二
    {{ on|iso_day }}              2024-02-20       {{ on|short_day }}            02-20
    {{ at|moment }}               02-20 09:12      {{ at|full_moment }}          2024-02-20 09:12
    {{ of|month }}                2024年1月         {{ of|iso_month }}            2024-01
    {{ of|short_month }}          1 月
    {{ block.period|days_of }}    2024-03-01 至 2025-02-28   (a half-open range of the database)
    {% period first last %}       the same from two days that are both included; last may be None
    {% run first_label last_label %}   C-1-3F-345 — 404
    {{ since|elapsed:now }}       2 天
    {{ phone|masked_phone }}      138 **** 5678    {{ email|masked_email }}      z***@example.com
    {{ user_agent|browser }}      Chrome · Windows
    {{ value|or_missing }}        – for None and the empty text

Every filter writes “–” for None. Units are the template's: `{{ seats|number }} 席`.
"""

from typing import Any

from django import template

from web import browsers, formats

register = template.Library()

for _form in (
    formats.number,
    formats.signed,
    formats.percent,
    formats.signed_percent,
    formats.wan,
    formats.yuan,
    formats.megabytes,
    formats.area,
    formats.day,
    formats.weekday,
    formats.iso_day,
    formats.short_day,
    formats.moment,
    formats.full_moment,
    formats.month,
    formats.iso_month,
    formats.short_month,
    formats.days_of,
    formats.elapsed,
    formats.masked_phone,
    formats.masked_email,
    browsers.browser,
):
    register.filter(_form.__name__, _form)

register.simple_tag(formats.period)
register.simple_tag(formats.run)


@register.filter
def or_missing(value: Any) -> Any:
    """The value, or “–” where nothing is known."""
    return formats.MISSING if value is None or value == "" else value
