"""Enterprises from a spreadsheet: every error of every row first, then all rows or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.locks import Lock, holding
from foundation.rows import (
    CheckedField,
    Column,
    Columns,
    NamesField,
    Record,
    SampleField,
    WordField,
    YesField,
    listed,
    records_of,
    sheet_called,
)
from foundation.spreadsheets import Place, Problems, Sheet, read_workbook
from tenants.credit_codes import clean_credit_code
from tenants.industries import clean_industry_code
from tenants.models import (
    LONGEST_EMAIL,
    Alias,
    BusinessClass,
    BusinessLine,
    Contact,
    Enterprise,
    RegistrationType,
)
from tenants.services.enterprises import NewContact, add_enterprise

SHEET_NAMES = ("企业", "Enterprises")

_BUSINESSES = {
    BusinessClass.CUSTOMER_SERVICE: ("客服服务", "呼叫中心", "在线客服"),
    BusinessClass.CONTENT_MODERATION: ("内容审核", "音视频审核"),
    BusinessClass.DATA_PROCESSING: ("数据处理", "数据标注"),
    BusinessClass.FINANCIAL_SERVICES: ("金融服务",),
    BusinessClass.DATA_CENTRE: ("数据中心", "算力中心"),
    BusinessClass.E_COMMERCE: ("电子商务",),
    BusinessClass.HUMAN_RESOURCES: ("人力资源",),
    BusinessClass.TRAVEL_CONSULTING: ("旅游咨询",),
    BusinessClass.OFFSHORE_OUTSOURCING: ("离岸外包",),
    BusinessClass.IT_DEVELOPMENT: ("信息技术研发",),
    BusinessClass.OTHER: ("其他",),
}

_REGISTRATIONS = {
    RegistrationType.DOMESTIC: ("内资", "内资企业"),
    RegistrationType.HMT: ("港澳台投资", "港澳台", "港澳台投资企业"),
    RegistrationType.FOREIGN: ("外商投资", "外商", "外商投资企业"),
}


def _text(most: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(max_length=most, required=required)


COLUMNS: Columns = {
    "name": Column(_text(120, required=True), ("企业全称", "企业名称", "名称", "Name")),
    "short_name": Column(_text(40), ("简称", "Short name", "short_name")),
    "credit_code": Column(
        CheckedField(clean_credit_code),
        ("统一社会信用代码", "信用代码", "Credit code", "credit_code"),
    ),
    "aliases": Column(NamesField(required=False), ("别名", "曾用名", "Aliases", "Other names")),
    "business_class": Column(
        WordField(
            {
                value: (*words, value.value, value.value.replace("_", " "))
                for value, words in _BUSINESSES.items()
            },
            required=False,
        ),
        ("主营业务", "业务", "Business", "Main business", "business_class"),
    ),
    "parent_group": Column(_text(120), ("上级集团", "所属集团", "Parent group", "parent_group")),
    "origin": Column(_text(60), ("来源地", "Comes from", "Origin")),
    "industry_code": Column(
        CheckedField(clean_industry_code, required=False),
        ("行业代码", "行业", "Industry", "industry_code"),
    ),
    "registration_type": Column(
        WordField(
            {value: (*words, value.value) for value, words in _REGISTRATIONS.items()},
            required=False,
        ),
        ("登记注册类型", "企业类型", "Registration type", "registration_type"),
    ),
    "is_fortune_500": Column(
        YesField(required=False), ("世界500强", "Fortune 500", "is_fortune_500")
    ),
    "is_industry_top_100": Column(
        YesField(required=False), ("行业百强", "Industry top 100", "is_industry_top_100")
    ),
    "contact": Column(_text(80), ("联系人", "Contact")),
    "contact_title": Column(_text(60), ("联系人职务", "职务", "Position", "contact_title")),
    "contact_phone": Column(_text(30), ("联系电话", "电话", "Phone", "contact_phone")),
    "contact_email": Column(
        forms.EmailField(required=False, max_length=LONGEST_EMAIL),
        ("电子邮箱", "邮箱", "E-mail", "Email", "E-mail address", "contact_email"),
    ),
    "note": Column(_text(2000), ("备注", "Note")),
    "source": Column(_text(300), ("来源", "Source")),
    "sample_fields": Column(SampleField(required=False), ("样本", "Sample", "sample_fields")),
}

_FACTS = (
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


class Imported(NamedTuple):
    """How many enterprises an import added, and how many were there already, just the same."""

    new: int
    known: int


def import_enterprises(*, data: bytes, acting_user: User | None) -> Imported:
    """Add the enterprises of a workbook's sheet 企业 (or of its only sheet), all or none.

    A row that says what is known already changes nothing. Raises `SpreadsheetErrors` with every
    error of every row and its cell, `NotAWorkbook`, `WorkbookTooLarge` or `Busy`.
    """
    problems = Problems()
    records = read_records(read_workbook(data), problems)
    with holding(Lock.NAMES, acting_user):
        new = new_enterprises(records, problems)
        problems.refuse_if_any()
        add_enterprises(new, acting_user=acting_user)
    return Imported(new=len(new), known=len(records) - len(new))


def read_records(sheets: Sequence[Sheet], problems: Problems) -> list[Record]:
    """The rows of the sheet of enterprises; it may have any name where it is the only one."""
    sheet = sheets[0] if len(sheets) == 1 else sheet_called(sheets, SHEET_NAMES)
    if sheet is None:
        where = Place(sheets[0].name if sheets else SHEET_NAMES[0], "A1")
        problems.add(where, _("No sheet is called 企业 (Enterprises)."), "sheet_missing")
        return []
    return records_of(sheet, COLUMNS, problems)


def new_enterprises(records: Sequence[Record], problems: Problems) -> list[Record]:
    """Those of `records` that are not known yet; what contradicts goes to `problems`."""
    _check_among_themselves(records, problems)
    codes = [record["credit_code"] for record in records if record["credit_code"]]
    names = [record["name"] for record in records if record["name"]]
    by_code = {row.credit_code: row for row in Enterprise.objects.filter(credit_code__in=codes)}
    by_name = {row.name: row for row in Enterprise.objects.filter(name__in=names)}
    holders = _holders_of_aliases(records)
    new = []
    for record in records:
        known = by_code.get(record["credit_code"])
        twin = by_name.get(record["name"])
        if known is None and twin is not None:
            message = _("%(name)s is known with the credit code %(code)s.")
            words = {"name": twin.name, "code": twin.credit_code}
            problems.add(record.at("credit_code"), message % words, "duplicate")
        _check_aliases(record, known, holders, problems)
        if known is None:
            new.append(record)
        else:
            _compare(record, known, problems)
    return new


def add_enterprises(records: Iterable[Record], *, acting_user: User | None) -> None:
    """Add enterprises that `new_enterprises` has found sound. Call it inside a transaction."""
    for record in records:
        contact = NewContact(
            record["contact"],
            record["contact_title"],
            record["contact_phone"],
            record["contact_email"],
        )
        add_enterprise(
            credit_code=record["credit_code"],
            aliases=record["aliases"],
            business_class=record["business_class"] or None,
            contact=contact,
            source=record["source"],
            sample_fields=record["sample_fields"],
            acting_user=acting_user,
            **{
                name: record[name] or "" if name == "registration_type" else record[name]
                for name in _FACTS
                if name != "short_name"
            },
            short_name=record["short_name"] or record["name"],
        )


def _check_among_themselves(records: Sequence[Record], problems: Problems) -> None:
    """Two rows of the file must not give the same code, name or alias."""
    for field in ("credit_code", "name", "aliases"):
        first: dict[str, Record] = {}
        for record in records:
            value = record[field] or []
            for word in value if isinstance(value, list) else [value]:
                if word in first:
                    message = _("“%(word)s” is in %(place)s already.")
                    words = {"word": word, "place": first[word].at(field).cell}
                    problems.add(record.at(field), message % words, "duplicate")
                first.setdefault(word, record)
    for record in records:
        name = record["name"] or ""
        if len(name) > 40 and not record["short_name"]:
            message = _("Give a short name: the full name has more than 40 characters.")
            problems.add(record.at("short_name"), message, "required")


def _holders_of_aliases(records: Sequence[Record]) -> dict[str, Enterprise]:
    names = [alias for record in records for alias in record["aliases"] or []]
    found = Alias.objects.filter(name__in=names).select_related("enterprise")
    return {alias.name: alias.enterprise for alias in found}


def _check_aliases(
    record: Record, known: Enterprise | None, holders: dict[str, Enterprise], problems: Problems
) -> None:
    """An alias stands for one enterprise; one that is known has its aliases already."""
    for alias in record["aliases"] or []:
        holder = holders.get(alias)
        if holder is not None and holder != known:
            message = _("“%(alias)s” already stands for %(name)s.")
            words = {"alias": alias, "name": holder.name}
            problems.add(record.at("aliases"), message % words, "duplicate")
        elif holder is None and known is not None:
            message = _("%(name)s is known without this alias. Add it on the enterprise's page.")
            problems.add(record.at("aliases"), message % {"name": known.name}, "contradiction")


def _compare(record: Record, known: Enterprise, problems: Problems) -> None:
    """What the row says of a known enterprise must be what is known."""
    pairs = [(name, getattr(known, name)) for name in _FACTS]
    line = BusinessLine.objects.filter(enterprise=known, is_main=True).first()
    contact = Contact.objects.filter(enterprise=known).order_by("pk").first()
    pairs.append(("business_class", line.business_class if line else ""))
    pairs += [
        ("contact", contact.name if contact else ""),
        ("contact_title", contact.title if contact else ""),
        ("contact_phone", contact.phone if contact else ""),
        ("contact_email", contact.email if contact else ""),
    ]
    for name, value in pairs:
        if name in record.given & record.values.keys() and record[name] != value:
            problems.add(record.at(name), known_otherwise(value), "contradiction")


def known_otherwise(value: object) -> str:
    """What to say where a file contradicts what is known."""
    return _("Known here as “%(known)s”. Change it on its page, or correct the file.") % {
        "known": _in_words(value)
    }


def _in_words(value: object) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(value) or "–"
    return "–" if value in (None, "") else value
