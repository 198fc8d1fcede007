"""Sixteen allocators in processes of their own, at the same seats: the short form of `make bench`.

`check` is what both hold the answers to; that it notices what it should is tested first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bench.allocators import Told
from bench.asking import by_hand
from bench.crowd import Crowd, check, run, task_of, web_server
from bench.desk import PlainBlock
from bench.timing import Wrong
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory

MANY = 16
SEATS = 100
SHORT = 2.5  # seconds


MARCH = "2024-03-01", "2024-03-31"


def refused(**more: Any) -> dict[str, Any]:
    """Seats 8 to 20 were asked for from moment 4 to 5, of which 甲 was said to have 8 to 10."""
    one = {
        "blocks": [(8, 20, "2024-03-31", "2024-04-30")],
        "rivals": [("甲", (8, 10, *MARCH))],
        "asked_at": 4.0,
        "answered_at": 5.0,
    }
    return {**one, **more}


def told(**more: Any) -> Told:
    """甲 asked twice, and got seats 1 to 10 once, at moment 2."""
    one = {
        "name": "甲",
        "won": {"7": {"blocks": [(1, 10, *MARCH)], "asked_at": 2.0}},
        "given_back": {},
        "refused": [refused()],
        "other": [],
        "waits": [1.0, 1.0],
        "seconds": 1.0,
    }
    return Told(**{**one, **more})  # type: ignore[typeddict-item]


def block(**more: Any) -> PlainBlock:
    """What came of it in the database."""
    row = {"id": 1, "allocation": 7, "enterprise": 1, "floor": 0, "kind": "firm"}
    where = {"lower": 1, "upper": 11, "start": date(2024, 3, 1), "end": date(2024, 4, 1)}
    return PlainBlock(**{**row, **where, **more})


class TestWhatMustHold:
    def test_holds_where_every_seat_is_given_once_to_whom_it_was_said(self):
        check(Crowd([told()]), [block()])
        check(Crowd([told(given_back={"7": 4.5})]), [])

    @pytest.mark.parametrize(
        "refusal",
        [
            refused(rivals=[("乙", (8, 10, *MARCH))]),  # somebody else's
            refused(rivals=[("甲", (8, 11, *MARCH))]),  # more than 甲 has
            refused(rivals=[("甲", (8, 10, "2024-03-01", "2024-04-01"))]),  # longer than 甲 has it
            refused(blocks=[(9, 20, *MARCH)]),  # 8 was not asked for
            refused(blocks=[(8, 20, "2024-04-01", "2024-04-30")]),  # only later
            refused(asked_at=0.0, answered_at=1.0),  # before 甲 got it
        ],
    )
    def test_a_rival_who_was_none_is_told(self, refusal):
        with pytest.raises(Wrong, match="no such seats"):
            check(Crowd([told(refused=[refusal])]), [block()])

    def test_a_rival_who_had_given_back_before_is_told(self):
        with pytest.raises(Wrong, match="no such seats"):
            check(Crowd([told(given_back={"7": 3.0})]), [])

    @pytest.mark.parametrize(
        ("seen", "blocks", "said"),
        [
            (told(), [], "lost"),
            (told(), [block(upper=10)], "lost"),
            (told(), [block(end=date(2024, 4, 2))], "lost"),
            (told(), [block(), block(id=2, allocation=8, lower=50, upper=60)], "nobody's"),
            (told(given_back={"7": 4.5}), [block()], "nobody's"),
            (told(), [block(), block(id=2, allocation=8, lower=10, upper=12)], "share a seat"),
            (told(other=["500 None"], waits=[1.0] * 3), [block()], "should not be"),
            (told(refused=[]), [block()], "names the rival"),
            (told(won={}, waits=[1.0]), [], "never won"),
        ],
    )
    def test_is_told_where_it_does_not(self, seen, blocks, said):
        with pytest.raises(Wrong, match=said):
            check(Crowd([seen]), blocks)


@pytest.fixture
def where(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "service":
        yield ""
    else:
        with web_server() as address:
            yield address


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["service", "http"], indirect=True)
def test_sixteen_processes_at_the_same_floors(operator, where):
    floors = [make_floor(seats=SEATS, level=level, acting_user=operator) for level in range(1, 5)]
    task = task_of(
        operator=operator,
        enterprises=[EnterpriseFactory() for _ in range(MANY)],
        floors=[(floor.seats.lower, SEATS) for floor in floors],
        seconds=SHORT,
        url=where,
    )

    crowd = run(task)

    with by_hand() as plain:
        rows = plain.execute(
            "SELECT id, allocation_id, enterprise_id, floor_id, kind, lower(seats), upper(seats),"
            " lower(period), upper(period) FROM seats_seatblock WHERE kind <> 'void'"
        ).fetchall()
    check(crowd, [PlainBlock(*row) for row in rows])
    assert len(crowd.told) == MANY
    assert any(one["refused"] for one in crowd.told)  # there was something to fight for
