"""No script runs: links and forms alone lead from a request to its seats, and file a month."""

from datetime import date

from tests.journeys.counting import count, free_from, named
from tests.journeys.steps import (
    asks_for_seats,
    begins_return,
    chooses_run,
    figures_for,
    in_days,
    month_in_words,
    months_ago,
    opens_request,
    types_all,
    unfolds_runs,
    whole,
)


def test_a_request_is_written_taken_up_and_approved(enter):
    start = in_days(110)
    before = count(start, "D-").firm
    enterprise = enter("mairui", has_scripts=False)
    operator = enter("operator", has_scripts=False)

    asks_for_seats(enterprise, seats=130, zone="D", start=start)
    opens_request(operator, "迈睿：新租 130 席")
    operator.presses("接手")
    [proposed] = operator.page.get_by_role("checkbox", checked=True).all()
    proposed.uncheck()
    [(floor, first, last), *_others] = free_from(start, "D-")
    run = named(floor, first, last)
    unfolds_runs(operator, run)
    operator.ticks(run)
    chooses_run(operator, run, first, first + 99)
    operator.presses("批准 130 席")
    operator.sees("已选 100 ÷ 130 席，少 30 席。只给这些，请再按一次批准。")
    operator.presses("批准 100 席")
    operator.sees("已批准：迈睿得到 100 席。")
    assert count(start, "D-").firm == before + 100


def test_a_month_is_saved_corrected_and_signed(enter):
    enterprise = enter("zhidao", has_scripts=False)
    begins_return(enterprise)
    figures = figures_for(enterprise) | {"本市": 200}
    types_all(enterprise, figures)
    enterprise.presses("保存草稿", within=enterprise.page.get_by_role("region", name="填完之后"))
    enterprise.finds_typed(figures)
    adds_a_class(enterprise)
    enterprise.presses("检查并提交")
    enterprise.sees("各项之和须等于 285，还差 26。")
    enterprise.types("本市", 226)
    enterprise.presses("检查并提交")
    enterprise.finds_typed({"签字人": "彭超"})
    enterprise.presses("提交月报")
    enterprise.sees(f"{month_in_words(months_ago(0))}月报已提交。", "第 1 版，签字人 彭超")


def adds_a_class(enterprise):
    """A button of the same form adds the line; what was typed before it is pressed is kept."""
    types_all(enterprise, {"合同执行额": 90, "合同执行额，离岸": 0})
    enterprise.chooses("要加的类别", "集成电路和电子电路设计 ITO-1-2")
    enterprise.presses("加这一类")
    enterprise.finds_typed({"合同执行额": "90.00", "合同执行额，在岸": "90.00"})
    enterprise.types("集成电路和电子电路设计：合同执行额", 80)
    enterprise.presses("把合计填到上面各栏")
    enterprise.finds_typed({"合同执行额": "80.00", "合同执行额，在岸": "80.00"})
    enterprise.presses("移除 集成电路和电子电路设计")
    assert enterprise.page.get_by_label("集成电路和电子电路设计：合同执行额").count() == 0
    types_all(enterprise, {"合同执行额": "", "合同执行额，离岸": "", "合同执行额，在岸": ""})


def test_a_figure_of_a_report_leads_to_its_rows(enter, issued):
    official = enter("official", has_scripts=False)
    official.goes_to("报表")
    official.follows("入驻月报", within=official.row("入驻月报", "2022年11月"))
    firm = f"{count(date(2022, 11, 30)).firm:,}"
    official.follows(firm, within=official.row("合计").get_by_role("cell").nth(3))
    *rows, total = official.page.locator("#rows tbody td").all_inner_texts()
    assert total == firm
    assert sum(map(whole, rows)) == whole(total)
