"""拎包入驻: the operator prepares a list, the enterprise signs it on a phone; then it is printed.

And 精装修: the plan comes in as a file, the park reviews it.
"""

import re

import pytest
from playwright.sync_api import expect

from foundation import clock
from seats.handover_gaps import gaps
from seats.models import Allocation, FitOut, Handover
from tests.journeys.person import NARROW
from tests.journeys.steps import in_days

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def jingawei(db):
    """Seats of 京阿唯 that it moved into without a list."""
    without = {gap.allocation_id: gap for gap in gaps(clock.today())["move_in"]}
    of = Allocation.objects.filter(enterprise__short_name="京阿唯", pk__in=without)
    allocation = of.order_by("pk").last()
    return allocation, without[allocation.pk].seats


def test_a_list_is_prepared_signed_on_a_phone_and_printed(enter, jingawei):
    allocation, seats = jingawei
    operator, enterprise = enter("operator"), enter("jingawei", width=NARROW)

    operator.opens(f"/seats/allocations/{allocation.pk}/")
    operator.follows("编制入驻交接单")
    operator.presses("编制清单")
    [run] = [line.label for line in _lines(allocation)[:1]]
    operator.types(f"{run} 椅子: 损坏", 3)
    operator.types(f"{run} 椅子: 备注", "靠背松动")
    operator.types(f"{run} 其他: 名称", "打印机")
    operator.types(f"{run} 其他: 应有", 2)
    operator.presses("保存清单")
    operator.follows("签字")
    operator.types("签字人姓名（全名）", "张敏")
    operator.presses("签字")
    operator.reads_title(f"京阿唯入驻 {seats} 席：园区已签，待企业签")

    enterprise.opens("/")
    enterprise.follows(f"京阿唯入驻 {seats} 席：园区已签，待企业签")
    enterprise.sees("靠背松动", "打印机")
    enterprise.follows("写明出入")
    enterprise.types("哪里有出入", "打印机只有 1 台")
    enterprise.presses("写明出入")
    enterprise.sees("已记下，园区会更正清单。")

    operator.opens(operator.path())
    operator.sees("企业写道：打印机只有 1 台")
    operator.follows("更正清单")
    operator.types(f"{run} 打印机: 应有", 1)
    operator.presses("保存清单")
    operator.follows("签字")
    operator.presses("签字")

    enterprise.opens(enterprise.path())
    enterprise.follows("签字")
    enterprise.types("签字人姓名（全名）", "罗敏")
    enterprise.presses("签字")
    enterprise.reads_title(f"京阿唯入驻 {seats} 席：双方已签")
    enterprise.follows("打印版")

    operator.opens(operator.path())
    operator.follows("打印版")
    operator.reads_fact("园区方", re.compile("张敏"))
    operator.reads_fact("企业方", re.compile("罗敏"))
    operator.page.emulate_media(media="print")
    expect(operator.page.locator(".x-bar")).to_be_hidden()
    expect(operator.page.get_by_role("button", name="打印")).to_be_hidden()
    operator.sees(run, "打印机")
    operator.page.emulate_media(media="screen")
    assert allocation.pk not in {gap.allocation_id for gap in gaps(clock.today())["move_in"]}


def _lines(allocation):
    handover = Handover.objects.filter(allocation=allocation).latest("pk")
    return list(handover.lines.select_related("floor").order_by("seats", "pk"))


def test_a_plan_is_uploaded_reviewed_and_started(enter, jingawei):
    allocation, _seats = jingawei
    operator, enterprise = enter("operator"), enter("jingawei")

    enterprise.opens(f"/seats/allocations/{allocation.pk}/")
    enterprise.follows("精装修立项")
    for label, typed in (
        ("装修内容", "隔断与弱电"),
        ("方案应交日", in_days(5)),
        ("验收日", in_days(60)),
    ):
        enterprise.types(f"{label} （可空）", typed)
    enterprise.presses("立项")
    enterprise.hands_in("文件", "平面图.txt", PDF)
    enterprise.presses("上传文件", status=400)
    enterprise.sees("文件名与内容不符")
    enterprise.hands_in("文件", "平面图.pdf", PDF)
    enterprise.presses("上传文件")
    enterprise.follows("提交方案")
    enterprise.presses("提交方案")
    enterprise.sees("下一步：园区审核方案，您现在无须办理。")

    operator.opens(enterprise.path())
    assert operator.downloads("平面图.pdf") == PDF
    operator.follows("退回方案")
    operator.types("原因（对方会看到）", "请补充消防图")
    operator.presses("退回方案")
    enterprise.opens(enterprise.path())
    enterprise.sees("请补充消防图")
    enterprise.follows("提交方案")
    enterprise.presses("提交方案")
    operator.opens(enterprise.path())
    for verb in ("审核通过", "登记押金", "登记开工"):
        operator.follows(verb)
        if verb == "登记押金":
            operator.types("金额", "20,000.00")
        operator.presses(verb)
    operator.sees("施工中", "20,000.00 元")
    assert FitOut.objects.get(allocation=allocation).state == "working"
