"""Accepting at once the returns of a month that raise no question, and no others."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from returns import services
from returns.checking import asking_among
from returns.desk.month import counting_revisions
from returns.models import MonthlyReturn
from returns.services.accepting import accept_returns
from tests.conftest import TODAY
from tests.desk import text_of
from tests.factories.returns import JANUARY, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DECEMBER = date(2023, 12, 1)


class TestAcceptingAtOnce:
    @pytest.fixture
    def ready(self, filed):
        return [filed(1_000_000, 0, before=(1_000_000, 0)) for _ in range(3)]

    @pytest.fixture
    def asking(self, filed):
        """What a person has to look at: a leap, and a first return without any to compare."""
        return [filed(9_000_000, 0, before=(1_000_000, 0)), filed(1_000_000, 0)]

    def pairs(self, park):
        page = park.get("returns:month-accept", "2024-01")
        return [
            f"{row.owed.row.pk}:{row.owed.row.version}" for row in page.context["desk"].to_accept
        ]

    def states(self, returns):
        return [MonthlyReturn.objects.get(pk=row.pk).state for row in returns]

    def test_lists_those_that_raise_no_question_and_accepts_them(self, park, ready, asking):
        text = text_of(park.get("returns:month-accept", "2024-01"))
        assert "January 2024: 3 returns raise no question" in text
        assert all(row.enterprise.short_name in text for row in ready)
        assert not any(f"{row.enterprise.short_name} " in text for row in asking)

        answer = park.client.post(
            reverse("returns:month-accept", args=["2024-01"]), {"return": self.pairs(park)}
        )

        assert self.states(ready) == ["accepted"] * 3
        assert self.states(asking) == ["submitted"] * 2
        assert "3 returns were accepted." in text_of(park.follow(answer.url))

    def test_leaves_what_has_changed_since_it_was_looked_at(self, park, ready, now):
        pairs = self.pairs(park)
        services.correct_return(return_id=ready[0].pk, now=now, acting_user=park.user)
        submit(ready[0], reason="更正")

        answer = park.client.post(
            reverse("returns:month-accept", args=["2024-01"]), {"return": pairs}
        )

        assert sorted(self.states(ready)) == ["accepted", "accepted", "submitted"]
        text = text_of(park.follow(answer.url))
        assert "1 return has changed since you looked at it" in text

    def test_leaves_what_its_checks_ask_about_until_it_is_explained(self, park, ready, filed, now):
        """Taxes above a quarter of the revenue: the enterprise may submit, a person looks at it."""
        silent = filed(1_000_000, 0, before=(1_000_000, 0), taxes=Decimal(250_001))
        explained = filed(1_000_000, 0, before=(1_000_000, 0), taxes=Decimal(250_001))
        services.correct_return(return_id=explained.pk, now=now, acting_user=park.user)
        notes = {"V10:taxes": "补缴去年税款"}
        services.save_draft(
            return_id=explained.pk, figures={}, notes=notes, now=now, acting_user=park.user
        )
        submit(explained, reason="说明")
        pairs = self.pairs(park)
        silent.refresh_from_db()
        assert len(pairs) == 4

        park.client.post(
            reverse("returns:month-accept", args=["2024-01"]),
            {"return": [*pairs, f"{silent.pk}:{silent.version}"]},
        )

        assert self.states([*ready, explained]) == ["accepted"] * 4
        assert self.states([silent]) == ["submitted"]

    @pytest.mark.parametrize("figures", [{"revenue": Decimal(100_000)}, {"headcount": 1}])
    def test_leaves_what_the_month_before_has_moved_away_from(self, park, ready, now, figures):
        """Its own version is the one that was looked at; what it stands beside is another."""
        pairs = self.pairs(park)
        before = MonthlyReturn.objects.get(enterprise=ready[0].enterprise, month=DECEMBER)
        services.correct_return(return_id=before.pk, now=now, acting_user=park.user)
        services.save_draft(return_id=before.pk, figures=figures, now=now, acting_user=park.user)
        submit(before, reason="更正")

        done = accept_returns(
            month=JANUARY,
            versions=dict(tuple(map(int, pair.split(":"))) for pair in pairs),
            today=TODAY,
            now=now,
            acting_user=park.user,
        )

        assert done.left == [ready[0].pk]
        assert self.states(ready) == ["submitted", "accepted", "accepted"]

    def test_asks_the_same_for_one_and_for_many(self, ready, filed):
        def asked():
            filed_now = counting_revisions(JANUARY)
            with CaptureQueriesContext(connection) as queries:
                assert asking_among(JANUARY, filed_now) == set()
            return len(queries)

        few = asked()
        for _ in range(6):
            filed(1_000_000, 0, before=(1_000_000, 0))
        assert asked() == few <= 6

    @pytest.mark.parametrize("sent", [[], ["x"], ["1:"], ["9999999:1"]])
    def test_accepts_nothing_that_was_not_listed(self, park, ready, asking, sent):
        named = [*sent, *(f"{row.pk}:{row.version}" for row in asking)]

        park.client.post(reverse("returns:month-accept", args=["2024-01"]), {"return": named})

        assert self.states([*ready, *asking]) == ["submitted"] * 5

    def test_says_where_there_is_none(self, park, asking):
        text = text_of(park.get("returns:month-accept", "2024-01"))

        assert "No return can be accepted without a look at it now." in text
