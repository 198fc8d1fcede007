"""The targets of the two articles as they state them, and new lines of business, in the sample."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from reports.models import Target
from reports.targets import targets_in
from tests.sample.conftest import SHANGHAI, figure

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)
OCTOBER = date(2026, 10, 1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]

# value, unit, qualifier, scope, its code, words of the article, its day
STATED = {
    "enterprises": (500, "enterprise", "at_least", "park", "", "500家以上", "2024-02-22"),
    "people": (100_000, "person", "", "park", "", "吸引10万人入园", "2024-02-22"),
    "people-and-others": (200_000, "person", "", "zone", "D", "聚集20万人", "2021-12-01"),
    "output": (13 * 10**9, "yuan", "over", "park", "", "超130亿元", "2024-02-22"),
    "output-2021": (13 * 10**9, "yuan", "", "zone", "D", "产值130亿元", "2021-12-01"),
    "seats": (150_000, "seat", "", "zone", "D", "15万个座位", "2021-12-01"),
    "growth": (20, "percent", "over", "city", "511000", "超过20%", "2021-12-01"),
    "leaders": (10, "enterprise", "over", "district", "511011", "十余家五百强", "2024-02-22"),
    "new-firms": (7, "enterprise", "", "district", "511011", "企业7户", "2024-02-22"),
    "new-leaders": (5, "enterprise", "", "district", "511011", "百强企业5户", "2024-02-22"),
}


@pytest.mark.parametrize("code", [*STATED])
def test_are_stated_as_the_article_states_them(code):
    value, unit, qualifier, scope, scope_code, words, day = STATED[code]
    target = Target.objects.get(code=code)

    assert (target.value, target.unit, target.qualifier) == (Decimal(value), unit, qualifier)
    assert (target.scope, target.scope_code) == (scope, scope_code)
    assert words in target.quote
    assert target.source
    assert target.stated_on == date.fromisoformat(day)


def test_there_are_no_others_and_none_has_a_year_or_is_invented():
    assert set(Target.objects.values_list("code", flat=True)) == set(STATED)
    assert not Target.objects.filter(year__isnull=False).exists()
    assert all(target.sample_fields == [] for target in Target.objects.all())


def test_progress_is_shown_of_what_is_counted_alike_and_nothing_is_behind():
    lines = {line.target.code: line for line in targets_in(OCTOBER)}

    assert {code for code, line in lines.items() if line.progress} == {
        "enterprises",
        "people",
        "output",
        "seats",
    }
    assert lines["enterprises"].progress.actual == figure("tenants", OCTOBER)
    assert lines["people"].progress.actual == figure("headcount", OCTOBER)
    assert lines["seats"].progress.actual == figure("seats", OCTOBER, "zone.D")
    months = [date(2025, month, 1) for month in (11, 12)]
    months += [date(2026, month, 1) for month in range(1, 11)]
    assert lines["output"].progress.actual == sum(figure("revenue", month) for month in months)
    assert not any(line.is_behind or line.is_late for line in lines.values())
    assert all(line.time_share is None for line in lines.values())


def test_s1_transcosmos_took_up_three_lines_of_business_in_2024():
    """S1「上海凯长及大宇宙各新增3条业务线」; 上海凯长 is not said to be in the park."""
    assert [figure("new_lines", date(2024, month, 1)) for month in (1, 2)] == [2, 1]
