"""The worker makes a month's reports, a person issues them, and only then officials read them."""

import csv
import io
import re
from contextlib import contextmanager
from datetime import date

import openpyxl
import pypdf
import pytest
from django.db import connection

from accounts.models import User
from foundation import clock
from foundation.locks import Lock
from park.services import reopen_month
from returns.models import MonthlyReturn
from returns.services import send_back_return
from tenants.models import Tenancy
from tests.journeys.conftest import issue
from tests.journeys.steps import months_ago, whole

NOVEMBER_2021 = date(2021, 11, 1)
# The decisions of sample/data/seats.yaml until that day, added up; S0 「园区出租率近100%」
ALL_SEATS = {"现有": 4200, "已签约": 4155, "空闲": 45, "签约率": 98.9}
# The rows of sample/data/returns.yaml; S0 「从业人员近4500人」
ALL_PEOPLE, ENTERPRISES = 4492, 13


def test_a_report_is_made_shown_to_nobody_issued_and_then_read_by_officials(enter):
    operator, official = enter("operator"), enter("official")

    with nothing_written():
        asks_for_report(operator, "入驻月报", "2021-11")
        operator.sees("已完成 3 ÷ 4", f"已报 {ENTERPRISES} ÷ {ENTERPRISES} 户")
    operator.reads_title("处理完成")
    operator.looks()
    operator.follows("看草稿")
    operator.reads_title("2021年11月 载体入驻情况月报")
    draft = operator.path()
    official.opens(draft, status=404)
    official.opens("/reports/")
    official.sees_no("2021年11月")

    issues(operator)
    official.opens(draft)
    official.sees(re.compile("第 1 版，.*签发，签发人 张敏"))
    total = official.line("合计")
    assert total[:1] + total[3:4] + total[8:10] == ["4,200", "4,155", "45", "98.9%"]
    reads_files(official)


@contextmanager
def nothing_written():
    """Hold the worker where it would write, for the few seconds that it waits there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [int(Lock.REPORTS)])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [int(Lock.REPORTS)])


def asks_for_report(operator, kind, month):
    operator.goes_to("报表")
    operator.chooses("报表", kind)
    operator.types("月份", month)
    operator.presses("生成草稿")


def issues(operator):
    operator.follows("签发第 1 版")
    operator.reads_fact("已报户数", f"{ENTERPRISES} ÷ {ENTERPRISES}")
    operator.presses("签发第 1 版")
    operator.sees("已签发，主管部门即可查阅。")


def reads_files(official):
    book = openpyxl.load_workbook(io.BytesIO(official.downloads("下载 Excel")))
    [total] = [row for row in book.worksheets[0].iter_rows() if row[0].value == "合计"]
    assert [total[place].value for place in (1, 4, 9)] == [4200, 4155, 45]
    assert total[10].value == pytest.approx(0.989)
    assert total[10].number_format.endswith("%")

    page = pypdf.PdfReader(io.BytesIO(official.downloads("下载 PDF"))).pages[0].extract_text()
    assert "内江软件与信息技术服务外包产业园 载体入驻情况月报" in page
    assert re.search(r"合计 4,200 0 4,200 4,155 .* 98\.9%", page)

    data = official.downloads("下载 CSV")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    [total] = [row for row in rows if row[:2] == ["Y1-1", "合计"]]
    assert [total[place] for place in (2, 5, 10, 11)] == ["4200", "4155", "45", "98.9"]


def test_an_official_opens_a_figure_and_its_rows_add_up(enter, issued):
    official = enter("official")
    official.goes_to("报表")
    official.follows("产值月报", within=official.row("产值月报", "2022年11月"))
    opens_all_people(official, 1)
    official.sees(f"{ENTERPRISES} 家企业")
    official.sees_no("平安金服")
    operator = enter("operator")
    operator.opens(official.path())
    opens_all_people(operator, ENTERPRISES)
    operator.sees("平安金服")


def opens_all_people(person, count):
    """The rows behind the total: what each enterprise filed, or to officials that of all."""
    person.turns_to(re.compile("分业务类别从业人员"))
    person.turns_to(f"{ALL_PEOPLE:,}", within=person.row("合计"))
    *rows, total = person.page.locator("#rows tbody td").all_inner_texts()
    assert len(rows) == count
    assert sum(map(whole, rows)) == whole(total) == ALL_PEOPLE
    person.sees("与表内数一致。", f"{count} 行合计")

    _head, *lines = csv.reader(person.downloads("下载这些行").decode("utf-8-sig").splitlines())
    assert len(lines) == count + 1
    assert sum(int(line[5]) for line in lines[:-1]) == int(lines[-1][5]) == ALL_PEOPLE


def test_a_month_that_was_opened_again_is_restated_beside_what_was_issued(enter):
    month, operator, official = months_ago(6), enter("operator"), enter("official")
    before = issue("output", month)
    owing = who_owes(month)
    question_return(month, "迈睿")

    operator.opens(f"/reports/{before.pk}/")
    operator.sees("待修订：本版签发后，该月份已重开。")
    with nothing_written():
        operator.presses("生成下一版草稿")
        operator.sees(f"已报 {len(owing) - 1} ÷ {len(owing)} 户")
    operator.reads_title("处理完成")
    operator.follows("看草稿")
    operator.sees("迈睿", within=operator.section("未报名单"))

    operator.follows("签发第 2 版")
    operator.types("更正内容与原因", "迈睿的月报退回补充")
    operator.presses("签发第 2 版")
    official.opens(operator.path())
    official.sees("迈睿的月报退回补充")
    official.follows("看这一版")
    official.sees("本版已由新版取代。")


def who_owes(month):
    """Who was of the park on a day of the month."""
    end = months_ago(5)
    return {
        tenancy.enterprise_id
        for tenancy in Tenancy.objects.all()
        if tenancy.period.lower < end
        and (tenancy.period.upper is None or tenancy.period.upper > month)
    }


def question_return(month, name):
    """Open a month again, and send a return of it back: it counts as not filed."""
    operator = User.objects.get(email="operator@xiyuan.example")
    by = {"now": clock.now(), "acting_user": operator}
    reopen_month(month=month, reason="核对迈睿的月报", **by)
    row = MonthlyReturn.objects.get(month=month, enterprise__short_name=name)
    send_back_return(return_id=row.pk, question="请核对营业收入。", **by)
