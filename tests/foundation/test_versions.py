"""Two people editing the same row; the numbers of the park's rules."""

from datetime import date
from functools import partial

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction

from foundation.models import Setting
from foundation.services.settings import setting
from foundation.versions import locked, save_next_version
from park.models import Floor
from tests.factories.park import make_floor
from tests.together import together
from web.refusals import Stale

pytestmark = pytest.mark.django_db


def plan(floor, day, expected_version=None):
    with transaction.atomic():
        row = locked(Floor.objects, floor.pk, expected_version)
        row.planned_on = day
        save_next_version(row, ["planned_on"])
    return row


class TestVersions:
    def test_are_counted(self):
        floor = make_floor()

        assert plan(floor, date(2024, 3, 1)).version == 2
        assert plan(floor, date(2024, 4, 1), expected_version=2).version == 3

    def test_an_older_one_is_refused(self):
        floor = make_floor()
        plan(floor, date(2024, 3, 1))

        with pytest.raises(Stale):
            plan(floor, date(2024, 4, 1), expected_version=1)
        floor.refresh_from_db()
        assert floor.planned_on == date(2024, 3, 1)

    def test_without_one_the_last_word_counts(self):
        floor = make_floor()
        plan(floor, date(2024, 3, 1))

        assert plan(floor, date(2024, 4, 1)).planned_on == date(2024, 4, 1)

    def test_of_a_row_that_is_gone_there_is_none(self):
        with transaction.atomic(), pytest.raises(ObjectDoesNotExist):
            locked(Floor.objects, 1_000_000)

    def test_only_the_named_fields_are_written(self):
        floor = make_floor()
        with transaction.atomic():
            row = locked(Floor.objects, floor.pk)
            row.planned_on, row.source = date(2024, 3, 1), "not meant"
            save_next_version(row, ["planned_on"])

        floor.refresh_from_db()
        assert (floor.planned_on, floor.source) == (date(2024, 3, 1), "")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_the_same_moment_one_is_told(self):
        floor = make_floor()

        results = together(
            *(partial(plan, floor, date(2024, month, 1), expected_version=1) for month in (3, 4))
        )

        assert sorted(isinstance(result, Stale) for result in results) == [False, True]


class TestSettings:
    @pytest.mark.parametrize("name", Setting.Name)
    def test_have_a_default_and_can_be_changed(self, name):
        assert setting(name) == Setting.DEFAULTS[name]

        Setting.objects.create(name=name, value=Setting.DEFAULTS[name] + 1)

        assert setting(name) == Setting.DEFAULTS[name] + 1

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            (Setting.Name.RETURN_DUE_DAY, 0),
            (Setting.Name.RETURN_DUE_DAY, 28),
            (Setting.Name.CLOSE_DAY, 31),
            (Setting.Name.HOLD_DAYS, 0),
            (Setting.Name.INVITATION_DAYS, 3651),
        ],
    )
    def test_stay_within_reason(self, name, value):
        row = Setting(name=name, value=value)

        with pytest.raises(ValidationError, match="1 至 27"):
            row.full_clean()
        with pytest.raises(IntegrityError, match="within_reason"):
            row.save()
