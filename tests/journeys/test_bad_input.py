"""What cannot be is said where the person is looking, and what they typed stays."""

import pytest

from seats.models import SeatBlock, SeatRequest
from tenants.models import Enterprise
from tests.factories.workbooks import workbook
from tests.journeys.steps import (
    in_days,
    months_ago,
    opens_request,
    types_all,
    unfolds_runs,
)

WHEN_COMPLETE = 7_000 + 150_000  # S1「规划席位约7000席」, S0「未来可容纳15万个座位」


def test_a_request_that_cannot_be_is_refused_beside_its_entry(enter):
    enterprise, soon = enter("enterprise"), in_days(60)
    good = {"席位数": "120", "从哪天起": soon, "末日 （可空）": "", "说明 （可空）": "夜班"}
    known = SeatRequest.objects.count()
    enterprise.opens("/seats/requests/new/?zones=B1")
    for label, typed, answer in (
        ("席位数", "0", "请至少申请 1 席。"),
        ("席位数", "10,000,000", f"园区建成后共 {WHEN_COMPLETE:,} 席，申请不能超过这个数。"),
        ("席位数", "三百", "请填整数，例如 300。"),
        ("席位数", "-5", "请至少申请 1 席。"),
        ("末日 （可空）", in_days(59), "末日不能早于首日。"),
    ):
        types_all(enterprise, good | {label: typed})
        enterprise.presses("提交给园区")
        enterprise.sees(answer, within=enterprise.beside(label))
        enterprise.finds_typed(good | {label: typed})
        assert enterprise.page.get_by_label("B1 区").is_checked()
    assert SeatRequest.objects.count() == known


def test_a_request_for_a_closed_month_is_refused_with_that_month(enter):
    enterprise, past = enter("enterprise"), months_ago(3)
    enterprise.opens("/seats/requests/new/")
    types_all(enterprise, {"席位数": "120", "从哪天起": past})
    enterprise.presses("提交给园区")
    enterprise.sees("：此前的月份已锁定。", within=enterprise.beside("从哪天起"))
    enterprise.finds_typed({"席位数": "120", "从哪天起": past})


def test_seats_that_the_floor_does_not_have_are_refused(enter):
    operator = enter("operator")
    opens_request(operator, "诚伯信息：扩租 60 席")
    unfolds_runs(operator, "C-2-1F-181 — 232")
    operator.types("C-2-1F-181 — 232: 末席", "500")
    operator.presses("批准 380 席", status=400)
    operator.sees("C-2-1F 的末席是 C-2-1F-232。")
    operator.sees("这些席位不全在本段之内。", within=operator.row("C-2-1F-181 — 232"))
    operator.finds_typed({"C-2-1F-181 — 232: 末席": "500"})


@pytest.mark.parametrize(
    ("typed", "status", "answer"),
    [
        ({"首席": "200", "末席": "500"}, 400, "C-2-1F 的末席是 C-2-1F-232。"),
        ({"首席": "232", "末席": "200"}, 200, "末席不能在首席之前。"),
        ({"首日": months_ago(3)}, 409, "月已锁定。更正须先由园区重开。"),
    ],
)
def test_an_allocation_that_cannot_be_changes_nothing(enter, typed, status, answer):
    operator, blocks = enter("operator"), SeatBlock.objects.count()
    start = in_days(60)
    operator.opens(f"/seats/allocations/new/?floor=C-2-1F&first=200&last=210&start={start}")
    operator.ticks("停用")
    operator.types("事由 （可空）", "检修")
    types_all(operator, typed)
    operator.presses("分配这些席位", status=status)
    operator.sees(answer)
    operator.finds_typed({"事由 （可空）": "检修", "楼层": "C-2-1F", **typed})
    assert SeatBlock.objects.count() == blocks


def test_a_credit_code_that_cannot_be_is_refused_with_the_reason(enter):
    operator, known = enter("operator"), Enterprise.objects.count()
    operator.goes_to("企业")
    operator.follows("添加企业")
    names = {"全称（与执照一致）": "内江椒坪语音有限公司", "简称": "椒坪语音"}
    for code, answer in (
        ("91511011MA7WEG003A", "末位校验码与前面各位不符，请对照执照。"),  # ends with K
        ("91511011MA7WEG003", "信用代码有 18 位，这里是 17 位。"),
        (
            "91511011MA7WEGO03K",
            "其后是数字和大写字母（没有 I、O、S、V、Z）。",
        ),
        ("９１５１１０１１ＭＡＸＹ００１０４Ｒ", "诚伯信息已用此信用代码。"),
    ):
        types_all(operator, names | {"统一社会信用代码": code})
        operator.presses("添加企业")
        operator.sees(answer, within=operator.beside("统一社会信用代码"))
        operator.finds_typed(names | {"统一社会信用代码": code})
    assert Enterprise.objects.count() == known


def test_a_report_of_a_month_that_is_not_over_is_refused(enter):
    operator, this_month = enter("operator"), months_ago(0)
    month = f"{this_month:%Y-%m}"
    operator.goes_to("报表")
    operator.chooses("报表", "产值月报")
    operator.types("月份", month)
    operator.presses("生成草稿")
    said = f"{this_month.year}年{this_month.month}月还没有结束。"
    operator.sees(said, within=operator.beside("月份"))
    operator.finds_typed({"月份": month, "报表": "output"})


BROKEN = [
    ["企业全称", "简称", "统一社会信用代码", "主营业务", "电子邮箱"],
    ["内江花园滩语音有限公司", "花园滩", "91511011MA7WEG002G", "客服服务", "a@example.com"],
    ["内江史家坝数据有限公司", "史家坝", "91511011MA7WEG0029", "客服", "b@"],
    [None, "无名", "91511011MA7WEG002G", None, None],
    ["诚伯信息", "诚伯", "91511011MA7WEG003K", None, None],
]


def test_a_list_with_broken_rows_is_not_taken_and_every_cell_is_named(enter):
    operator, known = enter("operator"), Enterprise.objects.count()
    operator.goes_to("企业")
    operator.follows("上传名单")
    operator.hands_in("工作簿（.xlsx）", "名单.xlsx", workbook({"企业": BROKEN}))
    operator.presses("检查并添加")

    operator.sees("发现 6 处错误，什么都没有导入。")
    for cell, answer in {
        "企业!C3": "末位校验码与前面各位不符，请对照执照。",
        "企业!D3": "请填以下之一：客服服务、内容审核",
        "企业!E3": "请输入合法的邮件地址。",
        "企业!A4": "该字段是必填项。",
        "企业!C4": "“91511011MA7WEG002G”已见于 C2。",
        "企业!C5": "诚伯信息的信用代码是 91511011MAXY00104R。",
    }.items():
        operator.sees(answer, within=operator.row(cell))
    assert Enterprise.objects.count() == known

    operator.hands_in("工作簿（.xlsx）", "名单.xlsx", workbook({"企业": BROKEN[:2]}))
    operator.presses("检查并添加")
    assert Enterprise.objects.count() == known + 1
    operator.sees("花园滩")


def test_a_file_that_is_no_workbook_is_refused(enter):
    operator = enter("operator")
    operator.opens("/tenants/import/")
    operator.hands_in("工作簿（.xlsx）", "名单.xlsx", "企业全称,简称".encode())
    operator.presses("检查并添加")
    operator.sees("这不是 .xlsx 工作簿。")
