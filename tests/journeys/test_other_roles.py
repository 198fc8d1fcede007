"""The promotion officer, the auditor and the system administrator at their own work."""

import re
from urllib.parse import urlsplit

from tests.journeys.conftest import sign_in

PROSPECT = {
    "统一社会信用代码": "91511011MA7WEG004N",
    "全称（与执照一致）": "内江乐贤滩数据有限公司",
    "简称": "乐贤滩数据",
}


def test_a_promotion_officer_keeps_a_prospect_and_the_auditor_sees_every_change(enter):
    officer, auditor = enter("promotion"), enter("auditor")
    officer.goes_to("企业")
    officer.follows("添加企业")
    for label, value in PROSPECT.items():
        officer.types(label, value)
    officer.presses("添加企业")
    officer.reads_title("乐贤滩数据：今天没有席位")
    officer.follows("编辑")
    officer.types("来自 （可空）", "重庆")
    officer.presses("保存修改")
    officer.sees("内江乐贤滩数据有限公司的资料已修改。")
    officer.opens("/returns/", status=403)
    officer.opens("/seats/allocations/new/", status=403)

    auditor.goes_to("审计日志")
    auditor.chooses("人员 （可空）", "陈思远")
    auditor.chooses("内容 （可空）", "企业")
    auditor.presses("筛选")
    auditor.sees("新增 1 条：企业", "乐贤滩数据 · 来自 – → 重庆")
    auditor.opens("/tenants/new/", status=403)


def test_an_administrator_lets_an_official_in_who_sets_a_password_by_mail(enter, somebody):
    admin = enter("admin")
    admin.goes_to("人员")
    admin.follows(re.compile("^增加 人员"))
    for label, value in {"姓名:": "钟毓", "电子邮箱:": "zhongyu@neijiang.example"}.items():
        admin.types(label, value)
    admin.ticks("主管部门")
    admin.types("区划代码（GB/T 2260）:", "511011")
    admin.presses(re.compile("^保存$"))
    admin.sees("钟毓", "主管部门")

    official = somebody()
    official.opens("/")
    official.follows("忘记密码？")
    official.types("电子邮件", "zhongyu@neijiang.example")
    official.presses("发送链接")
    official.reads_title("请看邮箱")

    admin.opens("/outbox/")
    mail = admin.row("zhongyu@neijiang.example").first.inner_text()
    official.opens(urlsplit(re.search(r"http\S+", mail)[0]).path)
    for label in ("新密码", "新密码（重复）"):
        official.types(label, "one-hundred-thousand-seats")
    official.presses("保存密码")
    sign_in(official, "zhongyu@neijiang.example", "one-hundred-thousand-seats")
    official.sees("钟毓 · 主管部门")
