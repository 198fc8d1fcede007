"""The operator knows the park, takes a new enterprise in, and gives seats to one that asks."""

import re

from foundation import clock
from tests.journeys.conftest import sign_in
from tests.journeys.counting import Counted, count, free_from, named, runs_of
from tests.journeys.steps import asks_for_seats, chooses_run, in_days, in_words, opens_request

NEWCOMER = {
    "统一社会信用代码": "91511011MA7WEG001D",
    "全称（与执照一致）": "内江沱江湾语音科技有限公司",
    "简称": "沱江湾语音",
    "联系人 （可空）": "向晚",
    "电话 （可空）": "0832-0000901",
}
ZONES = ("A", "B", "B1", "C", "D")


def says(seats: Counted) -> list[str]:
    """A row of the tables of the place: the bar, then what was counted."""
    kinds = (seats.firm, seats.held, seats.closed, seats.free)
    return [
        "",
        f"{seats.exist:,}",
        *(f"{number:,}" for number in kinds),
        f"{seats.rate}% ÷ {seats.exist - seats.closed:,} 可用",
        f"{seats.letting_rate}% ÷ {seats.lettable_m2:,.0f} m² 可租",
    ]


def test_the_operator_sees_every_seat_from_the_zones_down_to_a_floor(enter):
    operator, today = enter("operator"), clock.today()

    operator.goes_to("席位")
    for zone in ZONES:
        assert operator.line(f"{zone} 区") == says(count(today, f"{zone}-"))
    assert operator.line("合计") == says(count(today))

    operator.follows("A 区", within=operator.section("各区席位"))
    assert operator.line("A-1 栋") == says(count(today, "A-1-"))

    operator.follows("A-1 栋")
    for level in range(1, 6):
        assert operator.line(f"A-1-{level}F") == says(count(today, f"A-1-{level}F"))

    operator.follows("A-1-2F", within=operator.section("各层席位"))
    for label, seats, kind in runs_of("A-1-2F", today):
        assert operator.line(label)[:2] == [f"{seats}", kind]
    operator.sees("消防检修")


def test_a_new_enterprise_is_taken_in_and_its_first_person_signs_in(enter, somebody):
    operator = enter("operator")
    adds_newcomer(operator)
    changes_newcomer(operator)
    invites_first_person(operator)

    link = finds_link_in_outbox(enter("admin"))
    newcomer = somebody()
    accepts_invitation(newcomer, link)
    comes_back_another_day(newcomer)

    operator.opens(operator.path())
    operator.reads_title("沱江湾语音：1 人有权限")
    somebody().opens(link, status=410)


def adds_newcomer(operator):
    operator.goes_to("企业")
    operator.follows("添加企业")
    for label, value in NEWCOMER.items():
        operator.types(label, value)
    operator.chooses("主营业务 （可空）", "客服服务")
    operator.presses("添加企业")
    operator.sees("已添加内江沱江湾语音科技有限公司。")
    operator.reads_title("沱江湾语音：今天没有席位")
    operator.reads_fact("信用代码", "91511011MA7WEG001D")
    operator.reads_fact("业务", "客服服务登记新增业务线")


def changes_newcomer(operator):
    operator.follows("编辑")
    operator.types("来自 （可空）", "重庆")
    operator.types("别名 （可空）", "沱江语音")
    operator.presses("保存修改")
    operator.sees("内江沱江湾语音科技有限公司的资料已修改。")
    operator.reads_fact("来自", "重庆")
    operator.sees("来自：– → 重庆", "添加别名“沱江语音”", within=operator.section("变更经过"))


def invites_first_person(operator):
    operator.follows("邀请人员")
    operator.reads_title("沱江湾语音：还没有人有权限")
    operator.fills(姓名="向晚", 电子邮箱="xiangwan@example.com")
    operator.presses("发出邀请")
    operator.sees("邀请发往 xiangwan@example.com。")
    operator.sees("向晚", within=operator.section("待接受的邀请"))


def finds_link_in_outbox(admin):
    admin.goes_to("发件箱")
    mail = admin.row("xiangwan@example.com")
    admin.sees("向晚，您好：张敏 邀请您代表内江沱江湾语音科技有限公司", within=mail)
    return mail.get_by_role("link").get_attribute("href")


def accepts_invitation(newcomer, link):
    newcomer.opens(link)
    newcomer.reads_title("代表内江沱江湾语音科技有限公司")
    newcomer.fills(设一个密码="lights-on-the-river", 再输一次密码="lights-on-the-rivet")
    newcomer.presses("接受并登录")
    newcomer.sees("两次输入的密码不同。", within=newcomer.beside("再输一次密码"))
    newcomer.fills(设一个密码="lights-on-the-river", 再输一次密码="lights-on-the-river")
    newcomer.presses("接受并登录")
    newcomer.sees("沱江湾语音 · ", "您还没有席位。")


def comes_back_another_day(newcomer):
    newcomer.presses("退出")
    sign_in(newcomer, "xiangwan@example.com", "lights-on-the-river")
    newcomer.sees("向晚 · 企业管理员")


def test_an_enterprise_asks_for_300_seats_in_zone_c_and_gets_them(enter):
    start = in_days(40)
    [(floor, first, last), *_others] = free_from(start, "C-")
    assert last - first + 1 >= 300
    before = count(start, "C-")
    enterprise, operator = enter("enterprise"), enter("operator")

    asks_for_seats(enterprise, seats=300, zone="C", start=start)
    sees_that_it_is_with_the_park(enterprise, start)
    takes_up(operator)
    enterprise.opens(enterprise.path())
    enterprise.reads_fact("在谁手里", "张敏（园区）")

    chooses_run(operator, named(floor, first, last), first, first + 299)
    operator.sees("已选 300 ÷ 300 席")
    operator.presses("批准 300 席")
    operator.sees("已批准：诚伯信息得到 300 席。")

    run = named(floor, first, first + 299)
    enterprise.opens(enterprise.path())
    enterprise.sees("席位已归企业", run)
    enterprise.goes_to("今天")
    enterprise.follows("企业档案")
    assert enterprise.line(run)[:2] == ["300", "已签约"]
    sees_that_they_are_taken(operator, start, before)


def sees_that_it_is_with_the_park(enterprise, start):
    enterprise.sees("已提交，现在在园区手里。")
    enterprise.reads_title(f"诚伯信息：自 {in_words(start)}起新租 300 席")
    enterprise.reads_fact("状态", "已提交")
    enterprise.reads_fact("在谁手里", "园区（还没有人接手）")
    enterprise.reads_fact("从何时起", re.compile(f"^{clock.today().isoformat()} .* 不到 1 小时$"))


def takes_up(operator):
    opens_request(operator, "诚伯信息：新租 300 席")
    operator.presses("接手")
    operator.sees("已接手。企业看得到您的名字。")


def sees_that_they_are_taken(operator, start, before):
    after = count(start, "C-")
    assert (after.firm, after.free) == (before.firm + 300, before.free - 300)
    operator.opens(f"/park/?on={start.isoformat()}")
    assert operator.line("C 区") == says(after)


def test_more_seats_than_a_floor_has_are_given_in_several_runs(enter):
    start = in_days(50)
    floors = {floor: last - first + 1 for floor, first, last in free_from(start, "D-")}
    assert max(floors.values()) < 620 <= sum(floors.values())
    before = count(start, "D-")
    asks_for_seats(enter("tongcheng"), seats=620, zone="D", start=start)

    operator = enter("operator")
    opens_request(operator, "同程旅行：新租 620 席")
    operator.sees("已选 620 ÷ 620 席")
    assert operator.page.get_by_role("checkbox", checked=True).count() == 2
    operator.presses("批准 620 席")
    operator.sees("已批准：同程旅行得到 620 席。")
    assert count(start, "D-").firm == before.firm + 620
