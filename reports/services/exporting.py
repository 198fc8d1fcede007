"""Exports of statistics: asked for, made from one snapshot, noted, and gone after a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.context import recorded
from foundation.models import Job
from foundation.months import format_month
from foundation.services.jobs import Progress, enqueue
from foundation.services.messages import tell
from reports.at_once import one_snapshot
from reports.exports import commerce, zone
from reports.exports.facts import Facts, take
from reports.exports.layout import workbook
from reports.exports.periods import Length, Period
from reports.exports.workbook import Fact, Filled, form_line, xlsx_of
from reports.models import ExportKind, StatisticsExport
from returns.thresholds import above_threshold
from seats.occupancy import Grouping, occupancy_on
from tenants.models import Enterprise
from web import formats
from web.refusals import Invalid

EXPORT = "reports.export"
STEPS = 3  # read, written, kept


def request_export(
    *,
    kind: str,
    length: str,
    month: date,
    enterprise: Enterprise | None,
    owner: User,
    today: date,
) -> Job:
    """Have a workbook made; one unfinished job of the same kind and person.

    Raises `Invalid` where the period is not over, or the workbook is not for this person.
    """
    period = period_of(kind=kind, length=length, month=month, today=today)
    _check_reader(kind, enterprise, owner)
    return enqueue(
        kind=EXPORT,
        key=f"{owner.pk}/{kind}/{_span(period)}/{enterprise.pk if enterprise else 'all'}",
        arguments={
            "kind": str(kind),
            "first": format_month(period.first),
            "last": format_month(period.last),
            "enterprise": enterprise.pk if enterprise else None,
        },
        owner=owner,
    )


def period_of(*, kind: str, length: str, month: date, today: date) -> Period:
    """The period of an export. Raises `Invalid` unless it is over, and a quarter for zones."""
    if kind == ExportKind.ZONE and length != Length.QUARTER:
        raise Invalid({"length": _("These statistics are by quarter: choose its quarter.")})
    period = Period.around(length, month)
    if period.end >= today:
        said = _("%(period)s is not over yet.") % {"period": period}
        raise Invalid({"month": said})
    return period


def build_export(
    *,
    kind: str,
    period: Period,
    enterprise: Enterprise | None,
    owner: User,
    now: datetime,
    today: date,
    progress: Progress | None = None,
) -> StatisticsExport:
    """Make the workbook from one snapshot, keep it, note who took it and tell them.

    Raises `JobLostError` if `progress` was taken over.
    """
    with translation.override(settings.LANGUAGE_CODE):
        with one_snapshot():
            facts, filled = read(kind, period, enterprise, today)
        _show(progress, 1, facts)
        title = _title(kind, period, enterprise, facts)
        about = [("报告期", _reported(kind, period)), *_about(kind, facts, enterprise, owner, now)]
        data = xlsx_of(title, about, filled, now)
    _show(progress, 2, facts)
    with recorded(owner):
        if progress is not None:
            progress.confirm()
        export = _keep(kind, facts, enterprise, owner, now, title, data)
        _tell(export)
        if progress is not None:
            progress.end({"export": export.pk})
    return export


def read(
    kind: str, period: Period, enterprise: Enterprise | None, today: date
) -> tuple[Facts, list[Filled]]:
    """The facts of a workbook and its sheets, in the transaction of the caller.

    The rows of all sheets are made here, so that nothing is read later.
    """
    sheets = workbook(kind).sheets
    if kind == ExportKind.COMMERCE:
        facts = take(period, enterprise)
        return facts, [Filled(one, list(commerce.SHEETS[one.code](facts))) for one in sheets]
    year = period.to_date
    facts = take(year, earlier=year.year_before.months)
    _rows, total = occupancy_on(year.end, today=today, by=Grouping.PARK)
    known = zone.ZoneFacts(facts, frozenset(above_threshold(year.last)), total)
    return facts, [Filled(one, list(zone.SHEETS[one.code](known))) for one in sheets]


def delete_old_files(*, now: datetime) -> int:
    """Take away the files of exports that are a day old; give how many. The rows stay."""
    old = StatisticsExport.objects.filter(data_as_of__lte=now - StatisticsExport.LIFE)
    count = 0
    for pk in old.exclude(file="").values_list("pk", flat=True):
        with transaction.atomic():
            export = StatisticsExport.objects.select_for_update().get(pk=pk)
            if export.file:
                export.file.delete(save=False)
                export.file = ""
                export.save(update_fields=["file"])
                count += 1
    return count


def _check_reader(kind: str, enterprise: Enterprise | None, owner: User) -> None:
    """An enterprise takes its own figures; all of them, and those of the park, are for the park."""
    if owner.has_perm("reports.view_every_statisticsexport"):
        if kind == ExportKind.ZONE and enterprise is not None:
            raise Invalid({"enterprise": _("These statistics are of the whole park.")})
        return
    if kind != ExportKind.COMMERCE:
        raise Invalid({"kind": _("This workbook is for the people of the park.")})
    if enterprise is None or not Enterprise.objects.visible_to(owner).filter(pk=enterprise.pk):
        raise Invalid({"enterprise": _("Choose your own enterprise.")})


def _title(kind: str, period: Period, enterprise: Enterprise | None, facts: Facts) -> str:
    whose = enterprise.name if enterprise else (facts.park.name if facts.park else "")
    return f"{whose} {workbook(kind).zh} {period}".strip()


def _reported(kind: str, period: Period) -> str:
    return f"{period}（各数为本年累计）" if kind == ExportKind.ZONE else str(period)


def _about(
    kind: str, facts: Facts, enterprise: Enterprise | None, owner: User, now: datetime
) -> Sequence[Fact]:
    """What stands on the first sheet below the period; two of it stand on each."""
    layout = workbook(kind)
    missing = len(facts.missing)
    counted = f"应报 {facts.owed_count} 份，已报 {facts.owed_count - missing} 份"
    about = [
        ("数据截至", formats.full_moment(now)),
        ("月报", counted),
        ("范围", enterprise.name if enterprise else f"全部企业（{len(facts.firms)} 家）"),
        ("制表单位", facts.park.operator if facts.park else ""),
        ("导出人", owner.name),
        ("版式", f"{layout.source}；版本 {layout.version}"),
        ("取数规则", "只计已报且未退回的月报的最后一次提交；缺报的列在「未报清单」，不估算。"),
        ("计量单位", "金额按万元显示，单元格内为完整数值；原币金额按万显示。"),
        ("空白", "没有填报或本系统没有的数据留空，空白不是零。"),
        ("性质", form_line()),
    ]
    if facts.has_sample:
        about.append(("样本", "含样本数据：部分数值为演示而设，不是真实填报。"))
    return about


def _keep(
    kind: str,
    facts: Facts,
    enterprise: Enterprise | None,
    owner: User,
    now: datetime,
    title: str,
    data: bytes,
) -> StatisticsExport:
    export = StatisticsExport(
        kind=kind,
        enterprise=enterprise,
        first_month=facts.period.first,
        last_month=facts.period.last,
        filed=facts.owed_count - len(facts.missing),
        expected=facts.owed_count,
        has_sample=facts.has_sample,
        data_as_of=now,
        made_by=owner,
        name=f"{title[:150].replace('/', '-')}.xlsx",
        sha256=sha256(data).hexdigest(),
    )
    path = f"exports/{owner.pk}/{now:%Y%m%d%H%M%S%f}-{export.sha256[:12]}.xlsx"
    export.file.save(path, ContentFile(data), save=False)
    export.save()
    return export


def _tell(export: StatisticsExport) -> None:
    tell(
        people=[export.made_by],
        subject=gettext_noop("The workbook is ready"),
        body=gettext_noop(
            "%(name)s can be downloaded for a day. %(filed)d of %(expected)d returns are filed."
        ),
        url=reverse("reports:export-list"),
        parameters={"name": export.name, "filed": export.filed, "expected": export.expected},
    )


def _show(progress: Progress | None, done: int, facts: Facts) -> None:
    if progress is not None:
        filed = facts.owed_count - len(facts.missing)
        said = gettext_noop("%(filed)d of the %(expected)d returns of the period are filed")
        progress.tell(done, STEPS, said, filed=filed, expected=facts.owed_count)


def _span(period: Period) -> str:
    return f"{format_month(period.first)}/{format_month(period.last)}"
