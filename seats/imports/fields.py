"""What a column of a list of allocations can be, and the heads that people give it."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Field(models.TextChoices):
    """What stands in a column."""

    RUN = "run", _("Run of seats (first to last)")
    FIRST_SEAT = "first_seat", _("First seat")
    LAST_SEAT = "last_seat", _("Last seat")
    ZONE = "zone", _("Zone")
    BUILDING = "building", _("Building")
    FLOOR = "floor", _("Floor")
    COUNT = "count", pgettext_lazy("column of a list", "Number of seats")
    ENTERPRISE = "enterprise", pgettext_lazy("column of a list", "Enterprise: full or any name")
    SHORT_NAME = "short_name", _("Enterprise: short name")
    CREDIT_CODE = "credit_code", _("Unified social credit code")
    KIND = "kind", pgettext_lazy("allocation", "Kind")
    START = "start", _("First day")
    END = "end", _("Last day")
    PERIOD = "period", _("First to last day")
    HOLD_UNTIL = "hold_until", _("Hold until")
    REASON = "reason", _("Reason or note")
    ALLOCATION = "allocation", _("Allocation number")
    BLOCK = "block", _("Block number")


NAMES = (Field.ENTERPRISE, Field.SHORT_NAME, Field.CREDIT_CODE)
PLACES = (Field.RUN, Field.FIRST_SEAT, Field.LAST_SEAT, Field.ZONE, Field.BUILDING, Field.FLOOR)
# Columns of which a row of the table itself fills at least one
ESSENTIAL = {*NAMES, *PLACES, Field.KIND, Field.START, Field.END, Field.PERIOD, Field.BLOCK}

_SEATS = """
    席位 席位号 席位编号 席位区间 席位范围 席位段 工位 工位号 工位编号 工位区间 工位范围 座位 座位号
    座席 座席号 坐席 卡位
"""
_TERMS = """
    租期 租赁期 租赁期限 租赁 合同 合同期 合同期限 期限 使用期 使用期限 入驻期 入驻 入驻期限 起止
    起止日期
    起止时间 日期 时间 period term days lease
"""
_FROM = """
    起 自 从 始 起始 开始 起日 起始日 起始日期 开始日期 开始时间 起始时间 首日 from start first
    firstday
    startdate
"""
_TO = """
    止 至 到 末 终 终止 截止 结束 到期 止日 截止日 截止日期 结束日期 终止日期 到期日 到期日期
    到期时间 结束时间 截止时间 末日 to end until last lastday enddate
"""
_WHOSE = """
    企业 公司 单位 客户 租户 承租方 入驻企业 入驻单位 使用单位 租赁方 承租企业 承租单位 enterprise
    company
    tenant firm
"""


def _with(parents: str, children: str) -> str:
    """Every head of two rows: one above, one below."""
    return " ".join(
        f"{above}{below}" for above, below in product(parents.split(), children.split())
    )


_HEADS: dict[Field, str] = {
    Field.FIRST_SEAT: _with(_SEATS, "起 首 始 从 起始 开始 起号 from first")
    + """
    首席 首席位 起始席位 起始席位号 起始工位 起始工位号 起始座位 起始号 起号 开始席位 开始工位
    firstseat fromseat startseat seatsfrom seatsfirst
""",
    Field.LAST_SEAT: _with(_SEATS, "止 末 终 到 至 截止 结束 止号 to last")
    + """ 末席 末席位 截止席位 截止席位号 截止工位 终止席位 终止工位 终止号 止号 结束席位 结束工位
    末号
    lastseat toseat endseat seatsto seatslast""",
    Field.RUN: _SEATS
    + _with(_SEATS, "起止 起止号 明细 位置 分布")
    + " 位置 具体位置 所在位置 租赁位置 run runofseats seatrun seats seatnumbers",
    Field.ZONE: "区 分区 区域 园区 片区 所在区 zone",
    Field.BUILDING: "栋 楼栋 楼栋号 栋号 幢 楼号 楼宇 所在楼栋 building bldg",
    Field.FLOOR: "层 楼层 层数 所在楼层 楼层号 层号 floor storey level",
    Field.COUNT: """席位数 席位数量 工位数 工位数量 座位数 座席数 坐席数 数量 席数 卡位数 席位个数
    工位个数
    numberofseats seatcount count number""",
    Field.ENTERPRISE: _WHOSE
    + _with(_WHOSE, "名称 全称 名 name fullname")
    + " 名称 全称 承租人 使用方 入驻方 name fullname holder",
    Field.SHORT_NAME: "简称 shortname " + _with(_WHOSE, "简称 shortname"),
    Field.CREDIT_CODE: """统一社会信用代码 社会信用代码 信用代码 统一信用代码 税号 creditcode
    unifiedsocialcreditcode uscc """
    + _with(_WHOSE, "信用代码 统一社会信用代码 creditcode 代码"),
    Field.KIND: """
    种类 类型 状态 类别 性质 席位状态 使用状态 工位状态 签约状态 租赁状态 分配类型 kind
    status state type
""",
    Field.START: _with(_TERMS, _FROM)
    + """ 首日 起始日 起始日期 开始日期 起租日 起租日期 起租时间 生效日期 开始时间 起始时间 入驻日期
    入驻时间 firstday startdate start from""",
    Field.END: _with(_TERMS, _TO)
    + """ 末日 到期日 到期日期 到期时间 截止日期 截止日 结束日期 终止日期 退租日期 止租日期 结束时间
    截止时间 lastday enddate end to until""",
    Field.PERIOD: """租期 租赁期 租赁期限 合同期 合同期限 期限 使用期 使用期限 入驻期 入驻期限
    起止日期
    起止时间 period term days firsttolastday""",
    Field.HOLD_UNTIL: """预留至 预留到期 预留到期日 预留截止 预留期限 预选至 保留至 holduntil
    helduntil
    holdends expires""",
    Field.REASON: """备注 说明 原因 原因或备注 停用原因 事由 note notes reason remark remarks
    reasonornote""",
    Field.ALLOCATION: "分配编号 分配号 席位分配编号 allocationnumber allocationno",
    Field.BLOCK: "块编号 分段编号 席位段编号 blocknumber blockno block",
}
_BY_HEAD = {head: field for field, heads in _HEADS.items() for head in heads.split()}


def folded(text: object) -> str:
    """For comparing words: half width, small letters, no spaces or signs, nothing in brackets."""
    plain = unicodedata.normalize("NFKC", str(text)).lower()
    return re.sub(r"[\W_]", "", re.sub(r"\(.*?\)", "", plain))


def field_of(head: str) -> Field | None:
    """The column that people mean by a head, or by a head above another, joined."""
    return _BY_HEAD.get(folded(head))
