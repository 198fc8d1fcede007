"""Redis goes while people work: every page answers, and what waits for it is done afterwards."""

import pytest

from foundation.models import Job
from tests.foundation.test_worker import wait_until
from tests.journeys.steps import asks_for_seats, in_days, months_ago

DOORS = {
    "operator": ["今天", "席位", "申请", "企业", "月报", "报表", "指标口径", "引用数据"],
    "enterprise": ["今天", "席位", "申请", "月报"],
    "official": ["今天", "报表", "指标口径", "引用数据"],
}


@pytest.fixture
def redis_gone(product):
    """Redis is not there; the journey may start it again, and it is there afterwards."""
    product.redis.end()
    yield product.redis
    if product.redis.process is None:
        product.redis.start()


@pytest.mark.parametrize("name", DOORS)
def test_every_room_is_open_while_redis_is_gone(enter, redis_gone, name):
    person = enter(name)
    for door in DOORS[name]:
        person.goes_to(door)


def test_a_request_reaches_the_park_while_redis_is_gone(enter, redis_gone):
    asks_for_seats(enter("mairui"), seats=70, zone="D", start=in_days(90))

    operator = enter("operator")
    operator.goes_to("申请")
    operator.follows("迈睿：新租 70 席")
    operator.presses("接手")
    operator.sees("已接手。企业看得到您的名字。")


def test_a_report_waits_for_redis_says_so_and_is_made_when_it_is_back(enter, redis_gone):
    operator, month = enter("operator"), months_ago(9)
    operator.goes_to("报表")
    operator.chooses("报表", "入驻月报")
    operator.types("月份", f"{month:%Y-%m}")
    operator.presses("生成草稿")
    operator.sees("排队中", "说明队列暂时连不上。任务已保存，恢复后会自动完成。")

    redis_gone.start()
    wait_until(lambda: Job.objects.latest("pk").is_finished, seconds=60)
    operator.reads_title("处理完成")
    operator.looks()
    operator.follows("看草稿")
    operator.reads_title(f"{month.year}年{month.month}月 载体入驻情况月报")
